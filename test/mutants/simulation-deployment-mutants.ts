/** The part of `simulation-mutants.ts` that is about when the camera may enforce. */
import type { SimulationMutant } from './simulation.js';

export const DEPLOYMENT_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'a clock that has not been read is no clock',
    file: 'src/deployment/clock-monitor.js',
    from: 'CLOCK_STALE_NS = 5 * NS_PER_S;',
    to: 'CLOCK_STALE_NS = 500 * NS_PER_S;',
    seeds: [7],
  },
  {
    claim: 'DEP-5: a tailgate half way suspends',
    file: 'src/deployment/checks/tailgate.js',
    from: 'judged(open !== closed,',
    to: 'judged(true,',
    seeds: [5],
  },
  {
    claim: 'a board that does not report suspends',
    file: 'src/deployment/checks/board-stale.js',
    from: 'judged(ageNs <= BOARD_STALE_NS,',
    to: 'judged(true,',
    seeds: [14],
  },
  {
    claim: 'a store that cannot be written suspends',
    file: 'src/deployment/checks/store-failed.js',
    from: 'judged(usable,',
    to: 'judged(true,',
    seeds: [13],
  },
  {
    claim: 'a failed or missing fork test refuses',
    file: 'src/deployment/checks/fork-test.js',
    from: 'judged(false, `Fork test: none made yet',
    to: 'judged(true, `Fork test: none made yet',
  },
  {
    claim: 'the operator’s halt suspends',
    file: 'src/deployment/checks/halted.js',
    from: 'judged(!facts.halted,',
    to: 'judged(true,',
    seeds: [13],
  },
];
