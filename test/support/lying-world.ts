/** A random world that lies, run in virtual time: all that reached the controllers, for whoever wants to feed them again. */
import { configurationOf, siteFileOf } from '../../firmware/cli/commands/simulate-config.js';
import { configSchema } from '../../firmware/config/schema.js';
import { softwareIdentity } from '../../firmware/config/software.js';
import { shelveUnsigned } from '../../firmware/reference/unsigned.js';
import type { Onlooker } from '../../firmware/virtual/onlooker.js';
import { Rig } from '../../firmware/virtual/rig.js';
import * as world from '../../hw-sim/index.js';
import type { ControllerConfig } from '../../src/controller-config.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import type { Input } from '../../src/timeline.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';

const BESIDE_TRAFFIC_S = 1800;

/** One controller, from its start to its end. */
export interface Life {
  readonly config: ControllerConfig;
  readonly inputs: Input[];
}

class Listener implements Onlooker {
  readonly lives: Life[] = [];

  begun({ config }: { readonly config: ControllerConfig }): void {
    this.lives.push({ config, inputs: [] });
  }

  step(_life: number, input: Input): void {
    this.lives.at(-1)?.inputs.push(input);
  }

  ended(): void {
    // The next life has a list of its own.
  }
}

function setUp(scenario: world.Scenario) {
  const places = {
    ...{ dataDir: '/nonexistent', siteFile: '/nonexistent/site.yaml', cameraFolder: '/nonexistent/camera' },
    ...{ gpsPort: 2947, consolePort: 0, radarPath: '/dev/pretend-radar' },
    ...{ linesSocket: '/dev/pretend-lines', ioBoardPath: '/dev/pretend-board' },
  };
  const config = configSchema.parse(configurationOf(world, scenario, places));
  if (scenario.file.deployment === 'bench') {
    return { config, shelved: null, site: toSite(siteSchema.parse(siteFileOf(world, scenario))) };
  }
  const now = new Date(world.virtualStartUtcMs(scenario));
  const packs = world.scenarioPacks(scenario.file, world.CAMERA.model, now);
  return { config, shelved: shelveUnsigned(packs, `scenario ${scenario.file.name}`), site: null };
}

/** Everything that reached the controllers of one random world. */
export function lyingWorld(
  seed: number,
  hours: number,
): { readonly lives: readonly Life[]; readonly simulatedS: number } {
  const scenario = world.buildScenario(world.randomWorld(seed, hours), `seed ${seed}`);
  const van = world.createVirtualVan({ scenario, seed, lies: world.createLies(scenario.file.faults, seed) });
  const startNs = van.nextNs();
  const untilNs = monotonicNs(startNs + (scenario.file.durationS + BESIDE_TRAFFIC_S) * NS_PER_S);
  const { name: _name, files: _files, ...software } = softwareIdentity();
  const listener = new Listener();
  const rig = new Rig({
    ...{ ...setUp(scenario), software, van, untilNs, onlookers: [listener], kept: () => undefined },
  });
  rig.run();
  return { lives: listener.lives, simulatedS: (rig.nowNs - startNs) / NS_PER_S };
}
