/** The part of `simulation-mutants.ts` that is about when the camera may enforce. */
import type { SimulationMutant } from './simulation.js';

export const DEPLOYMENT_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'a position older than its limit is none',
    file: 'src/deployment/position-monitor.js',
    from: 'POSITION_STALE_NS = 3 * NS_PER_S;',
    to: 'POSITION_STALE_NS = 300 * NS_PER_S;',
  },
  {
    claim: 'three fixes in a row are needed to believe a place',
    file: 'src/deployment/position-monitor.js',
    from: 'FIXES_TO_BELIEVE = 3;',
    to: 'FIXES_TO_BELIEVE = 1;',
  },
  {
    claim: 'a clock that has not been read is no clock',
    file: 'src/deployment/clock-monitor.js',
    from: 'CLOCK_STALE_NS = 5 * NS_PER_S;',
    to: 'CLOCK_STALE_NS = 500 * NS_PER_S;',
  },
  {
    claim: 'a vehicle that was in the beam before the camera enforced is not photographed',
    file: 'src/deployment/session.js',
    from: 'pass.firstNs >= this.armedSinceNs',
    to: 'pass.firstNs > 0',
  },
  {
    claim: 'nothing is fired while a check refuses',
    file: 'src/deployment/session.js',
    from: 'if (first !== undefined)\n            return first.code;',
    to: 'if (first !== undefined)\n            return null;',
  },
  {
    claim: 'DEP-5: a tailgate half way suspends',
    file: 'src/deployment/checks/tailgate.js',
    from: 'judged(open !== closed,',
    to: 'judged(true,',
  },
  {
    claim: 'a board that does not report suspends',
    file: 'src/deployment/checks/board-stale.js',
    from: 'judged(ageNs <= BOARD_STALE_NS,',
    to: 'judged(true,',
  },
  {
    claim: 'TAM-1: a cut loop suspends',
    file: 'src/deployment/checks/tamper-loop.js',
    from: 'judged(whole,',
    to: 'judged(true,',
  },
  {
    claim: 'a store that cannot be written suspends',
    file: 'src/deployment/checks/store-failed.js',
    from: 'judged(usable,',
    to: 'judged(true,',
  },
  {
    claim: 'the key that is turned off suspends',
    file: 'src/deployment/checks/arm-key.js',
    from: 'judged(on,',
    to: 'judged(true,',
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
  },
  {
    claim: 'DEP-8, DEP-9: a van that stands too near enforces nothing',
    file: 'src/site/exclusion.js',
    from: 'const byRuleM = zoneM + perMonitoredLaneM * lanes;',
    to: 'const byRuleM = zoneM - 100 + perMonitoredLaneM * lanes;',
  },
];
