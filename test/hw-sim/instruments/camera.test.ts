/** The pretend camera's electronics, on a clock of the test. */
import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Exposure } from '../../../hw-sim/instruments/camera.js';
import { Camera, CAMERA, imageName } from '../../../hw-sim/instruments/camera.js';
import { createRandom } from '../../../hw-sim/prng.js';
import { monotonicNs, utcMs } from '../../../src/units.js';

describe('hw-sim camera', () => {
  let fake: sinon.SinonFakeTimers;
  let camera: Camera;
  let events: string[];
  let exposures: Exposure[];
  const line = (name: 'shutter' | 'flash', value: 0 | 1): void => {
    camera.onLine({ line: name, value, monotonicNs: '0' });
  };

  beforeEach(() => {
    fake = sinon.useFakeTimers({ now: 1_000_000 });
    events = [];
    exposures = [];
    camera = new Camera({
      clock: { monotonicNs: () => monotonicNs(Date.now() * 1e6), utcMs: () => utcMs(Date.now()) },
      random: createRandom(1, 'camera'),
      setStrobe: (value) => events.push(`strobe ${String(value)}`),
      expose: (exposure) => {
        events.push('expose');
        exposures.push(exposure);
      },
    });
  });
  afterEach(() => {
    fake.restore();
  });

  it('answers the shutter by a strobe at the very moment of the exposure, a latency later, and lowers it again', () => {
    line('shutter', 1);
    assert.deepEqual(events, []);
    fake.tick(CAMERA.latencyMs + 1);
    assert.deepEqual(events, ['strobe 1', 'expose']);
    const [first] = exposures;
    assert.ok(first && first.atNs / 1e6 - 1_000_000 >= CAMERA.latencyMs - 1);
    fake.tick(CAMERA.strobePulseMs + 1);
    assert.deepEqual(events, ['strobe 1', 'expose', 'strobe 0']);
  });

  it('counts exposures, names files by the counter, and its clock is wrong by a constant', () => {
    for (let shot = 0; shot < 2; shot += 1) {
      line('shutter', 1);
      line('shutter', 0);
      fake.tick(1000);
    }
    assert.deepEqual(
      exposures.map(({ counter }) => imageName(counter)),
      ['IMG_0001.JPG', 'IMG_0002.JPG'],
    );
    for (const exposure of exposures) {
      assert.ok(Math.abs(exposure.cameraUtcMs - exposure.atNs / 1e6 - CAMERA.clockErrorMs) < 1e-3);
    }
  });

  it('the picture is lit by flash exactly when the flash line is up at the exposure', () => {
    line('flash', 1);
    line('shutter', 1);
    fake.tick(20);
    line('flash', 0);
    line('shutter', 0);
    line('shutter', 1);
    fake.tick(20);
    assert.deepEqual(
      exposures.map(({ flash }) => flash),
      [true, false],
    );
  });
});
