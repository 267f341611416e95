/** ICN-2: every number of every lease is accounted for exactly once, and nothing else has a number. */
import { DEFAULT_ICN_SCHEME } from '../icn.js';
import type { DeploymentFacts } from '../session-records.js';
import { EXPOSURE_KINDS, type Icn } from '../types.js';
import {
  bySequence,
  concluded,
  counted,
  failedSet,
  groupBy,
  skippedSet,
  span,
  type PlacedMember,
  type SetCheck,
} from './set-types.js';

const fail = (sentence: string): SetCheck => failedSet('numbers', sentence);

/** @param members records of one evidence folder */
export function checkNumbers(members: readonly PlacedMember[]): SetCheck[] {
  const failures: SetCheck[] = [];
  const open: SetCheck[] = [];
  for (const [deployment, own] of groupBy(members, (member) => member.deployment)) {
    const exposures = own.filter(({ icn }) => icn !== null);
    failures.push(...duplicates(exposures));
    const accounts = own.flatMap(({ account }) => (account === null ? [] : [account]));
    const [account] = accounts;
    if (accounts.length > 1)
      failures.push(fail(`Deployment ${deployment} has ${accounts.length} accounts, expected one.`));
    for (const { icn, path } of exposures)
      if (!NUMBER.test(icn ?? ''))
        failures.push(fail(`${path} speaks of the number ${icn ?? ''}, expected nine digits.`));
    if (account !== undefined) failures.push(...compare(account, own, exposures));
    else {
      open.push(stillOpen(deployment, exposures.length));
      failures.push(
        ...missing(deployment, firstNumbers(exposures), exposures, 'before the last of an open deployment'),
      );
    }
  }
  return concluded('numbers', [...failures, ...open]);
}

const stillOpen = (deployment: string, count: number): SetCheck =>
  skippedSet(
    'numbers',
    `Deployment ${deployment} is still open, having no deployment.record: what follows its ${counted(count, 'number')} is not known.`,
  );

function duplicates(exposures: readonly PlacedMember[]): SetCheck[] {
  const byNumber = groupBy(exposures, ({ icn }) => icn ?? '');
  return [...byNumber].flatMap(([icn, same]) => {
    if (same.length === 1) return [];
    return [
      fail(`Number ${icn} has ${same.length} records (${same.map(({ path }) => path).join(', ')}): a duplicate.`),
    ];
  });
}

/** 001 to the highest that is there. */
function firstNumbers(exposures: readonly PlacedMember[]): Set<Icn> {
  const numbers = exposures.map(({ icn }) => imageOf(icn ?? '')).filter((image) => image > 0);
  const highest = numbers.reduce((most, image) => Math.max(most, image), 0);
  return new Set(Array.from({ length: highest }, (_, i) => numberOf(exposures[0]?.deployment ?? '', i + 1)));
}

const NUMBER = /^\d{9}$/;

/** 0 for what is no number: whatever a stranger wrote, there are no more than 999. */
const imageOf = (icn: Icn): number => (NUMBER.test(icn) ? Number(icn.slice(DEFAULT_ICN_SCHEME.deploymentDigits)) : 0);

const numberOf = (deployment: string, image: number): Icn => `${deployment}${String(image).padStart(3, '0')}`;

function compare(
  account: DeploymentFacts,
  own: readonly PlacedMember[],
  exposures: readonly PlacedMember[],
): SetCheck[] {
  const { deployment, numberCount } = account;
  const leased = leasedNumbers(account);
  const found: SetCheck[] = [...leased.faults, ...missing(deployment, leased.numbers, exposures, 'leased')];
  for (const { icn, path } of exposures) {
    if (!leased.numbers.has(icn ?? ''))
      found.push(fail(`Number ${icn ?? ''} (${path}) lies beyond every lease of its deployment.`));
  }
  if (numberCount !== leased.numbers.size) {
    found.push(
      fail(
        `Deployment ${deployment} states ${counted(numberCount, 'number')}, its leases hold ${leased.numbers.size}.`,
      ),
    );
  }
  return [...found, ...miscounted(account, exposures), ...places(account, own, exposures)];
}

function leasedNumbers({ deployment, leases }: DeploymentFacts): { numbers: Set<Icn>; faults: SetCheck[] } {
  const numbers = new Set<Icn>();
  const faults: SetCheck[] = [];
  let next = 1;
  for (const { firstIcn, lastIcn } of [...leases].sort((a, b) => (a.firstIcn < b.firstIcn ? -1 : 1))) {
    const [first, last] = [imageOf(firstIcn), imageOf(lastIcn)];
    const isOwn = [firstIcn, lastIcn].every((icn) => NUMBER.test(icn) && icn.startsWith(deployment));
    if (!isOwn || first !== next || last < first) {
      faults.push(
        fail(`Lease ${span(firstIcn, lastIcn)} does not follow the one before it in deployment ${deployment}.`),
      );
      if (!isOwn || last < first || first < next) continue;
    }
    for (let image = first; image <= last; image += 1) numbers.add(numberOf(deployment, image));
    next = last + 1;
  }
  return { numbers, faults };
}

function missing(
  deployment: string,
  expected: ReadonlySet<Icn>,
  exposures: readonly PlacedMember[],
  which: string,
): SetCheck[] {
  const there = new Set(exposures.map(({ icn }) => icn));
  const lost = [...expected].filter((icn) => !there.has(icn));
  const runs: [Icn, Icn][] = [];
  for (const icn of lost) {
    const last = runs.at(-1);
    if (last !== undefined && imageOf(icn) === imageOf(last[1]) + 1) last[1] = icn;
    else runs.push([icn, icn]);
  }
  return runs.map(([from, to]) => {
    const words = from === to ? ['Number', 'has'] : ['Numbers', 'have'];
    const where = `${words[0] ?? ''} ${span(from, to)}, ${which} (${deployment}),`;
    return fail(`${where} ${words[1] ?? ''} no record: a gap; no number may be without its fate.`);
  });
}

function miscounted({ deployment, counts }: DeploymentFacts, exposures: readonly PlacedMember[]): SetCheck[] {
  return EXPOSURE_KINDS.flatMap((kind) => {
    const stated = counts.filter((entry) => entry.kind === kind).reduce((sum, { count }) => sum + count, 0);
    const found = exposures.filter((member) => member.kind === kind).length;
    if (stated === found) return [];
    return [fail(`Deployment ${deployment} states ${counted(stated, 'number')} of the kind ${kind}; here: ${found}.`)];
  });
}

/** First and last place in the chain; and the account is written when all its numbers have their records. */
function places(
  account: DeploymentFacts,
  own: readonly PlacedMember[],
  exposures: readonly PlacedMember[],
): SetCheck[] {
  const { deployment, firstSequence, lastSequence } = account;
  const ordered = own.filter((member) => member.account === null).sort(bySequence);
  const [first, last] = [ordered[0]?.sequence ?? null, ordered.at(-1)?.sequence ?? null];
  const found: SetCheck[] = [];
  if (first !== firstSequence || last !== lastSequence) {
    const words = `places ${firstSequence ?? 'none'} to ${lastSequence ?? 'none'} in the chain`;
    found.push(
      fail(
        `Deployment ${deployment} states ${words} for its records; found are ${first ?? 'none'} to ${last ?? 'none'}.`,
      ),
    );
  }
  const closing = own.find((member) => member.account !== null);
  const late = exposures.filter(({ sequence }) => closing !== undefined && sequence > closing.sequence);
  for (const { icn } of late)
    found.push(fail(`Number ${icn ?? ''} was written after the account of deployment ${deployment}.`));
  return found;
}
