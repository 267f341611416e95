/** All exhibits of a folder together: what one exhibit by itself cannot show. */
import { checkChain, checkChainFile } from './chain.js';
import { checkEventCounter } from './event-counter.js';
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
    for (const own of camerasIn(inFolder)) {
      checks.push(...checkChain(own), ...checkNumbers(own), ...checkEventCounter(own));
    }
  }
  for (const { path, chain, text } of chainFiles) checks.push(...checkChainFile(path, text, chains.get(chain) ?? []));
  if (chainFiles.length === 0)
    checks.push(skippedSet('chain-file', 'There is no chain file (chain.sha256) in what was given.'));
  const foreign = strangers.map(({ path, why }) => failedSet('foreign-files', `${path}: ${why}`));
  return inOrder([...checks, ...concluded('foreign-files', foreign)]);
}

/**
 * An export may hold the deployments of several cameras side by side, each with a chain of its own. One chain in which
 * the camera was given another name stays one.
 */
function camerasIn(members: readonly PlacedMember[]): (readonly PlacedMember[])[] {
  const cameras = [...groupBy(members, ({ cameraId }) => cameraId).values()];
  const isOneChain = checkChain(members).every(({ status }) => status === 'ok');
  return cameras.length < 2 || isOneChain ? [members] : cameras;
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
