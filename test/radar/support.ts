/** Shorthands of the radar tests: run bytes through a decoder, sort its events, cut streams. */
import fc from 'fast-check';
import { createRadarDriver, defaultLink } from '../../src/radar/index.js';
import type {
  DiscardReason,
  RadarDecoder,
  RadarEvent,
  RadarProtocol,
  RadarSettings,
  Reading,
} from '../../src/radar/reading.js';
import { monotonicNs, NS_PER_S, type MonotonicNs } from '../../src/units.js';
import type { OracleReading } from '../oracle/agd-frames.js';

export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const atS = (seconds: number): MonotonicNs => monotonicNs(seconds * NS_PER_S);

export const settingsOf = (protocol: RadarProtocol, changes: Partial<RadarSettings> = {}): RadarSettings => ({
  protocol,
  ...defaultLink(protocol),
  corrected: false,
  requireReadback: false,
  selfTest: true,
  ...changes,
});

export const decoderOf = (protocol: RadarProtocol, changes: Partial<RadarSettings> = {}): RadarDecoder =>
  createRadarDriver(settingsOf(protocol, changes)).decoder;

/** Feeds chunks one after the other, a millisecond apart, from 100 s on. */
export function decode(decoder: RadarDecoder, ...chunks: (Uint8Array | string)[]): RadarEvent[] {
  const events: RadarEvent[] = [];
  chunks.forEach((chunk, index) => {
    const bytes = typeof chunk === 'string' ? latin1(chunk) : chunk;
    decoder.push(bytes, atS(100 + index / 1000), (event) => events.push(event));
  });
  return events;
}

export const readingsIn = (events: readonly RadarEvent[]): Reading[] =>
  events.flatMap((event) => (event.type === 'reading' ? [event.reading] : []));

export const discardsIn = (events: readonly RadarEvent[]): DiscardReason[] =>
  events.flatMap((event) => (event.type === 'discard' ? [event.discard.reason] : []));

/** Bytes that were reported as thrown away. */
export const wasteOf = (events: readonly RadarEvent[]): number =>
  events.reduce((sum, event) => sum + (event.type === 'discard' ? event.discard.bytes : 0), 0);

/** A reading in the oracle's words; the host time is left out, it depends on the split by design. */
export const comparable = (reading: Reading): OracleReading => ({
  track: reading.trackKey,
  speedKmh: reading.speedKmh,
  direction: reading.direction,
  rangeM: reading.rangeM,
  angleDeg: reading.angleDeg,
  bearingDeg: reading.bearingDeg,
  strength: reading.strength,
  timeS: reading.radarTimeS,
  simulated: reading.test === 'simulated',
  raw: asText(reading.raw),
});

/** Rounds away the last bits, in which two ways to compute a hypotenuse may differ. */
export const rounded = (readings: readonly OracleReading[]): unknown =>
  readings.map((reading) => ({
    ...reading,
    speedKmh: reading.speedKmh.toFixed(9),
    rangeM: reading.rangeM?.toFixed(9),
    angleDeg: reading.angleDeg?.toFixed(9),
  }));

/** Cuts bytes at arbitrary places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...sorted, bytes.length];
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

/** Mutations of a stream: bytes replaced, inserted, removed. */
export interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(20_000),
  remove: fc.nat(6),
  insert: fc.uint8Array({ maxLength: 12 }),
});

export function mutate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  return mutations.reduce((stream, { at, remove, insert }) => {
    const place = at % (stream.length + 1);
    return Uint8Array.from([...stream.subarray(0, place), ...insert, ...stream.subarray(place + remove)]);
  }, bytes);
}
