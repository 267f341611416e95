/** Bounds the time of work that never lets go of its thread: V8 itself interrupts a script, and all that it called. */
import { runInThisContext } from 'node:vm';

const WORK = 'kerbsideBoundedWork';

/** @throws Error with code ERR_SCRIPT_EXECUTION_TIMEOUT where it took longer */
export function within(limitMs: number, work: () => void): void {
  const shared = globalThis as unknown as Record<string, () => void>;
  shared[WORK] = work;
  runInThisContext(`${WORK}()`, { timeout: limitMs });
}
