/**
 * `make soak`: HOURS of lying worlds, half an hour a seed, on all cores; then 100 seeds twice. FIRST_SEED carries on where
 * an earlier run ended. Tells how far it is, stops for nothing, and ends with what was found and how to see it again.
 */
import { again, runWorlds, totals, type WorldAnswer, type WorldJob } from './worlds.js';

const HOURS_A_WORLD = 0.5;
const TWICE = 100;
const TELL_EVERY_MS = 30_000;

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

function wanted(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  const value = text === '' ? otherwise : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  process.stderr.write(`make soak: found ${name}=${text}, expected a number above 0.\n`);
  process.exit(2);
}

const hours = wanted('HOURS', 2000);
/** After those of `make test`. */
const firstSeed = Math.round(wanted('FIRST_SEED', 1001));

const jobs: WorldJob[] = Array.from({ length: Math.ceil(hours / HOURS_A_WORLD) }, (_, index) => ({
  ...{ scenario: 'lying-world', seed: firstSeed + index, hours: HOURS_A_WORLD },
}));
const begunMs = performance.now();
let toldMs = begunMs;
let done = 0;
let bad = 0;
let simulated = 0;

const onAnswer = (answer: WorldAnswer): void => {
  done += 1;
  simulated += answer.simulatedSeconds;
  if (answer.violations.length > 0) {
    bad += 1;
    const job = jobs.find(({ seed }) => seed === answer.seed);
    say(`seed ${String(answer.seed)}: ${answer.violations.slice(0, 2).join(' | ')}${job ? `\n  ${again(job)}` : ''}`);
  }
  if (performance.now() - toldMs < TELL_EVERY_MS) return;
  toldMs = performance.now();
  const wall = (toldMs - begunMs) / 1000;
  say(
    `${String(done)} of ${String(jobs.length)} worlds, ${(simulated / 3600).toFixed(0)} h, ${(simulated / wall).toFixed(0)} times real time, ${String(bad)} failed`,
  );
};

const answers = await runWorlds(jobs, { onAnswer });
const sum = (of: (answer: WorldAnswer) => number): number => answers.reduce((total, each) => total + of(each), 0);
const first = jobs.slice(0, TWICE);
const second = await runWorlds(first);
const [clean, missed] = [sum(({ cleanOffenders }) => cleanOffenders), sum(({ missedOffenders }) => missedOffenders)];
const hashes = new Map(answers.map(({ seed, recordingSha256 }) => [seed, recordingSha256]));
const differ = second.filter(({ seed, recordingSha256 }) => hashes.get(seed) !== recordingSha256);
for (const { seed } of differ) say(`seed ${String(seed)}: two runs, two recordings`);
const list = (pairs: readonly (readonly [string, number])[]): string =>
  pairs.map(([name, count]) => `${String(count)} ${name}`).join('; ') || 'none';
say(
  [
    `${(simulated / 3600).toFixed(1)} h from ${String(jobs.length)} seeds in ${((performance.now() - begunMs) / 1000).toFixed(0)} s:`,
    `${String(sum(({ passes }) => passes))} passes, ${String(sum(({ enforced }) => enforced))} enforced,`,
    `${String(clean)} clean offenders, ${String(missed)} of them missed (${((100 * missed) / Math.max(1, clean)).toFixed(2)} %);`,
    `${String(bad)} worlds with violations; ${String(second.length)} seeds twice, ${String(differ.length)} differ.`,
  ].join(' '),
);
say(
  `Offenders not enforced, by cause: ${list(totals(answers.map(({ missesByCause }) => missesByCause)).slice(0, 12))}.`,
);
say(`Tolerated: ${list(totals(answers.map(({ tolerated }) => tolerated)))}.`);
process.exitCode = bad + differ.length === 0 ? 0 : 10;
