/** Where rigs put their folders: in memory where there is such a place, since what a disk keeps is modelled here anyway. */
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function makeRigFolder(name: string): string {
  let parent = '/dev/shm';
  try {
    accessSync(parent, constants.W_OK);
  } catch {
    parent = tmpdir();
  }
  return mkdtempSync(join(parent, `kerbside-${name}-`));
}
