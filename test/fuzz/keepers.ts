/** What of a search is worth keeping: the small inputs that each reach something that seeds and the others do not. */
import { holds, type Coverage, type Reached } from './coverage.js';
import type { FuzzTarget } from './target.js';

/** Attempts to cut one input shorter; each takes two looks at the counters. */
const MOST_CUTS = 16;
/** For all of them together: what is not weighed by then is not kept. */
const MOST_MS = 20_000;

type Run = (bytes: Uint8Array) => boolean | null;

/**
 * @returns inputs, the shortest first, each cut as short as it still reaches what it was kept for
 */
export function keepers(
  target: FuzzTarget,
  candidates: readonly Uint8Array[],
  run: Run,
  coverage: Coverage,
): Uint8Array[] {
  const reachedBy = (bytes: Uint8Array): Reached => {
    coverage.take();
    run(bytes);
    return coverage.take();
  };
  const untilMs = performance.now() + MOST_MS;
  coverage.forget();
  for (const each of [...target.seeds, ...(target.oddities ?? [])]) coverage.learn(reachedBy(each));
  const kept: Uint8Array[] = [];
  for (const bytes of [...candidates].sort((a, b) => a.length - b.length)) {
    if (performance.now() > untilMs) break;
    const fresh = coverage.fresh(reachedBy(bytes));
    if (fresh.size === 0) continue;
    const short = shortened(bytes, (shorter) => holds(fresh, reachedBy(shorter)));
    coverage.learn(reachedBy(short));
    kept.push(short);
  }
  return kept;
}

/** Leaves out ever smaller pieces while the rest still does what it must. */
function shortened(bytes: Uint8Array, stillDoes: (shorter: Uint8Array) => boolean): Uint8Array {
  let now = bytes;
  let cuts = 0;
  for (let piece = now.length >> 1; piece > 0 && cuts < MOST_CUTS; piece >>= 1) {
    for (let at = 0; at < now.length && cuts < MOST_CUTS;) {
      const shorter = Buffer.concat([now.subarray(0, at), now.subarray(at + piece)]);
      cuts += 1;
      if (stillDoes(shorter)) now = shorter;
      else at += piece;
    }
  }
  return now;
}
