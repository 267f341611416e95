/** Mutants of measurement and its instruments: what a radar or receiver may say of a vehicle that is none, or is two. */
import type { Mutant } from './mutants.js';

const REASONS = ['test/measurement/void-reasons.test.js'];
const HONEST = ['test/measurement/honest-vehicles.test.js'];

export const PASS_MUTANTS: readonly Mutant[] = [
  {
    claim: 'range-does-not-move: a speed at a place that stays is no vehicle',
    file: 'src/measurement/validity.js',
    from: "'so far': 0.2 }",
    to: "'so far': 0 }",
    provenBy: REASONS,
  },
  {
    claim: 'range-does-not-move: the whole pass crosses more of the beam than a part of it need have',
    file: 'src/measurement/validity.js',
    from: 'whole: 0.4,',
    to: 'whole: 0.05,',
    provenBy: REASONS,
  },
  {
    claim: 'range-does-not-move: a long truck that fills the beam moves',
    file: 'src/measurement/validity.js',
    from: 'Math.min(travelM, footprintM)',
    to: 'travelM',
    provenBy: HONEST,
  },
  {
    claim: 'two-vehicles: without tracks a follower shows by the trend of its speed along the beam',
    file: 'src/measurement/approach-trend.js',
    from: 'WRONG_WAY_KMH = 2.5;',
    to: 'WRONG_WAY_KMH = 25;',
    provenBy: [...REASONS, ...HONEST],
  },
  {
    claim: 'two-vehicles: an approaching vehicle falls, a receding one grows',
    file: 'src/measurement/approach-trend.js',
    from: "direction === 'recede' ? sum : -sum",
    to: 'sum',
    provenBy: REASONS,
  },
  {
    claim: 'radar-late: what is in the beam while the radar is heard late is not photographed',
    file: 'src/controller.js',
    from: 'if (this.session.radar.time.isLate)',
    to: 'if (false)',
    provenBy: ['test/controller/radar-late.test.js'],
  },
  {
    claim: 'a receiver that states an absurd number has no fix',
    file: 'firmware/drivers/gpsd.js',
    from: 'mode: isAbsurd ? 0 :',
    to: 'mode: false ? 0 :',
    provenBy: ['test/drivers/gpsd.test.js'],
  },
];
