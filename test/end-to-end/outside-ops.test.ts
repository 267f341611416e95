/**
 * Issue line "a feed of raw OPS243 bytes on a pty from outside": JSON lines without range, angle or tracks, into the
 * real `kerbside run`. This camera has no feedback line: the other matching rules carry the match.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';
import { OutsideVan } from '../support/outside-van.js';
import { outsideSite, VAN_POSITION } from '../support/outside-site.js';

const COS_BORESIGHT = Math.cos((22.5 * Math.PI) / 180);

interface StoredPass {
  readonly direction: string;
  readonly truncated_kmh: number | null;
  readonly verdict: string;
  readonly reason: string | null;
}

/** The passes as they were stored, in order; read when the session is closed. */
async function storedPasses({ dataDir }: OutsideVan): Promise<StoredPass[]> {
  const query = 'SELECT direction, truncated_kmh, verdict, reason FROM passes ORDER BY id';
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(join(dataDir, 'kerbside.db'), sqlite3.OPEN_READONLY, (error) => {
      if (error !== null) reject(error);
    });
    database.all<StoredPass>(query, (error, rows) => {
      if (error === null) resolve(rows);
      else reject(error);
      database.close();
    });
  });
}

async function drivePast(van: OutsideVan, speedsKmh: readonly number[], sign: '' | '-', readings = 12): Promise<void> {
  for (let count = 0; count < readings; count += 1) {
    const speed = ((speedsKmh[count % speedsKmh.length] ?? 0) * COS_BORESIGHT).toFixed(2);
    // Strings and numbers, scalars and arrays, any order of keys, as real units mix them.
    const shapes = [
      `{"magnitude":"467.72","speed":"${sign}${speed}"}`,
      `{"speed":${sign}${speed},"magnitude":467.7}`,
      `{"time":"${count}","speed":["${sign}${speed}"],"magnitude":["88.1"]}`,
      `{"unknown":{"a":1},"speed":[${sign}${speed}],"magnitude":[88.1]}`,
    ];
    van.feed(Buffer.from(`${shapes[count % shapes.length] ?? ''}\r\n`));
    if (count === 5) van.feed(Buffer.from('{"ALERT": High Speed inbound 1.7 mps}\r\n'));
    await sleep(20);
  }
  await sleep(1200);
}

describe('end to end: raw OPS243 lines from outside', function () {
  this.timeout(90_000);
  let van: OutsideVan;

  before(async () => {
    van = await OutsideVan.start({
      radar: { protocol: 'ops243', baudRate: 19200, parity: 'none', angleDeg: 22.5, corrected: false },
      site: outsideSite(),
      van: VAN_POSITION,
      noStrobe: true,
      camera: async (outside) => {
        await sleep(150);
        outside.deliver();
      },
    });
    await van.armed();
    // Past the dead time of the sync shot.
    await sleep(700);
  });

  after(async () => van.dispose());

  it('enforces, observes and voids by time and direction alone', async () => {
    van.feed(Buffer.from('{"Units":"km-per-hr"}\r\n'));
    await drivePast(van, [95], '');
    await drivePast(van, [55], '-');
    await drivePast(van, [82.4], '-');
    await drivePast(van, [90, 76], '');
    await van.until('two incidents', async () => {
      return (await van.evidence()).filter(({ kind }) => kind === 'incident').length === 2;
    });
    assert.equal(await van.close(), 0, van.stderr);
    const incidents = (await van.evidence()).filter(({ kind }) => kind === 'incident');
    assert.deepEqual(
      incidents.map(({ speedKmh, direction }) => [Math.floor(speedKmh ?? 0), direction]),
      [
        [95, 'towards'],
        [82, 'away'],
      ],
    );
    // Two vehicles in the beam at once: never more than annulled, if the first readings looked like one of them.
    const kinds = new Set((await van.evidence()).map(({ kind }) => kind));
    assert.deepEqual([...kinds].toSorted(), ['incident', 'sync', 'void']);
    assert.equal(van.shots, 3, 'sync shot and two offenders');
    assert.deepEqual(
      (await storedPasses(van)).map(({ direction, truncated_kmh, verdict, reason }) => [
        direction,
        truncated_kmh,
        verdict,
        reason,
      ]),
      [
        ['approach', 95, 'enforce', null],
        // 55 along the road is 50.81 along the beam in two decimals, and that is 54.996 along the road.
        ['recede', 54, 'observe', 'not-above-threshold'],
        ['recede', 82, 'enforce', null],
        ['approach', null, 'void', 'two-speeds'],
      ],
    );
  });
});
