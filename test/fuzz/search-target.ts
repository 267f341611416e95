/**
 * The search over one reader, guided by coverage: of a batch that reached new code the inputs that did so are found by
 * halving, and become parents of others. What adds coverage in the end can be kept as corpus.
 */
import { createRandom } from '../../hw-sim/prng.js';
import { readCorpus, writeCorpus } from './corpus.js';
import { both, without, type Coverage, type Reached } from './coverage.js';
import { keepers } from './keepers.js';
import { mutate } from './mutate.js';
import type { FuzzTarget } from './target.js';

/** A look at the counters costs as much as hundreds of inputs: they become rarer while there is nothing to be seen. */
const FEWEST_INPUTS = 64;
const MOST_INPUTS = 2048;
/** Old finds make room for new ones; seeds and corpus stay. */
const MOST_FOUND = 600;

export interface SearchJob {
  readonly target: FuzzTarget;
  readonly coverage: Coverage;
  readonly seed: number;
  readonly keep: boolean;
  readonly corpusFolder: string;
  readonly untilMs: number;
  /** @returns null where it failed, which was told */
  readonly run: (bytes: Uint8Array) => boolean | null;
  readonly say: (sentence: string) => void;
}

export function search({ target, coverage, seed, keep, corpusFolder, untilMs, run, say }: SearchJob): void {
  const random = createRandom(seed, `search ${target.name}`);
  const corpus = readCorpus(corpusFolder, target.name);
  const first = [...target.seeds, ...(target.oddities ?? []), ...corpus];
  coverage.forget();
  for (const each of first) if (run(each) === null) return;
  const begun = coverage.learn(coverage.take());
  const found: Uint8Array[] = [];
  let [inputs, read, added, size] = [0, 0, 0, FEWEST_INPUTS];
  while (performance.now() < untilMs) {
    const batch = Array.from({ length: size }, () => mutate([...first, ...found], random));
    for (const bytes of batch) {
      const outcome = run(bytes);
      if (outcome === null) return;
      if (outcome) read += 1;
    }
    inputs += size;
    const fresh = coverage.fresh(coverage.take());
    size = fresh.size === 0 ? Math.min(MOST_INPUTS, size * 2) : FEWEST_INPUTS;
    if (fresh.size === 0) continue;
    found.push(...guilty(batch, fresh, (bytes) => void run(bytes), coverage));
    added += coverage.learn(fresh);
    if (found.length > MOST_FOUND) found.splice(0, found.length - MOST_FOUND);
  }
  const kept = keep
    ? writeCorpus(corpusFolder, target.name, keepers(target, [...corpus, ...found], run, coverage))
    : null;
  say(
    `${target.name}: ${String(inputs)} inputs, ${String(read)} of them read, ${String(found.length)} parents found, ` +
      `${String(begun)} characters of code reached by seeds and corpus, ${String(added)} more by the search` +
      (kept === null ? '' : `, corpus of ${String(kept.count)} inputs and ${String(kept.bytes)} bytes`),
  );
}

/** Those of a batch that reach these places, found by running halves of it again. */
function guilty(
  batch: readonly Uint8Array[],
  wanted: Reached,
  run: (bytes: Uint8Array) => void,
  coverage: Coverage,
): readonly Uint8Array[] {
  if (wanted.size === 0) return [];
  if (batch.length === 1) return batch;
  const half = batch.length >> 1;
  coverage.take();
  for (const bytes of batch.slice(0, half)) run(bytes);
  const left = both(wanted, coverage.take());
  return [
    ...guilty(batch.slice(0, half), left, run, coverage),
    ...guilty(batch.slice(half), without(wanted, left), run, coverage),
  ];
}
