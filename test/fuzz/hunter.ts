/** The thread that runs the readers: one input, or a search over all of them in turn. */
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.js';
import type { FromHunter, HunterStart } from './hunter-messages.js';
import { search } from './search-target.js';
import type { FuzzTarget } from './target.js';
import { WatchedInput } from './watched.js';

const start = workerData as HunterStart;
const watched = new WatchedInput(start.memory);
const tell = (message: FromHunter): void => parentPort?.postMessage(message);

/** @returns whether it was read; null where it failed, which was told */
function run(targets: readonly FuzzTarget[], target: FuzzTarget, bytes: Uint8Array): boolean | null {
  watched.begin(targets.indexOf(target), bytes);
  try {
    return target.run(bytes);
  } catch (error) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ type: 'failed', target: target.name, bytes: Uint8Array.from(bytes), trace });
    return null;
  } finally {
    watched.end();
  }
}

const coverage = start.task.type === 'search' ? new Coverage() : null;
const { createTargets } = (await import(start.targetsUrl)) as {
  createTargets: () => Promise<readonly FuzzTarget[]>;
};
const targets = await createTargets();
const { task } = start;
if (task.type === 'one') {
  const target = targets.find(({ name }) => name === task.target);
  const outcome = target === undefined ? null : run(targets, target, task.bytes);
  if (outcome !== null) tell({ type: 'said', sentence: outcome ? 'It was read.' : 'It was refused.' });
} else if (coverage !== null) {
  const wanted = targets.filter(({ name }) => task.only.length === 0 || task.only.includes(name));
  const shareMs = (task.minutes * 60_000) / wanted.length;
  for (const target of targets.slice(start.from).filter((each) => wanted.includes(each))) {
    search({
      ...{ target, coverage, seed: task.seed, keep: task.keep, corpusFolder: start.corpusFolder },
      untilMs: performance.now() + shareMs,
      run: (bytes) => run(targets, target, bytes),
      say: (sentence) => tell({ type: 'said', sentence }),
    });
  }
}
tell({ type: 'done' });
