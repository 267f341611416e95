/** A scenario in virtual time with the real controller: the pretend van, the rig, and what came of it for tests to look at. */
import { createHash } from 'node:crypto';
import { createLies } from '../../hw-sim/faults/index.js';
import type { Lies } from '../../hw-sim/virtual/lies.js';
import { virtualStartUtcMs } from '../../hw-sim/virtual/start.js';
import { createVirtualVan } from '../../hw-sim/virtual/van.js';
import * as world from '../../hw-sim/index.js';
import type { Scenario } from '../../hw-sim/scenarios/load.js';
import { configurationOf, siteFileOf } from '../../firmware/cli/commands/simulate-config.js';
import { configSchema } from '../../firmware/config/schema.js';
import { shelveUnsigned } from '../../firmware/reference/unsigned.js';
import { Rig } from '../../firmware/virtual/rig.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { KeptRecord, PretendVan, Seen, Truth, VanEvent } from '../../src/ports/pretend.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';

export interface VirtualRun {
  readonly truth: Truth;
  /** SHA-256 over all events of the van, in order. */
  readonly eventsSha256: string;
  readonly events: readonly VanEvent[];
  readonly passes: readonly PassSummary[];
  readonly concluded: readonly ConcludedExposure[];
  readonly seen: readonly Seen[];
  readonly records: readonly KeptRecord[];
  readonly untilNs: number;
}

export interface VirtualRunOptions {
  readonly seed?: number;
  readonly lies?: Lies;
  /** Keep every event, not only their hash. */
  readonly keepEvents?: boolean;
}

/** As `kerbside simulate --virtual` puts it together, without recording and judges. */
export function runVirtually(scenario: Scenario, options: VirtualRunOptions = {}): VirtualRun {
  const { seed = scenario.file.seed, lies = createLies(scenario.file.faults, seed) } = options;
  return runVan(scenario, createVirtualVan({ scenario, seed, lies }), options);
}

/** The same for a van that is there already. */
export function runVan(
  scenario: Scenario,
  van: PretendVan,
  { keepEvents = false }: VirtualRunOptions = {},
): VirtualRun {
  const events: VanEvent[] = [];
  const hash = createHash('sha256');
  const out = { passes: [] as PassSummary[], concluded: [] as ConcludedExposure[], seen: [] as Seen[] };
  const records: KeptRecord[] = [];
  const begunNs = van.nextNs();
  const rig = new Rig({
    ...setUp(scenario),
    software: { version: '0.0.0', commit: null, sha256: '0'.repeat(64), node: 'v20', platform: 'test' },
    van: watched(van, (event) => {
      hash.update(textOf(event));
      if (keepEvents) events.push(event);
    }),
    onlookers: [
      {
        begun: () => undefined,
        step: (_life, _input, outputs) => {
          for (const output of outputs) note(output, out);
        },
        ended: () => undefined,
      },
    ],
    kept: (record) => void records.push(record),
    untilNs: monotonicNs(begunNs + (scenario.file.durationS + 1800) * NS_PER_S),
  });
  rig.run();
  return { truth: van.truth(), eventsSha256: hash.digest('hex'), events, records, untilNs: rig.nowNs, ...out };
}

function note(output: Output, out: { passes: PassSummary[]; concluded: ConcludedExposure[]; seen: Seen[] }): void {
  if (output.type === 'pass') out.passes.push(output.pass);
  else if (output.type === 'conclude') out.concluded.push(output.exposure);
  else if (output.type === 'state' || output.type === 'notice' || output.type === 'event') out.seen.push(output);
}

function setUp(scenario: Scenario) {
  const places = {
    ...{ dataDir: '/nonexistent', siteFile: '/nonexistent/site.yaml', cameraFolder: '/nonexistent/camera' },
    ...{ radarPath: '/dev/none', linesSocket: '/dev/none', ioBoardPath: '/dev/none', gpsPort: 2947, consolePort: 0 },
  };
  const config = configSchema.parse(configurationOf(world, scenario, places));
  if (scenario.file.deployment === 'bench') {
    return { config, shelved: null, site: toSite(siteSchema.parse(siteFileOf(world, scenario))) };
  }
  const packs = world.scenarioPacks(scenario.file, world.CAMERA.model, new Date(virtualStartUtcMs(scenario)));
  return { config, shelved: shelveUnsigned(packs, scenario.file.name), site: null };
}

function watched(van: PretendVan, onEvent: (event: VanEvent) => void): PretendVan {
  return {
    nextNs: () => van.nextNs(),
    next: () => {
      const event = van.next();
      if (event !== null) onEvent(event);
      return event;
    },
    line: (...args) => {
      van.line(...args);
    },
    radarCommand: (...args) => {
      van.radarCommand(...args);
    },
    see: (...args) => {
      van.see(...args);
    },
    truth: () => van.truth(),
  };
}

const textOf = (event: VanEvent): string =>
  JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
