/**
 * The counter of changes: one session has one value of it, stated in each of its records. It moves by one where a session
 * has a parameters record, and nowhere else.
 */
import { bySequence, concluded, failedSet, groupBy, type PlacedMember, type SetCheck } from './set-types.js';

const fail = (sentence: string): SetCheck => failedSet('event-counter', sentence);

/** @param members records of one evidence folder */
export function checkEventCounter(members: readonly PlacedMember[]): SetCheck[] {
  const deployments = [...groupBy(members, ({ deployment }) => deployment)].sort(([a], [b]) => (a < b ? -1 : 1));
  const found: SetCheck[] = [];
  let before: { readonly deployment: string; readonly counter: number } | null = null;
  for (const [deployment, own] of deployments) {
    const ordered = [...own].sort(bySequence);
    const changes = ordered.filter(({ type }) => type === 'parameters');
    const counter: number = changes.at(-1)?.eventCounter ?? ordered[0]?.eventCounter ?? 0;
    if (changes.length > 1)
      found.push(fail(`Deployment ${deployment} has ${changes.length} parameters records, expected at most one.`));
    for (const { path, eventCounter } of ordered) {
      if (eventCounter !== counter)
        found.push(fail(`${path} states event counter ${eventCounter}, its deployment has ${counter}.`));
    }
    if (before !== null) found.push(...steps(before, { deployment, counter, changes: changes.length }));
    before = { deployment, counter };
  }
  return concluded('event-counter', found);
}

function steps(
  before: { readonly deployment: string; readonly counter: number },
  { deployment, counter, changes }: { deployment: string; counter: number; changes: number },
): SetCheck[] {
  const from = `${before.counter} in deployment ${before.deployment}`;
  if (counter < before.counter)
    return [fail(`The event counter fell from ${from} to ${counter} in deployment ${deployment}.`)];
  // Between deployments that do not follow each other others may be missing, with their changes.
  const adjacent = Number(deployment) === Number(before.deployment) + 1;
  const expected = before.counter + changes;
  if (!adjacent || counter === expected) return [];
  const cause = changes === 0 ? 'without a parameters record' : `with ${changes} parameters record`;
  return [
    fail(
      `The event counter went from ${from} to ${counter} in deployment ${deployment} ${cause}, expected ${expected}.`,
    ),
  ];
}
