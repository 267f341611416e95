/** What to break and which tests must notice. `from` must stand exactly once in the compiled file. */

import { CALENDAR_MUTANTS } from './calendar-mutants.js';
import { EVIDENCE_MUTANTS } from './evidence-mutants.js';
import { READINESS_MUTANTS } from './readiness-mutants.js';
import { GEOMETRY_MUTANTS } from './geometry-mutants.js';
import { PASS_MUTANTS } from './pass-mutants.js';
import { VERIFY_MUTANTS } from './verify-mutants.js';

export interface Mutant {
  readonly claim: string;
  /** Below `dist/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly provenBy: readonly string[];
}

const VERDICT = ['test/enforcement/verdict.test.js'];
const PASSES = ['test/measurement/pass-tracker.test.js', 'test/measurement/void-reasons.test.js'];
const MATCHER = ['test/evidence/image-matcher.test.js'];
const CONTROLLER = ['test/controller/controller.test.js'];
const POSITION = ['test/deployment/position-monitor.test.js'];

export const MUTANTS: readonly Mutant[] = [
  {
    claim: 'DET-1: enforce only above the threshold, not at it',
    file: 'src/enforcement/verdict.js',
    from: 'truncatedKmh > site.threshold.speedKmh',
    to: 'truncatedKmh >= site.threshold.speedKmh',
    provenBy: VERDICT,
  },
  {
    claim: 'DEP-8, DEP-9: a vehicle inside an exclusion zone is never enforced',
    file: 'src/enforcement/verdict.js',
    from: 'if (isClear(nearestM, uncertaintyM, zoneM))',
    to: 'if (nearestM >= 0)',
    provenBy: VERDICT,
  },
  {
    claim: 'DEP-8: the position uncertainty shortens every distance',
    file: 'src/site/exclusion.js',
    from: 'distanceM - uncertaintyM',
    to: 'distanceM',
    provenBy: ['test/site/placement.test.js', ...VERDICT],
  },
  {
    claim: 'speed is truncated, never rounded up',
    file: 'src/measurement/estimator.js',
    from: 'return Math.floor(mean);',
    to: 'return Math.round(mean);',
    provenBy: ['test/measurement/estimator.test.js'],
  },
  {
    claim: 'two clusters more than 2 km/h apart void the pass',
    file: 'src/measurement/estimator.js',
    from: 'CLUSTER_GAP_KMH = 2;',
    to: 'CLUSTER_GAP_KMH = 20;',
    provenBy: ['test/measurement/estimator.test.js'],
  },
  {
    claim: 'a stream that already holds true speed is not corrected twice',
    file: 'src/measurement/pass-tracker.js',
    from: 'reading.corrected ? reading.speedKmh :',
    to: 'false ? reading.speedKmh :',
    provenBy: PASSES,
  },
  {
    claim: 'simulated and fork readings are never evidence',
    file: 'src/measurement/open-pass.js',
    from: 'if (reading.test !== null)',
    to: 'if (reading.test === undefined)',
    provenBy: PASSES,
  },
  {
    claim: 'a double reflection is void',
    file: 'src/measurement/validity.js',
    from: 'const DOUBLE_TO = 2.2;',
    to: 'const DOUBLE_TO = 1.7;',
    provenBy: PASSES,
  },
  {
    claim: 'AGD frames with a wrong checksum are discarded',
    file: 'src/radar/agd350-decoder.js',
    from: 'if (this.#statedCrc !== this.#crc)',
    to: 'if (this.#statedCrc < 0)',
    provenBy: ['test/radar/agd350-decoder.test.js'],
  },
  {
    claim: 'ICN-2: a leased number is used once',
    file: 'src/evidence/lease-book.js',
    from: 'this.free.shift()',
    to: 'this.free[0]',
    provenBy: ['test/evidence/lease-book.test.js'],
  },
  {
    claim: 'ICN-2: a failed verification annuls',
    file: 'src/evidence/exposure-book.js',
    from: "passEnd?.verdict.kind === 'enforce'",
    to: 'passEnd !== undefined',
    provenBy: CONTROLLER,
  },
  {
    claim: 'matching rule 2: no exposure within the dead time',
    file: 'src/evidence/image-matcher.js',
    from: "return 'dead-time';",
    to: 'return null;',
    provenBy: MATCHER,
  },
  {
    claim: 'matching rule 3: a feedback edge outside its window is a breach',
    file: 'src/evidence/image-matcher.js',
    from: 'sinceMs <= this.settings.strobeWindowMs[1]',
    to: 'sinceMs <= Infinity',
    provenBy: MATCHER,
  },
  {
    claim: 'matching rule 4: the counter names the edge',
    file: 'src/evidence/image-matcher.js',
    from: 'image.counter === expectedCounter ||',
    to: 'image.counter !== undefined ||',
    provenBy: MATCHER,
  },
  {
    claim: 'matching rule 5: the camera clock fits the edge',
    file: 'src/evidence/image-matcher.js',
    from: 'deviationMs <= boundMs',
    to: 'deviationMs <= Infinity',
    provenBy: MATCHER,
  },
  {
    claim: 'matching rule 6: after a give-up nothing is issued until a late image would have come',
    file: 'src/evidence/image-matcher.js',
    from: 'if (this.gaveUpSinceSync)\n            this.settlingSinceNs = atNs;',
    to: '',
    provenBy: MATCHER,
  },
  {
    claim: 'order of arrival alone never ties an image to a trigger',
    file: 'src/evidence/image-matcher.js',
    from: 'if (opening && tiesByNothing)',
    to: 'if (opening === undefined)',
    provenBy: MATCHER,
  },
  {
    claim: 'matching rule 7: after a breach nothing is issued before a new sync shot',
    file: 'src/evidence/image-matcher.js',
    from: 'const wasSynced = this.synced;\n        this.synced = false;',
    to: 'const wasSynced = this.synced;',
    provenBy: MATCHER,
  },
  {
    claim: 'three consecutive 3D fixes before the receiver is believed',
    file: 'src/deployment/position-monitor.js',
    from: 'FIXES_TO_BELIEVE = 3;',
    to: 'FIXES_TO_BELIEVE = 2;',
    provenBy: POSITION,
  },
  {
    claim: 'a simulated position (status 8) is refused',
    file: 'src/deployment/position-monitor.js',
    from: 'STATUS_SIMULATED = 8;',
    to: 'STATUS_SIMULATED = 80;',
    provenBy: POSITION,
  },
  {
    claim: 'the system clock must agree with GPS',
    file: 'src/deployment/clock-monitor.js',
    from: 'FREE_BOUND_MS = 1000;',
    to: 'FREE_BOUND_MS = 5000;',
    provenBy: ['test/deployment/clock-monitor.test.js'],
  },
  {
    claim: "the radar's own stop error counts before what follows in the same chunk",
    file: 'src/controller.js',
    from: "if (event.type === 'radar-error')",
    to: "if (event.type === 'none')",
    provenBy: CONTROLLER,
  },
  {
    claim: 'no exposure of a vehicle that was in the beam before enforcement began',
    file: 'src/deployment/session.js',
    from: 'pass.firstNs >= this.armedSinceNs',
    to: 'pass.firstNs >= 0',
    provenBy: CONTROLLER,
  },
  {
    claim: 'a lost link voids what is in the beam',
    file: 'src/measurement/pass-tracker.js',
    from: "pass.faults.add('link-interrupted');",
    to: '',
    provenBy: [...PASSES, ...CONTROLLER],
  },
  {
    claim: 'TAM-1: nothing is enforced while the tamper line is active',
    file: 'src/deployment/checks/tamper.js',
    from: 'judged(!active,',
    to: 'judged(true,',
    provenBy: CONTROLLER,
  },
  ...EVIDENCE_MUTANTS,
  ...READINESS_MUTANTS,
  ...PASS_MUTANTS,
  ...GEOMETRY_MUTANTS,
  ...VERIFY_MUTANTS,
  ...CALENDAR_MUTANTS,
];
