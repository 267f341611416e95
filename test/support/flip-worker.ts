/** A thread that alters its share of the bits (`BIT_FLIPS=all`). */
import { parentPort, workerData } from 'node:worker_threads';
import type { Exhibit } from './exhibit.js';
import { flipFault } from './tamper.js';

export interface FlipShare {
  readonly exhibit: Exhibit;
  readonly from: number;
  readonly to: number;
}

const { exhibit, from, to } = workerData as FlipShare;
const faults: string[] = [];
for (let bit = from; bit < to && faults.length < 20; bit += 1) {
  const fault = flipFault(exhibit, bit);
  if (fault !== null) faults.push(fault);
}
parentPort?.postMessage(faults);
