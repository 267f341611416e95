import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Verdict } from '../../src/enforcement/types.js';
import { judge } from '../../src/enforcement/verdict.js';
import { type Measurement, type Pass, VOID_REASONS } from '../../src/measurement/types.js';
import { placeVan } from '../../src/site/placement.js';
import { OBSERVE_REASONS, type ObserveReason, type Site, type VanPlacement } from '../../src/site/types.js';
import { kmh, metres } from '../../src/units.js';
import { beside, DROP, lanes, MERGE, MOUNTING, pass, passAt, site } from '../site/support.js';
import { runs } from '../support/fuzz.js';

function measured(speedKmh: number, change: Partial<Measurement> = {}): Measurement {
  return {
    valid: true,
    reason: null,
    speedKmh: kmh(speedKmh),
    truncatedKmh: Math.floor(speedKmh),
    readingsUsed: 20,
    readingsCut: 0,
    travelM: metres(7),
    ...change,
  };
}

interface Case {
  readonly where?: Site;
  readonly van?: VanPlacement | null;
  readonly vehicle?: Pass;
  readonly measurement?: Measurement;
}

/** Lane 1, at the beam's axis. */
const VEHICLE = passAt(13.72, 22.5);

function verdict({ where = site(), van, vehicle = VEHICLE, measurement = measured(80) }: Case): Verdict {
  const standing = van === undefined ? placeVan(where, MOUNTING, beside(500), metres(3)) : van;
  return judge(where, MOUNTING, standing, vehicle, measurement);
}

/** A van that its own rule lets stand at `chainageM`, for judging vehicles near a zone. */
function allowedVan(where: Site, chainageM: number, uncertaintyM: number): VanPlacement {
  const found = placeVan(where, MOUNTING, beside(chainageM), metres(uncertaintyM));
  return { ...found, allowed: true, refusals: [] };
}

const proven = new Set<ObserveReason>();
function observed(reason: ObserveReason, one: Case): void {
  const { kind, reason: found } = verdict(one);
  assert.deepEqual([kind, found], ['observe', reason]);
  proven.add(reason);
}

describe('verdict', () => {
  it('DET-1: enforces what is above the threshold, with limit, threshold and direction', () => {
    const { kind, reason, limitKmh, thresholdKmh, along, place } = verdict({});
    assert.deepEqual(
      [kind, reason, limitKmh, thresholdKmh, along, place.lane],
      ['enforce', null, 50, 60, 'increasing', 'L1'],
    );
  });

  it('DET-1: not-above-threshold: a truncated speed equal to the threshold is observed, the next km/h enforced', () => {
    observed('not-above-threshold', { measurement: measured(60.999) });
    assert.equal(verdict({ measurement: measured(61) }).kind, 'enforce');
    observed('not-above-threshold', { measurement: measured(80, { truncatedKmh: null }) });
  });

  it('SCH-3: the threshold is the one of the site, school or not', () => {
    const school = site({
      school: { name: 'S', region: null, boundary: null, directAccess: null },
      threshold: { speedKmh: kmh(54), authority: 'A', date: '2026-01-01' },
    });
    assert.equal(verdict({ where: school, measurement: measured(55) }).kind, 'enforce');
    assert.equal(verdict({ measurement: measured(55) }).kind, 'observe');
  });

  it('STAT-1: every void reason keeps its place, speed limits and reason', () => {
    for (const reason of VOID_REASONS) {
      const found = verdict({ measurement: measured(80, { valid: false, reason }) });
      assert.deepEqual([found.kind, found.reason, found.place.lane, found.limitKmh], ['void', reason, 'L1', 50]);
    }
  });

  it('direction-not-monitored: against the monitored lanes, or unknown', () => {
    observed('direction-not-monitored', { vehicle: { ...VEHICLE, direction: 'approach' } });
    observed('direction-not-monitored', { vehicle: { ...VEHICLE, direction: 'unknown' } });
    const both = site({ lanes: [lanes(1)[0]!, lanes(2, 'decreasing')[1]!] });
    assert.equal(verdict({ where: both, vehicle: { ...VEHICLE, direction: 'approach' } }).along, 'decreasing');
    assert.equal(verdict({ where: both, vehicle: { ...VEHICLE, direction: 'approach' } }).kind, 'enforce');
  });

  it('lane-not-monitored: by the place where the radar knows it, else when one lane of the direction is not', () => {
    const first = site({ lanes: lanes(2).map((lane, index) => ({ ...lane, monitored: index === 0 })) });
    observed('lane-not-monitored', { where: first, vehicle: passAt(22.86, 22.5) });
    assert.equal(verdict({ where: first }).kind, 'enforce');
    observed('lane-not-monitored', { where: first, vehicle: pass() });
    assert.equal(verdict({ vehicle: pass() }).kind, 'enforce');
  });

  it('lane-not-monitored: beside the road, by more than the metre that a body may reflect from its side', () => {
    const lateral = (metresOff: number): Pass => passAt(metresOff / Math.sin(Math.PI / 8), 22.5);
    assert.equal(verdict({ vehicle: lateral(11.4) }).kind, 'enforce');
    observed('lane-not-monitored', { vehicle: lateral(11.6) });
    observed('lane-not-monitored', { vehicle: lateral(2.4) });
  });

  it('DEP-8: exclusion-zone-limit-drop: no vehicle within 250 m of the sign, whatever the distance of the van', () => {
    const where = site({ limitDrops: [DROP] });
    // The antenna at 530, the vehicle 12.7 m ahead: 257.3 m before the sign at 800.
    const van = (uncertaintyM: number): VanPlacement => allowedVan(where, 530, uncertaintyM);
    assert.equal(verdict({ where, van: van(7.3) }).kind, 'enforce');
    observed('exclusion-zone-limit-drop', { where, van: van(7.4) });
    const beyond = { where, van: allowedVan(where, 1020, 0) };
    observed('exclusion-zone-limit-drop', beyond);
    assert.equal(verdict({ where, van: allowedVan(where, 1038, 0) }).kind, 'enforce');
  });

  it('DEP-8: the whole path through the beam counts, not its end alone', () => {
    const where = site({ limitDrops: [DROP] });
    const van = allowedVan(where, 537.5, 0);
    assert.equal(verdict({ where, van, vehicle: passAt(12.5, 25) }).kind, 'enforce');
    observed('exclusion-zone-limit-drop', { where, van, vehicle: passAt(12.5, 25, { maxRangeM: metres(15.3) }) });
  });

  it('DEP-9: exclusion-zone-merge', () => {
    const where = site({ merges: [MERGE] });
    observed('exclusion-zone-merge', { where, van: allowedVan(where, 530, 7.4) });
    assert.equal(verdict({ where, van: allowedVan(where, 530, 7.3) }).kind, 'enforce');
  });

  it('SCH-5: at a school site the zone of DEP-8 is open, that of DEP-9 is not', () => {
    const school = { school: { name: 'S', region: null, boundary: null, directAccess: null } };
    assert.equal(verdict({ where: site({ ...school, limitDrops: [DROP] }), van: place(700) }).kind, 'enforce');
    observed('exclusion-zone-merge', { where: site({ ...school, merges: [MERGE] }), van: place(700) });
  });

  it('a drop for an unmonitored direction makes no zone', () => {
    const where = site({ limitDrops: [{ ...DROP, direction: 'decreasing' }] });
    assert.equal(verdict({ where, van: place(700) }).kind, 'enforce');
  });

  it('place-unknown: without range the whole footprint must be outside every zone', () => {
    const where = site({ limitDrops: [DROP] });
    // The footprint of two lanes reaches from 7.5 to 28.8 m ahead.
    assert.equal(verdict({ where, vehicle: pass(), van: allowedVan(where, 521, 0) }).kind, 'enforce');
    observed('place-unknown', { where, vehicle: pass(), van: allowedVan(where, 522, 0) });
    observed('exclusion-zone-limit-drop', { where, vehicle: pass(), van: allowedVan(where, 560, 0) });
  });

  it('place-unknown: no position of the van, or one that is off the site', () => {
    observed('place-unknown', { van: null });
    const off = placeVan(site(), MOUNTING, beside(-60), metres(3));
    observed('place-unknown', { van: off });
  });

  it('DEP-8, DEP-9: a van that may not stand where it stands enforces nothing', () => {
    const drop = site({ limitDrops: [DROP] });
    const merge = site({ merges: [MERGE] });
    // 279 m before the point; the vehicle itself is 253 m away and outside the zone.
    const vehicle = passAt(13.72, 22.5);
    observed('exclusion-zone-limit-drop', {
      where: drop,
      van: placeVan(drop, MOUNTING, beside(521), metres(0)),
      vehicle,
    });
    observed('exclusion-zone-merge', { where: merge, van: placeVan(merge, MOUNTING, beside(521), metres(0)), vehicle });
  });

  it('leaves to the controller only the reason that is about the camera', () => {
    assert.deepEqual(
      OBSERVE_REASONS.filter((reason) => !proven.has(reason)),
      ['not-armed'],
    );
  });

  it('enforces if and only if every condition holds, whatever the place', () => {
    const points = { limitDrops: [DROP], merges: [{ ...MERGE, chainageM: metres(100) }] };
    const where = site({ ...points, lanes: lanes(4) });
    const situation = fc.record({
      vanM: fc.integer({ min: 0, max: 1100 }),
      uncertaintyM: fc.integer({ min: 0, max: 40 }),
      rangeM: fc.integer({ min: 130, max: 430 }).map((value) => value / 10),
      speed: fc.integer({ min: 550, max: 700 }).map((value) => value / 10),
    });
    fc.assert(
      fc.property(situation, ({ vanM, uncertaintyM, rangeM, speed }) => {
        const vehicle = passAt(rangeM, 22.5);
        const van = placeVan(where, MOUNTING, beside(vanM), metres(uncertaintyM));
        const found = judge(where, MOUNTING, van, vehicle, measured(speed));
        const aheadM = vanM + rangeM * Math.cos(Math.PI / 8);
        const far = (fromM: number, boundM: number): boolean =>
          [100, 800].every((pointM) => Math.abs(fromM - pointM) - uncertaintyM >= boundM - 0.001);
        const expected = speed >= 61 && far(vanM, 310) && far(aheadM, 250);
        assert.equal(found.kind === 'enforce', expected);
      }),
      { numRuns: runs(400) },
    );
  });
});

function place(chainageM: number): VanPlacement {
  return placeVan(site(), MOUNTING, beside(chainageM), metres(3));
}
