/**
 * One world in virtual time, from its scenario to the verdict of the oracles: configuration and packs as an installer and
 * the issuers would give them, the rig, the recording, the judge. `hw-sim/` and `test/oracle` are loaded here by dynamic
 * import, so that no real van ever loads them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KerbsideError } from '../../../src/errors.js';
import type { SoftwareFacts } from '../../../src/evidence/record-context.js';
import type { KeptRecord, Truth, WorldVerdict } from '../../../src/ports/pretend.js';
import { siteSchema, toSite } from '../../../src/site/site-file.js';
import { monotonicNs, NS_PER_S } from '../../../src/units.js';
import { configSchema } from '../../config/schema.js';
import { softwareIdentity } from '../../config/software.js';
import { shelveUnsigned } from '../../reference/unsigned.js';
import { RecordingOnlooker } from '../../virtual/recorder.js';
import { Rig } from '../../virtual/rig.js';
import { configurationOf, siteFileOf } from './simulate-config.js';

export type PretendWorld = typeof import('../../../hw-sim/index.js');
export type Scenario = ReturnType<PretendWorld['loadScenario']>;

export interface WorldOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Where records, images and the recording are written; null: nowhere, they are only judged. */
  readonly dataDir: string | null;
  /** Told now and then how far it is, as a part of one. */
  readonly onProgress?: (part: number) => void;
  readonly stop?: AbortSignal;
}

export interface WorldEnd {
  readonly verdict: WorldVerdict;
  readonly truth: Truth;
  readonly recordingSha256: string | null;
  readonly simulatedSeconds: number;
  readonly records: number;
  readonly images: number;
}

/** The part of a run that its deployment's opening, tests and closing may take beside the traffic. */
const BESIDE_TRAFFIC_S = 1800;
/** As `recording.partMb` is unless it is configured. */
const PART_MB = 32;
/** Between two looks at signals and at the progress. */
const SLICE_S = 60;

let known: SoftwareFacts | null = null;

/**
 * Read once for all worlds of this process: the program that runs stays the one that was loaded. Without the commit: the
 * recording follows from the program and the seed, not from when somebody committed.
 */
export function software(): SoftwareFacts {
  if (known === null) {
    const { name: _name, files: _files, ...facts } = softwareIdentity();
    known = { ...facts, commit: null };
  }
  return known;
}

/** @throws KerbsideError 'simulation-stalled'; whatever the controller throws */
export async function runWorld(world: PretendWorld, options: WorldOptions): Promise<WorldEnd> {
  const { scenario, seed, dataDir, onProgress, stop } = options;
  const { createWorldWatch } = await import('../../../test/oracle/world/index.js');
  const watch = createWorldWatch();
  const counted = { records: 0, images: 0 };
  const recorder = new RecordingOnlooker(dataDir, PART_MB);
  const van = world.createVirtualVan({ scenario, seed, lies: world.createLies(scenario.file.faults, seed) });
  const startNs = van.nextNs();
  const endNs = startNs + (scenario.file.durationS + BESIDE_TRAFFIC_S) * NS_PER_S;
  const rig = new Rig({
    ...setUp(world, scenario, dataDir ?? '/nonexistent'),
    ...{ software: software(), van, untilNs: monotonicNs(endNs) },
    onlookers: [
      recorder,
      {
        begun: () => undefined,
        step: (life, input, outputs) => {
          watch.step(life, input, outputs);
        },
        ended: () => undefined,
      },
    ],
    kept: (record) => {
      counted.records += 1;
      if (record.image !== null) counted.images += 1;
      watch.kept(record);
      if (dataDir !== null) write(dataDir, record);
    },
  });
  for (let untilNs = startNs + SLICE_S * NS_PER_S; rig.run(untilNs); untilNs += SLICE_S * NS_PER_S) {
    onProgress?.(Math.min(1, (untilNs - startNs) / (scenario.file.durationS * NS_PER_S)));
    await new Promise(setImmediate);
    if (stop?.aborted === true) throw new KerbsideError('interrupted', 'The simulation was interrupted.');
  }
  const truth = van.truth();
  return {
    verdict: watch.end(truth),
    truth,
    recordingSha256: await recorder.close(),
    simulatedSeconds: Number(((rig.nowNs - startNs) / NS_PER_S).toFixed(1)),
    ...counted,
  };
}

/** What the rig needs to know of van and site. */
function setUp(world: PretendWorld, scenario: Scenario, dataDir: string) {
  const places = {
    dataDir,
    ...{ siteFile: join(dataDir, 'site.yaml'), cameraFolder: join(dataDir, 'camera'), gpsPort: 2947, consolePort: 0 },
    ...{ radarPath: '/dev/pretend-radar', linesSocket: '/dev/pretend-lines', ioBoardPath: '/dev/pretend-board' },
  };
  const config = configSchema.parse(configurationOf(world, scenario, places));
  if (scenario.file.deployment === 'bench') {
    return { config, shelved: null, site: toSite(siteSchema.parse(siteFileOf(world, scenario))) };
  }
  const now = new Date(world.virtualStartUtcMs(scenario));
  const packs = world.scenarioPacks(scenario.file, world.CAMERA.model, now);
  return { config, shelved: shelveUnsigned(packs, `scenario ${scenario.file.name}`), site: null };
}

function write(dataDir: string, { name, bytes, image }: KeptRecord): void {
  const path = join(dataDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (image !== null) writeFileSync(path.replace(/\.record$/, '.jpg'), image);
}
