/** All exhibits of a folder together: what one exhibit by itself cannot show. */
import { checkChain, checkChainFile } from './chain.js';
import { checkEventCounter } from './event-counter.js';
import { checkEvents } from './events.js';
import { checkNumbers } from './ledger.js';
import { concluded, failedSet, groupBy, SET_CHECKS, skippedSet } from './set-types.js';
import type { PlacedMember, SetCheck, SetCheckId } from './set-types.js';

export interface ChainFile {
  readonly path: string;
  /** The evidence folder whose chain it keeps. */
  readonly chain: string;
  readonly text: string;
}

export interface EvidenceSet {
  readonly members: readonly PlacedMember[];
  readonly chainFiles: readonly ChainFile[];
  /** Files that no record accounts for, and why each is in question. */
  readonly strangers: readonly { readonly path: string; readonly why: string }[];
}

export function checkSet({ members, chainFiles, strangers }: EvidenceSet): SetCheck[] {
  const checks: SetCheck[] = [];
  const chains = groupBy(members, ({ chain }) => chain);
  for (const inFolder of chains.values()) {
    for (const own of signersIn(inFolder)) {
      checks.push(...checkChain(own), ...checkNumbers(own), ...checkEvents(own), ...checkEventCounter(own));
    }
  }
  if (chains.size > 1) checks.push(...conflicts(members));
  for (const { path, chain, text } of chainFiles) checks.push(...checkChainFile(path, text, chains.get(chain) ?? []));
  if (chainFiles.length === 0)
    checks.push(skippedSet('chain-file', 'There is no chain file (chain.sha256) in what was given.'));
  const foreign = strangers.map(({ path, why }) => failedSet('foreign-files', `${path}: ${why}`));
  return inOrder([...checks, ...concluded('foreign-files', foreign)]);
}

/**
 * An export may hold the deployments of several cameras side by side, each with a chain of its own. A camera is its key,
 * not its name; one chain in which the key was exchanged stays one.
 */
function signersIn(members: readonly PlacedMember[]): (readonly PlacedMember[])[] {
  const byDeployment = new Map(
    members.flatMap(({ deployment, signer }) => (signer === null ? [] : [[deployment, signer]])),
  );
  const signers = [
    ...groupBy(members, (member) => member.signer ?? byDeployment.get(member.deployment) ?? '').values(),
  ];
  if (signers.length < 2) return [members];
  const isOneChain = checkChain(members).every(({ status }) => status === 'ok');
  return isOneChain ? [members] : signers;
}

/** One key writes one history: what it says of a place or a number it says once, in whatever folder. */
function conflicts(members: readonly PlacedMember[]): SetCheck[] {
  const known = new Map<string, PlacedMember>();
  const found: SetCheck[] = [];
  const compare = (id: SetCheckId, member: PlacedMember, what: string): void => {
    const key = `${member.signer ?? ''} ${what}`;
    const other = known.get(key);
    if (other === undefined) known.set(key, member);
    else if (other.chain !== member.chain && other.sha256 !== member.sha256) {
      const sentence = `${other.path} and ${member.path} are two different records of ${what} by one key: one of the two was made anew.`;
      found.push(failedSet(id, sentence));
    }
  };
  for (const member of members) {
    if (member.signer === null) continue;
    compare('chain-sequence', member, `place ${member.sequence} of the chain`);
    if (member.icn !== null) compare('numbers', member, `number ${member.icn}`);
  }
  return found;
}

/** Where single files were given, a set was never promised. */
export const setNotChecked = (): SetCheck[] =>
  (Object.keys(SET_CHECKS) as SetCheckId[]).map((id) =>
    skippedSet(id, 'Only single exhibits were given; this is a matter of a whole folder.'),
  );

/** By id; of several chains that are all well one word is enough, and none where one of them is in question. */
function inOrder(checks: readonly SetCheck[]): SetCheck[] {
  return (Object.keys(SET_CHECKS) as SetCheckId[]).flatMap((id) => {
    const own = checks.filter((check) => check.id === id);
    const bad = own.filter(({ status }) => status !== 'ok');
    const good = own.filter(({ status }) => status === 'ok').slice(0, 1);
    return bad.length > 0 ? bad : good;
  });
}
