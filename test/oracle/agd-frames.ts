/**
 * A second, slower reader of AGD bytes, written from domain/radar-protocols.md alone: it has the whole stream at once,
 * finds frames with a regular expression, computes the CRC bit by bit and splits strings. Shares no code with `src/`.
 */

export interface OracleReading {
  readonly track: number | null;
  readonly speedKmh: number;
  readonly direction: 'approach' | 'recede' | 'unknown';
  readonly rangeM: number | null;
  readonly angleDeg: number | null;
  readonly bearingDeg: number | null;
  readonly strength: number | null;
  readonly timeS: number | null;
  readonly simulated: boolean;
  readonly raw: string;
}

const DIRECTIONS = { A: 'approach', X: 'approach', R: 'recede', Y: 'recede' } as const;
const DECIMAL = /^ *[+-]?\d+(\.\d+)?$/;

/** CRC-8, polynomial x^8 + x^2 + x + 1, as a long division over the bits of a latin-1 string. */
export function bitwiseCrc8(text: string): number {
  let register = 0;
  for (const letter of text) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const carry = (register >> 7) & 1;
      register = (register << 1) & 0xff;
      if (carry !== ((letter.charCodeAt(0) >> bit) & 1)) register ^= 0x07;
    }
  }
  return register;
}

/** Builds a frame round a body such as `HB,00001.00`. */
export function agdFrameText(body: string, lowerCase = false): string {
  const head = `\u0002${body}*`;
  const check = bitwiseCrc8(head).toString(16).padStart(2, '0');
  return `${head}${lowerCase ? check : check.toUpperCase()}\u0003`;
}

const decimal = (text: string): number =>
  DECIMAL.test(text) && text.replaceAll(/\D/g, '').length <= 9 ? Number(text) : NaN;

function readingOf(body: string, raw: string): OracleReading | null {
  const fields = body.split(',');
  if (fields.length !== 11 || fields[0] !== '04') return null;
  const [, time, track, direction, speed, unit, first, second, bearing, coordinates, strength] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!(direction in DIRECTIONS) || !/^[KM]$/.test(unit) || !/^[PC]$/.test(coordinates)) return null;
  if (!/^\d{1,9}$/.test(track) || Number(track) > 9999) return null;
  const polar = coordinates === 'P';
  const y = decimal(first);
  const x = decimal(second);
  const rangeM = polar ? y : Math.sqrt(x * x + y * y);
  const angleDeg = polar ? x : (Math.atan2(x, y) * 180) / Math.PI;
  const speedKmh = decimal(speed) * (unit === 'M' ? 1.609344 : 1);
  const inRange = [
    [decimal(time), 0, 86400],
    [speedKmh, 0, 320],
    [rangeM, 0, 500],
    [angleDeg, -90, 90],
    [decimal(bearing), 0, 360],
    [decimal(strength), 0, 200],
  ].every(([value, least, most]) => value! >= least! && value! <= most!);
  if (!inRange) return null;
  return {
    track: Number(track),
    speedKmh,
    direction: DIRECTIONS[direction as keyof typeof DIRECTIONS],
    rangeM,
    angleDeg,
    bearingDeg: decimal(bearing),
    strength: decimal(strength),
    timeS: decimal(time),
    simulated: direction === 'X' || direction === 'Y',
    raw,
  };
}

/** All readings that a whole recorded stream holds, in order. */
export function agdReadings(stream: Uint8Array): OracleReading[] {
  const text = Buffer.from(stream.buffer, stream.byteOffset, stream.length).toString('latin1');
  const found: OracleReading[] = [];
  // Neither 02h nor '#' nor '*' nor anything unprintable can stand inside a body.
  for (const match of text.matchAll(/\u0002([\x20-\x22\x24-\x29\x2b-\x7e]{0,91})\*([0-9A-Fa-f]{2})\u0003/g)) {
    const [raw, body, check] = match as unknown as [string, string, string];
    if (bitwiseCrc8(`\u0002${body}*`) !== Number.parseInt(check, 16)) continue;
    const reading = readingOf(body, raw);
    if (reading) found.push(reading);
  }
  return found;
}
