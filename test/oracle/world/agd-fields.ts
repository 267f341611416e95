/**
 * A tracked target of an AGD frame, read digit by digit where it lies, because hours of traffic are read here. Says the same as
 * `../agd-frames.ts`, against which it is tested.
 */
import type { OracleReading } from '../agd-frames.js';

const COMMA = 0x2c;
const FIELDS = 11;
const ZERO = 0x30;
const KMH_PER_MPH = 1.609344;
const MOST_DIGITS = 9;
const MOST_TRACKS = 9999;

/** Ends of the fields, filled anew for each frame. */
const ends = new Int32Array(FIELDS);

/** Spaces, a sign, digits with a point among them; NaN: anything else. */
function decimal(bytes: Uint8Array, from: number, to: number): number {
  let index = from;
  while (index < to && bytes[index] === 0x20) index += 1;
  const sign = bytes[index];
  if (sign === 0x2b || sign === 0x2d) index += 1;
  let whole = 0;
  let digits = 0;
  let afterPoint = -1;
  for (; index < to; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0x2e && afterPoint < 0 && digits > 0) {
      afterPoint = 0;
      continue;
    }
    if (byte < ZERO || byte > ZERO + 9) return Number.NaN;
    whole = whole * 10 + byte - ZERO;
    digits += 1;
    if (afterPoint >= 0) afterPoint += 1;
  }
  if (digits === 0 || digits > MOST_DIGITS || afterPoint === 0) return Number.NaN;
  // One division of two whole numbers: the same double as the text.
  const value = afterPoint > 0 ? whole / 10 ** afterPoint : whole;
  return sign === 0x2d ? -value : value;
}

function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  for (let index = from; index < to; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte < ZERO || byte > ZERO + 9) return Number.NaN;
  }
  return decimal(bytes, from, to);
}

const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;

// Functions of the module: one made anew for each frame would cost more than all it does.
const startOf = (field: number): number => (ends[field - 1] ?? 0) + 1;
const endOf = (field: number): number => ends[field] ?? 0;
const numberIn = (bytes: Uint8Array, field: number): number => decimal(bytes, startOf(field), endOf(field));
const letter = (bytes: Uint8Array, field: number): string =>
  endOf(field) - startOf(field) === 1 ? String.fromCharCode(bytes[startOf(field)] ?? 0) : '';

/** @param from first byte of the body. @param to the asterisk. @returns null where it is no tracked target */
export function agdTarget(bytes: Buffer, from: number, to: number): OracleReading | null {
  if (bytes[from] !== 0x30 || bytes[from + 1] !== 0x34 || bytes[from + 2] !== COMMA) return null;
  let fields = 0;
  for (let index = from; index <= to; index += 1) {
    if (index < to && bytes[index] !== COMMA) continue;
    if (fields === FIELDS) return null;
    ends[fields] = index;
    fields += 1;
  }
  if (fields !== FIELDS) return null;
  const direction = letter(bytes, 3);
  const unit = letter(bytes, 5);
  const coordinates = letter(bytes, 9);
  if (direction !== 'A' && direction !== 'R' && direction !== 'X' && direction !== 'Y') return null;
  if ((unit !== 'K' && unit !== 'M') || (coordinates !== 'P' && coordinates !== 'C')) return null;
  const track = wholeNumber(bytes, startOf(2), endOf(2));
  const timeS = numberIn(bytes, 1);
  const y = numberIn(bytes, 6);
  const x = numberIn(bytes, 7);
  const bearingDeg = numberIn(bytes, 8);
  const strength = numberIn(bytes, 10);
  const speedKmh = numberIn(bytes, 4) * (unit === 'M' ? KMH_PER_MPH : 1);
  const rangeM = coordinates === 'P' ? y : Math.sqrt(x * x + y * y);
  const angleDeg = coordinates === 'P' ? x : (Math.atan2(x, y) * 180) / Math.PI;
  const believable =
    within(track, 0, MOST_TRACKS) && within(timeS, 0, 86_400) && within(speedKmh, 0, 320) && within(rangeM, 0, 500);
  if (!believable || !within(angleDeg, -90, 90) || !within(bearingDeg, 0, 360) || !within(strength, 0, 200))
    return null;
  return {
    track,
    speedKmh,
    direction: direction === 'A' || direction === 'X' ? 'approach' : 'recede',
    rangeM,
    angleDeg,
    bearingDeg,
    strength,
    timeS,
    simulated: direction === 'X' || direction === 'Y',
    raw: bytes.toString('latin1', from - 1, to + 4),
  };
}
