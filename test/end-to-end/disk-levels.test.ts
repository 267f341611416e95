/**
 * Issue line "disk full: warning at 20 % free, stop of enforcement before loss at 5 %, resume by itself after space
 * returns, within 2 s each": the real `kerbside run` on a small disk that fills under it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agdFrame, crossing } from '../support/agd-feed.js';
import { OutsideVan } from '../support/outside-van.js';
import { outsideSite, VAN_POSITION } from '../support/outside-site.js';
import { SmallDisk } from '../support/small-disk.js';

const RADAR = { protocol: 'agd350', baudRate: 921600, parity: 'odd' };
const WITHIN_MS = 2000;

describe('end to end: a disk that fills', function () {
  this.timeout(60_000);
  let disk: SmallDisk;
  let van: OutsideVan | null = null;
  let heartbeat: NodeJS.Timeout;
  let track = 0;

  afterEach(async () => {
    clearInterval(heartbeat);
    await van?.dispose();
    van = null;
  });

  /** One speeder at its real pace, and the gap behind it. */
  async function speeder(outside: OutsideVan): Promise<void> {
    const begin = performance.now();
    for (const { atMs, bytes } of crossing({ track: ++track, speedKmh: 92.7, direction: 'A', lateralM: 5.25 })) {
      const waitMs = begin + atMs - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      outside.feed(bytes);
    }
    await sleep(700);
  }

  /** How long after `begin` stderr, from `from` on, says so. */
  async function told(outside: OutsideVan, words: RegExp, from: number, begin = performance.now()): Promise<number> {
    await outside.until(String(words), () => words.test(outside.stderr.slice(from)), 10_000);
    return performance.now() - begin;
  }

  /** On a machine that is busy elsewhere a vehicle's readings may come in too late to be one pass: then another follows. */
  async function speeders(outside: OutsideVan, shots: number): Promise<void> {
    for (let more = 0; more < 4 && outside.shots < shots; more++) await speeder(outside);
  }

  it('warns below 20 % and enforces on, stops below 5 % before anything is lost, and resumes by itself', async function () {
    disk = SmallDisk.mount(this, 40);
    let filledMs = 0;
    try {
      const outside = await OutsideVan.start({
        ...{ radar: RADAR, site: outsideSite(), van: VAN_POSITION },
        config: { dataDir: join(disk.folder, 'data') },
        camera: async (camera, shot) => {
          await sleep(20);
          camera.setLine('strobe', 1);
          camera.setLine('strobe', 0);
          await sleep(100);
          // With an exposure under way: it must be written all the same.
          if (shot === 3) {
            filledMs = performance.now();
            disk.fillToShare(0.04);
          }
          camera.deliver();
        },
      });
      van = outside;
      heartbeat = setInterval(() => outside.feed(agdFrame('HB,43200.00')), 500);
      await outside.armed();
      await sleep(500);
      assert.doesNotMatch(outside.stderr, /Disk of/);

      const times: number[] = [];
      disk.fillToShare(0.15);
      times.push(await told(outside, /Disk of .* 1[45]\.?\d? % free .* less than 20 %/, 0));
      await speeders(outside, 2);
      assert.equal(outside.shots, 2, 'it enforces on');
      assert.doesNotMatch(outside.stderr, /State: suspended/);

      let from = outside.stderr.length;
      await speeders(outside, 3);
      assert.equal(outside.shots, 3);
      const stopped = /State: suspended[^]*Disk of .* 3\.\d % free .* at least 5 % needed/;
      times.push(await told(outside, stopped, from, filledMs));
      await speeder(outside);
      assert.equal(outside.shots, 3, 'nothing is fired on a disk that is nearly full');
      await outside.until('the image under way', async () => {
        return (await outside.evidence()).filter(({ kind }) => kind === 'incident').length === 2;
      });

      from = outside.stderr.length;
      disk.empty();
      times.push(await told(outside, /State: enforcing/, from));
      await speeders(outside, 4);
      assert.equal(outside.shots, 4);
      assert.ok(
        times.every((milliseconds) => milliseconds < WITHIN_MS),
        `warned, stopped and resumed after ${times.map(Math.round).join(', ')} ms; each at most ${WITHIN_MS} ms`,
      );

      assert.equal(await outside.close(), 0, outside.stderr);
      const rows = await outside.evidence();
      const fired = rows.filter(({ reason }) => reason !== 'lease-unused').map(({ kind }) => kind);
      assert.deepEqual(fired.toSorted(), ['incident', 'incident', 'incident', 'sync'], outside.stderr);
      assert.deepEqual(
        rows.map(({ icn }) => Number(icn) % 1000).toSorted((a, b) => a - b),
        rows.map((_, index) => index + 1),
        'no number is missing',
      );
    } finally {
      await van?.kill();
      disk.unmount();
    }
  });
});
