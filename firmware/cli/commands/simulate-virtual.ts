/**
 * `kerbside simulate --virtual`: the same controller and the pretend van without waiting, judged by oracles that know the
 * truth. The first lines say the seed and every option, so that whatever is found can be found again.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createColors } from 'picocolors';
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import type { CliContext } from '../context.js';
import { Workspace } from '../simulation/workspace.js';
import { writeWhole } from '../write-whole.js';
import { minimise } from './simulate-minimise.js';
import { virtualDocument, virtualText } from './simulate-virtual-report.js';
import { runWorld, software, type PretendWorld, type Scenario, type WorldEnd } from './simulate-world.js';
import type { SimulateOptions } from './simulate.js';

/** Of worlds that are generated. */
const USUAL_SEED = 1;
const USUAL_HOURS = 0.5;
/** More violations than this tell nothing new. */
const MOST_TOLD = 20;

/** @returns 0 only when nothing is wrong; 10 a wrong answer, 11 stalled, 70 the controller threw, 130 interrupted */
export async function simulateVirtual(context: CliContext, options: SimulateOptions): Promise<ExitCode> {
  const world = await import('../../../hw-sim/index.js');
  const { scenario, seed } = load(world, options);
  const shrunkFile = options.minimise ?? null;
  if (shrunkFile !== null) expectWritable(shrunkFile);
  const stop = new AbortController();
  const interrupted = (): boolean => stop.signal.aborted;
  const onSignal = (): void => {
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const workspace = new Workspace(options.dataDir ?? null, new Date());
  try {
    announce(context, options, scenario, seed, workspace.dataDir);
    const outcome = await attempt(context, world, { scenario, seed, dataDir: workspace.dataDir, stop: stop.signal });
    if (interrupted()) return EXIT.interrupted;
    if (shrunkFile === null) return outcome.code;
    if (outcome.code === EXIT.good) {
      context.progress(`Nothing is wrong, so there is nothing to shrink; ${shrunkFile} was not written.`);
      return outcome.code;
    }
    await shrink(context, world, scenario, seed, outcome, shrunkFile, stop.signal);
    return interrupted() ? EXIT.interrupted : outcome.code;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    workspace.removeDevices();
  }
}

function load(world: PretendWorld, options: SimulateOptions): { readonly scenario: Scenario; readonly seed: number } {
  try {
    const scenario = world.worldFor(options.scenario, options.seed ?? USUAL_SEED, options.hours ?? USUAL_HOURS);
    if (options.hours !== null && !world.isGenerated(options.scenario)) throw fixedLength(options.scenario, scenario);
    return { scenario, seed: options.seed ?? scenario.file.seed };
  } catch (error) {
    if (!(error instanceof world.SimulationProblem)) throw error;
    throw new KerbsideError('scenario-invalid', error.message, { cause: error });
  }
}

/** Before the run: it may take an hour until the file is due. */
function expectWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw new Error('it is a folder');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('usage', `File ${file} cannot be written (${reason}); give another --minimise.`);
  }
}

const fixedLength = (name: string, { file }: Scenario): KerbsideError =>
  new KerbsideError(
    'usage',
    `kerbside simulate: --hours was given, but ${name} lasts ${String(file.durationS)} s; expected a scenario that is generated, busy-road, lying-world or restless-world.`,
  );

function announce(
  context: CliContext,
  options: SimulateOptions,
  { file }: Scenario,
  seed: number,
  dataDir: string,
): void {
  const colors = createColors(context.color);
  const line = (name: string, value: string): void => {
    context.progress(`${colors.bold(name.padEnd(10))}${value}`);
  };
  line('seed', String(seed));
  line('scenario', `${options.scenario}: ${file.title}`);
  line('hours', `${(file.durationS / 3600).toFixed(3)} (${String(file.durationS)} s of traffic)`);
  line('traffic', `${String(file.vehicles.length)} vehicles, ${String(file.faults.length)} faults`);
  line('virtual', 'as fast as it can; records are chained, and nothing is signed');
  line('software', `${software().version}, ${software().sha256}`);
  line('minimise', options.minimise ?? 'no');
  line('data', dataDir);
  context.progress(colors.yellow('DEMO: everything beyond the controller is pretended; nothing of this is evidence.'));
}

export interface Attempt {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly dataDir: string | null;
  readonly stop: AbortSignal;
}

export interface Outcome {
  readonly code: ExitCode;
  /** Invariants that were broken, `stalled` or `crashed`. */
  readonly what: readonly string[];
}

async function attempt(context: CliContext, world: PretendWorld, plan: Attempt): Promise<Outcome> {
  const begunMs = performance.now();
  let told = 0;
  try {
    const end = await runWorld(world, {
      ...plan,
      onProgress: (part) => {
        if (performance.now() - told < 1000) return;
        told = performance.now();
        context.progress(`${(part * 100).toFixed(0).padStart(3)} % of the traffic`);
      },
    });
    const wallSeconds = (performance.now() - begunMs) / 1000;
    report(context, plan, end, wallSeconds);
    const what = [...new Set(end.verdict.violations.map(({ invariant }) => invariant))];
    return { code: what.length === 0 ? EXIT.good : EXIT.simulationWrong, what };
  } catch (error) {
    if (plan.stop.aborted) return { code: EXIT.interrupted, what: [] };
    return { code: failed(context, plan, error), what: [nameOf(error)] };
  }
}

/** The reason why it must be known which of the three it was is in the exit code (contract). */
function failed(context: CliContext, { seed }: Attempt, error: unknown): ExitCode {
  if (error instanceof KerbsideError && error.kind === 'simulation-stalled') {
    context.warn(`seed ${String(seed)}: ${error.message}`);
    return EXIT.simulationStalled;
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.warn(`seed ${String(seed)}: the controller's side threw. ${told}`);
  return EXIT.internal;
}

export const nameOf = (error: unknown): string =>
  error instanceof KerbsideError && error.kind === 'simulation-stalled' ? 'stalled' : 'crashed';

function report(context: CliContext, { scenario, seed, dataDir }: Attempt, end: WorldEnd, wallSeconds: number): void {
  const facts = { seed, scenario: scenario.file.name, wallSeconds, dataDir: dataDir ?? '' };
  if (context.json) context.printJson(virtualDocument(facts, end));
  else context.print(virtualText(context, facts, end));
  const { violations } = end.verdict;
  for (const { invariant, sentence } of violations.slice(0, MOST_TOLD))
    context.warn(`wrong, ${invariant}: ${sentence}`);
  if (violations.length > MOST_TOLD) context.warn(`and ${String(violations.length - MOST_TOLD)} more.`);
}

async function shrink(
  context: CliContext,
  world: PretendWorld,
  scenario: Scenario,
  seed: number,
  outcome: Outcome,
  file: string,
  stop: AbortSignal,
): Promise<void> {
  context.progress(`Looking for a shorter scenario in which this is wrong, too: ${outcome.what.join(', ')} …`);
  const shortest = await minimise(world, scenario, seed, outcome.what, stop, (sentence) => {
    context.progress(sentence);
  });
  const { vehicles, faults } = shortest;
  const title = `# Shrunk from ${scenario.file.name}, seed ${String(seed)}: ${outcome.what.join(', ')}.\n`;
  try {
    await writeWhole(file, Buffer.from(`${title}${world.scenarioText(shortest)}`), '--minimise');
  } catch (error) {
    // What was wrong stays the answer; an hour of tries is not thrown away for a disk that has filled up meanwhile.
    context.warn(error instanceof Error ? error.message : String(error));
    context.warn(world.scenarioText(shortest));
    return;
  }
  context.progress(`${file}: ${String(vehicles.length)} vehicles and ${String(faults.length)} faults are left.`);
  context.progress(`Again with: npx kerbside simulate --virtual --seed ${String(seed)} --scenario ${file}`);
}
