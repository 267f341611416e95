/** Thread of `packs.ts`: reads all packs once, says what they hold, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPacks, type PacksToRead } from './packs.js';

parentPort?.postMessage(await readPacks(workerData as PacksToRead));
