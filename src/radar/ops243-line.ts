/**
 * What one JSON line of an OPS243 says (domain/radar-protocols.md, AN-010 of the maker). Values come as numbers or as
 * strings, scalars or arrays, keys in any order, with unknown ones among them.
 *
 * Data and replies share the stream. The radar's own spelling tells them apart: data keys are lower case (`speed`,
 * `magnitude`, `distance`), reply keys begin with a capital (`Units`, `SamplingRate`, `OutputFeature`). Reports that a
 * radar sends by itself (`DetectedObjectVelocity`, `TimedSpeedCounts`, `ALERT`) look like replies and are none.
 */
import { kmh, type MonotonicNs } from '../units.js';
import { kmhPerUnit, type Ops243Scale } from './ops243-scale.js';
import type { DiscardReason, Reading, TargetDirection } from './reading.js';

/** The radar reports at most nine targets at once (`O1` to `O9`). */
const MOST_TARGETS = 16;
const NUMBER_TEXT = /^[+-]?\d{1,9}(\.\d{1,9})?$/;
const REPLY_KEY = /^[A-Z]/;
const REPORT_KEY = /^(Detected|TimedSpeed|ALERT)/;

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns the object a text holds; null where it is not JSON or JSON but no object */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** A finite number, stated as number or as string; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return NUMBER_TEXT.test(text) ? Number(text) : null;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/**
 * The sign tells: plus is inbound. Some firmware states the bare amount and a word beside it; then the word counts.
 * Sign and word against each other, or a speed of nothing, tell no direction.
 */
function directionOf(speed: number, word: unknown): TargetDirection {
  if (speed === 0) return 'unknown';
  if (word === 'inbound') return speed > 0 ? 'approach' : 'unknown';
  if (word === 'outbound') return 'recede';
  return speed > 0 ? 'approach' : 'recede';
}

/** km/h for one of the unit a line states itself; null where that is none, or one that is refused. */
const unitFactor = (stated: unknown): number | null =>
  typeof stated === 'string' ? (kmhPerUnit(stated) ?? null) : null;

export interface LineContext {
  readonly scale: Ops243Scale;
  readonly corrected: boolean;
  readonly atNs: MonotonicNs;
  readonly raw: Uint8Array;
}

/** @returns for each value of the line its reading or why it is none; one reason when the line as a whole is unusable */
export function readingsOf(line: JsonObject, context: LineContext): readonly (Reading | DiscardReason)[] {
  const stated = line['unit'] ?? line['units'];
  const factor = stated === undefined ? context.scale.kmhPerUnit : unitFactor(stated);
  if (factor === null) return ['unit-unknown'];

  const speeds = listOf(line['speed']).map(numberOf);
  if (speeds.length === 0 || speeds.length > MOST_TARGETS || speeds.includes(null)) return ['malformed'];
  const magnitudes = listOf(line['magnitude']);
  const words = listOf(line['direction']);
  const radarTimeS = numberOf(line['time']);
  return (speeds as number[]).map((speed, index) => {
    const speedKmh = Math.abs(speed) * factor;
    if (speedKmh > context.scale.ceilingKmh) return 'above-ceiling';
    return {
      trackKey: null,
      speedKmh: kmh(speedKmh),
      corrected: context.corrected,
      direction: directionOf(speed, words.length === 1 ? words[0] : words[index]),
      rangeM: null,
      angleDeg: null,
      bearingDeg: null,
      strength: numberOf(magnitudes[index]),
      radarTimeS,
      atNs: context.atNs,
      raw: context.raw,
      test: null,
    };
  });
}

/** Is this line the answer to a command? */
export function isReply(line: JsonObject): boolean {
  const keys = Object.keys(line);
  return keys.some((key) => REPLY_KEY.test(key)) && !keys.some((key) => REPORT_KEY.test(key));
}
