/**
 * Bad input to `kerbside run`: each one clear sentence on stderr with where, what was found and what was expected, the
 * contract's exit code, never a stack trace, and nothing that was recorded is lost.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { agdFrame, crossing } from '../support/agd-feed.js';
import { OutsideVan, picture, runCli } from '../support/outside-van.js';
import { SmallDisk } from '../support/small-disk.js';
import { requireTools } from '../support/tools.js';
import { outsideSite, VAN_POSITION } from '../support/outside-site.js';

const RADAR = { protocol: 'agd350', baudRate: 921600, parity: 'odd' };

describe('bad input to kerbside run', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-bad-'));
    mkdirSync(join(folder, 'camera'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(changes: Record<string, unknown>, site = outsideSite()) {
    const siteFile = join(folder, 'site.yaml');
    writeFileSync(siteFile, stringify(site));
    const configFile = join(folder, 'kerbside.yaml');
    const config = {
      camera: { id: 'SC-014' },
      dataDir: join(folder, 'data'),
      siteFile,
      radar: { ...RADAR, port: join(folder, 'no-such-radar') },
      mounting: {},
      gps: { port: 1 },
      lines: { driver: 'simulated', socket: join(folder, 'lines.sock') },
      images: { folder: join(folder, 'camera') },
      console: { port: 0 },
      ...changes,
    };
    writeFileSync(configFile, stringify(config));
    const result = await runCli(['run', '--config', configFile]);
    assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack trace');
    return result;
  }

  it('an unknown key: exit 2, with the line and the key', async () => {
    const result = await run({ camra: { id: 'x' } });
    assert.equal(result.code, 2, result.stderr);
    assert.match(result.stderr, /kerbside\.yaml:\d+.*camra/);
  });

  it('a radar port that is not there: exit 4, with the path', async () => {
    const result = await run({});
    assert.equal(result.code, 4, result.stderr);
    assert.match(result.stderr, /no-such-radar/);
  });

  it('a radar port that is a plain file: exit 4', async () => {
    const port = join(folder, 'plain-file');
    writeFileSync(port, 'not a tty');
    const result = await run({ radar: { ...RADAR, port } });
    assert.equal(result.code, 4, result.stderr);
    assert.match(result.stderr, /plain-file/);
  });

  it('a machine without GPIO: exit 4, and what to do', async () => {
    const gpioRoot = join(folder, 'no-gpio');
    const result = await run({ lines: { driver: 'onoff', shutter: 17, gpioRoot } });
    assert.equal(result.code, 4, result.stderr);
    assert.match(result.stderr, /no-gpio/);
  });

  it('DET-1: a site without a threshold: exit 2, naming what is missing', async () => {
    const { threshold: _threshold, ...site } = outsideSite();
    const result = await run({}, site);
    assert.equal(result.code, 2, result.stderr);
    assert.match(result.stderr, /site\.yaml.*threshold/s);
  });
});

describe('bad input while running', function () {
  this.timeout(120_000);
  let van: OutsideVan;
  let heartbeat: NodeJS.Timeout;

  async function start(options: Partial<Parameters<typeof OutsideVan.start>[0]> = {}): Promise<void> {
    van = await OutsideVan.start({ radar: RADAR, site: outsideSite(), van: VAN_POSITION, ...options });
    heartbeat = setInterval(() => van.feed(agdFrame('HB,43200.00')), 500);
    await van.armed();
  }

  /** Where stderr tells this state after `from`; -1: it does not. */
  const stateAfter = (state: string, from: number): number => van.stderr.indexOf(`State: ${state}.`, from);

  afterEach(async () => {
    clearInterval(heartbeat);
    await van.dispose();
  });

  it('garbage from the radar (wrong baud rate or parity) is named, and nothing is enforced', async () => {
    await start();
    clearInterval(heartbeat);
    const noise = setInterval(
      () => van.feed(Buffer.from(Array.from({ length: 40 }, (_, i) => (i * 37 + 130) & 0xff))),
      100,
    );
    await van.until('the sentence', () => /check baud rate and parity/.test(van.stderr), 20_000);
    clearInterval(noise);
    assert.match(van.stderr, /921600, odd/);
  });

  it('an image that is no JPEG, and a progressive one, are kept and named, never issued', async function () {
    requireTools(this, ['cjpeg']);
    const progressive = execFileSync('cjpeg', ['-progressive'], { input: ppm() });
    let shot = 0;
    await start({
      camera: async (outside) => {
        shot += 1;
        await sleep(20);
        outside.setLine('strobe', 1);
        outside.setLine('strobe', 0);
        await sleep(100);
        if (shot === 2) outside.deliver(undefined, Buffer.from('this is a text, no picture'));
        else if (shot === 4) outside.deliver(undefined, progressive);
        else outside.deliver();
      },
    });
    for (const track of [1, 2]) {
      await van.until('synced', () => van.stderr.lastIndexOf('enforcing') > van.stderr.lastIndexOf('suspended'));
      await sleep(700);
      for (const { bytes } of crossing({ track, speedKmh: 92.7, direction: 'A', lateralM: 5.25 })) {
        van.feed(bytes);
        await sleep(20);
      }
      await sleep(1500);
    }
    await van.until('both concluded', async () => {
      return (await van.evidence()).filter(({ reason }) => reason === 'image-unusable').length >= 4;
    });
    assert.match(van.stderr, /image-unusable/);
    const rows = await van.evidence();
    assert.equal(rows.filter(({ kind }) => kind === 'incident').length, 0);
    assert.equal(readdirSync(join(van.dataDir, 'dropped')).length, 2, 'both files are kept');
    assert.equal(await van.close(), 0, van.stderr);
  });

  it('a full disk suspends enforcement with a sentence, loses nothing, and resumes when there is space', async function () {
    const disk = SmallDisk.mount(this, 6);
    try {
      await start({
        config: { dataDir: join(disk.folder, 'data') },
        // Full between the pulse and the image: the watch of the disk's level comes too late for this one.
        camera: async (outside, shot) => {
          await sleep(20);
          outside.setLine('strobe', 1);
          outside.setLine('strobe', 0);
          await sleep(100);
          if (shot === 2) disk.fillTo(40_000);
          outside.deliver();
        },
      });
      await sleep(700);
      for (const { bytes } of crossing({ track: 1, speedKmh: 92.7, direction: 'A', lateralM: 5.25 })) {
        van.feed(bytes);
        await sleep(20);
      }
      await van.until(
        'the sentence',
        () => /disk|space/i.test(van.stderr.slice(van.stderr.indexOf('enforcing'))),
        20_000,
      );
      await van.until('state suspended', () => stateAfter('suspended', 0) >= 0);
      disk.empty();
      await van.until('the image sealed after all', async () => {
        return (await van.evidence()).some(({ kind }) => kind === 'incident');
      });
      await van.until('state enforcing again', () => stateAfter('enforcing', stateAfter('suspended', 0)) >= 0);
      assert.equal(await van.close(), 0, van.stderr);
      const rows = await van.evidence();
      const numbers = rows.map(({ icn }) => Number(icn)).toSorted((a, b) => a - b);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => (numbers[0] ?? 0) + index),
        'no number is missing',
      );
      assert.equal((numbers[0] ?? 0) % 1000, 1, 'from the first of the deployment on');
      const fired = rows.filter(({ reason }) => reason !== 'lease-unused').map(({ kind }) => kind);
      assert.deepEqual(fired.toSorted(), ['incident', 'sync'], van.stderr);
      assert.equal(van.shots, fired.length, 'each shot has its number');
    } finally {
      await van.kill();
      disk.unmount();
    }
  });
});

/** A small picture for cjpeg. */
function ppm(): Buffer {
  const pixels = Buffer.alloc(64 * 48 * 3, 128);
  picture(1).copy(pixels, 0, 0, 600);
  return Buffer.concat([Buffer.from('P6\n64 48\n255\n'), pixels]);
}
