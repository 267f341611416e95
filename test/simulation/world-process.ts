/**
 * One of the processes that run lying worlds: takes jobs from its parent one after the other and answers each with what
 * came of it. A world that throws is an answer, too.
 */
import * as world from '../../hw-sim/index.js';
import { runWorld } from '../../firmware/cli/commands/simulate-world.js';
import { nameOf } from '../../firmware/cli/commands/simulate-virtual.js';
import type { WorldAnswer, WorldJob } from './worlds.js';

async function run({ scenario, seed, hours }: WorldJob): Promise<WorldAnswer> {
  const begunMs = performance.now();
  const took = (): number => (performance.now() - begunMs) / 1000;
  try {
    const built = world.worldFor(scenario, seed, hours);
    const { verdict, recordingSha256, simulatedSeconds } = await runWorld(world, {
      scenario: built,
      seed,
      dataDir: null,
    });
    const violations = verdict.violations.map(({ invariant, sentence }) => `${invariant}: ${sentence}`);
    const { passes, enforced, missesByCause, tolerated, missedOffenders, cleanOffenders } = verdict;
    const counts = { passes, enforced, missedOffenders, cleanOffenders, missesByCause, tolerated };
    return { seed, violations, recordingSha256, simulatedSeconds, wallSeconds: took(), ...counts };
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const nothing = { passes: 0, enforced: 0, missedOffenders: 0, cleanOffenders: 0, missesByCause: {}, tolerated: {} };
    const violations = [`${nameOf(error)}: ${told}`];
    return { seed, violations, recordingSha256: null, simulatedSeconds: 0, wallSeconds: took(), ...nothing };
  }
}

process.on('message', (job) => {
  void run(job as WorldJob).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));
