/** A straight road due north with the chainages of its points known beforehand. */
import { pointAt } from '../../src/site/geodesy.js';
import { NOT_SURVEYED, type Along, type GeoPoint, type Lane, type Mounting, type Site } from '../../src/site/types.js';
import type { Pass } from '../../src/measurement/types.js';
import { degrees, kmh, metres, monotonicNs, toRadians } from '../../src/units.js';

export const CENTRELINE: readonly GeoPoint[] = [
  { latitude: -41.2, longitude: 175.5 },
  { latitude: -41.19, longitude: 175.5 },
];

export const MOUNTING: Mounting = {
  facing: 'front',
  side: 'left',
  antennaAheadM: metres(0),
  antennaOffsetM: metres(0),
  angleDeg: degrees(22.5),
  beamWidthDeg: degrees(5),
};

export function lanes(count: number, direction: Along = 'increasing'): Lane[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `L${index + 1}`,
    direction,
    widthM: metres(3.5),
    monitored: true,
  }));
}

export function site(change: Partial<Site> = {}): Site {
  return {
    code: 'T-1',
    road: 'Test Road',
    locality: null,
    version: null,
    ...NOT_SURVEYED,
    limitSource: null,
    zone: 'Pacific/Auckland',
    centreline: CENTRELINE,
    lanes: lanes(2),
    limitKmh: kmh(50),
    threshold: { speedKmh: kmh(60), authority: 'Test Authority', date: '2026-01-01' },
    limitDrops: [],
    merges: [],
    temporaryLimit: false,
    school: null,
    deployment: { vanHeading: 'increasing', lateralM: metres(5.25) },
    ...change,
  };
}

export const DROP = { chainageM: metres(800), direction: 'increasing', toKmh: kmh(30) } as const;
export const MERGE = { chainageM: metres(800), direction: 'increasing' } as const;

/** On the left of the road, `chainageM` along. */
export const beside = (chainageM: number): GeoPoint => pointAt(CENTRELINE, metres(chainageM), metres(-7));

export function pass(change: Partial<Pass> = {}): Pass {
  return {
    id: 1,
    trackKey: null,
    direction: 'recede',
    firstNs: monotonicNs(0),
    lastNs: monotonicNs(5e8),
    readings: [],
    minRangeM: null,
    maxRangeM: null,
    lastRangeM: null,
    lateralM: null,
    ...change,
  };
}

/** A pass that ended at one range and line of sight. */
export function passAt(rangeM: number, sightDeg: number, change: Partial<Pass> = {}): Pass {
  const range = metres(rangeM);
  return pass({
    minRangeM: range,
    maxRangeM: range,
    lastRangeM: range,
    lateralM: metres(rangeM * Math.sin(toRadians(sightDeg))),
    ...change,
  });
}
