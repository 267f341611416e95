/**
 * Power cuts on a real ext4, on a disk that forgets what was not flushed: half of the cuts lose all of it, half keep a random
 * half of its sectors. What the session had acknowledged must be there after the next mount.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { requireTools } from '../support/tools.js';
import { cutOnce, WaitingSession, type CutOutcome, type CutPlan } from './ext4-cycle.js';
import { Ext4Disk, whyNoExt4 } from './ext4-disk.js';
import { random } from './random.js';
import { prepareRig } from './run-rig.js';

const CUTS = Number(process.env['POWER_CUTS'] ?? 40);
const SEED = Number(process.env['POWER_SEED'] ?? 1);
const CONTROL_CUTS = 3;

function requireExt4(context: Context): void {
  requireTools(context, ['cjpeg', 'nbdfuse', 'fusermount3', 'mkfs.ext4', 'losetup', 'mount']);
  const why = whyNoExt4();
  if (why === null) return;
  if (process.env['CI'] === 'true') throw new Error(`power cuts on a real ext4: ${why}`);
  process.stderr.write(`SKIPPED power cuts on a real ext4: ${why}\n`);
  context.skip();
}

describe('power cuts on a real ext4', function () {
  this.timeout(60_000 + CUTS * 10_000);
  let folder = '';
  let disk: Ext4Disk;
  let next: WaitingSession;
  let sessionWrites = 0;

  before(async function () {
    requireExt4(this);
    folder = await prepareRig('ext4');
    disk = new Ext4Disk(join(folder, 'disk'));
    next = new WaitingSession(folder);
    // A whole session first: how many writes there are to choose from.
    const { writes, losses } = await cut({ write: Infinity, keptShare: 0, seed: SEED, options: 'defaults' });
    assert.deepEqual(losses, []);
    sessionWrites = writes;
  });

  after(async () => {
    if (folder === '') return;
    await next.kill();
    disk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function cut(plan: CutPlan): Promise<CutOutcome> {
    const session = next;
    next = new WaitingSession(folder);
    return cutOnce(disk, session, join(folder, 'keys'), plan);
  }

  for (const [name, keptShare] of [
    ['all that was not flushed is forgotten', 0],
    ['a random half of it is kept', 0.5],
  ] as const) {
    it(`${CUTS / 2} cuts, ${name}: nothing acknowledged is lost`, async () => {
      const draw = random(SEED + keptShare);
      let acknowledged = 0;
      for (let number = 0; number < CUTS / 2; number++) {
        const write = 1 + Math.floor(draw() * sessionWrites);
        const seed = Math.floor(draw() * 2 ** 31);
        const outcome = await cut({ write, keptShare, seed, options: 'defaults' });
        assert.deepEqual(outcome.losses, [], `cut before write ${write}, sectors kept by seed ${seed}`);
        acknowledged += outcome.acknowledged;
      }
      assert.ok(acknowledged > CUTS, `only ${acknowledged} things were acknowledged in all`);
    });
  }

  it('control: mounted without barriers the same cuts lose acknowledged things', async () => {
    const losses: string[] = [];
    for (let number = 0; number < CONTROL_CUTS; number++) {
      const write = Math.floor(sessionWrites * 0.8) + number;
      losses.push(...(await cut({ write, keptShare: 0, seed: number, options: 'nobarrier' })).losses);
    }
    assert.match(losses.join('\n'), /is lost|is not in the store|is forgotten|cannot be opened/);
  });
});
