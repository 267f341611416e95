/**
 * OPR-2: the events of a deployment tell its whole story. They are numbered without a gap, begin with the opening, and the
 * account of the deployment says how many there are; so one that was taken away at the end is missed as well.
 */
import { eventStem } from '../event-record.js';
import {
  concluded,
  counted,
  failedSet,
  groupBy,
  skippedSet,
  span,
  type PlacedMember,
  type SetCheck,
} from './set-types.js';

const fail = (sentence: string): SetCheck => failedSet('events', sentence);

/** A stranger may write any number into a record; no deployment has more events than this. */
const MOST_EVENTS = 1_000_000;

/** @param members records of one evidence folder */
export function checkEvents(members: readonly PlacedMember[]): SetCheck[] {
  const found = [...groupBy(members, ({ deployment }) => deployment)].flatMap(([deployment, own]) =>
    ofDeployment(deployment, own),
  );
  return concluded('events', found);
}

function ofDeployment(deployment: string, own: readonly PlacedMember[]): SetCheck[] {
  const events = own.flatMap((member) => (member.event === null ? [] : [{ ...member.event, path: member.path }]));
  const byNumber = groupBy(events, ({ number }) => String(number));
  const highest = events.reduce((most, { number }) => Math.max(most, number), 0);
  const account = own.find((member) => member.account !== null)?.account ?? null;
  const stated = account?.eventCount ?? null;
  const found = [...byNumber].flatMap(([number, same]) =>
    same.length === 1 ? [] : [fail(`Event ${number} of deployment ${deployment} has ${same.length} records.`)],
  );
  found.push(...gaps(deployment, new Set(events.map(({ number }) => number)), Math.max(highest, stated ?? 0)));
  for (const { number, type, path } of events) {
    if ((type === 'opened') !== (number === 1))
      found.push(
        fail(`${path} is event ${number} and of the type ${type}; the first event, and no other, is the opening.`),
      );
    if (stated !== null && (type === 'closed') !== (number === stated))
      found.push(
        fail(
          `${path} is event ${number} of ${stated} and of the type ${type}; the last event, and no other, is the closing.`,
        ),
      );
    if (stated !== null && number > stated)
      found.push(fail(`Deployment ${deployment} states ${counted(stated, 'event')}, and ${path} is event ${number}.`));
  }
  if (account === null && found.length === 0) {
    const sentence = `Deployment ${deployment} is still open, having no deployment.record: what follows its ${counted(events.length, 'event')} is not known.`;
    found.push(skippedSet('events', sentence));
  }
  return found;
}

function gaps(deployment: string, there: ReadonlySet<number>, highest: number): SetCheck[] {
  if (highest > MOST_EVENTS)
    return [fail(`Deployment ${deployment} speaks of ${highest} events; no deployment has so many.`)];
  const runs: [number, number][] = [];
  for (let number = 1; number <= highest; number += 1) {
    const last = runs.at(-1);
    if (there.has(number)) continue;
    if (last?.[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => {
    const words = from === to ? ['Event', 'has'] : ['Events', 'have'];
    const names = span(eventStem(from), eventStem(to));
    return fail(
      `${words[0] ?? ''} ${span(from, to)} of deployment ${deployment} ${words[1] ?? ''} no record (${names}): removed or lost.`,
    );
  });
}
