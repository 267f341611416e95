/** Rules 1 to 7 of domain/imaging.md, "Tying an image to its trigger": each in a test in which only it decides. */
import assert from 'node:assert/strict';
import type { CameraSettings } from '../../src/controller-config.js';
import { ImageMatcher, type MatchEvent } from '../../src/evidence/image-matcher.js';
import type { ExposureStart } from '../../src/evidence/types.js';
import type { ImageArrival } from '../../src/timeline.js';
import { monotonicNs, NS_PER_MS, utcMs, type MonotonicNs } from '../../src/units.js';

const SETTINGS: CameraSettings = {
  id: 'T-1',
  model: 'test',
  approvalNotice: null,
  serialNumber: null,
  shutterPulseMs: 50,
  flashLeadMs: 2,
  flashPulseMs: 50,
  flash: 'never',
  deadTimeMs: 500,
  strobeWindowMs: [10, 200],
  imageTimeoutMs: 10_000,
  hasStrobe: true,
  hasReadyLine: false,
};
/** The camera's own clock runs ahead of UTC by this. */
const CAMERA_AHEAD_MS = 43_200_000;
const UTC_AT_ZERO_MS = 1_790_000_000_000;

class Bench {
  readonly events: MatchEvent[] = [];
  readonly matcher: ImageMatcher;
  private nextIcn = 1;
  private counter = 100;

  constructor(settings: Partial<CameraSettings> = {}) {
    const utcAt = (atNs: MonotonicNs) => utcMs(UTC_AT_ZERO_MS + atNs / NS_PER_MS);
    this.matcher = new ImageMatcher({ ...SETTINGS, ...settings }, utcAt, (event) => this.events.push(event));
  }

  fire(atMs: number, kind: ExposureStart['kind'] = 'incident'): ExposureStart {
    const icn = String(this.nextIcn++).padStart(9, '0');
    const atNs = at(atMs);
    const start: ExposureStart = {
      icn,
      incident: icn,
      imageNumber: 1,
      imageCount: 1,
      kind,
      atNs,
      utcMs: null,
      passId: null,
      flash: false,
    };
    this.matcher.onFire(start);
    return start;
  }

  image(edgeMs: number, changes: Partial<ImageArrival> = {}): ImageArrival {
    this.counter += 1;
    const name = `IMG_${this.counter}.JPG`;
    return {
      imageId: name,
      fileName: name,
      sha256: name,
      bytes: 1000,
      problem: null,
      counter: this.counter,
      cameraClockMs: UTC_AT_ZERO_MS + edgeMs + CAMERA_AHEAD_MS,
      cameraClockResolutionMs: 10,
      serialNumber: 'A1',
      duplicate: false,
      ...changes,
    };
  }

  /** Drains, makes the sync shot at 1000 ms and delivers its image. */
  sync(): this {
    this.matcher.wantsSync(at(0));
    assert.equal(this.matcher.wantsSync(at(1000)), true);
    this.fire(1000, 'sync');
    if (this.matcher['settings'].hasStrobe) this.matcher.onStrobe(at(1050));
    this.matcher.onImage(this.image(1050), at(1400));
    assert.deepEqual(this.types(), ['matched', 'synced']);
    this.events.length = 0;
    return this;
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }

  reasons(): string[] {
    return this.events.flatMap((event) => ('reason' in event ? [event.reason] : []));
  }
}

const at = (milliseconds: number): MonotonicNs => monotonicNs(milliseconds * NS_PER_MS);

describe('image matcher (imaging rules 1 to 7)', () => {
  it('asks for the sync shot only after the camera has been quiet for a second', () => {
    const bench = new Bench();
    assert.equal(bench.matcher.wantsSync(at(0)), false);
    bench.matcher.onImage(bench.image(500), at(600));
    assert.equal(bench.matcher.wantsSync(at(1500)), false);
    assert.equal(bench.matcher.wantsSync(at(1600)), true);
    assert.deepEqual(bench.reasons(), ['no-trigger']);
  });

  it('ties an image to its trigger when every rule holds', () => {
    const bench = new Bench().sync();
    const start = bench.fire(3000);
    bench.matcher.onStrobe(at(3060));
    bench.matcher.onImage(bench.image(3060), at(3500));
    const [event] = bench.events;
    assert.equal(event?.type, 'matched');
    assert.equal(event.start.icn, start.icn);
    assert.equal(event.strobeNs, at(3060));
  });

  it('rule 2: nothing is fired before the sync shot, within the dead time, or on an unconfirmed open trigger', () => {
    const bench = new Bench();
    assert.equal(bench.matcher.busy(at(0)), 'camera-out-of-sync');
    bench.sync();
    assert.equal(bench.matcher.busy(at(1499)), 'dead-time');
    assert.equal(bench.matcher.busy(at(1500)), null);
    bench.fire(3000);
    assert.equal(bench.matcher.busy(at(3600)), 'trigger-open');
  });

  it('rule 2: with feedback and counter a confirmed exposure leaves the camera free, up to four', () => {
    const bench = new Bench().sync();
    for (const ms of [3000, 4000, 5000, 6000]) {
      assert.equal(bench.matcher.busy(at(ms)), null);
      bench.fire(ms);
      bench.matcher.onStrobe(at(ms + 50));
    }
    assert.equal(bench.matcher.busy(at(7000)), 'trigger-open');
    for (const ms of [3000, 4000, 5000, 6000]) bench.matcher.onImage(bench.image(ms + 50), at(7500));
    assert.deepEqual(bench.types(), ['matched', 'matched', 'matched', 'matched']);
    assert.equal(bench.matcher.isIdle, true);
  });

  it('rule 2: without feedback line one open trigger is all', () => {
    const bench = new Bench({ hasStrobe: false }).sync();
    bench.fire(3000);
    assert.equal(bench.matcher.busy(at(5000)), 'trigger-open');
    bench.matcher.onImage(bench.image(3000), at(5100));
    assert.equal(bench.matcher.busy(at(5200)), null);
  });

  it('rule 3: no feedback edge in the window gives the trigger up', () => {
    const bench = new Bench().sync();
    bench.fire(3000);
    bench.matcher.tick(at(3349));
    assert.deepEqual(bench.types(), []);
    bench.matcher.tick(at(3351));
    assert.deepEqual(bench.types(), ['missed', 'breach']);
    assert.deepEqual(bench.reasons(), ['strobe-missed']);
  });

  it('rule 3: a feedback edge before or after the window is a breach', () => {
    for (const edgeMs of [3009, 3201]) {
      const bench = new Bench().sync();
      bench.fire(3000);
      bench.matcher.onStrobe(at(edgeMs));
      assert.deepEqual(bench.types(), ['missed', 'breach'], `edge at ${edgeMs}`);
    }
  });

  it('rule 3, rule 4: a second feedback edge beside that of the sync shot is one without a trigger, and no sync', () => {
    const bench = new Bench();
    bench.matcher.wantsSync(at(0));
    bench.fire(1000, 'sync');
    bench.matcher.onStrobe(at(1050));
    bench.matcher.onStrobe(at(2200));
    assert.deepEqual(bench.types(), ['missed', 'breach']);
    assert.deepEqual(bench.reasons(), ['sync-failed']);
    bench.matcher.onImage(bench.image(1050), at(2400));
    assert.equal(bench.matcher.isSynced, false);
  });

  it('rule 3: a feedback edge without any trigger is an alarm and stops the issuing', () => {
    const bench = new Bench().sync();
    bench.matcher.onStrobe(at(5000));
    assert.deepEqual(bench.types(), ['breach']);
    assert.equal(bench.matcher.busy(at(6000)), 'camera-out-of-sync');
  });

  it('rule 4: a counter that does not advance by the feedback edges is refused', () => {
    const bench = new Bench().sync();
    bench.fire(3000);
    bench.matcher.onStrobe(at(3060));
    bench.matcher.onImage(bench.image(3060, { counter: 103 }), at(3500));
    assert.deepEqual(bench.reasons(), ['counter-mismatch', 'counter-mismatch']);
    assert.deepEqual(bench.types(), ['orphan', 'missed', 'breach']);
  });

  it('rule 4: a counter may wrap from 9999 to 1 and goes on from there', () => {
    const bench = new Bench();
    bench.matcher.wantsSync(at(0));
    bench.fire(1000, 'sync');
    bench.matcher.onStrobe(at(1050));
    bench.matcher.onImage(bench.image(1050, { counter: 9999 }), at(1400));
    for (const [ms, counter] of [
      [3000, 1],
      [4000, 2],
    ] as const) {
      bench.fire(ms);
      bench.matcher.onStrobe(at(ms + 50));
      bench.matcher.onImage(bench.image(ms + 50, { counter }), at(ms + 400));
    }
    assert.deepEqual(bench.types(), ['matched', 'synced', 'matched', 'matched']);
  });

  it('rule 5: a camera clock that does not fit the edge by the learnt offset is refused', () => {
    for (const [offMs, expected] of [
      [260, 'matched'],
      [280, 'orphan'],
      [-280, 'orphan'],
    ] as const) {
      const bench = new Bench().sync();
      bench.fire(3000);
      bench.matcher.onStrobe(at(3060));
      bench.matcher.onImage(bench.image(3060 + offMs), at(3500));
      assert.equal(bench.types()[0], expected, `${offMs} ms off`);
    }
  });

  it('rule 5: a camera that told its time at the sync shot must go on telling it', () => {
    const bench = new Bench().sync();
    bench.fire(3000);
    bench.matcher.onStrobe(at(3060));
    bench.matcher.onImage(bench.image(3060, { cameraClockMs: null }), at(3500));
    assert.deepEqual(bench.reasons(), ['camera-clock-mismatch', 'camera-clock-mismatch']);
  });

  it('rule 6: an image after its time is an orphan and never slides to the next trigger', () => {
    const bench = new Bench().sync();
    bench.fire(3000);
    bench.matcher.onStrobe(at(3060));
    bench.matcher.tick(at(13_001));
    const late = bench.image(3060);
    bench.matcher.onImage(late, at(13_500));
    assert.deepEqual(bench.reasons(), ['image-missed', 'late-image']);
    assert.equal(bench.matcher.isIdle, true);
  });

  for (const [camera, settings, changes] of [
    ['counter and clock', {}, {}],
    ['a counter only', {}, { cameraClockMs: null }],
    ['neither counter nor clock', {}, { counter: null, cameraClockMs: null }],
    ['a counter only, no feedback line', { hasStrobe: false }, { cameraClockMs: null }],
  ] as const) {
    it(`rule 6: a late image that comes in place of the sync image is never followed by a false match (${camera})`, () => {
      const bench = new Bench(settings);
      const strobe = (ms: number) => settings.hasStrobe !== false && bench.matcher.onStrobe(at(ms));
      bench.matcher.wantsSync(at(0));
      bench.fire(1000, 'sync');
      strobe(1050);
      bench.matcher.onImage(bench.image(1050, changes), at(1400));
      bench.fire(3000);
      strobe(3060);
      const late = bench.image(3060, changes);
      bench.matcher.tick(at(13_001));
      // The next sync shot, and while its picture is under way the late one.
      assert.equal(bench.matcher.wantsSync(at(14_100)), true);
      bench.fire(14_100, 'sync');
      strobe(14_150);
      bench.events.length = 0;
      bench.matcher.onImage(late, at(14_300));
      const speeder = bench.matcher.busy(at(14_400)) === null ? bench.fire(14_400) : null;
      assert.equal(speeder, null, 'nothing is issued on the word of the late image');
      bench.matcher.onImage(bench.image(14_150, changes), at(14_500));
      bench.matcher.tick(at(24_600));
      const matched = bench.events.flatMap((event) => (event.type === 'matched' ? [event] : []));
      const syncedByLate = matched.some(({ image }) => image === late);
      // Either the late one was told apart, or what followed it has shown the mistake and begun anew.
      assert.equal(bench.matcher.isSynced, !syncedByLate);
      assert.ok(matched.every(({ start }) => start.kind === 'sync'));
    });
  }

  it('rule 6: after a give-up nothing is issued until an image could no longer be late', () => {
    const bench = new Bench().sync();
    bench.fire(3000);
    bench.matcher.onStrobe(at(3060));
    bench.image(3060);
    bench.matcher.tick(at(13_001));
    bench.fire(14_100, 'sync');
    bench.matcher.onStrobe(at(14_150));
    bench.matcher.onImage(bench.image(14_150), at(14_500));
    bench.matcher.tick(at(24_400));
    assert.equal(bench.matcher.busy(at(24_400)), 'camera-out-of-sync');
    assert.equal(bench.matcher.wantsSync(at(24_400)), false);
    bench.matcher.tick(at(24_501));
    assert.equal(bench.matcher.busy(at(24_501)), null);
  });

  it('order of arrival alone ties nothing: a camera without feedback line, counter and clock is never in sync', () => {
    const bench = new Bench({ hasStrobe: false });
    bench.matcher.wantsSync(at(0));
    bench.fire(1000, 'sync');
    bench.matcher.onImage(bench.image(1000, { counter: null, cameraClockMs: null }), at(1400));
    assert.deepEqual(bench.reasons(), ['sync-failed', 'sync-failed']);
    assert.equal(bench.matcher.isSynced, false);
  });

  it('rule 6: the same bytes again are a duplicate, the same counter with other bytes an orphan', () => {
    const bench = new Bench().sync();
    bench.matcher.onImage(bench.image(1050, { duplicate: true }), at(2000));
    bench.matcher.onImage(bench.image(1050, { counter: 101 }), at(2100));
    assert.deepEqual(bench.types(), ['duplicate', 'orphan', 'breach']);
    assert.deepEqual(bench.reasons(), ['duplicate-counter']);
  });

  it('rule 7: an unusable file or another serial number stops the issuing', () => {
    for (const [changes, reason] of [
      [{ problem: 'image-truncated' }, 'image-unusable'],
      [{ serialNumber: 'B2' }, 'serial-mismatch'],
    ] as const) {
      const bench = new Bench().sync();
      bench.fire(3000);
      bench.matcher.onStrobe(at(3060));
      bench.matcher.onImage(bench.image(3060, changes), at(3500));
      assert.deepEqual(bench.reasons(), [reason, reason]);
      assert.equal(bench.matcher.isSynced, false);
      assert.equal(bench.matcher.wantsSync(at(4499)), false);
      assert.equal(bench.matcher.wantsSync(at(4500)), true);
    }
  });

  it('rule 7: a configured serial number is demanded of the sync shot itself', () => {
    const bench = new Bench({ serialNumber: 'Z9' });
    bench.matcher.wantsSync(at(0));
    bench.fire(1000, 'sync');
    bench.matcher.onStrobe(at(1050));
    bench.matcher.onImage(bench.image(1050), at(1400));
    assert.deepEqual(bench.types(), ['orphan', 'missed', 'breach']);
    assert.deepEqual(bench.reasons(), ['serial-mismatch', 'sync-failed']);
  });

  it('repeats a failed sync shot with a growing pause', () => {
    const bench = new Bench();
    bench.matcher.wantsSync(at(0));
    bench.fire(1000, 'sync');
    bench.matcher.tick(at(1400));
    assert.deepEqual(bench.reasons(), ['sync-failed']);
    assert.equal(bench.matcher.wantsSync(at(3399)), false);
    assert.equal(bench.matcher.wantsSync(at(3400)), true);
    bench.fire(3400, 'sync');
    bench.matcher.tick(at(4000));
    assert.equal(bench.matcher.wantsSync(at(7999)), false);
    assert.equal(bench.matcher.wantsSync(at(8000)), true);
  });
});
