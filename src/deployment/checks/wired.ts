/** Tailgate and park lights: sensed where the board has their wires, else the operator looks and vouches. */
import type { BoardReport } from '../../timeline.js';
import type { Judgement, ReadinessFacts } from '../readiness.js';
import { notApplicable, unknown, unlessMobile } from './judge.js';

/** Whether the board senses it or the operator looks: what the other of the two checks answers. */
export type Watcher = 'board' | 'operator';

/** What both tailgate checks answer (DEP-5) where it is not for them to judge; null where it is. */
export function unlessTailgateFor(watcher: Watcher, facts: ReadinessFacts): Judgement | null {
  const aside = unlessMobile(facts);
  if (aside !== null) return aside;
  if (facts.config.plan?.occupier != null) return notApplicable('DEP-5: on private land.');
  // Both switches: with one alone half way and the other end look alike.
  const hasWires = ({ tailgateOpen, tailgateClosed }: BoardReport): boolean =>
    tailgateOpen !== null && tailgateClosed !== null;
  return unlessWatchedBy(watcher, facts, hasWires, ['Tailgate', 'DEP-5: the limit switches are']);
}

/** The same for the park lights (DEP-2). */
export function unlessParkLightsFor(watcher: Watcher, facts: ReadinessFacts): Judgement | null {
  const aside = unlessMobile(facts);
  if (aside !== null) return aside;
  if (facts.dark === null) return unknown('DEP-2: whether it is dark is not known.');
  if (!facts.dark) return notApplicable('DEP-2: it is not dark.');
  const hasWires = ({ parkLights }: BoardReport): boolean => parkLights !== null;
  return unlessWatchedBy(watcher, facts, hasWires, ['Park lights', 'DEP-2: the park lights are']);
}

/** @param words what it is, and the beginning of the sentence whether it is wired */
function unlessWatchedBy(
  watcher: Watcher,
  { config, board }: ReadinessFacts,
  hasWires: (report: BoardReport) => boolean,
  [what, wires]: readonly [string, string],
): Judgement | null {
  if (config.hasIoBoard && board.report === null) return unknown(`${what}: the I/O board does not report.`);
  const wired = config.hasIoBoard && board.report !== null && hasWires(board.report);
  if (wired === (watcher === 'board')) return null;
  return notApplicable(wired ? `${wires} wired.` : `${wires} not wired; the operator looks.`);
}
