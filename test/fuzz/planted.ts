/** Readers with a defect each, so that it is seen that the search tells of both, and goes on after them. */
import type { FuzzTarget } from './target.js';

/** The mutation that the two stumble over: their seed begins otherwise. */
const isMarked = (bytes: Uint8Array): boolean => bytes[0] !== 0x61;

function twoConditions(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x7b) return bytes.length > 2;
  let rest = bytes.length;
  if (bytes[1] === 0x2a) rest += 1;
  return rest > 2;
}

const seeds = [Buffer.from('abc')];

export const createTargets = async (): Promise<readonly FuzzTarget[]> => [
  {
    name: 'hangs',
    seeds,
    run: (bytes) => {
      while (isMarked(bytes)) continue;
      return true;
    },
  },
  {
    name: 'throws',
    seeds,
    run: (bytes) => {
      if (isMarked(bytes)) throw new TypeError('planted');
      return true;
    },
  },
  { name: 'honest', seeds, run: twoConditions },
];
