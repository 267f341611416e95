/**
 * A second reader of OPS243 lines, written from domain/radar-protocols.md alone: whole stream, split at line ends,
 * km/h per unit from a list of its own. Shares no code with `src/`.
 */
import type { OracleReading } from './agd-frames.js';

const PER_UNIT: Record<string, number | undefined> = {
  'km-per-hr': 1,
  kmph: 1,
  kph: 1,
  'km/h': 1,
  kmh: 1,
  'm-per-sec': 3.6,
  mps: 3.6,
  'm/s': 3.6,
  mph: 1.609344,
  'miles-per-hr': 1.609344,
  'mi-per-hr': 1.609344,
  'ft-per-sec': 1.09728,
  fps: 1.09728,
  'ft/s': 1.09728,
};
const CM = ['cm-per-sec', 'cmps', 'cm-s', 'cm/s'];
const CEILING_MS: Record<number, number | undefined> = {
  1000: 3.1,
  5000: 15.5,
  10000: 31.1,
  20000: 62.2,
  50000: 155.4,
  100000: 310.8,
};

type Line = Record<string, unknown>;

function parsed(text: string): Line | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : null;
  } catch {
    return null;
  }
}

function figure(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?\d{1,9}(\.\d{1,9})?$/.test(value.trim()) ? Number(value.trim()) : null;
}

const several = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** What replies have said so far. */
export interface OpsKnown {
  perUnit: number | null;
  ceilingMs: number;
}

function direction(speed: number, word: unknown): OracleReading['direction'] {
  if (speed === 0 || (speed < 0 && word === 'inbound')) return 'unknown';
  if (word === 'outbound') return 'recede';
  return speed > 0 ? 'approach' : 'recede';
}

function readingsOfLine(line: Line, raw: string, known: OpsKnown): OracleReading[] {
  const unit = line['unit'] ?? line['units'];
  const perUnit =
    unit === undefined ? known.perUnit : PER_UNIT[typeof unit === 'string' ? unit.trim().toLowerCase() : ''];
  const speeds = several(line['speed']).map(figure);
  if (perUnit === undefined || perUnit === null || speeds.length === 0 || speeds.length > 16 || speeds.includes(null)) {
    return [];
  }
  const words = several(line['direction']);
  return (speeds as number[]).flatMap((speed, index) => {
    const speedKmh = Math.abs(speed) * perUnit;
    if (speedKmh > known.ceilingMs * 3.6) return [];
    return {
      track: null,
      speedKmh,
      direction: direction(speed, words.length === 1 ? words[0] : words[index]),
      rangeM: null,
      angleDeg: null,
      bearingDeg: null,
      strength: figure(several(line['magnitude'])[index]),
      timeS: figure(line['time']),
      simulated: false,
      raw,
    };
  });
}

export const opsAtStart = (): OpsKnown => ({ perUnit: 1, ceilingMs: 62.2 });

/** The readings of one line; what a reply says about unit and rate counts for the lines after it. */
export function opsReadingsOf(whole: string, known: OpsKnown): OracleReading[] {
  const fromBrace = whole.slice(Math.max(whole.indexOf('{'), 0));
  const tail = fromBrace.slice(Math.max(fromBrace.lastIndexOf('{'), 0));
  const first = parsed(fromBrace);
  const [raw, line] = first ? [fromBrace, first] : [tail, parsed(tail)];
  if (!line) return [];
  if ('speed' in line) return readingsOfLine(line, raw, known);
  const keys = Object.keys(line);
  if (!keys.some((key) => /^[A-Z]/.test(key)) || keys.some((key) => /^(Detected|TimedSpeed|ALERT)/.test(key)))
    return [];
  const unit = typeof line['Units'] === 'string' ? line['Units'].trim().toLowerCase() : '';
  if (CM.includes(unit)) known.perUnit = null;
  else if (PER_UNIT[unit] !== undefined) known.perUnit = PER_UNIT[unit];
  const rate = figure(line['SamplingRate']);
  if (rate !== null && rate > 0) {
    const listed = Math.max(
      0,
      ...Object.keys(CEILING_MS)
        .map(Number)
        .filter((hertz) => hertz <= rate),
    );
    known.ceilingMs = CEILING_MS[listed] ?? 0;
  }
  return [];
}

/** All readings of a whole recorded stream, in order. */
export function opsReadings(stream: Uint8Array): OracleReading[] {
  const text = Array.from(stream, (byte) => String.fromCharCode(byte)).join('');
  const known = opsAtStart();
  const lines = text.split(/[\r\n]/).slice(0, -1);
  return lines.flatMap((whole) => opsReadingsOf(whole, known));
}
