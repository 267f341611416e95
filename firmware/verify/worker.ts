/** One of the threads that verify: takes batches of exhibits and gives back what was found, until it is told to end. */
import { parentPort, workerData } from 'node:worker_threads';
import { createJudge } from './judge.js';
import type { Batch, BatchDone, WorkerStart } from './pool.js';

if (parentPort === null) throw new Error('verify worker: started as a program; expected to be a thread');
const port = parentPort;
const judge = createJudge((workerData as WorkerStart).roots);

port.on('message', ({ first, files }: Batch) => {
  port.postMessage({ first, results: files.map(judge) } satisfies BatchDone);
});
