/**
 * Issue line "a feed of raw AGD bytes on a pty from outside": the real `kerbside run`, nothing of hw-sim. Expected are
 * verdicts, ICNs, line pulses and stamped images.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agdFrame, crossing, type Crossing } from '../support/agd-feed.js';
import { OutsideVan, picture } from '../support/outside-van.js';
import { outsideSite, VAN_POSITION } from '../support/outside-site.js';

const RADAR = { protocol: 'agd350', baudRate: 921600, parity: 'odd', angleDeg: 22.5, corrected: false };

/** Feeds one vehicle at its real pace, then the gap that ends its track. */
async function drivePast(van: OutsideVan, vehicle: Crossing): Promise<void> {
  const begin = performance.now();
  for (const frame of crossing(vehicle)) {
    const waitMs = begin + frame.atMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    van.feed(frame.bytes);
  }
  await sleep(900);
}

describe('end to end: raw AGD 350 bytes from outside', function () {
  this.timeout(90_000);
  let van: OutsideVan;
  let heartbeat: NodeJS.Timeout;

  beforeEach(async () => {
    van = await OutsideVan.start({ radar: RADAR, site: outsideSite(), van: VAN_POSITION });
    heartbeat = setInterval(() => van.feed(agdFrame('HB,43200.00')), 500);
    await van.armed();
  });

  afterEach(async () => {
    clearInterval(heartbeat);
    await van.dispose();
  });

  it('enforces speeders of both directions, observes the legal, voids the unmeasurable, and seals each image', async () => {
    await drivePast(van, { track: 1, speedKmh: 50, direction: 'A', lateralM: 5.25 });
    await drivePast(van, { track: 2, speedKmh: 92.7, direction: 'A', lateralM: 5.25 });
    await drivePast(van, { track: 3, speedKmh: 71.4, direction: 'R', lateralM: 8.75 });
    await drivePast(van, { track: 4, speedKmh: 95, direction: 'R', lateralM: 8.75, otherSpeedKmh: 84 });
    await van.until(
      'three images',
      async () => (await van.evidence()).filter(({ kind }) => kind === 'incident').length === 2,
    );
    assert.equal(await van.close(), 0, van.stderr);

    const rows = await van.evidence();
    const incidents = rows.filter(({ kind }) => kind === 'incident');
    assert.deepEqual(
      incidents.map(({ speedKmh, direction }) => [Math.floor(speedKmh ?? 0), direction]),
      [
        [92, 'towards'],
        [71, 'away'],
      ],
    );
    assert.equal(rows.filter(({ kind }) => kind === 'sync').length, 1);
    assert.ok(
      rows.every(({ demo }) => demo),
      'simulated lines took part: DEMO',
    );
    // ICN-2: every number from the first to the last is there, once.
    assert.deepEqual(
      rows.map(({ icn }) => icn).toSorted(),
      rows.map((_, index) => String(1001 + index).padStart(9, '0')),
    );
    assert.ok(rows.every(({ kind, reason }) => kind !== 'void' || reason === 'lease-unused'));
    // One pulse a shot, raised and lowered once each; the first messages state the lines as they were found.
    const shutter = van.lines.filter(({ line }) => line === 'shutter');
    assert.deepEqual(
      shutter.slice(shutter.findIndex(({ value }) => value === 1)).map(({ value }) => value),
      [1, 0, 1, 0, 1, 0],
    );
    assert.equal(van.shots, 3);

    const first = incidents[0];
    assert.ok(first);
    const sealed = Object.values(first.files).find((file) => file.endsWith('.jpg'));
    assert.ok(sealed !== undefined && existsSync(sealed));
    const output = join(van.folder, 'recovered.jpg');
    const recovered = await van.cli(['evidence', 'recover', first.icn, '--output', output]);
    assert.equal(recovered.code, 0, recovered.stderr);
    // The second picture that the camera delivered, byte for byte.
    assert.equal(sha256(readFileSync(output)), sha256(picture(2)));
    assert.deepEqual(readdirSync(van.spool), [], 'the camera folder is emptied once everything is committed');
  });

  it('ICN-2: kill -9 under way loses no number and uses none twice', async () => {
    await drivePast(van, { track: 1, speedKmh: 92.7, direction: 'A', lateralM: 5.25 });
    await van.until('an incident', async () => (await van.evidence()).some(({ kind }) => kind === 'incident'));
    for (const frame of crossing({ track: 2, speedKmh: 88, direction: 'A', lateralM: 5.25 })) {
      van.feed(frame.bytes);
      await sleep(20);
      if (van.shots === 3) break;
    }
    assert.equal(van.shots, 3, 'the pulse came');
    await van.kill();
    van.stderr = '';
    await van.run();
    await van.armed();
    await drivePast(van, { track: 3, speedKmh: 79.5, direction: 'A', lateralM: 5.25 });
    await van.until('a second incident', async () => {
      return (await van.evidence()).filter(({ kind }) => kind === 'incident').length >= 2;
    });
    assert.equal(await van.close(), 0, van.stderr);
    const rows = await van.evidence();
    const icns = rows.map(({ icn }) => icn);
    assert.equal(new Set(icns).size, icns.length, 'no number twice');
    for (const deployment of new Set(icns.map((icn) => icn.slice(0, 6)))) {
      const images = icns.filter((icn) => icn.startsWith(deployment)).map((icn) => Number(icn.slice(6)));
      assert.deepEqual(
        images.toSorted((a, b) => a - b),
        images.map((_, index) => index + 1),
        'no hole',
      );
    }
    assert.ok(rows.filter(({ kind }) => kind === 'void').every(({ reason }) => reason !== undefined));
    assert.ok(rows.some(({ speedKmh }) => Math.floor(speedKmh ?? 0) === 79));
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
