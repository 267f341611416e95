/**
 * `make mutants`: the healthy copy must be clean, and each mutant of the product must be caught by the simulation within a
 * minute. MUTANT=words hunts those that match; MUTANT_SECONDS gives each more or less than a minute.
 */
import { createBrokenCopy } from '../support/broken-copy.js';
import { SIMULATION_MUTANTS } from './simulation-mutants.js';
import { A_MINUTE_MS, expectHealthy, hunt } from './simulation.js';

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
const withinMs = Number(process.env['MUTANT_SECONDS'] ?? A_MINUTE_MS / 1000) * 1000;
const words = (process.env['MUTANT'] ?? '').toLowerCase();
const wanted = SIMULATION_MUTANTS.filter(({ claim, file }) => `${claim} ${file}`.toLowerCase().includes(words));
const copy = createBrokenCopy();
const survivors: string[] = [];
try {
  await expectHealthy(copy, SIMULATION_MUTANTS);
  say('The healthy copy is clean.');
  for (const [index, mutant] of wanted.entries()) {
    const { caught, seconds, worlds } = await hunt(copy, mutant, withinMs);
    const isCaught = caught !== null && seconds * 1000 <= withinMs;
    const how = isCaught ? `caught by seed ${String(caught.seed)}` : caught === null ? 'SURVIVED' : 'caught too late,';
    say(
      `${String(index + 1)}/${String(wanted.length)} ${how} after ${seconds.toFixed(1)} s, ${String(worlds)} worlds: ${mutant.claim}`,
    );
    if (caught !== null) say(`    ${(caught.violations[0] ?? '').slice(0, 200)}`);
    if (!isCaught) survivors.push(mutant.claim);
  }
} finally {
  copy.remove();
}
say(`${String(wanted.length - survivors.length)} of ${String(wanted.length)} mutants caught.`);
process.exitCode = survivors.length === 0 ? 0 : 1;
