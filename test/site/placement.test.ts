import assert from 'node:assert/strict';
import { DISTANCES } from '../../src/site/distances.js';
import { vanBound } from '../../src/site/exclusion.js';
import { beamReach, beamTurned, largestFootprintM, travelAlong } from '../../src/site/mounting.js';
import { chainageOf, headingAt, pointAt } from '../../src/site/geodesy.js';
import { OFF_SITE_M, placeVan, placeVehicle } from '../../src/site/placement.js';
import type { Along, Site, VanPlacement } from '../../src/site/types.js';
import { degrees, metres } from '../../src/units.js';
import { beside, CENTRELINE, DROP, lanes, MERGE, MOUNTING, pass, passAt, site } from './support.js';

const place = (where: Site, chainageM: number, uncertaintyM = 0): VanPlacement =>
  placeVan(where, MOUNTING, beside(chainageM), metres(uncertaintyM));
const rules = (placement: VanPlacement): string[] => placement.refusals.map((refusal) => refusal.rule);
/** Rules that refuse a van at `distanceM` before the point at chainage 800. */
const at = (where: Site, distanceM: number, uncertaintyM = 0): string[] =>
  rules(place(where, 800 - distanceM, uncertaintyM));
const round = (value: number): number => Math.round(value * 10) / 10;

describe('placement: the van', () => {
  it('DEP-8: a van 279 m from the sign on two lanes is refused, 280 m is accepted', () => {
    const where = site({ limitDrops: [DROP] });
    assert.deepEqual(vanBound(where, MOUNTING), { boundM: 280, boundBy: 'rule' });
    assert.deepEqual(at(where, 279), ['DEP-8']);
    assert.deepEqual(at(where, 280), []);
  });

  it('DEP-8: on four lanes 309 m is refused, 310 m is accepted', () => {
    const where = site({ limitDrops: [DROP], lanes: lanes(4) });
    assert.deepEqual(vanBound(where, MOUNTING), { boundM: 310, boundBy: 'rule' });
    assert.deepEqual([at(where, 309), at(where, 310)], [['DEP-8'], []]);
  });

  it('DEP-8: on one lane plane geometry asks for 269.2 m where the rule would be content with 265 m', () => {
    const where = site({ limitDrops: [DROP], lanes: lanes(1) });
    const { boundM, boundBy } = vanBound(where, MOUNTING);
    assert.deepEqual([round(boundM), boundBy], [269.2, 'geometry']);
    assert.deepEqual([at(where, 265), at(where, 269), at(where, 270)], [['DEP-8'], ['DEP-8'], []]);
    assert.match(place(where, 530.9).refusals[0]?.sentence ?? '', /^DEP-8: .*269\.1 m .*30 km\/h.*269\.2 m .*geometry/);
  });

  it('DEP-8: three monitored lanes behind three unmonitored ones are bound by geometry', () => {
    const far = lanes(6).map((lane, index) => ({ ...lane, monitored: index >= 3 }));
    const { boundM, boundBy } = vanBound(site({ lanes: far }), MOUNTING);
    // Far edge of lane 6: 3.5 + 6 * 3.5 m off, over the tangent of 20 degrees.
    assert.deepEqual([round(boundM), boundBy], [round(250 + 24.5 / Math.tan((20 * Math.PI) / 180)), 'geometry']);
  });

  it('DEP-8: both sides of the point count', () => {
    const where = site({ limitDrops: [{ ...DROP, chainageM: metres(400) }] });
    assert.deepEqual([at(where, 121), at(where, 120), at(where, 679)], [['DEP-8'], [], ['DEP-8']]);
  });

  it('DEP-8: the uncertainty of the position shortens the distance', () => {
    const where = site({ limitDrops: [DROP] });
    assert.deepEqual([at(where, 285, 5), at(where, 285, 5.1)], [[], ['DEP-8']]);
    assert.deepEqual(at(where, 700, NaN), ['DEP-8']);
  });

  it('DEP-8: a drop for a direction that is not monitored excludes nothing', () => {
    const where = site({ limitDrops: [{ ...DROP, direction: 'decreasing' }] });
    assert.deepEqual(at(where, 10), []);
    const both = { ...where, lanes: [...lanes(1), { ...lanes(2, 'decreasing')[1]!, monitored: false }] };
    assert.deepEqual(at(both, 10), []);
    const monitored = { ...where, lanes: [...lanes(1), lanes(2, 'decreasing')[1]!] };
    assert.deepEqual(at(monitored, 10), ['DEP-8']);
  });

  it('DEP-9: the same distances hold at a final merge', () => {
    const where = site({ merges: [MERGE] });
    assert.deepEqual([at(where, 279), at(where, 280)], [['DEP-9'], []]);
    assert.deepEqual(at({ ...where, lanes: lanes(4) }, 309), ['DEP-9']);
    assert.deepEqual(at({ ...where, merges: [{ ...MERGE, direction: 'decreasing' }] }, 10), []);
  });

  it('SCH-5: a school site and a temporary limit are exempt from DEP-8 but not from DEP-9', () => {
    const near = { limitDrops: [DROP], merges: [MERGE] };
    assert.deepEqual(at(site(near), 100), ['DEP-8', 'DEP-9']);
    assert.deepEqual(
      at(site({ ...near, school: { name: 'Test School', region: null, boundary: null, directAccess: null } }), 100),
      ['DEP-9'],
    );
    assert.deepEqual(at(site({ ...near, temporaryLimit: true }), 100), ['DEP-9']);
  });

  it('a fix too far from the centreline is off-site, beside it and beyond its end', () => {
    const offset = (metresOff: number): string[] =>
      rules(placeVan(site(), MOUNTING, pointAt(CENTRELINE, metres(500), metres(metresOff)), metres(0)));
    assert.deepEqual([offset(OFF_SITE_M - 0.1), offset(OFF_SITE_M + 0.1)], [[], ['off-site']]);
    assert.deepEqual(rules(placeVan(site(), MOUNTING, beside(-40), metres(0))), ['off-site']);
  });

  it('states chainage, distance from the line and where the beam goes', () => {
    const { chainageM, offLineM, uncertaintyM, beamAlong, allowed } = place(site(), 500, 3);
    assert.deepEqual(
      [round(chainageM), round(offLineM), uncertaintyM, beamAlong, allowed],
      [500, 7, 3, 'increasing', true],
    );
    const rear = placeVan(site(), { ...MOUNTING, facing: 'rear' }, beside(500), metres(3));
    assert.equal(rear.beamAlong, 'decreasing');
  });

  it('the table of distances is versioned and names each kind of installation', () => {
    assert.match(DISTANCES.version, /2021-12/);
    const { mobile, static: fixed, officerRadar } = DISTANCES;
    assert.deepEqual([mobile.limitChangeM, mobile.mergeM, mobile.perMonitoredLaneM], [250, 250, 15]);
    assert.deepEqual([fixed.limitChangeM, fixed.mergeM, fixed.perMonitoredLaneM, fixed.straightM], [250, 200, 0, 100]);
    assert.deepEqual(officerRadar, { limitChangeM: 200, withAdvanceSignsM: 100 });
  });
});

describe('placement: the beam', () => {
  it('reaches 19.2, 28.8, 38.5 and 48.1 m along the road on one to four lanes', () => {
    const reach = [1, 2, 3, 4].map((count) => round(beamReach(site({ lanes: lanes(count) }), MOUNTING).farM));
    assert.deepEqual(reach, [19.2, 28.8, 38.5, 48.1]);
  });

  it('is longest on the far edge of the farthest monitored lane', () => {
    const longest = (count: number): number => round(largestFootprintM(site({ lanes: lanes(count) }), MOUNTING));
    // Far edges at 7 and 10.5 m; cot 20 - cot 25 degrees is 0.603.
    assert.deepEqual([longest(1), longest(2)], [4.2, 6.3]);
    const [near, far] = lanes(2);
    assert.ok(near !== undefined && far !== undefined);
    const unmonitored = site({ lanes: [near, { ...far, monitored: false }] });
    assert.equal(round(largestFootprintM(unmonitored, MOUNTING)), 4.2);
    assert.equal(largestFootprintM(site(), { ...MOUNTING, angleDeg: degrees(2) }), Infinity);
  });

  it('a beam along the road reaches without end', () => {
    assert.equal(beamReach(site(), { ...MOUNTING, angleDeg: degrees(2) }).farM, Infinity);
    assert.deepEqual(
      rules(placeVan(site({ limitDrops: [DROP] }), { ...MOUNTING, angleDeg: degrees(0) }, beside(1), metres(0))),
      ['DEP-8'],
    );
  });

  it('is turned towards the road', () => {
    const turned = (facing: 'front' | 'rear', side: 'left' | 'right'): string =>
      beamTurned({ ...MOUNTING, facing, side });
    assert.deepEqual(
      [turned('front', 'left'), turned('rear', 'left'), turned('front', 'right'), turned('rear', 'right')],
      ['right', 'left', 'left', 'right'],
    );
  });

  it('a receding vehicle travels with the beam, an approaching one against it', () => {
    const rear = { ...MOUNTING, facing: 'rear' } as const;
    assert.equal(travelAlong(site(), MOUNTING, 'recede'), 'increasing');
    assert.equal(travelAlong(site(), MOUNTING, 'approach'), 'decreasing');
    assert.equal(travelAlong(site(), rear, 'recede'), 'decreasing');
    assert.equal(travelAlong(site(), rear, 'unknown'), null);
  });
});

describe('placement: the vehicle', () => {
  const van = place(site(), 500, 3);

  it('has its own chainage, lane and position where range and angle are known', () => {
    // Lane 2 at the beam's axis: 22.9 m away, 21.1 m ahead, 8.75 m to the side.
    const found = placeVehicle(site(), MOUNTING, van, passAt(22.864, 22.5));
    assert.equal(round(found.chainageM ?? 0), 521.1);
    assert.deepEqual([round(found.fromChainageM), round(found.toChainageM)], [521.1, 521.1]);
    assert.deepEqual([found.lane, found.rangeM], ['L2', 22.864]);
    const where = chainageOf(CENTRELINE, found.position ?? CENTRELINE[0]!);
    // The van stands 7 m left of the line, the vehicle 8.75 m right of the van.
    assert.deepEqual([round(where.chainageM), where.offLineM.toFixed(2)], [521.1, '1.75']);
    assert.ok((found.position?.longitude ?? 0) > 175.5, 'right of the northward line is east');
  });

  it('lies behind the van when the antenna looks out of the rear window, from where the antenna sits', () => {
    const rear = { ...MOUNTING, facing: 'rear', antennaAheadM: metres(-1.5) } as const;
    const behind = placeVan(site(), rear, beside(500), metres(3));
    assert.equal(round(placeVehicle(site(), rear, behind, passAt(22.864, 22.5)).chainageM ?? 0), 477.4);
  });

  it('lies across the road from the van, whichever way the van faces and on whichever side it stands', () => {
    const offset = (vanHeading: Along, side: 'left' | 'right', antennaOffsetM = 0): number => {
      const where = site({ deployment: { vanHeading, lateralM: metres(5.25) } });
      const mounting = { ...MOUNTING, side, antennaOffsetM: metres(antennaOffsetM) };
      const standing = placeVan(where, mounting, beside(500), metres(3));
      const { position } = placeVehicle(where, mounting, standing, passAt(22.864, 22.5));
      return ((position?.longitude ?? 0) - 175.5) * 111_320 * Math.cos((41.2 * Math.PI) / 180);
    };
    // 1.75 m beyond the centreline from the van, east or west of it; an antenna 0.8 m to the right moves it.
    assert.deepEqual([offset('increasing', 'left'), offset('decreasing', 'right')].map(Math.sign), [1, 1]);
    assert.deepEqual([offset('increasing', 'right'), offset('decreasing', 'left')].map(Math.sign), [-1, -1]);
    assert.ok(offset('increasing', 'left', 0.8) > offset('increasing', 'left') + 0.5);
    assert.ok(offset('decreasing', 'left', 0.8) < offset('decreasing', 'left') - 0.5);
  });

  it('counts the antenna ahead of the middle of a van in the direction in which the van faces', () => {
    const where = site({ deployment: { vanHeading: 'decreasing', lateralM: metres(5.25) } });
    const mounting = { ...MOUNTING, antennaAheadM: metres(2) };
    const standing = placeVan(where, mounting, beside(500), metres(3));
    assert.equal(round(placeVehicle(where, mounting, standing, passAt(22.864, 22.5)).chainageM ?? 0), 476.9);
  });

  it('spans all places of its path through the beam', () => {
    const along = passAt(15.3, 20, { minRangeM: metres(12.4) });
    const { chainageM, fromChainageM, toChainageM } = placeVehicle(site(), MOUNTING, van, along);
    assert.deepEqual([round(chainageM ?? 0), round(fromChainageM), round(toChainageM)], [514.4, 511.2, 514.4]);
  });

  it('names no lane where it is beside all of them', () => {
    const lane = (lateralM: number): string | null =>
      placeVehicle(site(), MOUNTING, van, passAt(lateralM / Math.sin((22.5 * Math.PI) / 180), 22.5)).lane;
    assert.deepEqual(
      [lane(2.4), lane(2.6), lane(6.9), lane(7.1), lane(11.4), lane(11.6)],
      [null, 'L1', 'L1', 'L2', 'L2', null],
    );
  });

  it('may be anywhere in the footprint on the monitored lanes where the radar has no range', () => {
    const found = placeVehicle(site(), MOUNTING, van, pass());
    assert.deepEqual([found.chainageM, found.lane, found.position], [null, null, null]);
    assert.deepEqual([round(found.fromChainageM), round(found.toChainageM)], [507.5, 528.8]);
    const second = site({ lanes: lanes(2).map((lane, index) => ({ ...lane, monitored: index === 1 })) });
    assert.equal(round(placeVehicle(second, MOUNTING, van, pass()).fromChainageM), 515);
  });

  it('may be anywhere on the site while the van has no position', () => {
    const { fromChainageM, toChainageM, position } = placeVehicle(site(), MOUNTING, null, passAt(20, 22.5));
    assert.deepEqual([fromChainageM, Math.round(toChainageM), position], [0, 1111, null]);
  });

  it('heads along the road', () => {
    assert.equal(headingAt(site(), metres(500), 'increasing'), 0);
  });
});
