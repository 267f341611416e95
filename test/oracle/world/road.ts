/**
 * Where every vehicle really was, from the truth alone: plane geometry of a beam across a straight road, and motion in
 * pieces of constant acceleration.
 */
import type { Truth, TruthVehicle } from '../../../src/ports/pretend.js';

export interface InBeam {
  readonly vehicle: TruthVehicle;
  /** +1 away from the antenna, in the direction the beam looks. */
  readonly sign: 1 | -1;
  /** With any part, seconds; Infinity: for ever, or never. */
  readonly fromS: number;
  readonly toS: number;
  readonly nearM: number;
  readonly farM: number;
  /** At any time of its way past. */
  readonly fastestKmh: number;
}

export interface Shown {
  /** Mean true speed while it was measured. */
  readonly speedKmh: number;
  readonly fastestKmh: number;
  readonly slowestKmh: number;
  /** What this radar, looking where it looks, makes of it. */
  readonly readsKmh: number;
  /** Chainages of what of it was in the beam, or of its end where it is followed beyond. */
  readonly fromM: number;
  readonly toM: number;
}

const radians = (deg: number): number => (deg * Math.PI) / 180;
/** Longer than that something stands in the beam. */
const LINGERS_S = 30;
const SAMPLES = 12;

export class TruthRoad {
  readonly truth: Truth;
  /** In order of coming. */
  readonly passing: readonly InBeam[];
  readonly #lingering: readonly InBeam[];
  readonly #byPlate: ReadonlyMap<string, InBeam>;

  constructor(truth: Truth) {
    this.truth = truth;
    const all = truth.vehicles.map((vehicle) => this.#inBeam(vehicle)).sort((a, b) => a.fromS - b.fromS);
    this.passing = all.filter(({ fromS, toS }) => Number.isFinite(fromS) && toS - fromS <= LINGERS_S);
    this.#lingering = all.filter(({ fromS, toS }) => Number.isFinite(fromS) && toS - fromS > LINGERS_S);
    this.#byPlate = new Map(all.map((each) => [each.vehicle.plate, each]));
  }

  secondsOf(atNs: number): number {
    return (atNs - this.truth.startNs) / 1e9;
  }

  of(plate: string): InBeam | undefined {
    return this.#byPlate.get(plate);
  }

  /** Everybody with a part in the beam between the two times. */
  between(fromS: number, toS: number): InBeam[] {
    const found: InBeam[] = this.#lingering.filter((each) => each.fromS <= toS && each.toS >= fromS);
    // Nobody of these is in the beam for longer than LINGERS_S.
    let index = firstFrom(this.passing, fromS - LINGERS_S);
    for (let each = this.passing[index]; each !== undefined && each.fromS <= toS; each = this.passing[index]) {
      if (each.toS >= fromS) found.push(each);
      index += 1;
    }
    return found;
  }

  /** Of the middle of what of it is in the beam; outside, of its end that is nearest to the beam. */
  rangeM({ vehicle, sign, nearM, farM }: InBeam, atS: number): number {
    const [low, high] = body(vehicle, sign, atS);
    const outsideM = low > farM ? low : high < nearM ? high : null;
    const aheadM = outsideM ?? middleIn([low, high], nearM, farM) ?? low;
    return Math.hypot(aheadM, vehicle.lateralM);
  }

  /** How far it has driven on since it left the beam, by its last part; 0: it has not. */
  goneOnM({ vehicle, sign, nearM, farM, toS }: InBeam, atS: number): number {
    if (atS <= toS) return 0;
    const [low, high] = body(vehicle, sign, atS);
    return Math.max(0, sign === 1 ? low - farM : nearM - high);
  }

  /** While it was measured. @returns null when it was not in the beam then */
  shown(each: InBeam, fromS: number, toS: number): Shown | null {
    const { vehicle, sign, nearM, farM } = each;
    const [begin, end] = [Math.max(fromS, each.fromS), Math.min(toS, each.toS)];
    if (end < begin) return null;
    const { angleDeg, trueAngleDeg, antennaChainageM, beamSign } = this.truth.van;
    let [count, speeds, reads, fastest, slowest, least, most] = [0, 0, 0, 0, Infinity, Infinity, -Infinity];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const atS = begin + ((end - begin) * (sample + 0.5)) / SAMPLES;
      const [rearM, frontM] = body(vehicle, sign, atS);
      const middleM = middleIn([rearM, frontM], nearM, farM);
      if (middleM === null) continue;
      const speed = Math.abs(speedMs(vehicle, atS)) * 3.6;
      const sight = Math.atan2(vehicle.lateralM, middleM);
      // One radar states the angle from where it believes that it looks, the other none.
      const corrected =
        this.truth.radar === 'agd350'
          ? Math.cos(sight - radians(trueAngleDeg - angleDeg))
          : Math.cos(radians(angleDeg));
      count += 1;
      speeds += speed;
      reads += (speed * Math.cos(sight)) / corrected;
      fastest = Math.max(fastest, speed);
      slowest = Math.min(slowest, speed);
      least = Math.min(least, Math.max(rearM, nearM));
      most = Math.max(most, Math.min(frontM, farM));
    }
    if (count === 0) return null;
    const ends = [antennaChainageM + beamSign * least, antennaChainageM + beamSign * most];
    return {
      ...{ speedKmh: speeds / count, readsKmh: reads / count, fastestKmh: fastest, slowestKmh: slowest },
      ...{ fromM: Math.min(...ends), toM: Math.max(...ends) },
    };
  }

  /** With where its last part has driven on to by then. */
  followed(seen: InBeam, shown: Shown, atS: number): Shown {
    const goneOnM = this.goneOnM(seen, atS);
    if (goneOnM === 0) return shown;
    const { antennaChainageM, beamSign } = this.truth.van;
    const aheadM = seen.sign === 1 ? seen.farM + goneOnM : seen.nearM - goneOnM;
    const endM = antennaChainageM + beamSign * aheadM;
    return { ...shown, fromM: Math.min(shown.fromM, endM), toM: Math.max(shown.toM, endM) };
  }

  #inBeam(vehicle: TruthVehicle): InBeam {
    const { beamSign, trueAngleDeg, beamWidthDeg } = this.truth.van;
    const sign = (vehicle.direction === 'increasing') === (beamSign === 1) ? 1 : -1;
    const nearM = vehicle.lateralM / Math.tan(radians(trueAngleDeg + beamWidthDeg / 2));
    const flat = trueAngleDeg - beamWidthDeg / 2;
    const farM = flat <= 0 ? Number.POSITIVE_INFINITY : vehicle.lateralM / Math.tan(radians(flat));
    const entersM = sign === 1 ? nearM : farM;
    const leavesM = sign === 1 ? farM + vehicle.lengthM : nearM - vehicle.lengthM;
    return {
      ...{ vehicle, sign, nearM, farM, fastestKmh: fastestOf(vehicle) },
      ...{ fromS: reaches(vehicle, sign, entersM), toS: reaches(vehicle, sign, leavesM) },
    };
  }
}

function firstFrom(sorted: readonly InBeam[], fromS: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.fromS ?? 0) < fromS) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pieceAt({ motion }: TruthVehicle, atS: number) {
  let piece = motion[0];
  for (const each of motion) if (each.fromS <= atS) piece = each;
  if (piece === undefined) throw new Error('a vehicle of the truth has no motion');
  return piece;
}

/** Pieces are joined at their ends, and the last one does not get faster for ever. */
const fastestOf = ({ motion }: TruthVehicle): number =>
  motion.reduce((most, { speedMs: each }) => Math.max(most, Math.abs(each) * 3.6), 0);

function speedMs(vehicle: TruthVehicle, atS: number): number {
  const { fromS, speedMs: initial, accelerationMs2 } = pieceAt(vehicle, atS);
  return initial + accelerationMs2 * (atS - fromS);
}

/** Near and far end, metres ahead of the antenna. */
function body(vehicle: TruthVehicle, sign: 1 | -1, atS: number): [number, number] {
  const { fromS, frontAheadM, speedMs: initial, accelerationMs2 } = pieceAt(vehicle, atS);
  const sinceS = atS - fromS;
  const frontM = frontAheadM + initial * sinceS + (accelerationMs2 * sinceS * sinceS) / 2;
  return sign === 1 ? [frontM - vehicle.lengthM, frontM] : [frontM, frontM + vehicle.lengthM];
}

function middleIn([low, high]: readonly [number, number], nearM: number, farM: number): number | null {
  const [from, to] = [Math.max(low, nearM), Math.min(high, farM)];
  return to < from ? null : (from + to) / 2;
}

/** When its front comes to a place; Infinity: never. */
function reaches(vehicle: TruthVehicle, sign: 1 | -1, placeM: number): number {
  const { motion } = vehicle;
  for (const [index, { fromS, frontAheadM, speedMs: initial, accelerationMs2 }] of motion.entries()) {
    const untilS = motion[index + 1]?.fromS ?? Number.POSITIVE_INFINITY;
    const leftM = (placeM - frontAheadM) * sign;
    if (leftM <= 0) return fromS;
    const afterS = firstRoot(accelerationMs2 * sign, initial * sign, leftM);
    if (fromS + afterS <= untilS) return fromS + afterS;
  }
  return Number.POSITIVE_INFINITY;
}

/** Smallest time in which a way is covered; Infinity: never. */
function firstRoot(acceleration: number, speed: number, wayM: number): number {
  if (Math.abs(acceleration) < 1e-12) return speed > 0 ? wayM / speed : Number.POSITIVE_INFINITY;
  const square = speed * speed + 2 * acceleration * wayM;
  if (square < 0) return Number.POSITIVE_INFINITY;
  const root = (-speed + Math.sqrt(square)) / acceleration;
  return root >= 0 ? root : Number.POSITIVE_INFINITY;
}
