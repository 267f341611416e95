/** A recording of a scenario in virtual time, made once for all tests that replay one. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as world from '../../hw-sim/index.js';
import { runWorld, type WorldEnd } from '../../firmware/cli/commands/simulate-world.js';

export interface VirtualRecording extends WorldEnd {
  readonly dataDir: string;
  /** Folder of its first deployment. */
  readonly deployment: string;
  /** The recording's one file. */
  readonly file: string;
}

export async function recordVirtually(name: string, seed: number, hours = 0.1): Promise<VirtualRecording> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kerbside-virtual-'));
  const end = await runWorld(world, { scenario: world.worldFor(name, seed, hours), seed, dataDir });
  const deployment = join(dataDir, 'evidence', '000001');
  return { ...end, dataDir, deployment, file: join(deployment, 'recording.kbr') };
}
