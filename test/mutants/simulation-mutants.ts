/** What to break in the product, and what the simulation must then notice. `from` stands exactly once in the compiled file. */
import { DEPLOYMENT_MUTANTS } from './simulation-deployment-mutants.js';
import { RESTLESS_MUTANTS } from './simulation-restless-mutants.js';
import type { SimulationMutant } from './simulation.js';

const MEASUREMENT_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'the speed along the road is divided by the cosine of the angle of sight',
    file: 'src/measurement/sight-angle.js',
    from: 'radialKmh / Math.cos(toRadians(sightDeg))',
    to: 'radialKmh / Math.cos(toRadians(sightDeg * 1.1))',
  },
  {
    claim: 'DET-1: a speed is enforced above the threshold, not at it',
    file: 'src/enforcement/verdict.js',
    from: 'truncatedKmh > site.threshold.speedKmh',
    to: 'truncatedKmh >= site.threshold.speedKmh',
  },
  {
    claim: 'a speed is truncated, never rounded',
    file: 'src/measurement/estimator.js',
    from: 'return Math.floor(mean);',
    to: 'return Math.round(mean);',
  },
  {
    claim: 'speeds more than 2 km/h apart are two clusters',
    file: 'src/measurement/estimator.js',
    from: 'CLUSTER_GAP_KMH = 2;',
    to: 'CLUSTER_GAP_KMH = 60;',
  },
  {
    claim: 'less than 2 % of the readings are cut, not 20 %',
    file: 'src/measurement/estimator.js',
    from: 'RARE_ONE_IN = 50;',
    to: 'RARE_ONE_IN = 5;',
  },
  {
    claim: 'whoever drives away from the radar drives the way that the beam looks',
    file: 'src/site/mounting.js',
    from: "return direction === 'recede' ? away : reversed(away);",
    to: "return direction === 'recede' ? reversed(away) : away;",
  },
  {
    claim: 'only a lane that is monitored is enforced',
    file: 'src/enforcement/verdict.js',
    from: 'possible.every((lane) => lane.monitored)',
    to: 'possible.every(() => true)',
    seeds: [10],
  },
  {
    claim: 'DEP-8, DEP-9: nothing within the zone is enforced',
    file: 'src/enforcement/verdict.js',
    from: 'if (isClear(nearestM, uncertaintyM, zoneM))',
    to: 'if (isClear(nearestM + 12, uncertaintyM, zoneM))',
    seeds: [11],
  },
  {
    claim: 'DEP-9: final merges have zones, too',
    file: 'src/site/exclusion.js',
    from: 'site.merges.filter((merge) => monitored.has(merge.direction))',
    to: '[]',
    seeds: [9],
  },
  {
    claim: 'a simulated target is no evidence',
    file: 'src/measurement/open-pass.js',
    from: "this.faults.add('test-target');",
    to: 'void 0;',
  },
  {
    claim: 'a double reflection is no vehicle',
    file: 'src/measurement/validity.js',
    from: "(isDoubleReflection(pass, peers()) ? 'double-reflection' : null) ??",
    to: '',
    seeds: [2],
  },
  {
    claim: 'the lane is the one in which range and angle put the vehicle',
    file: 'src/site/placement.js',
    from: 'lane: laneAt(site, lateralM),',
    to: 'lane: laneAt(site, lateralM + 3),',
  },
];

const NUMBER_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'ICN-2: a number is used once',
    file: 'src/evidence/lease-book.js',
    from: 'return this.free.shift() ?? null;',
    to: 'return this.free[0] ?? null;',
  },
  {
    claim: 'ICN-2: after a crash every open number gets its record',
    file: 'firmware/office/accounting.js',
    from: 'return open.map((number) => {',
    to: 'return open.slice(1).map((number) => {',
  },
  {
    claim: 'each record hangs on the one before it',
    file: 'src/evidence/chain.js',
    from: 'sequence: sequence + 1,',
    to: 'sequence: sequence + 2,',
  },
  {
    claim: 'whatever was simulated is marked DEMO',
    file: 'src/evidence/facts.js',
    from: 'demo: config.demo,',
    to: 'demo: false,',
  },
  {
    claim: 'an approaching vehicle that its whole pass does not confirm is annulled',
    file: 'src/evidence/exposure-book.js',
    from: "if (passEnd?.verdict.kind === 'enforce')",
    to: 'if (passEnd !== undefined)',
    seeds: [2],
  },
];

const CAMERA_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'a feedback edge belongs into its window',
    file: 'src/evidence/image-matcher.js',
    from: 'sinceMs >= this.settings.strobeWindowMs[0] && sinceMs <= this.settings.strobeWindowMs[1]',
    to: 'sinceMs >= this.settings.strobeWindowMs[0]',
    seeds: [5],
  },
  {
    claim: 'an image that never comes is given up in time',
    file: 'src/evidence/image-matcher.js',
    from: 'if (sinceNs > this.imageTimeoutNs) {',
    to: 'if (sinceNs > 40 * this.imageTimeoutNs) {',
    seeds: [6],
  },
  {
    claim: 'two triggers keep the dead time of the camera',
    file: 'src/evidence/image-matcher.js',
    from: 'nowNs - this.lastFireNs < this.settings.deadTimeMs * NS_PER_MS',
    to: 'nowNs - this.lastFireNs < 0',
    seeds: [2],
  },
  {
    claim: 'the flash leads the shutter',
    file: 'src/evidence/exposure-book.js',
    from: 'const shutterNs = flash ? plusNs(nowNs, flashLeadMs * NS_PER_MS) : nowNs;',
    to: 'const shutterNs = nowNs;',
  },
  {
    claim: 'the shutter pulse is as long as configured',
    file: 'src/evidence/exposure-book.js',
    from: 'plusNs(shutterNs, shutterPulseMs * NS_PER_MS)',
    to: 'plusNs(shutterNs, 3 * shutterPulseMs * NS_PER_MS)',
  },
];

export const SIMULATION_MUTANTS: readonly SimulationMutant[] = [
  ...MEASUREMENT_MUTANTS,
  ...NUMBER_MUTANTS,
  ...CAMERA_MUTANTS,
  ...DEPLOYMENT_MUTANTS,
  ...RESTLESS_MUTANTS,
];
