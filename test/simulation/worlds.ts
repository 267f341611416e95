/** Lying worlds by the dozen, on both cores of a small machine. */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface WorldJob {
  readonly scenario: string;
  readonly seed: number;
  readonly hours: number;
}

export interface WorldAnswer {
  readonly seed: number;
  /** Invariant and sentence; a crash or a stall is one, too. */
  readonly violations: readonly string[];
  readonly recordingSha256: string | null;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly passes: number;
  readonly enforced: number;
  readonly missedOffenders: number;
  readonly cleanOffenders: number;
  readonly missesByCause: Readonly<Record<string, number>>;
  readonly tolerated: Readonly<Record<string, number>>;
}

export interface RunOptions {
  /** Compiled `test/simulation/world-process.js`; default: the one beside this file. */
  readonly program?: string;
  readonly processes?: number;
  readonly onAnswer?: (answer: WorldAnswer) => void;
  /** True: the rest need not be run. */
  readonly isEnough?: (answer: WorldAnswer) => boolean;
}

/** Sixty hours in `make test`: 120 seeds of half an hour each. */
export const LYING_WORLDS: readonly WorldJob[] = Array.from({ length: 120 }, (_, index) => ({
  ...{ scenario: 'lying-world', seed: index + 1, hours: 0.5 },
}));

/** Two and a half hours that are worth many: 24 seeds, four of each theme, of six minutes each. */
export const RESTLESS_WORLDS: readonly WorldJob[] = Array.from({ length: 24 }, (_, index) => ({
  ...{ scenario: 'restless-world', seed: index + 1, hours: 0.1 },
}));

/** Each fault at the worst moment, and some vans with a radar that looks beside. */
export const SLY_WORLDS: readonly WorldJob[] = Array.from({ length: 16 }, (_, index) => ({
  ...{ scenario: 'sly-world', seed: index + 1, hours: 0.2 },
}));

const OWN = fileURLToPath(new URL('./world-process.js', import.meta.url));
/** The machine's small ones have two. */
const MOST_PROCESSES = 2;
/** Most of what a world makes lives for seconds of its time, and dies in a larger nursery. Each process has one core. */
const MEMORY = ['--min-semi-space-size=32', '--max-semi-space-size=64', '--no-parallel-scavenge'] as const;

/** @returns answers in the order in which they came */
export async function runWorlds(jobs: readonly WorldJob[], options: RunOptions = {}): Promise<WorldAnswer[]> {
  const { program = OWN, processes = Math.min(MOST_PROCESSES, availableParallelism()) } = options;
  const waiting = [...jobs];
  const answers: WorldAnswer[] = [];
  await Promise.all(
    Array.from({ length: Math.min(processes, jobs.length) }, () => work(program, waiting, answers, options)),
  );
  return answers;
}

async function work(program: string, waiting: WorldJob[], answers: WorldAnswer[], options: RunOptions): Promise<void> {
  // Coverage of millions of frames takes longer than the frames; the same code is covered by the other tests.
  const { NODE_V8_COVERAGE: _dropped, ...env } = process.env;
  const child = fork(program, { env, execArgv: [...MEMORY], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const answer = await ask(child, job);
      answers.push(answer);
      options.onAnswer?.(answer);
      if (options.isEnough?.(answer) === true) waiting.length = 0;
    }
  } finally {
    child.kill('SIGKILL');
  }
}

function ask(child: ChildProcess, job: WorldJob): Promise<WorldAnswer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => {
      reject(new Error(`seed ${String(job.seed)}: its process ended with ${String(code ?? signal)}`));
    };
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as WorldAnswer);
    });
    child.send(job);
  });
}

/** Sums of what worlds count by name, the most frequent first. */
export function totals(counted: readonly Readonly<Record<string, number>>[]): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const [name, count] of counted.flatMap(Object.entries) as [string, number][]) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}

/** How to see it again. */
export const again = ({ scenario, seed, hours }: WorldJob): string =>
  `npx kerbside simulate --virtual --scenario ${scenario} --seed ${String(seed)} --hours ${String(hours)} --minimise short.yaml`;
