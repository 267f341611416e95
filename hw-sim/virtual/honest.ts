/** A world without faults. */
import type { Lies } from './lies.js';

export function honest(): Lies {
  return {
    event: (event) => [event],
    nextNs: () => Number.POSITIVE_INFINITY,
    next: () => {
      throw new RangeError('an honest world holds nothing back');
    },
    begin: () => undefined,
    echoes: (echoes) => echoes,
    echoesUntilS: () => Number.POSITIVE_INFINITY,
    line: (line, value, atNs) => [{ line, value, atNs }],
    misalignmentDeg: 0,
    done: [],
  };
}
