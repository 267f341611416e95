/** The part of `simulation-mutants.ts` that takes a moment which is rare: hunted in restless worlds. */
import type { SimulationMutant } from './simulation.js';

type Rare = Omit<SimulationMutant, 'worlds'>;

const READINGS: readonly Rare[] = [
  {
    claim: 'a range that steps back is another vehicle in the same track',
    file: 'src/measurement/open-pass.js',
    from: "this.faults.add('range-not-monotonic')",
    to: 'void 0',
    seeds: [10, 4],
  },
  {
    claim: 'a speed at a place that stays where it is is no vehicle',
    file: 'src/measurement/validity.js',
    from: "(rangeMoves(pass, extent, beam) ? null : 'range-does-not-move') ??",
    to: '',
    seeds: [4, 10],
  },
  {
    claim: 'a radar that speaks late suspends, be anybody there or not',
    file: 'src/deployment/radar-monitor.js',
    from: 'return this.time.isLate ?',
    to: 'return false ?',
    seeds: [5, 11],
  },
  {
    claim: 'what a radar says late is not of who is there now',
    file: 'src/radar/time-watch.js',
    from: 'return this.#isProven ? this.#lagS > LATEST_S : this.#mustProve;',
    to: 'return false;',
    seeds: [5, 11],
  },
  {
    claim: 'a pass that a lost link has cut is void',
    file: 'src/measurement/pass-tracker.js',
    from: "pass.faults.add('link-interrupted');",
    to: 'void 0;',
    seeds: [9, 3, 15],
  },
];

const IMAGES: readonly Rare[] = [
  {
    claim: 'ICN-1: an image without a trigger has a number, too',
    file: 'src/evidence/exposure-book.js',
    from: 'this.unnumbered.push({ image, reason, atNs, circumstances });',
    to: 'void 0;',
    seeds: [2, 8],
  },
  {
    claim: 'the number in the name of an image is that of its feedback',
    file: 'src/evidence/image-matcher.js',
    from: 'if (this.counter === null)\n            return first;',
    to: 'return first;',
    seeds: [8, 2],
  },
  {
    claim: 'an image of whose exposure no feedback came belongs to nobody',
    file: 'src/evidence/image-matcher.js',
    from: 'if (this.settings.hasStrobe && first.strobeNs === null)\n            return null;',
    to: '',
    seeds: [8, 2],
  },
  {
    claim: 'a second feedback beside that of the sync shot is one without a trigger',
    file: 'src/evidence/image-matcher.js',
    from: 'this.settlingSinceNs === null && this.isIdle)',
    to: 'this.settlingSinceNs === null && awaited === undefined)',
    seeds: [8],
  },
];

const STANDING: readonly Rare[] = [
  {
    claim: 'a fix holds for three seconds',
    file: 'src/deployment/position-monitor.js',
    from: 'POSITION_STALE_NS = 3 * NS_PER_S;',
    to: 'POSITION_STALE_NS = 300 * NS_PER_S;',
    seeds: [6],
  },
  {
    claim: 'a receiver is believed after three fixes in a row',
    file: 'src/deployment/position-monitor.js',
    from: 'FIXES_TO_BELIEVE = 3;',
    to: 'FIXES_TO_BELIEVE = 1;',
    seeds: [6],
  },
  {
    claim: 'nobody is enforced who was in the beam before the camera was armed',
    file: 'src/deployment/session.js',
    from: 'pass.firstNs >= this.armedSinceNs',
    to: 'true',
    seeds: [1, 7],
  },
  {
    claim: 'whatever refuses ends the state of enforcing',
    file: 'src/deployment/session.js',
    from: 'refused: refusals.length > 0,',
    to: 'refused: false,',
    seeds: [7],
  },
  {
    claim: 'whatever refuses at the moment of the shot forbids it, whatever the state says',
    file: 'src/deployment/session.js',
    from: 'if (first !== undefined)\n            return first.code;',
    to: '',
    seeds: [6, 12, 18],
  },
  {
    claim: 'TAM-1: a loop that is cut suspends',
    file: 'src/deployment/checks/tamper-loop.js',
    from: 'judged(whole,',
    to: 'judged(true,',
    seeds: [7, 1],
  },
  {
    claim: 'TAM-1: after the loop was cut a person starts the camera again',
    file: 'src/deployment/checks/tamper-loop.js',
    from: 'resumes: false,',
    to: 'resumes: true,',
    seeds: [7, 1],
  },
  {
    claim: 'TAM-1: after the cabinet was open a person starts the camera again',
    file: 'src/deployment/checks/tamper.js',
    from: 'resumes: false,',
    to: 'resumes: true,',
    seeds: [7, 1],
  },
  {
    claim: 'an arm key that is off suspends',
    file: 'src/deployment/checks/arm-key.js',
    from: 'judged(on,',
    to: 'judged(true,',
    seeds: [7, 1],
  },
];

export const RESTLESS_MUTANTS: readonly SimulationMutant[] = [...READINGS, ...IMAGES, ...STANDING].map(
  (mutant): SimulationMutant => ({ ...mutant, worlds: 'restless' }),
);
