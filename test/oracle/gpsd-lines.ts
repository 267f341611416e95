/**
 * A second reader of what gpsd says, written from gpsd_json(5) alone: it has the whole stream at once, cuts it at line
 * feeds and takes objects whose class is TPV. Shares no code with the client.
 */

export interface OracleFix {
  readonly mode: number;
  readonly utcMs: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitudeM: number | null;
  readonly speedMs: number | null;
  readonly horizontalErrorM: number | null;
}

const MOST_LINE_BYTES = 65_536;

type Report = Record<string, unknown>;

/** What no van can have is as good as absent, and takes the whole fix with it. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  altMSL: [-1000, 20_000],
  alt: [-1000, 20_000],
  speed: [0, 150],
  eph: [0, 1e6],
  epx: [0, 1e6],
  epy: [0, 1e6],
};

function numberIn(report: Report, name: string, [least, most]: readonly [number, number]): number | null {
  const value = report[name];
  if (typeof value !== 'number' || !(value >= least) || !(value <= most)) return null;
  return value;
}

function fixOf(report: Report): OracleFix {
  const said = (name: string): number | null => numberIn(report, name, LIMITS[name] ?? [0, 0]);
  const absurd = Object.keys(LIMITS).filter((name) => typeof report[name] === 'number' && said(name) === null);
  const { mode, time } = report;
  const parsedMs = typeof time === 'string' ? new Date(time).getTime() : NaN;
  const [first, last] = [Date.parse('2000-01-01T00:00:00Z'), Date.parse('2200-01-01T00:00:00Z')];
  const sides = [said('epx'), said('epy')].filter((side) => side !== null);
  return {
    mode: absurd.length === 0 && (mode === 1 || mode === 2 || mode === 3) ? mode : 0,
    utcMs: parsedMs >= first && parsedMs <= last ? parsedMs : null,
    latitude: numberIn(report, 'lat', [-90, 90]),
    longitude: numberIn(report, 'lon', [-180, 180]),
    altitudeM: said('altMSL') ?? said('alt'),
    speedMs: said('speed'),
    horizontalErrorM: said('eph') ?? (sides.length === 2 ? Math.max(...sides) : null),
  };
}

function reportsIn(text: string): Report[] {
  try {
    const value = JSON.parse(text) as unknown;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? [value as Report] : [];
  } catch {
    // Two objects on one line, with nothing between them.
    const at = text.indexOf('}{');
    return at < 0 ? [] : [...reportsIn(text.slice(0, at + 1)), ...reportsIn(text.slice(at + 1))];
  }
}

/** All fixes of a whole recorded stream that begins at the beginning of a line, in order. */
export function gpsdFixes(stream: Uint8Array): OracleFix[] {
  const text = new TextDecoder('latin1').decode(stream);
  const lines = text.split('\n').slice(0, -1);
  return lines
    .filter((line) => line.length <= MOST_LINE_BYTES)
    .flatMap(reportsIn)
    .filter((report) => report['class'] === 'TPV')
    .map(fixOf);
}
