import assert from 'node:assert/strict';
import { DiskWatch, freeShare, type DiskFigures } from '../../firmware/office/disk-watch.js';
import { StorageHealth } from '../../firmware/office/health.js';

/** A disk of 1,000 blocks of 1 MB, of which this user may write `free`. */
const disk = (free: number, changes: Partial<DiskFigures> = {}): DiskFigures => ({
  ...{ bsize: 1_000_000, blocks: 1000, bfree: free, bavail: free, files: 0, ffree: 0 },
  ...changes,
});

describe('Disk watch', () => {
  let now: DiskFigures | Error | Promise<DiskFigures>;
  let health: StorageHealth;
  let told: string[];
  let changes: [boolean, string][];
  let shares: number[];
  let watch: DiskWatch;

  beforeEach(() => {
    [told, changes, shares] = [[], [], []];
    health = new StorageHealth((usable, detail) => changes.push([usable, detail]));
    watch = new DiskWatch({
      folder: '/var/lib/kerbside',
      health,
      onDisk: ({ freeShare: share }) => shares.push(share),
      onNotice: (level, code, sentence) => told.push(`${level} ${code} ${sentence}`),
      read: () => (now instanceof Error ? Promise.reject(now) : Promise.resolve(now)),
      ...{ everyMs: 5, patienceMs: 10 },
    });
  });
  afterEach(() => watch.stop());

  const look = async (figures: typeof now): Promise<boolean> => {
    now = figures;
    await watch.look();
    return health.usable;
  };

  it('says nothing at exactly 20 % free, and warns once below, with value, unit and limit', async () => {
    await look(disk(200));
    assert.deepEqual(told, []);
    for (const free of [199, 198, 150]) await look(disk(free));
    assert.deepEqual(told, [
      'warning disk-low Disk of /var/lib/kerbside: 19.9 % free (199 MB of 1 GB); less than 20 %, enforcement stops below 5 %.',
    ]);
    assert.equal(health.usable, true, 'a warning stops nothing');
  });

  it('takes the warning back at 21 %, not at once, and warns anew after it', async () => {
    for (const free of [199, 205, 199]) await look(disk(free));
    assert.equal(told.length, 1);
    for (const free of [210, 199]) await look(disk(free));
    assert.deepEqual(
      told.map((text) => text.split(' ')[1]),
      ['disk-low', 'disk-enough', 'disk-low'],
    );
  });

  it('stops enforcement below 5 %, not at it, and lets it resume at 6 %, not before', async () => {
    assert.equal(await look(disk(50)), true);
    assert.equal(await look(disk(49)), false);
    assert.equal(await look(disk(59)), false, 'it does not flap');
    assert.equal(await look(disk(60)), true);
    assert.equal(await look(disk(50)), true);
    assert.deepEqual(
      changes.map(([usable]) => usable),
      [false, true],
    );
    assert.equal(
      changes[0]?.[1],
      'Disk of /var/lib/kerbside: 4.9 % free (49 MB of 1 GB); at least 5 % needed, enforcement resumes at 6 %.',
    );
  });

  it('says the latest while the disk fills on', async () => {
    await look(disk(49));
    await look(disk(10));
    assert.match(health.detail, /1 % free \(10 MB of 1 GB\)/);
  });

  it('counts inodes where the file system has them', async () => {
    assert.equal(await look(disk(500, { files: 1000, ffree: 49 })), false);
    assert.match(health.detail, /4\.9 % of its inodes free \(49 of 1000\)/);
    assert.equal(await look(disk(500, { files: 1000, ffree: 60 })), true);
    assert.equal(await look(disk(500, { files: 0, ffree: 0 })), true, 'one that counts none has enough');
  });

  it('does not count what is kept for root', () => {
    assert.equal(freeShare(disk(0, { bfree: 50 })).share, 0);
    // As df prints it: 95 of 950 that may be used.
    assert.equal(freeShare(disk(0, { bfree: 145, bavail: 95 })).share, 0.1);
    assert.equal(freeShare({ ...disk(0), blocks: 0 }).share, 0, 'a disk without any block has none free');
  });

  it('a disk that does not tell is a refusal, until it tells again', async () => {
    assert.equal(await look(new Error('EIO: i/o error, statfs')), false);
    assert.match(health.detail, /^Disk of \/var\/lib\/kerbside: does not tell .*EIO.*expected/);
    assert.equal(await look(disk(500)), true);
  });

  it('one that hangs is a refusal, is asked once, and is believed when it answers', async () => {
    let answer: (figures: DiskFigures) => void = () => undefined;
    now = new Promise<DiskFigures>((resolve) => (answer = resolve));
    await watch.start();
    assert.equal(health.usable, false);
    assert.match(health.detail, /within 10 ms/);
    now = disk(500);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(health.usable, false, 'nobody else is asked meanwhile');
    answer(disk(500));
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(health.usable, true);
  });

  it('looks at once and then again and again, and no more after the end', async () => {
    now = disk(400);
    await watch.start();
    assert.deepEqual(shares, [0.4]);
    now = disk(10);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(health.usable, false);
    watch.stop();
    now = disk(400);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(health.usable, false);
  });

  it('without a stand-in it reads the real disk', async () => {
    const seen: number[] = [];
    const real = new DiskWatch({
      folder: '/tmp',
      health,
      onDisk: ({ freeShare: share }) => seen.push(share),
      onNotice: () => undefined,
    });
    await real.look();
    assert.ok(seen[0]! > 0 && seen[0]! <= 1);
  });
});
