/**
 * `make fuzz`: a search that is guided by coverage, as V8 itself counts it, over every reader of foreign bytes; bounded by
 * FUZZ_MINUTES. An input that reaches a new place becomes a parent of others. What fails is written to a file.
 *
 *   node dist/test/fuzz/search.js                 all readers in turn
 *   node dist/test/fuzz/search.js TARGET FILE     one input again
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { createRandom } from '../../hw-sim/prng.js';
import { mutate } from './mutate.js';
import { createTargets, type FuzzTarget } from './targets.js';

const MINUTES = Number(process.env['FUZZ_MINUTES'] ?? '10');
const BATCH = 250;
const MOST_PARENTS = 400;
const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

/** Places in the product that were reached since it was asked last. */
class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  get places(): number {
    return this.#known.size;
  }

  /** @returns how many of them are new */
  take(): number {
    let fresh = 0;
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
      if (error !== null) throw error;
      for (const { url, functions } of result) {
        if (!/dist\/(src|firmware|hw-sim)\//.test(url)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            const place = `${url}:${String(startOffset)}-${String(endOffset)}`;
            if (count === 0 || this.#known.has(place)) continue;
            this.#known.add(place);
            fresh += 1;
          }
        }
      }
    });
    return fresh;
  }
}

function fail(target: FuzzTarget, bytes: Uint8Array, error: unknown): void {
  const file = `fuzz-${target.name}-${String(Date.now())}.bin`;
  writeFileSync(file, bytes);
  say(`${target.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  say(`The input is in ${file}; again with: node dist/test/fuzz/search.js ${target.name} ${file}`);
  process.exitCode = 1;
}

function search(target: FuzzTarget, coverage: Coverage, untilMs: number, seed: number): void {
  const random = createRandom(seed, `search ${target.name}`);
  const parents = [...target.seeds];
  for (const each of parents) target.run(each);
  coverage.take();
  let inputs = 0;
  while (performance.now() < untilMs) {
    const batch: Uint8Array[] = [];
    for (let count = 0; count < BATCH; count += 1) {
      const bytes = mutate(parents, random);
      batch.push(bytes);
      try {
        target.run(bytes);
      } catch (error) {
        fail(target, bytes, error);
        return;
      }
    }
    inputs += BATCH;
    // Which of them it was is not worth another look: any of the batch may have been on the way.
    if (coverage.take() > 0) for (let kept = 0; kept < 4; kept += 1) parents.push(random.pick(batch));
    if (parents.length > MOST_PARENTS) parents.splice(target.seeds.length, 50);
  }
  say(
    `${target.name}: ${String(inputs)} inputs, ${String(parents.length)} parents, ${String(coverage.places)} places reached so far`,
  );
}

const targets = createTargets();
const [name, file] = process.argv.slice(2);
if (name !== undefined && file !== undefined) {
  targets.find((target) => target.name === name)?.run(readFileSync(file));
  say('It was read or refused.');
} else {
  const coverage = new Coverage();
  const shareMs = (MINUTES * 60_000) / targets.length;
  const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));
  say(`seed ${String(seed)}, ${String(MINUTES)} minutes for ${String(targets.length)} readers`);
  for (const target of targets) search(target, coverage, performance.now() + shareMs, seed);
}
