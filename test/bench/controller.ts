/**
 * What the controller alone costs, and whether it still says the same: the inputs of random worlds that lie are taken down
 * once, given to a controller again, and everything that it says is hashed. Two versions of the program that print the same
 * hashes decide alike; the times say which of them is quicker.
 *
 *   tsx test/bench/controller.ts [first seed] [seeds] [hours]
 */
import { createHash, type Hash } from 'node:crypto';
import { configurationOf, siteFileOf } from '../../firmware/cli/commands/simulate-config.js';
import { configSchema } from '../../firmware/config/schema.js';
import { softwareIdentity } from '../../firmware/config/software.js';
import { shelveUnsigned } from '../../firmware/reference/unsigned.js';
import type { Onlooker } from '../../firmware/virtual/onlooker.js';
import { Rig } from '../../firmware/virtual/rig.js';
import * as world from '../../hw-sim/index.js';
import type { ControllerConfig } from '../../src/controller-config.js';
import { createController } from '../../src/controller.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import type { Input, Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';

const ROUNDS = 3;
const BESIDE_TRAFFIC_S = 1800;

interface Life {
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
function listen(seed: number, hours: number): { readonly lives: readonly Life[]; readonly simulatedS: number } {
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

const hexed = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;

function replay({ config, inputs }: Life, hash: Hash | null): { readonly outputs: number; readonly seconds: number } {
  const controller = createController(config);
  const out: Output[] = [];
  let outputs = 0;
  // Time of the processor: others may be at work on this machine.
  const begin = process.cpuUsage();
  for (const input of inputs) {
    controller.handle(input, out);
    outputs += out.length;
    if (hash !== null) {
      const asked = [controller.nextDeadlineNs(), controller.mayFireSoon()];
      hash.update(JSON.stringify([input.type, input.atNs, out, asked], hexed));
    }
    out.length = 0;
  }
  return { outputs, seconds: process.cpuUsage(begin).user / 1e6 };
}

const [firstSeed = 1, seeds = 4, hours = 0.5] = process.argv.slice(2).map(Number);
const whole = createHash('sha256');
let cost = 0;
let inputs = 0;
let simulated = 0;
for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
  const { lives, simulatedS } = listen(seed, hours);
  const hash = createHash('sha256');
  let outputs = 0;
  for (const life of lives) outputs += replay(life, hash).outputs;
  const digest = hash.digest('hex');
  whole.update(digest);
  const rounds = Array.from({ length: ROUNDS }, () => lives.reduce((sum, life) => sum + replay(life, null).seconds, 0));
  const count = lives.reduce((sum, life) => sum + life.inputs.length, 0);
  const seconds = Math.min(...rounds);
  cost += seconds;
  inputs += count;
  simulated += simulatedS;
  process.stdout.write(
    `seed ${seed}: ${digest.slice(0, 16)} ${outputs} outputs of ${count} inputs in ${lives.length} lives, ` +
      `${((seconds / count) * 1e6).toFixed(2)} µs an input\n`,
  );
}
const anHour = (cost / simulated) * 3600;
process.stdout.write(
  `All: ${whole.digest('hex').slice(0, 16)}, ${((cost / inputs) * 1e6).toFixed(2)} µs an input, ` +
    `${anHour.toFixed(2)} s of the controller for an hour, ${Math.round(3600 / anHour)} times real time.\n`,
);
