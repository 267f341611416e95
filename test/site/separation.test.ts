/** Other cameras near by, at the edges of distance, date, limit and name. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chainageOf, lineLengthM, pointAt, straightLineM } from '../../src/site/geodesy.js';
import type { Bulletin, StaticCamera } from '../../src/site/reference.js';
import { localDateOf } from '../../src/site/dates.js';
import { nearestStaticCamera, otherDeployment, type NearCamera } from '../../src/site/separation.js';
import type { GeoPoint, Site } from '../../src/site/types.js';
import { kmh, metres, utcMs } from '../../src/units.js';
import { oracleDistanceM } from '../oracle/road-geometry.js';
import { runs } from '../support/fuzz.js';
import { CENTRELINE, site } from './support.js';

const NOON = utcMs(Date.parse('2026-05-20T00:00:00Z'));
const ON_ROAD = { roadId: 'SH-99', startM: metres(10_000), direction: 'increasing' } as const;

/** Of the road, `chainageM` from its beginning; its position is the centreline carried on. */
function camera(chainageM: number, change: Partial<StaticCamera> = {}): StaticCamera {
  return {
    id: `S-${chainageM}`,
    roadId: 'SH-99',
    roadChainageM: metres(chainageM),
    position: pointAt(CENTRELINE, metres(chainageM - 10_000), metres(0)),
    limitKmh: kmh(50),
    operatesFrom: '2026-01-01',
    operatesUntil: null,
    ...change,
  };
}

const road = (limitKmh: number, change: Partial<Site> = {}): Site =>
  site({ roadReference: ON_ROAD, limitKmh: kmh(limitKmh), ...change });

interface At {
  readonly chainageM?: number;
  readonly uncertaintyM?: number;
  readonly utc?: number;
}

function near(where: Site, cameras: readonly StaticCamera[], at: At = {}): NearCamera | null {
  const { chainageM = 500, uncertaintyM = 0, utc = NOON } = at;
  const point = pointAt(CENTRELINE, metres(chainageM), metres(0));
  const van = { point, chainageM: metres(chainageM), uncertaintyM: metres(uncertaintyM) };
  return nearestStaticCamera(where, van, cameras, localDateOf(utcMs(utc), where.zone));
}
const clear = (where: Site, one: StaticCamera, at: At = {}): boolean | null => near(where, [one], at)?.clear ?? null;

describe('separation from static cameras', () => {
  it('DEP-11: under 70 km/h 999 m is refused and 1000 m accepted, on either side', () => {
    const edges = [999, 1000, -999, -1000].map((distanceM) => clear(road(50), camera(10_500 + distanceM)));
    assert.deepEqual(edges, [false, true, false, true]);
    assert.equal(near(road(50), [camera(11_499)])?.boundM, 1000);
  });

  it('DEP-11: at 70 km/h and over 1999 m is refused and 2000 m accepted; at 69 it is 1000 m', () => {
    for (const limitKmh of [70, 100]) {
      const at = (distanceM: number): boolean | null =>
        clear(road(limitKmh), camera(10_500 + distanceM, { limitKmh: kmh(limitKmh) }));
      assert.deepEqual([at(1000), at(1999), at(2000)], [false, false, true]);
    }
    assert.equal(clear(road(69), camera(11_500, { limitKmh: kmh(69) })), true);
  });

  it('DEP-11: the uncertainty of the position shortens the distance', () => {
    const at = (uncertaintyM: number): boolean | null => clear(road(50), camera(11_510), { uncertaintyM });
    assert.deepEqual([at(10), at(10.1), at(NaN), at(Infinity)], [true, false, false, false]);
  });

  it('DEP-11: the same road goes on through a change of its name; another road of the same name does not count', () => {
    assert.equal(clear(road(50, { road: 'Another Name Street' }), camera(10_600)), false);
    assert.equal(clear(road(50), camera(10_600, { roadId: 'SH-98' })), null);
  });

  it('DEP-11: differing limits exempt, by one km/h as well', () => {
    assert.deepEqual(
      [clear(road(50), camera(10_600, { limitKmh: kmh(51) })), clear(road(50), camera(10_600))],
      [null, false],
    );
  });

  it('DEP-11: only a camera that operates on the local date counts, first and last day included', () => {
    const one = camera(10_600, { operatesFrom: '2026-05-20', operatesUntil: '2026-05-21' });
    const on = (iso: string): boolean | null => clear(road(50), one, { utc: Date.parse(iso) });
    // Auckland is twelve hours ahead in May.
    assert.deepEqual(
      ['2026-05-19T11:59:59Z', '2026-05-19T12:00:00Z', '2026-05-21T11:59:59Z', '2026-05-21T12:00:00Z'].map(on),
      [null, false, false, null],
    );
    assert.equal(clear(road(50), camera(10_600), { utc: Date.parse('2040-01-01T00:00:00Z') }), false);
  });

  it('DEP-11: the chainage of a road may fall along the centreline', () => {
    const falling = road(50, { roadReference: { ...ON_ROAD, direction: 'decreasing' } });
    assert.deepEqual(
      [near(falling, [camera(9_000)])?.distanceM, near(falling, [camera(11_000)])?.distanceM],
      [500, 1500],
    );
  });

  it('DEP-11: without a surveyed chainage the straight line counts', () => {
    const at = (distanceM: number): boolean | null =>
      clear(road(50), camera(10_500 + distanceM, { roadChainageM: null }));
    assert.deepEqual([at(999), at(1000.01)], [false, true]);
  });

  it('DEP-11: at a site whose road is not surveyed every camera may be on it', () => {
    const unknown = road(50, { roadReference: null });
    assert.equal(clear(unknown, camera(10_600, { roadId: 'SH-98' })), false);
    assert.equal(near(unknown, []), null);
  });

  it('DEP-11: names the camera that is too near, else the nearest', () => {
    const names = (cameras: readonly StaticCamera[]): string | undefined => near(road(50), cameras)?.camera.id;
    assert.equal(names([camera(13_000), camera(11_600), camera(12_000)]), 'S-11600');
    assert.equal(names([camera(11_600), camera(10_700), camera(11_000)]), 'S-10700');
    assert.equal(names([camera(10_600, { limitKmh: kmh(80) }), camera(12_000)]), 'S-12000');
    const broken = camera(11_700, { id: 'broken', roadChainageM: metres(NaN) });
    assert.deepEqual([names([camera(11_600), broken]), names([broken, camera(11_600)])], ['broken', 'broken']);
  });

  it('DEP-11: the straight line is the oracle’s, never longer than the road, and so never clear where the road is not', () => {
    const turns = fc.array(
      fc.record({ deg: fc.integer({ min: -60, max: 60 }), m: fc.integer({ min: 100, max: 900 }) }),
      {
        minLength: 2,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(turns, fc.double({ min: 0, max: 1, noNaN: true }), (pieces, part) => {
        const line = winding(pieces);
        const lengthM = lineLengthM(line);
        const van = pointAt(line, metres(part * lengthM), metres(0));
        const end = line.at(-1)!;
        const straightM = straightLineM(van, end);
        assert.ok(Math.abs(straightM - oracleDistanceM(van, end)) < 0.01);
        const { chainageM } = chainageOf(line, van);
        assert.ok(straightM <= lengthM - chainageM + 0.01, `${straightM} by air, ${lengthM - chainageM} by road`);
        const where = road(50, { centreline: line });
        const found = (roadChainageM: number | null): NearCamera => {
          const one = camera(0, {
            position: end,
            roadChainageM: roadChainageM === null ? null : metres(roadChainageM),
          });
          return nearestStaticCamera(
            where,
            { point: van, chainageM, uncertaintyM: metres(3) },
            [one],
            localDateOf(NOON, where.zone),
          )!;
        };
        const byRoad = found(10_000 + lengthM);
        if (found(null).clear && straightM > 1003.01) assert.ok(byRoad.clear);
        assert.ok(Math.abs(byRoad.distanceM - (lengthM - chainageM)) < 1e-6);
      }),
      { numRuns: runs(150) },
    );
  });
});

/** A road of straight pieces, each turned from the one before. */
function winding(pieces: readonly { readonly deg: number; readonly m: number }[]): readonly GeoPoint[] {
  const line: GeoPoint[] = [{ latitude: -41.2, longitude: 175.5 }];
  let heading = 0;
  for (const { deg, m } of pieces) {
    heading += (deg * Math.PI) / 180;
    const { latitude, longitude } = line.at(-1)!;
    const north = (m * Math.cos(heading)) / 111_000;
    const east = (m * Math.sin(heading)) / (111_000 * Math.cos((latitude * Math.PI) / 180));
    line.push({ latitude: latitude + north, longitude: longitude + east });
  }
  return line;
}

describe('separation from other deployments', () => {
  const hour = (hours: number): ReturnType<typeof utcMs> => utcMs(NOON + hours * 3_600_000);
  const bulletin = (...deployments: [string, string, number, number][]): Bulletin => ({
    validFromUtcMs: hour(-24),
    validUntilUtcMs: hour(24),
    deployments: deployments.map(([siteCode, cameraId, from, until]) => ({
      siteCode,
      cameraId,
      fromUtcMs: hour(from),
      untilUtcMs: hour(until),
    })),
  });
  const where = site({ code: 'A-1', adjoining: ['A-2', 'A-3'] });
  const found = (notice: Bulletin, hours = 0): readonly [string | null, number] => {
    const { found: other, untilUtcMs } = otherDeployment(where, 'SC-1', notice, hour(hours));
    return [other === null ? null : `${other.cameraId} at ${other.siteCode}`, (untilUtcMs - NOON) / 3_600_000];
  };

  it('DEP-10: another camera at the same site or an adjoining one is found, at a third site it is not', () => {
    assert.deepEqual(found(bulletin(['A-1', 'SC-2', -1, 1])), ['SC-2 at A-1', 1]);
    assert.deepEqual(found(bulletin(['A-3', 'SC-2', -1, 1])), ['SC-2 at A-3', 1]);
    assert.deepEqual(found(bulletin(['A-4', 'SC-2', -1, 1])), [null, 24]);
  });

  it('DEP-10: the deployment of this camera is no other', () => {
    assert.deepEqual(found(bulletin(['A-1', 'SC-1', -1, 1])), [null, 24]);
  });

  it('DEP-10: from the first millisecond to just before the end', () => {
    const notice = bulletin(['A-2', 'SC-2', 1, 2]);
    const second = 1 / 3600;
    assert.deepEqual(found(notice, 1 - second), [null, 1]);
    assert.deepEqual(found(notice, 1), ['SC-2 at A-2', 2]);
    assert.deepEqual(found(notice, 2 - second), ['SC-2 at A-2', 2]);
    assert.deepEqual(found(notice, 2), [null, 24]);
  });

  it('DEP-10: of several the one that lasts longest, of those to come the first, none beyond the bulletin', () => {
    assert.deepEqual(found(bulletin(['A-1', 'SC-2', -1, 1], ['A-2', 'SC-3', -2, 3])), ['SC-3 at A-2', 3]);
    assert.deepEqual(found(bulletin(['A-1', 'SC-2', 5, 6], ['A-2', 'SC-3', 4, 8])), [null, 4]);
    assert.deepEqual(found(bulletin(['A-1', 'SC-2', -1, 30])), ['SC-2 at A-1', 24]);
    assert.deepEqual(found(bulletin(['A-1', 'SC-2', 30, 40])), [null, 24]);
  });
});
