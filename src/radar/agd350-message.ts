/**
 * What one AGD message says, once its checksum has been found right. Built to the maker's printed manuals of the 350
 * (messages 02, 03, 04, HB) and the 342 (error numbers), not to a capture. Split at commas, never at columns.
 *
 * The page that prints the frame of an error message was not at hand, only its numbers 01 to 06. The numbers 02, 03 and
 * 04 are message types as well, with eleven or twelve fields. So taken as an error is a message that says nothing but
 * its number (`04*`, `04,43200.12*`), a type 01, 05 or 06, which no target message has, and a type that begins with
 * E and carries the number next (`ER,04*`). A false alarm would need a matching checksum on a message that short, and
 * would only stop enforcement.
 */
import { degrees, KMH_PER_MPH, kmh, metres, toDegrees, type MonotonicNs } from '../units.js';
import type { AsciiFields } from './ascii-fields.js';
import type { DiscardReason, RadarEventSink, Reading, TargetDirection } from './reading.js';

/** The radars' highest speed (342 manual: 320 km/h); beyond it a value may be an alias. */
export const AGD_CEILING_KMH = 320;

const MOST_TIME_S = 86_400;
const MOST_TRACK = 9999;
const MOST_RANGE_M = 500;
const MOST_ANGLE_DEG = 90;
const MOST_BEARING_DEG = 360;
const MOST_AMPLITUDE_DB = 200;
const MOST_ERROR_NUMBER = 6;
/** A message with more fields than this is no error message. */
const MOST_ERROR_FIELDS = 3;

/** Fields of message 04. */
const FIELD = {
  time: 1,
  track: 2,
  direction: 3,
  speed: 4,
  unit: 5,
  range: 6,
  angle: 7,
  bearing: 8,
  coordinates: 9,
  amplitude: 10,
} as const;
const TRACKED_FIELDS = 11;
const HEARTBEAT_TEXT = /^[0-9A-Fa-f.]{1,12}$/;

const ZERO = 0x30;
const TWO = 0x32;
const FOUR = 0x34;
const A = 0x41;
const B = 0x42;
const C = 0x43;
const E = 0x45;
const H = 0x48;
const K = 0x4b;
const M = 0x4d;
const P = 0x50;
const R = 0x52;
const X = 0x58;
const Y = 0x59;

const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;

function directionOf(byte: number): TargetDirection | null {
  if (byte === A || byte === X) return 'approach';
  return byte === R || byte === Y ? 'recede' : null;
}

/**
 * @returns the reading of a message 04, or why it is none
 * @param raw called only for a reading: a copy of the frame's bytes
 */
function trackedTarget(
  fields: AsciiFields,
  corrected: boolean,
  atNs: MonotonicNs,
  raw: () => Uint8Array,
): Reading | DiscardReason {
  if (fields.count !== TRACKED_FIELDS) return 'malformed';
  const stated = fields.letter(FIELD.direction);
  const direction = directionOf(stated);
  const unit = fields.letter(FIELD.unit);
  const coordinates = fields.letter(FIELD.coordinates);
  if (direction === null || (unit !== K && unit !== M) || (coordinates !== P && coordinates !== C)) return 'malformed';

  const trackKey = fields.whole(FIELD.track, MOST_TRACK);
  const radarTimeS = fields.decimal(FIELD.time);
  const bearing = fields.decimal(FIELD.bearing);
  const strength = fields.decimal(FIELD.amplitude);
  const speed = fields.decimal(FIELD.speed);
  // Polar: range and angle. Cartesian: Y (ahead) and X (to the right) in metres stand in the same two fields.
  const first = fields.decimal(FIELD.range);
  const second = fields.decimal(FIELD.angle);
  const rangeM = coordinates === P ? first : Math.hypot(first, second);
  const angleDeg = coordinates === P ? second : toDegrees(Math.atan2(second, first));
  const sane =
    trackKey >= 0 &&
    speed >= 0 &&
    within(radarTimeS, 0, MOST_TIME_S) &&
    within(bearing, 0, MOST_BEARING_DEG) &&
    within(strength, 0, MOST_AMPLITUDE_DB) &&
    within(rangeM, 0, MOST_RANGE_M) &&
    within(angleDeg, -MOST_ANGLE_DEG, MOST_ANGLE_DEG);
  if (!sane) return 'malformed';
  const speedKmh = kmh(unit === M ? speed * KMH_PER_MPH : speed);
  if (speedKmh > AGD_CEILING_KMH) return 'above-ceiling';

  return {
    trackKey,
    speedKmh,
    corrected,
    direction,
    rangeM: metres(rangeM),
    angleDeg: degrees(angleDeg),
    bearingDeg: degrees(bearing),
    strength,
    radarTimeS,
    atNs,
    raw: raw(),
    test: stated === X || stated === Y ? 'simulated' : null,
  };
}

/** The number of an error message; 0 for any other message. */
function errorNumber(fields: AsciiFields): number {
  if (fields.count > MOST_ERROR_FIELDS) return 0;
  const spelled = fields.byte(0, 0) === E;
  const field = spelled ? 1 : 0;
  if (field >= fields.count || fields.length(field) !== 2) return 0;
  const number = fields.whole(field, MOST_ERROR_NUMBER);
  if (number < 1) return 0;
  const isTargetType = !spelled && number >= 2 && number <= 4;
  return isTargetType && fields.count > 2 ? 0 : number;
}

/**
 * Turns the fields of a well-framed message into its event.
 * @returns null when an event was emitted, else why the frame must be discarded
 */
export function interpretAgdMessage(
  fields: AsciiFields,
  corrected: boolean,
  atNs: MonotonicNs,
  raw: () => Uint8Array,
  emit: RadarEventSink,
): DiscardReason | null {
  const error = errorNumber(fields);
  if (error > 0) {
    emit({ type: 'radar-error', atNs, number: error });
    return null;
  }
  const two = fields.length(0) === 2;
  const high = fields.byte(0, 0);
  const low = fields.byte(0, 1);
  if (two && high === ZERO && low === FOUR) {
    const reading = trackedTarget(fields, corrected, atNs, raw);
    if (typeof reading === 'string') return reading;
    emit({ type: 'reading', reading });
    return null;
  }
  if (two && high === H && low === B) {
    const text = fields.count === 2 ? fields.text(1).trim() : '';
    if (!HEARTBEAT_TEXT.test(text)) return 'malformed';
    emit({ type: 'heartbeat', atNs, text });
    return null;
  }
  return two && high === ZERO && low === TWO ? 'untracked' : 'unknown-type';
}
