/** Tailgate and park lights: sensed where the board has their wires, else the operator looks and vouches. */
import type { ReadinessFacts } from '../readiness.js';

/** Both limit switches: with one alone half way and the other end look alike (DEP-5). null: not known yet. */
export function tailgateWired({ config, board }: ReadinessFacts): boolean | null {
  if (!config.hasIoBoard) return false;
  if (board.report === null) return null;
  return board.report.tailgateOpen !== null && board.report.tailgateClosed !== null;
}

/** null: not known yet. */
export function parkLightsWired({ config, board }: ReadinessFacts): boolean | null {
  if (!config.hasIoBoard) return false;
  return board.report === null ? null : board.report.parkLights !== null;
}
