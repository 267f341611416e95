/**
 * Checks of a recording to and from their messages. They are told every second and most of them say what they said before:
 * a block holds each finding once as a whole, and then only the members that have become others.
 */
import type { kerbside } from '../../proto/generated/recording.js';
import type { Finding } from '../deployment/readiness.js';
import type { Output } from '../timeline.js';
import { monotonicNs } from '../units.js';
import { canonicalJson, parseCanonicalJson } from './canonical-json.js';
import { damaged, needed } from './damage.js';

type FindingMessage = kerbside.recording.v1.Finding.$Properties;

/** No list of checks is longer; a number beyond it is damage. */
const MOST_FINDINGS = 1000;

export interface ChecksEncoder {
  /** @throws TypeError for what is no plain data */
  changed(findings: readonly Finding[]): FindingMessage[];
  /** The next ones are told as a whole. */
  restart(): void;
}

export function createChecksEncoder(): ChecksEncoder {
  let last: readonly Finding[] = [];
  /** What was last written as a whole at each place: most of it comes again in the next block. */
  const wholes: { readonly finding: Finding; readonly json: string }[] = [];

  const whole = (finding: Finding, place: number): FindingMessage => {
    const known = wholes[place];
    if (known !== undefined && membersThatDiffer(finding, known.finding)?.length === 0) {
      return { place, json: known.json };
    }
    const json = canonicalJson(finding);
    wholes[place] = { finding, json };
    return { place, json };
  };

  return {
    restart: () => {
      last = [];
    },
    changed(findings) {
      const changed: FindingMessage[] = [];
      for (const [place, finding] of findings.entries()) {
        const before = last[place];
        const names = before === undefined ? null : membersThatDiffer(finding, before);
        if (names === null) changed.push(whole(finding, place));
        else if (names.length > 0) changed.push({ place, members: membersJson(finding, names) });
      }
      last = findings;
      return changed;
    },
  };
}

/** @returns null where one has a member that the other has not */
function membersThatDiffer(finding: Finding, before: Finding): (keyof Finding)[] | null {
  const names = Object.keys(finding) as (keyof Finding)[];
  if (names.length !== Object.keys(before).length) return null;
  const differing: (keyof Finding)[] = [];
  for (const name of names) {
    if (Object.is(finding[name], before[name])) continue;
    if (!Object.hasOwn(before, name)) return null;
    differing.push(name);
  }
  return differing;
}

const membersJson = (finding: Finding, names: readonly (keyof Finding)[]): string =>
  canonicalJson(Object.fromEntries(names.map((name) => [name, finding[name]])));

/**
 * @param last the findings of the checks before in the same block
 * @throws KerbsideError 'recording-damaged'; SyntaxError, RangeError where a text is no canonical JSON
 */
export function checksOf(
  { atNs, count, changed }: kerbside.recording.v1.Checks.$Properties,
  last: readonly Finding[],
): Extract<Output, { type: 'checks' }> {
  const length = needed(count, 'count of checks');
  if (length > MOST_FINDINGS) throw damaged(`has ${String(length)} checks, expected at most ${String(MOST_FINDINGS)}`);
  const findings: (Finding | undefined)[] = last.slice(0, length);
  findings.length = length;
  for (const { place, json, members } of changed ?? []) {
    const index = needed(place, 'place of a check');
    if (index >= length) throw damaged(`has a check at place ${String(index)} of ${String(length)}`);
    findings[index] =
      json == null
        ? { ...needed(findings[index], 'earlier check that a later one differs from'), ...findingOf(members) }
        : findingOf(json);
  }
  const whole = Array.from(findings, (finding) => needed(finding, 'earlier checks that later ones differ from'));
  return { type: 'checks', atNs: monotonicNs(needed(atNs, 'time of checks')), findings: whole };
}

function findingOf(json: string | null | undefined): Finding {
  const value = parseCanonicalJson(needed(json, 'text of a check'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged('has a check that is none');
  return value as Finding;
}
