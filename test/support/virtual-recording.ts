/** A recording of a scenario in virtual time, made once for all tests that replay one. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as world from '../../hw-sim/index.js';
import { busyRoad } from '../../hw-sim/scenarios/busy-road.js';
import { buildScenario, type Scenario } from '../../hw-sim/scenarios/load.js';
import type { ScenarioFile } from '../../hw-sim/scenarios/schema.js';
import { runWorld, type WorldEnd } from '../../firmware/cli/commands/simulate-world.js';

export interface VirtualRecording extends WorldEnd {
  readonly dataDir: string;
  /** Folder of its first deployment. */
  readonly deployment: string;
  /** The recording's one file. */
  readonly file: string;
}

export const recordVirtually = (name: string, seed: number, hours = 0.1): Promise<VirtualRecording> =>
  recordWorld(world.worldFor(name, seed, hours), seed);

/** Some minutes of a busy road on which these things go wrong. */
export const recordFaults = (seed: number, ...faults: ScenarioFile['faults']): Promise<VirtualRecording> =>
  recordWorld(buildScenario({ ...busyRoad(seed, 0.05), injection: true, faults }, 'test'), seed);

async function recordWorld(scenario: Scenario, seed: number): Promise<VirtualRecording> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kerbside-virtual-'));
  const end = await runWorld(world, { scenario, seed, dataDir });
  const deployment = join(dataDir, 'evidence', '000001');
  return { ...end, dataDir, deployment, file: join(deployment, 'recording.kbr') };
}
