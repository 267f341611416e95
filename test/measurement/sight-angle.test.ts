import assert from 'node:assert/strict';
import { KerbsideError } from '../../src/errors.js';
import { alongRoad, createSightAngle } from '../../src/measurement/sight-angle.js';
import { degrees, kmh } from '../../src/units.js';
import { SETTINGS } from './support.js';

const boundary = (statedDeg: number): string | null =>
  createSightAngle(SETTINGS, true).referenceOf(degrees(statedDeg)) ?? null;

describe('sight angle', () => {
  it('speed along the road is the radial speed over the cosine: 92.388 at 22.5 degrees is 100', () => {
    assert.ok(Math.abs(alongRoad(kmh(92.38795), degrees(22.5)) - 100) < 1e-4);
    assert.equal(alongRoad(kmh(77.7), degrees(0)), 77.7);
  });

  it('auto takes 8 degrees and less as counted from the boresight, 14.5 to 30.5 as counted from the road', () => {
    for (const [statedDeg, expected] of [
      [0, 'boresight'],
      [-8, 'boresight'],
      [8, 'boresight'],
      [8.1, null],
      [14.4, null],
      [14.5, 'road'],
      [-14.5, 'road'],
      [30.5, 'road'],
      [30.6, null],
    ] as const) {
      assert.equal(boundary(statedDeg), expected, `${statedDeg} degrees`);
    }
  });

  it('the two windows of auto never meet, whatever the angle of the beam', () => {
    for (let axisDeg = 6; axisDeg <= 60; axisDeg += 0.5) {
      const { toleranceDeg } = createSightAngle({ ...SETTINGS, angleDeg: degrees(axisDeg) }, true);
      assert.ok(toleranceDeg < axisDeg - toleranceDeg, `${axisDeg} degrees`);
      assert.ok(toleranceDeg <= 8);
    }
  });

  it('clockwise from the boresight is farther from the road when the beam is turned right, nearer when left', () => {
    const right = createSightAngle(SETTINGS, true);
    const left = createSightAngle({ ...SETTINGS, beamTurned: 'left' }, true);
    assert.equal(right.sightDeg(degrees(2), 'boresight'), 24.5);
    assert.equal(left.sightDeg(degrees(2), 'boresight'), 20.5);
    assert.equal(left.sightDeg(degrees(-21), 'road'), 21);
  });

  it('a settled reference stays, and the other one becomes implausible', () => {
    const sight = createSightAngle(SETTINGS, true);
    sight.settle('road');
    sight.settle('boresight');
    assert.equal(sight.referenceOf(degrees(22)), 'road');
    assert.equal(sight.referenceOf(degrees(0)), null);
  });

  it('auto on a beam too flat to tell is refused in one sentence, unless the radar states no angle', () => {
    const flat = { ...SETTINGS, angleDeg: degrees(4) };
    assert.throws(
      () => createSightAngle(flat, true),
      (error: unknown) =>
        error instanceof KerbsideError && error.kind === 'config-invalid' && /boresight or road/.test(error.message),
    );
    createSightAngle(flat, false);
    createSightAngle({ ...flat, angleReference: 'boresight' }, true);
    assert.equal(createSightAngle({ ...flat, angleDeg: degrees(0) }, true).referenceOf(degrees(1)), 'road');
  });
});
