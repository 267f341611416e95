/** A static camera has distances of its own, and no margin for lanes or beam. */
import assert from 'node:assert/strict';
import { judge } from '../../src/enforcement/verdict.js';
import { DISTANCES } from '../../src/site/distances.js';
import { exclusionPoints, vanBound, zoneOf } from '../../src/site/exclusion.js';
import { lateralPlausible } from '../../src/site/lateral.js';
import { placeVan } from '../../src/site/placement.js';
import type { Site, VanPlacement } from '../../src/site/types.js';
import { kmh, metres } from '../../src/units.js';
import { beside, DROP, lanes, MERGE, MOUNTING, passAt, site } from './support.js';

const fixed = (change: Partial<Site> = {}): Site => site({ installation: 'static', ...change });
const place = (where: Site, distanceM: number, uncertaintyM = 0): VanPlacement =>
  placeVan(where, MOUNTING, beside(800 - distanceM), metres(uncertaintyM));
const rules = (where: Site, distanceM: number, uncertaintyM = 0): string[] =>
  place(where, distanceM, uncertaintyM).refusals.map(({ rule }) => rule);

describe('distances by kind of installation', () => {
  it('DEP-8: a static camera 249 m from a change of the limit is refused, 250 m is accepted, on one lane and on four', () => {
    for (const count of [1, 4]) {
      const where = fixed({ limitDrops: [DROP], lanes: lanes(count) });
      assert.deepEqual(vanBound(where, MOUNTING), { boundM: 250, boundBy: 'rule' });
      assert.deepEqual([rules(where, 249), rules(where, 250)], [['DEP-8'], []]);
      assert.deepEqual([rules(where, 255, 5), rules(where, 255, 6)], [[], ['DEP-8']]);
    }
  });

  it('DEP-9: a static camera 199 m from a final merge is refused, 200 m is accepted', () => {
    const where = fixed({ merges: [MERGE], lanes: lanes(4) });
    assert.deepEqual(vanBound(where, MOUNTING, 'DEP-9'), { boundM: 200, boundBy: 'rule' });
    assert.deepEqual([rules(where, 199), rules(where, 200)], [['DEP-9'], []]);
    assert.deepEqual([rules(where, -199), rules(where, -200)], [['DEP-9'], []]);
  });

  it('DEP-8, DEP-9: the same road keeps a van at 280 m from either point', () => {
    for (const points of [{ limitDrops: [DROP] }, { merges: [MERGE] }]) {
      const rule = exclusionPoints(site(points))[0]?.rule;
      assert.deepEqual([rules(site(points), 279), rules(site(points), 280)], [[rule], []]);
    }
    assert.deepEqual(vanBound(site(), MOUNTING, 'DEP-9'), vanBound(site(), MOUNTING, 'DEP-8'));
  });

  it('DEP-9: the 280 m of the worked example hold after a passing lane as well as before its merge', () => {
    const merge = { ...MERGE, chainageM: metres(400) };
    const where = site({ merges: [merge] });
    assert.deepEqual([rules(where, 121), rules(where, 120), rules(where, 679)], [['DEP-9'], [], ['DEP-9']]);
  });

  it('says the static numbers and what stands there', () => {
    const [drop] = place(fixed({ limitDrops: [DROP] }), 240, 2).refusals;
    const [merge] = place(fixed({ merges: [MERGE] }), 150).refusals;
    const [off] = placeVan(fixed(), MOUNTING, beside(-60), metres(0)).refusals;
    assert.match(
      drop?.sentence ?? '',
      /^DEP-8: the camera stands 240\.0 m \(uncertain by 2\.0 m\) .*250\.0 m \(rule for a static camera\)\.$/,
    );
    assert.match(
      merge?.sentence ?? '',
      /^DEP-9: the camera stands 150\.0 m .*200\.0 m \(rule for a static camera\)\.$/,
    );
    assert.match(off?.sentence ?? '', /^The camera's position is .*expected at most 30 m\.$/);
  });

  it('SCH-5: the exemption from DEP-8 is the site’s, whatever the installation', () => {
    const where = fixed({ limitDrops: [DROP], merges: [MERGE], temporaryLimit: true });
    assert.deepEqual(rules(where, 100), ['DEP-9']);
  });

  it('DEP-8: a drop for an unmonitored direction excludes nothing at a static site either', () => {
    assert.deepEqual(rules(fixed({ limitDrops: [{ ...DROP, direction: 'decreasing' }] }), 10), []);
  });

  it('DEP-8, DEP-9: vehicles within a static camera’s zones are not enforced, one metre further they are', () => {
    const measurement = {
      valid: true,
      reason: null,
      speedKmh: kmh(80),
      truncatedKmh: 80,
      readingsUsed: 20,
      readingsCut: 0,
      travelM: metres(7),
    } as const;
    // Looking back at traffic that approaches the point: the vehicle is 12.7 m nearer to it than the camera.
    const found = (where: Site, vehicleM: number): string | null => {
      const van = { ...place(where, vehicleM + 12.68), allowed: true, refusals: [] };
      return judge(where, MOUNTING, van, passAt(13.72, 22.5), measurement).reason;
    };
    const [drop, merge] = [fixed({ limitDrops: [DROP] }), fixed({ merges: [MERGE] })];
    assert.deepEqual([found(drop, 249), found(drop, 251)], ['exclusion-zone-limit-drop', null]);
    assert.deepEqual([found(merge, 199), found(merge, 201)], ['exclusion-zone-merge', null]);
    assert.equal(found(site({ merges: [MERGE] }), 249), 'exclusion-zone-merge');
    assert.deepEqual([zoneOf(merge, 'DEP-9'), zoneOf(site(), 'DEP-9')], [200, 250]);
  });
});

describe('distance from the path of vehicles', () => {
  it('DEP-4: one and a half lane widths, half a lane either way', () => {
    const { expectedM, fromM, toM } = lateralPlausible(site(), metres(5.25));
    assert.deepEqual([expectedM, fromM, toM], [5.25, 3.5, 7]);
    const ok = [3.49, 3.5, 5.25, 7, 7.01, NaN].map((lateralM) => lateralPlausible(site(), metres(lateralM)).ok);
    assert.deepEqual(ok, [false, true, true, true, false, false]);
  });

  it('DEP-4: the width is that of the nearest lane', () => {
    const [near, far] = lanes(2);
    const where = site({ lanes: [{ ...near!, widthM: metres(3) }, far!] });
    assert.deepEqual(lateralPlausible(where, metres(6.1)), { ok: false, expectedM: 4.5, fromM: 3, toM: 6 });
    assert.equal(lateralPlausible(site({ lanes: [] }), metres(0)).ok, false);
    assert.equal(DISTANCES.lateral.laneWidths, 1.5);
  });
});
