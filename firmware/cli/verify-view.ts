/** How a verification is told: lines for people, and the one JSON document (contract, "evidence verify"). */
import { createColors } from 'picocolors';
import {
  EXHIBIT_CHECKS,
  partOf,
  sentenceOf,
  type Check,
  type CheckId,
  type CheckStatus,
} from '../../src/evidence/verify/checks.js';
import type { SetCheck } from '../../src/evidence/verify/set-types.js';
import type { Verification, VerifiedExhibit } from '../verify/verify.js';

/** A folder in which everything is wrong must not scroll its summary away. */
const MOST_FAILURES = 100;
const DEMO = 'DEMO – NOT EVIDENCE';

/** What a stranger wrote must not steer the terminal: no control characters, nothing unseen. */
const shown = (text: string): string => text.replace(/\p{C}/gu, '\uFFFD');

/** `true`, `false`, or null where it was not checked. */
const okOf = (status: CheckStatus): boolean | null => (status === 'not-checked' ? null : status === 'ok');

/** The document line by line: with a million exhibits it is longer than a text may be. */
export function* verifyJson(verification: Verification): Generator<string> {
  const { verified, demo, roots, exhibits, set } = verification;
  const head = {
    verified,
    demo,
    roots: roots.map(({ subject, sha256, demo: isDemo }) => ({ subject, sha256, demo: isDemo })),
    counts: countsOf(verification),
    set: set.map(({ id, status, sentence }) => ({ id, ok: okOf(status), status, sentence })),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},`;
  yield '  "exhibits": [';
  for (const [i, exhibit] of exhibits.entries()) {
    yield `    ${JSON.stringify(toEntry(exhibit))}${i === exhibits.length - 1 ? '' : ','}`;
  }
  yield '  ]\n}';
}

function toEntry({ icn, path, type, kind, demo, ok, checks }: VerifiedExhibit) {
  return { icn, path, type, kind, demo, ok, checks: checks.map(toCheck) };
}

function toCheck(check: Check) {
  const { id, status } = check;
  return { id, part: partOf(id), ok: okOf(status), status, sentence: sentenceOf(check) };
}

function countsOf({ exhibits, set, bytes }: Verification) {
  const kinds: Record<string, number> = {};
  for (const { kind } of exhibits) if (kind !== null) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    exhibits: exhibits.length,
    failed: exhibits.filter(({ ok }) => !ok).length,
    images: exhibits.filter(({ hasImage }) => hasImage).length,
    setFailures: set.filter(({ status }) => status === 'failed').length,
    bytes,
    kinds,
  };
}

/** Everything that is printed, line by line. */
export function verifyLines(verification: Verification, color: boolean): string[] {
  const colors = createColors(color);
  const { exhibits, set, roots, demo, verified } = verification;
  const bad = exhibits.filter(({ ok }) => !ok);
  const badSet = set.filter(({ status }) => status === 'failed');
  const lines = [
    `Exhibits: ${describeExhibits(verification)}`,
    `Trusted roots: ${trustedRoots(roots)}`,
    '',
    ...checkTable(exhibits),
    ...[...new Set(set.map((check) => setLine(check)))],
  ].map(shown);
  const failures = bad.flatMap((exhibit) => failureLines(exhibit));
  if (failures.length + badSet.length > 0)
    lines.push('', colors.red('What failed:'), ...failures.slice(0, MOST_FAILURES).map(shown));
  if (failures.length > MOST_FAILURES)
    lines.push(`… and ${failures.length - MOST_FAILURES} more (--json has them all).`);
  lines.push(...badSet.slice(0, MOST_FAILURES).map(({ id, sentence }) => shown(`the set  ${id}: ${sentence}`)), '');
  if (demo) lines.push(colors.yellow(DEMO));
  lines.push(
    verified
      ? colors.green(allVerified(exhibits.length))
      : colors.red(someFailed(exhibits.length, bad.length, badSet.length)),
  );
  return lines;
}

/** The built-in root is not named beside others: it vouches for nothing. */
function trustedRoots(roots: Verification['roots']): string {
  const given = roots.filter((root) => !root.demo).map(({ subject, sha256 }) => `${subject} (SHA-256 ${sha256})`);
  return given.length === 0 ? 'none was given (--root); only demonstrations can be verified' : given.join('; ');
}

const allVerified = (count: number): string =>
  count === 1 ? 'The 1 exhibit verified.' : `All ${count} exhibits verified.`;

function someFailed(count: number, bad: number, badSet: number): string {
  const set = badSet === 0 ? '' : `The set as a whole FAILED verification (${badSet} findings). `;
  return `${set}${bad} of ${count} exhibits FAILED verification.`;
}

function describeExhibits(verification: Verification): string {
  const { images, kinds, exhibits } = countsOf(verification);
  const others = ['deployment', 'parameters', 'image'].flatMap((type) => {
    const count = verification.exhibits.filter((exhibit) => exhibit.type === type).length;
    const name = type === 'image' ? 'image without a record' : `${type} record`;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
  });
  const words = [...Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`), ...others].join(', ');
  return `${exhibits}${words === '' ? '' : ` (${words})`}, ${images} with an image`;
}

/** One line for each check that was made somewhere. */
function checkTable(exhibits: readonly VerifiedExhibit[]): string[] {
  const tallies = new Map<CheckId, Record<CheckStatus, number>>();
  for (const { checks } of exhibits) {
    for (const { id, status } of checks) {
      const tally = tallies.get(id) ?? { ok: 0, failed: 0, 'not-checked': 0 };
      tally[status] += 1;
      tallies.set(id, tally);
    }
  }
  return (Object.keys(EXHIBIT_CHECKS) as CheckId[]).flatMap((id) => {
    const tally = tallies.get(id);
    if (tally === undefined || tally.ok + tally.failed === 0) return [];
    const made = tally.ok + tally.failed;
    if (tally.failed > 0) return [row('FAILED', id, `${tally.failed} of ${made}`)];
    return [row('ok', id, `${String(made).padStart(6)}  ${EXHIBIT_CHECKS[id].ok}`)];
  });
}

const row = (word: string, id: string, rest: string): string => `${word.padEnd(12)} ${id.padEnd(20)} ${rest}`;

function setLine({ id, status, sentence }: SetCheck): string {
  if (status === 'failed') return row('FAILED', id, 'the set');
  return row(status === 'ok' ? 'ok' : 'not checked', id, `   set  ${sentence}`);
}

function failureLines({ icn, path, checks }: VerifiedExhibit): string[] {
  return checks
    .filter(({ status }) => status === 'failed')
    .map((check) => `${icn ?? path}  ${check.id} (${partOf(check.id)}): ${sentenceOf(check)} [${path}]`);
}
