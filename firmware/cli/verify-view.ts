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
import { counted, SET_CHECKS, span, type SetCheck } from '../../src/evidence/verify/set-types.js';
import { visible } from './visible.js';
import type { Verification, VerifiedExhibit } from '../verify/verify.js';

/** A folder in which everything is wrong must not scroll its summary away. */
const MOST_FAILURES = 100;
/** Reasons in the last line; all of them stand in the table above it. */
const MOST_GAPS = 5;
const MOST_NAMED = 3;
const SET_CHECK_COUNT = Object.keys(SET_CHECKS).length;
const DEMO = 'DEMO – NOT EVIDENCE';

/** `true`, `false`, or null where it was not checked. */
const okOf = (status: CheckStatus): boolean | null => (status === 'not-checked' ? null : status === 'ok');

/** The document line by line: with a million exhibits it is longer than a text may be. */
export function* verifyJson(verification: Verification): Generator<string> {
  const { verified, demo, roots, exhibits, set, doubts } = verification;
  const head = {
    verified,
    demo,
    roots: roots.map(({ subject, sha256, demo: isDemo }) => ({ subject, sha256, demo: isDemo })),
    counts: countsOf(verification),
    notChecked: gapsOf(verification).map(({ sentence, ids, exhibits: count }) => ({ sentence, ids, exhibits: count })),
    set: set.map(({ id, status, sentence }) => ({ id, ok: okOf(status), status, sentence })),
    doubts: doubts.map(({ fromIcn, untilIcn, test, reason, path }) => ({ fromIcn, untilIcn, test, reason, path })),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},`;
  yield '  "exhibits": [';
  for (const [i, exhibit] of exhibits.entries()) {
    yield `    ${JSON.stringify(toEntry(exhibit))}${i === exhibits.length - 1 ? '' : ','}`;
  }
  yield '  ]\n}';
}

function toEntry({ icn, path, type, kind, demo, ok, inDoubt, checks }: VerifiedExhibit) {
  return { icn, path, type, kind, demo, ok, ...(inDoubt ? { inDoubt } : {}), checks: checks.map(toCheck) };
}

function toCheck(check: Check) {
  const { id, status, details } = check;
  const found = details === undefined ? {} : { details };
  return { id, part: partOf(id), ok: okOf(status), status, sentence: sentenceOf(check), ...found };
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
  ].map(visible);
  const failures = bad.flatMap((exhibit) => failureLines(exhibit));
  if (failures.length + badSet.length > 0)
    lines.push('', colors.red('What failed:'), ...failures.slice(0, MOST_FAILURES).map(visible));
  if (failures.length > MOST_FAILURES)
    lines.push(`… and ${failures.length - MOST_FAILURES} more (--json has them all).`);
  lines.push(...badSet.slice(0, MOST_FAILURES).map(({ id, sentence }) => visible(`the set  ${id}: ${sentence}`)), '');
  lines.push(...doubtLines(verification).map((line) => colors.yellow(visible(line))));
  if (demo) lines.push(colors.yellow(DEMO));
  lines.push(
    verified ? colors.green(allVerified(exhibits)) : colors.red(someFailed(exhibits.length, bad.length, badSet.length)),
  );
  const gaps = gapsOf(verification);
  if (gaps.length > 0) lines.push(colors.yellow(notEverything(gaps)));
  return lines;
}

/** Marks are no failures: the records are what the camera wrote; a test speaks against what it measured. */
const doubtLines = ({ doubts }: Verification): string[] =>
  doubts.map(
    ({ fromIcn, untilIcn, test, reason, path }) =>
      `WARNING  ${span(fromIcn, untilIcn)} in doubt (${test}): ${reason} [${path}]`,
  );

/** The built-in root is not named beside others: it vouches for nothing. */
function trustedRoots(roots: Verification['roots']): string {
  const given = roots.filter((root) => !root.demo).map(({ subject, sha256 }) => `${subject} (SHA-256 ${sha256})`);
  return given.length === 0 ? 'none was given (--root); only demonstrations can be verified' : given.join('; ');
}

function allVerified(exhibits: readonly VerifiedExhibit[]): string {
  const count = exhibits.length;
  const alone = exhibits.filter(({ type }) => type === 'image').length;
  if (alone === count) {
    return count === 1
      ? 'The seal inside the image verified. Only this seal was checked, because no record was given.'
      : `The seals inside all ${count} images verified. Only these seals were checked, because no record was given.`;
  }
  const all = count === 1 ? 'The 1 exhibit verified.' : `All ${count} exhibits verified.`;
  if (alone === 0) return all;
  return `${all} Of ${counted(alone, 'image')} only the seal inside was checked, because no record was given.`;
}

function someFailed(count: number, bad: number, badSet: number): string {
  const set = badSet === 0 ? '' : `The set as a whole FAILED verification (${counted(badSet, 'finding')}). `;
  if (bad > 0) return `${set}${bad} of ${counted(count, 'exhibit')} FAILED verification.`;
  const are = count === 1 ? 'The 1 exhibit that is here holds' : `Each of the ${count} exhibits that are here holds`;
  return `${set}${are} by itself, but together they are not what the camera left behind.`;
}

/** What was not checked for one reason. */
interface Gap {
  readonly sentence: string;
  readonly ids: string[];
  /** How many exhibits; 0: the set. */
  exhibits: number;
}

/** Checks that were not made although there would be something to check. */
function gapsOf({ exhibits, set }: Verification): Gap[] {
  const ofSet = new Map<string, Gap>();
  const ofExhibits = new Map<string, Gap>();
  const take = (gaps: Map<string, Gap>, id: string, sentence: string): Gap => {
    const gap = gaps.get(sentence) ?? { sentence, ids: [], exhibits: 0 };
    gaps.set(sentence, gap);
    if (!gap.ids.includes(id)) gap.ids.push(id);
    return gap;
  };
  for (const { id, status, sentence } of set) if (status === 'not-checked') take(ofSet, id, sentence);
  for (const { checks } of exhibits) {
    const open = checks.filter(isOpen).map((check) => take(ofExhibits, check.id, reasonOf(check)));
    for (const gap of new Set(open)) gap.exhibits += 1;
  }
  return [...ofSet.values(), ...ofExhibits.values()];
}

const isOpen = ({ status, needless }: Check): boolean => status === 'not-checked' && needless !== true;

/** The table and the last line say "not checked" themselves. */
const reasonOf = (check: Check): string =>
  sentenceOf(check).replace(/^Not checked: (.)/, (_all, first: string) => first.toUpperCase());

function notEverything(gaps: readonly Gap[]): string {
  const words = gaps.slice(0, MOST_GAPS).map(({ sentence, ids, exhibits }) => {
    const checks = ids.length > MOST_NAMED ? `${ids.length} checks` : ids.join(', ');
    const where = exhibits === 0 ? 'the set' : counted(exhibits, 'exhibit');
    const what = exhibits === 0 && ids.length === SET_CHECK_COUNT ? 'the set as a whole' : `${checks} of ${where}`;
    return `${what} (${sentence.replace(/\.$/, '')})`;
  });
  const more = gaps.length > MOST_GAPS ? `; and for ${gaps.length - MOST_GAPS} more reasons` : '';
  return `Not everything could be checked: ${words.join('; ')}${more}.`;
}

function describeExhibits(verification: Verification): string {
  const { images, kinds, exhibits } = countsOf(verification);
  const others = ['deployment', 'parameters', 'event', 'image'].flatMap((type) => {
    const count = verification.exhibits.filter((exhibit) => exhibit.type === type).length;
    const name = type === 'image' ? 'image without a record' : `${type} record`;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
  });
  const words = [...Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`), ...others].join(', ');
  return `${exhibits}${words === '' ? '' : ` (${words})`}, ${images} with an image`;
}

interface Tally extends Record<CheckStatus, number> {
  /** Why it was not made, where there would be something to check, and how often. */
  readonly open: Map<string, number>;
}

/** One line for each check that was made somewhere, and one for each reason why it was not. */
function checkTable(exhibits: readonly VerifiedExhibit[]): string[] {
  const tallies = new Map<CheckId, Tally>();
  for (const { checks } of exhibits) {
    for (const check of checks) {
      const tally = tallies.get(check.id) ?? { ok: 0, failed: 0, 'not-checked': 0, open: new Map<string, number>() };
      tally[check.status] += 1;
      if (isOpen(check)) tally.open.set(reasonOf(check), (tally.open.get(reasonOf(check)) ?? 0) + 1);
      tallies.set(check.id, tally);
    }
  }
  return (Object.keys(EXHIBIT_CHECKS) as CheckId[]).flatMap((id) => {
    const tally = tallies.get(id);
    return tally === undefined ? [] : tallyRows(id, tally);
  });
}

function tallyRows(id: CheckId, { ok, failed, open }: Tally): string[] {
  const rows = [...open].map(([reason, count]) => row('not checked', id, `${String(count).padStart(6)}  ${reason}`));
  if (failed > 0) return [row('FAILED', id, `${failed} of ${ok + failed}`), ...rows];
  if (ok > 0) return [row('ok', id, `${String(ok).padStart(6)}  ${EXHIBIT_CHECKS[id].ok}`), ...rows];
  return rows;
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
