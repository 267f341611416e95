/** A straight road of two lanes, due north, and a van on its left verge at chainage 800 m. */

const METRES_PER_DEGREE = 110_960;
const SOUTH = -36.9;
const LONGITUDE = 174.8;

export const VAN_POSITION = { latitude: SOUTH + 800 / METRES_PER_DEGREE, longitude: LONGITUDE - 0.0001, eph: 4 };

export function outsideSite(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    code: '7421',
    road: 'Coronation Road',
    zone: 'Pacific/Auckland',
    centreline: [
      { latitude: SOUTH, longitude: LONGITUDE },
      { latitude: SOUTH + 1600 / METRES_PER_DEGREE, longitude: LONGITUDE },
    ],
    lanes: [
      { id: 'L1', direction: 'increasing', widthM: 3.5, monitored: true },
      { id: 'L2', direction: 'decreasing', widthM: 3.5, monitored: true },
    ],
    limitKmh: 50,
    threshold: { speedKmh: 60, authority: 'Road policing centre', date: '2026-01-10' },
    deployment: { vanHeading: 'increasing', lateralM: 5.25 },
    ...changes,
  };
}
