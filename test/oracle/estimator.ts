/**
 * What the speed of a pass must be, worked out once more from the characters that went over the wire: exact decimals in
 * BigInt, cosine to 38 digits. Shares no code with `src/`; only the words of the rule are the same (domain, "The
 * estimator, stated once").
 */

export interface OracleReading {
  /** As on the wire, e.g. '072.4'. */
  readonly speed: string;
  /** As on the wire, e.g. '-03.1'; null where the radar states none. */
  readonly angle: string | null;
}

export interface OracleSettings {
  /** Angle between beam and road, e.g. '22.5'. */
  readonly angle: string;
  readonly reference: 'boresight' | 'road';
  readonly turned: 'left' | 'right';
  /** The stream already holds true speed. */
  readonly corrected: boolean;
  readonly unit?: 'km/h' | 'mph' | 'm/s';
}

export interface OracleResult {
  readonly clusters: number;
  /** Mean to the precision of a double; null unless there is one cluster. */
  readonly speedKmh: number | null;
  readonly truncatedKmh: number | null;
  readonly used: number;
  readonly cut: number;
}

const ONE = 10n ** 38n;
const PI = 314_159_265_358_979_323_846_264_338_327_950_288_420n;
const FACTORS = { 'km/h': '1', mph: '1.609344', 'm/s': '3.6' } as const;

export function oracleEstimate(readings: readonly OracleReading[], settings: OracleSettings): OracleResult {
  const speeds = readings.map((reading) => trueSpeed(reading, settings)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const bins = new Map<bigint, number>();
  for (const speed of speeds) bins.set(speed / ONE, (bins.get(speed / ONE) ?? 0) + 1);
  const kept = speeds.filter((speed) => (bins.get(speed / ONE) ?? 0) / speeds.length >= 0.02);
  const cut = speeds.length - kept.length;
  const gaps = kept.filter((speed, index) => index > 0 && speed - (kept[index - 1] ?? 0n) > 2n * ONE).length;
  const clusters = kept.length === 0 ? 0 : gaps + 1;
  if (clusters !== 1) return { clusters, speedKmh: null, truncatedKmh: null, used: kept.length, cut };
  const sum = kept.reduce((total, speed) => total + speed, 0n);
  const count = BigInt(kept.length);
  return {
    clusters,
    speedKmh: Number((sum * 10n ** 15n) / (count * ONE)) / 1e15,
    truncatedKmh: Number(sum / (count * ONE)),
    used: kept.length,
    cut,
  };
}

function trueSpeed(reading: OracleReading, settings: OracleSettings): bigint {
  const stated = (decimal(reading.speed) * decimal(FACTORS[settings.unit ?? 'km/h'])) / ONE;
  if (settings.corrected) return stated;
  return (stated * ONE) / cosine(sightAngle(reading.angle, settings));
}

function sightAngle(angle: string | null, settings: OracleSettings): bigint {
  const axis = decimal(settings.angle);
  if (angle === null) return axis;
  const stated = decimal(angle);
  if (settings.reference === 'road') return stated < 0n ? -stated : stated;
  return settings.turned === 'right' ? axis + stated : axis - stated;
}

const cosines = new Map<bigint, bigint>();

/** The only rational cosines of rational degrees below 90 are those of 0 and 60: they are stated, not summed. */
function cosine(angle: bigint): bigint {
  if (angle === 0n) return ONE;
  if (angle === 60n * ONE) return ONE / 2n;
  const known = cosines.get(angle);
  if (known !== undefined) return known;
  const x = (angle * PI) / (180n * ONE);
  const square = (x * x) / ONE;
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term;
    term = (-term * square) / (ONE * n * (n + 1n));
  }
  cosines.set(angle, sum);
  return sum;
}

/** Radars state tenths and hundredths: the same texts again and again. */
const decimals = new Map<string, bigint>();
const MOST_DECIMALS = 20_000;

function decimal(text: string): bigint {
  const known = decimals.get(text);
  if (known !== undefined) return known;
  const value = readDecimal(text);
  if (decimals.size < MOST_DECIMALS) decimals.set(text, value);
  return value;
}

function readDecimal(text: string): bigint {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) throw new Error(`no decimal number: ${text}`);
  const fraction = match[3] ?? '';
  const value = (BigInt((match[2] ?? '') + fraction) * ONE) / 10n ** BigInt(fraction.length);
  return match[1] === '-' ? -value : value;
}
