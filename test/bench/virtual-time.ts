/**
 * How fast is virtual time? The scenario `busy-road` on one core: controller, office, pretend van, recording and oracles
 * together; then four times as long, which must take four times as long.
 */
import * as world from '../../hw-sim/index.js';
import { runWorld } from '../../firmware/cli/commands/simulate-world.js';

/** Times real time, on one core. */
const AIM = 1000;
const HOURS = [0.5, 2, 8] as const;
/** Eight hours may take so much longer than four times two. */
const MOST_BENT = 1.25;
const SEED = 1;

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

async function measure(hours: number): Promise<{ readonly seconds: number; readonly times: number }> {
  const begun = process.cpuUsage();
  const scenario = world.worldFor('busy-road', SEED, hours);
  const { verdict, simulatedSeconds } = await runWorld(world, { scenario, seed: SEED, dataDir: null });
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;
  const times = simulatedSeconds / seconds;
  const wrong = verdict.violations.length;
  say(
    `busy-road, ${String(hours)} h: ${seconds.toFixed(2)} s of one core, ${times.toFixed(0)} times real time; ` +
      `${String(scenario.file.vehicles.length)} vehicles, ${String(verdict.enforced)} enforced, ${String(wrong)} violations.`,
  );
  if (wrong > 0) process.exitCode = 10;
  return { seconds, times };
}

// The first run warms the code up.
await measure(HOURS[0]);
const short = await measure(HOURS[1]);
const long = await measure(HOURS[2]);
const bent = long.seconds / short.seconds / (HOURS[2] / HOURS[1]);
say(`Four times as long takes ${(4 * bent).toFixed(2)} times as long.`);
if (long.times < AIM) {
  say(`It is ${long.times.toFixed(0)} times real time, aimed at ${String(AIM)}.`);
  process.exitCode = 1;
}
if (bent > MOST_BENT) {
  say('It is not linear in hours.');
  process.exitCode = 1;
}
