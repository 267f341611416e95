/** What the readers' descriptions share. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulationProblem } from '../../../hw-sim/index.js';
import { KerbsideError } from '../../../src/errors.js';
import type { FuzzTarget } from '../target.js';

export const text = (value: string): Uint8Array => Buffer.from(value);
export const latin1 = (value: string): Uint8Array => Buffer.from(value, 'latin1');
export const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Refusals of the house are answers; whatever else is thrown is a defect. @param work false: it was refused, too */
export function refusing(work: (bytes: Uint8Array) => unknown): FuzzTarget['run'] {
  return (bytes) => {
    try {
      return work(bytes) !== false;
    } catch (error) {
      if (error instanceof KerbsideError || error instanceof SimulationProblem) return false;
      throw error;
    }
  };
}

/** For readers that take the name of a file. */
export function inFile(name: string, work: (path: string) => unknown): FuzzTarget['run'] {
  const path = join(mkdtempSync(join(tmpdir(), 'kerbside-fuzz-')), name);
  return refusing((bytes) => {
    writeFileSync(path, bytes);
    return work(path);
  });
}
