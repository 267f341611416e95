/**
 * What the controller alone costs, and whether it still says the same: the inputs of random worlds that lie are taken down
 * once, given to a controller again, and everything that it says is hashed. Two versions of the program that print the same
 * hashes decide alike; the times say which of them is quicker.
 *
 *   tsx test/bench/controller.ts [first seed] [seeds] [hours]
 */
import { createHash, type Hash } from 'node:crypto';
import { createController } from '../../src/controller.js';
import type { Output } from '../../src/timeline.js';
import { lyingWorld, type Life } from '../support/lying-world.js';

const ROUNDS = 3;

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
  const { lives, simulatedS } = lyingWorld(seed, hours);
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
