/**
 * The chain: each record carries the hash of the one before. A set may begin and end anywhere in it, for a court gets one
 * deployment out of many; inside it nothing may be missing. Its second keeping is the chain file (chain.sha256).
 */
import { NO_RECORD_SHA256 } from '../record-envelope.js';
import type { DeploymentFacts } from '../session-records.js';
import { bySequence, concluded, failedSet, skippedSet, span, type PlacedMember, type SetCheck } from './set-types.js';

/** @param members records of one evidence folder */
export function checkChain(members: readonly PlacedMember[]): SetCheck[] {
  const ordered = [...members].sort(bySequence);
  const deployments = deploymentsOf(members);
  const gaps: SetCheck[] = [];
  const breaks: SetCheck[] = [];
  ordered.forEach((member, i) => {
    const before = ordered[i - 1];
    if (before === undefined) {
      if (member.sequence === 1 && member.previousSha256 !== NO_RECORD_SHA256)
        breaks.push(failedSet('chain-hashes', `${member.path} is the first record of all and names one before it.`));
      return;
    }
    if (member.sequence === before.sequence) {
      const both = `${before.path} and ${member.path}`;
      gaps.push(failedSet('chain-sequence', `${both} both have place ${member.sequence} in the chain: a duplicate.`));
    } else if (member.sequence > before.sequence + 1) gaps.push(gapBetween(before, member, deployments));
    else if (member.previousSha256 !== before.sha256) breaks.push(breakBetween(before, member));
  });
  return [...concluded('chain-sequence', gaps), ...concluded('chain-hashes', breaks)];
}

/** Whose account is here, and which deployments are. */
interface Deployments {
  readonly accounts: ReadonlyMap<string, DeploymentFacts>;
  readonly present: ReadonlySet<string>;
}

const deploymentsOf = (members: readonly PlacedMember[]): Deployments => ({
  accounts: new Map(members.flatMap(({ account }) => (account === null ? [] : [[account.deployment, account]]))),
  present: new Set(members.map(({ deployment }) => deployment)),
});

function gapBetween(before: PlacedMember, after: PlacedMember, deployments: Deployments): SetCheck {
  const isOne = after.sequence === before.sequence + 2;
  const missing = `${isOne ? 'Place' : 'Places'} ${span(before.sequence + 1, after.sequence - 1)} of the chain`;
  const absent = continuedElsewhere(before, after, deployments);
  if (absent !== null) {
    const why = `the session went on in another deployment (${absent}), which was not given`;
    return skippedSet('chain-sequence', `${missing} ${isOne ? 'is' : 'are'} not here; ${why}.`);
  }
  if (isBetweenDeployments(before, after, deployments)) {
    const why = `they lie between deployment ${before.deployment} and deployment ${after.deployment}, which are whole`;
    return skippedSet('chain-sequence', `${missing} ${isOne ? 'is' : 'are'} not here; ${why}.`);
  }
  return failedSet(
    'chain-sequence',
    `${missing} ${isOne ? 'is' : 'are'} missing between ${before.path} and ${after.path}: ${isOne ? 'a record was' : 'records were'} removed or lost.`,
  );
}

/**
 * After image 999 a session goes on in the next deployment while the last images of the one before are still written.
 * Only beside such a deployment itself is its neighbour an excuse.
 */
function continuedElsewhere(
  before: PlacedMember,
  after: PlacedMember,
  { accounts, present }: Deployments,
): string | null {
  const continued = accounts.get(before.deployment);
  const neighbours = [
    continued?.ended === 'continued' ? numberAfter(continued.deployment) : null,
    accounts.get(after.deployment)?.follows ?? null,
  ];
  return neighbours.find((deployment) => deployment !== null && !present.has(deployment)) ?? null;
}

const numberAfter = (deployment: string): string => String(Number(deployment) + 1).padStart(deployment.length, '0');

/** The one has its account, the other begins, and there are numbers between theirs: others were not given. */
function isBetweenDeployments(before: PlacedMember, after: PlacedMember, { accounts }: Deployments): boolean {
  if (before.account === null || Number(after.deployment) <= Number(before.deployment) + 1) return false;
  const first = accounts.get(after.deployment)?.firstSequence;
  if (first !== undefined) return first === after.sequence;
  return after.type === 'parameters' || after.event?.number === 1 || after.icn === `${after.deployment}001`;
}

const breakBetween = (before: PlacedMember, after: PlacedMember): SetCheck =>
  failedSet(
    'chain-hashes',
    `${after.path} names ${after.previousSha256} as the hash of the record before it; ${before.path} has ${before.sha256}: one of the two was exchanged.`,
  );

const LINE = /^([0-9a-f]{64}) {2}(\S+\.record)$/;

/** @param text of `chain.sha256`. @param members records of the same evidence folder */
export function checkChainFile(path: string, text: string, members: readonly PlacedMember[]): SetCheck[] {
  const found: SetCheck[] = [];
  const fail = (sentence: string): void => void found.push(failedSet('chain-file', `${path}: ${sentence}`));
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  if (torn !== '') fail(`its last line is torn ("${torn.slice(0, 80)}"); it was not written to the end.`);
  const bySequence = new Map(members.map((member) => [member.sequence, member]));
  lines.forEach((line, i) => {
    const sequence = i + 1;
    const [, sha256, relative] = LINE.exec(line) ?? [];
    const member = bySequence.get(sequence);
    if (sha256 === undefined || relative === undefined) fail(`line ${sequence} is no line of a chain file.`);
    else if (member === undefined) fail(`line ${sequence} speaks of ${relative}, which is not here.`);
    else if (member.relative !== relative)
      fail(`line ${sequence} speaks of ${relative}, the record of that place is ${member.relative}.`);
    else if (member.sha256 !== sha256)
      fail(`line ${sequence} gives ${relative} the SHA-256 ${sha256}; the record has ${member.sha256}.`);
  });
  for (const member of [...members].sort((a, b) => a.sequence - b.sequence)) {
    if (member.sequence > lines.length) fail(`it ends before ${member.relative}, which has place ${member.sequence}.`);
  }
  return concluded('chain-file', found);
}
