/**
 * What is known of an OPS243's unit and sample rate, and what follows for its speeds (domain/radar-protocols.md).
 *
 * The lines of the radar carry no unit unless asked to, so a wrong belief turns every speed wrong by one factor. Until
 * the radar has said its unit, km/h is assumed: km/h is what the dialogue commands (`UK`), and a radar that missed the
 * command stays on m/s, mph or ft/s, whose figures are smaller than those of km/h. So the mistake can only make a car
 * look slower, never faster. Centimetres a second would look faster and are refused outright.
 *
 * The sample rate caps the speed, and faster traffic aliases to plausible values below the cap. While it is not known
 * the cap of the commanded rate (`S2`) holds.
 */
import { KMH_PER_MPH, KMH_PER_MS } from '../units.js';

/** Sample rate that the dialogue commands (`S2`), samples a second. */
export const COMMANDED_RATE_HZ = 20_000;
/** Sample rates of SI, SV, SX, S2, SL and SC with the speed each can tell, m/s, as the maker prints them. */
const CEILINGS: readonly (readonly [sampleRateHz: number, ceilingMs: number])[] = [
  [1_000, 3.1],
  [5_000, 15.5],
  [10_000, 31.1],
  [20_000, 62.2],
  [50_000, 155.4],
  [100_000, 310.8],
];
const KMH_PER_FTS = 1.09728;

/** km/h for one of each unit; null is a unit that is known and refused. */
const KMH_PER_UNIT: ReadonlyMap<string, number | null> = new Map<string, number | null>([
  ...['km-per-hr', 'kmph', 'kph', 'km/h', 'kmh'].map((name) => [name, 1] as const),
  ...['m-per-sec', 'mps', 'm/s'].map((name) => [name, KMH_PER_MS] as const),
  ...['mph', 'miles-per-hr', 'mi-per-hr'].map((name) => [name, KMH_PER_MPH] as const),
  ...['ft-per-sec', 'fps', 'ft/s'].map((name) => [name, KMH_PER_FTS] as const),
  ...['cm-per-sec', 'cmps', 'cm-s', 'cm/s'].map((name) => [name, null] as const),
]);

/** @returns km/h for one of the named unit; null where it is refused; undefined where the word is no speed unit */
export const kmhPerUnit = (name: string): number | null | undefined => KMH_PER_UNIT.get(name.trim().toLowerCase());

/** @returns the highest speed that does not alias, m/s; of a rate in between, that of the listed rate below it */
export function ceilingMs(sampleRateHz: number): number {
  return CEILINGS.reduce((most, [rateHz, speedMs]) => (sampleRateHz >= rateHz ? speedMs : most), 0);
}

/** Shared by the decoder, which learns from replies, and the dialogue, which commands. */
export class Ops243Scale {
  #kmhPerUnit: number | null = 1;
  #sampleRateHz: number | null = null;

  /** km/h for one of the unit in use; null where it must not be used. */
  get kmhPerUnit(): number | null {
    return this.#kmhPerUnit;
  }

  get ceilingKmh(): number {
    return ceilingMs(this.#sampleRateHz ?? COMMANDED_RATE_HZ) * KMH_PER_MS;
  }

  /** The radar has stated its unit. A word that is no speed unit (the ranging models reply so) changes nothing. */
  learnUnit(name: string): void {
    const factor = kmhPerUnit(name);
    if (factor !== undefined) this.#kmhPerUnit = factor;
  }

  learnSampleRate(sampleRateHz: number): void {
    if (sampleRateHz > 0) this.#sampleRateHz = sampleRateHz;
  }

  /** `UK` goes out: from here on any other unit learnt earlier could make a car look faster. */
  unitCommanded(): void {
    this.#kmhPerUnit = 1;
  }

  /** `S2` goes out: a higher cap learnt earlier no longer holds. */
  sampleRateCommanded(): void {
    if (this.#sampleRateHz !== null) this.#sampleRateHz = Math.min(this.#sampleRateHz, COMMANDED_RATE_HZ);
  }

  /** After the link was lost the radar may have been without power: nothing is known. */
  forget(): void {
    this.#kmhPerUnit = 1;
    this.#sampleRateHz = null;
  }
}
