/** Mutants of the readiness checks: rules that would no longer hold the camera back, and which tests must notice. */
import type { Mutant } from './mutants.js';

const CASES = ['test/deployment/checks/cases.test.js'];
const TIME_WATCH = ['test/radar/time-watch.test.js'];
const BOOK = ['test/deployment/checks/book.test.js'];
const HOLDS = ['test/deployment/checks/holds.test.js'];

export const READINESS_MUTANTS: readonly Mutant[] = [
  {
    claim: 'CAL-1, CAL-2, CAL-6: a certificate ends with its last day',
    file: 'src/deployment/checks/certificate.js',
    from: 'judged(date <= one.lastDay,',
    to: 'judged(date.slice(0, 9) <= one.lastDay.slice(0, 9),',
    provenBy: HOLDS,
  },
  {
    claim: 'DEP-5: a tailgate half way is refused',
    file: 'src/deployment/checks/tailgate.js',
    from: 'judged(open !== closed,',
    to: 'judged(!(open && closed),',
    provenBy: CASES,
  },
  {
    claim: 'DEP-10: a bulletin that has ended tells nothing',
    file: 'src/deployment/checks/bulletin-out-of-date.js',
    from: '&& facts.utcMs < until,',
    to: ',',
    provenBy: CASES,
  },
  {
    claim: 'SCH-2: school hours end between two rounds of checks',
    file: 'src/deployment/checks/school-hours.js',
    from: 'momentOf(facts, untilUtcMs)',
    to: 'null',
    provenBy: HOLDS,
  },
  {
    claim: 'SCH-2: outside school hours nothing is enforced',
    file: 'src/deployment/checks/school-hours.js',
    from: 'judged(allowed,',
    to: 'judged(true,',
    provenBy: CASES,
  },
  {
    claim: 'radar-late: what the radar says 0.1 s late is refused',
    file: 'src/radar/time-watch.js',
    from: 'LATEST_S = 0.1;',
    to: 'LATEST_S = 2;',
    provenBy: CASES,
  },
  {
    claim: 'radar-late: a delay that lasts is never learnt as the usual distance of the clocks',
    file: 'src/radar/time-watch.js',
    from: 'const driftedS = this.isLate ? 0 : driftS;',
    to: 'const driftedS = driftS;',
    provenBy: TIME_WATCH,
  },
  {
    claim: 'radar-late: a clock of the radar that was set proves itself anew',
    file: 'src/radar/time-watch.js',
    from: 'this.#mustProve ||= this.#isProven;',
    to: '',
    provenBy: TIME_WATCH,
  },
  {
    claim: 'a van that moved more than 15 m is refused',
    file: 'src/deployment/position-monitor.js',
    from: 'MOVED_M = 15;',
    to: 'MOVED_M = 150;',
    provenBy: CASES,
  },
  {
    claim: 'what the I/O board said counts for one second',
    file: 'src/deployment/checks/board-stale.js',
    from: 'BOARD_STALE_NS = 1 * NS_PER_S;',
    to: 'BOARD_STALE_NS = 10 * NS_PER_S;',
    provenBy: CASES,
  },
  {
    claim: 'what nobody vouches for is refused',
    file: 'src/deployment/checks/attested.js',
    from: 'found?.given !== true',
    to: 'found?.given === false',
    provenBy: CASES,
  },
  {
    claim: 'a check is asked again when a fact that it read has become another',
    file: 'src/deployment/checks/index.js',
    from: '(known.reads & changed) !== 0',
    to: 'false',
    provenBy: BOOK,
  },
  {
    claim: 'a check is asked again for what a monitor has learnt within itself',
    file: 'src/deployment/checks/look.js',
    from: 'return changed | WITHIN;',
    to: 'return changed;',
    provenBy: BOOK,
  },
  {
    claim: 'a check is asked again when a line has changed',
    file: 'src/deployment/known.js',
    from: 'this.lines = { ...this.lines, [input.line]: input.value };',
    to: 'this.lines[input.line] = input.value;',
    provenBy: BOOK,
  },
  {
    claim: 'a check is asked again when a test was made',
    file: 'src/deployment/equipment-tests.js',
    from: 'this.results = { ...this.results, [outcome.test]: result };',
    to: 'this.results[outcome.test] = result;',
    provenBy: BOOK,
  },
  {
    claim: 'a check is asked again on another day',
    file: 'src/deployment/checks/look.js',
    from: 'this.#today === before.#today ? 0 : BIT.today',
    to: '0',
    provenBy: BOOK,
  },
  {
    claim: 'not knowing is no reason to enforce',
    file: 'src/deployment/checks/index.js',
    from: 'refused.length === 0 && hidden !== null',
    to: 'refused.length === 1 && hidden !== null',
    provenBy: HOLDS,
  },
];
