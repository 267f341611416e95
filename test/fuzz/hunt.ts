/**
 * Watches over a search: the readers run in a thread of their own, and one that does not come back from an input within
 * its time is ended together with the thread. The input is kept as a file in either case; the search goes on with the
 * next reader, since one defect must not hide the others.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EXIT, type ExitCode } from '../../src/errors.js';
import type { FromHunter, HunterStart, Task } from './hunter-messages.js';
import { WatchedInput } from './watched.js';

export interface HuntRequest {
  /** Module that exports `createTargets`. */
  readonly targetsUrl: string;
  readonly names: readonly string[];
  readonly task: Task;
  readonly corpusFolder: string;
  /** Where failing inputs are written. */
  readonly folder: string;
  readonly limitMs: number;
}

/** Longer than any reader needs for an input of at most a megabyte, beside another program on the same core. */
export const LIMIT_MS = 5000;

type End = { readonly type: 'done' } | { readonly type: 'hung' } | { readonly type: 'died'; readonly reason: string };

/** @returns 0, 11 where a reader hung, 70 where one crashed */
export async function hunt(request: HuntRequest, say: (sentence: string) => void): Promise<ExitCode> {
  let worst: ExitCode = EXIT.good;
  const note = (code: ExitCode): void => {
    worst = worst === EXIT.internal ? worst : code;
  };
  const keepInput = (name: string, bytes: Uint8Array): void => {
    const file = join(
      request.folder,
      `fuzz-${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.bin`,
    );
    writeFileSync(file, bytes);
    say(`The input is in ${file}; again with: node dist/test/fuzz/search.js ${name} ${file}`);
  };
  for (let from = 0; from < request.names.length;) {
    const watched = new WatchedInput();
    const end = await oneThread(request, from, watched, (message) => {
      if (message.type === 'said') say(message.sentence);
      if (message.type !== 'failed') return;
      say(`${message.target}: ${message.trace}`);
      keepInput(message.target, message.bytes);
      note(EXIT.internal);
    });
    if (end.type === 'done') break;
    const name = request.names[watched.target] ?? '';
    if (end.type === 'hung')
      say(`${name}: did not come back from an input within ${String(request.limitMs / 1000)} s.`);
    else say(`${name}: its thread died: ${end.reason}`);
    keepInput(name, watched.input);
    note(end.type === 'hung' ? EXIT.simulationStalled : EXIT.internal);
    if (request.task.type === 'one') break;
    from = watched.target + 1;
  }
  return worst;
}

function oneThread(
  { targetsUrl, task, corpusFolder, limitMs }: HuntRequest,
  from: number,
  watched: WatchedInput,
  onMessage: (message: FromHunter) => void,
): Promise<End> {
  return new Promise((resolve) => {
    const start: HunterStart = { targetsUrl, task, corpusFolder, from, memory: watched.memory };
    const worker = new Worker(new URL('./hunter.js', import.meta.url), { workerData: start });
    let [lastRun, sinceMs]: [number | null, number] = [null, 0];
    const finish = (end: End): void => {
      clearInterval(look);
      worker.removeAllListeners();
      worker.on('error', () => undefined);
      void worker.terminate().then(() => resolve(end));
    };
    const look = setInterval(() => {
      const { run } = watched;
      if (run === null || run !== lastRun) [lastRun, sinceMs] = [run, performance.now()];
      else if (performance.now() - sinceMs > limitMs) finish({ type: 'hung' });
    }, 100);
    worker.on('message', (message: FromHunter) => {
      if (message.type === 'done') finish({ type: 'done' });
      else onMessage(message);
    });
    worker.on('error', (error: unknown) => finish({ type: 'died', reason: String(error) }));
    worker.on('exit', (code) => finish({ type: 'died', reason: `it ended with ${String(code)}` }));
  });
}
