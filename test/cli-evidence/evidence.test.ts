import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import sinon from 'sinon';
import { listEvidence, recoverEvidence, showEvidence } from '../../firmware/cli/commands/evidence.js';
import type { CliContext } from '../../firmware/cli/context.js';
import { Database } from '../../firmware/store/database.js';
import { sha256Hex } from '../../firmware/store/evidence-files.js';
import { STORE_FILE, Store } from '../../firmware/store/store.js';
import { seal } from '../../firmware/workshop/seal.js';
import { KerbsideError } from '../../src/errors.js';
import { nextLink } from '../../src/evidence/chain.js';
import { chainName, type RecordWork } from '../../src/evidence/record-work.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { utcMs } from '../../src/units.js';
import { sampleContext } from '../evidence/samples.js';
import { kerbside } from '../cli/terminal.js';
import { memorySigner } from '../support/memory-signer.js';
import { RANGE, sampleDeployment, sampleExposure, sampleFacts, sampleOpened } from '../store/samples.js';

const NOW = utcMs(1_790_000_000_000);
const { signer } = memorySigner({ demo: true });

interface Entry {
  icn: string;
  files: { image?: string; record: string };
  [key: string]: unknown;
}

describe('kerbside evidence', () => {
  let root = '';
  let dataDir = '';
  let original: Uint8Array;
  let store: Store | null = null;

  const call = async (
    command: (context: CliContext) => Promise<number>,
    json: boolean,
  ): Promise<{ code: number; out: string }> => {
    let out = '';
    const context: CliContext = {
      json,
      quiet: true,
      color: false,
      configPath: join(root, 'kerbside.yaml'),
      print: (text) => (out += `${text}\n`),
      redraw: () => undefined,
      printJson: (value) => (out += JSON.stringify(value)),
      progress: () => undefined,
      warn: () => undefined,
    };
    return { code: await command(context), out };
  };
  const list = async (): Promise<Entry[]> =>
    JSON.parse((await call((context) => listEvidence(context, {}), true)).out) as Entry[];
  const recoverTo = (icn: string, output: string, force = false) =>
    call((context) => recoverEvidence(context, { icn, output, force }), false);
  const ofKind = (kind: string) => (error: unknown) => error instanceof KerbsideError && error.kind === kind;

  const commit = async (exposure: ConcludedExposure): Promise<void> => {
    assert.ok(store !== null);
    const directory = join(dataDir, 'evidence', '000001');
    const work: RecordWork = { type: 'exposure', exposure, context: sampleContext };
    const link = nextLink(await store.chainHead());
    const source = { folder: join(root, 'camera'), isInspected: () => false };
    const files = await seal(
      { work, link, directory, softwareVersion: '0.1.0-test' },
      { source, signer, utcMs: () => NOW },
    );
    const entry = { ...link, type: work.type, name: chainName(work), sha256: files.record.sha256 };
    await store.commit(work, files, entry, NOW);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-evidence-'));
    dataDir = join(root, 'data');
    mkdirSync(join(root, 'camera'));
    writeFileSync(
      join(root, 'kerbside.yaml'),
      [
        'camera: { id: SC-014 }',
        `dataDir: ${dataDir}`,
        'radar: { protocol: agd350, port: /dev/radar }',
        'mounting: {}',
        'gps: {}',
        `lines: { driver: simulated, socket: ${join(root, 'lines.sock')} }`,
        `images: { source: folder, folder: ${join(root, 'camera')} }`,
      ].join('\n'),
    );
    const canvas = createCanvas(640, 480);
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#357';
    brush.fillRect(40, 40, 300, 200);
    original = new Uint8Array(await canvas.encode('jpeg', 80));
    writeFileSync(join(root, 'camera', 'IMG_0001.JPG'), original);
    store = await Store.open(dataDir, NOW);
    await store.openDeployment(sampleDeployment(), RANGE);
    await store.lease(1, 3, RANGE, sampleDeployment());
    await commit(sampleExposure('000001001', { imageId: 'IMG_0001.JPG', imageSha256: sha256Hex(original) }));
    await commit(
      sampleExposure('000001002', { kind: 'void', reason: 'image-missed', facts: sampleFacts({ school: 'Te Awa' }) }),
    );
  });
  afterEach(async () => {
    await store?.close();
    store = null;
    await rm(root, { recursive: true });
  });

  it('a doubt marks the numbers that it concerns in list and show; nothing is deleted', async () => {
    assert.ok(store !== null);
    const reason = 'In doubt: numbers 000001002 to 000001003, failed fork test.';
    const detail = { fromIcn: '000001002', untilIcn: '000001003', test: 'fork', sinceUtcMs: NOW };
    await store.addDeploymentEvent(1, { ...sampleOpened, type: 'doubt', code: 'fork', sentence: reason, detail });
    const [sound, doubtful] = await list();
    assert.equal(sound !== undefined && 'inDoubt' in sound, false);
    assert.equal(doubtful?.['inDoubt'], true);
    assert.deepEqual(doubtful['doubts'], [{ test: 'fork', reason, since: new Date(NOW).toISOString() }]);
    const text = await kerbside(['evidence', 'list', '--config', join(root, 'kerbside.yaml')]);
    assert.match(text.out, /000001002 .*void \(!\) IN DOUBT/);
    assert.doesNotMatch(text.out, /000001001 .*IN DOUBT/);
    assert.ok(text.out.includes(`(!) IN DOUBT ${reason}`));
    const shown = await kerbside(['evidence', 'show', '000001002', '--config', join(root, 'kerbside.yaml')]);
    assert.match(shown.out, /IN DOUBT .*failed fork test/);
  });

  it('EXP-1: the list ends with the age of the oldest image that PIB has not confirmed', async () => {
    const last = async (): Promise<string> =>
      (await kerbside(['evidence', 'list', '--config', join(root, 'kerbside.yaml')])).out
        .trimEnd()
        .split('\n')
        .at(-1) ?? '';
    const sampleMs = sampleExposure('000001001').facts.utcMs ?? 0;
    const clock = sinon.useFakeTimers({ now: sampleMs + 3 * 86_400_000, toFake: ['Date'] });
    try {
      assert.match(await last(), /^Warning: The oldest image .* is 3 days 0 hours old; EXP-1 allows 5 days/);
      clock.setSystemTime(sampleMs + 4 * 86_400_000);
      assert.match(await last(), /^ALARM: .* 4 days 0 hours old/);
      clock.setSystemTime(sampleMs);
      assert.match(await last(), /^The oldest image .* is 0 hours old/);
    } finally {
      clock.restore();
    }
    assert.equal(await store?.oldestUnexportedUtcMs(), sampleMs);
    // Without a controller `check` reads the same store.
    const { out } = await kerbside(['check', '--json', '--config', join(root, 'kerbside.yaml')]);
    const { checks } = JSON.parse(out) as { checks: { id: string; status: string; sentence: string }[] };
    const due = checks.find(({ id }) => id === 'export-due');
    assert.equal(due?.status, 'fail');
    assert.match(due.sentence, /The oldest image .* it is overdue/);
    const database = await Database.open(join(dataDir, STORE_FILE), 'write');
    await database.run("INSERT INTO exports VALUES ('000001001', 0)").finally(() => database.close());
    assert.equal(await store?.oldestUnexportedUtcMs(), null);
    assert.equal(await last(), 'No image waits for its export to PIB (EXP-1).');
  });

  it('list --json has the shape of the contract, while a controller has the store open', async () => {
    const [incident, missed, ...rest] = await list();
    assert.deepEqual(rest, []);
    assert.ok(incident !== undefined && missed !== undefined);
    const { files, sha256, ...values } = incident;
    assert.deepEqual(values, {
      icn: '000001001',
      incident: '000001001',
      imageNumber: 1,
      imageCount: 1,
      deployment: '000001',
      kind: 'incident',
      speedKmh: 73,
      measuredKmh: 73.62,
      limitKmh: 50,
      thresholdKmh: 61,
      direction: 'away',
      lane: 'L1',
      rangeM: 21.5,
      siteCode: '4711',
      latitude: -39.4928,
      longitude: 176.9121,
      utc: '2026-09-21T14:13:25.000Z',
      localTime: '2026-09-22T02:13:25.000+12:00',
      demo: true,
    });
    assert.equal(files.image, join(dataDir, 'evidence', '000001', '000001001.jpg'));
    assert.equal((sha256 as Record<string, string>)['original'], sha256Hex(original));
    assert.equal((sha256 as Record<string, string>)['image'], sha256Hex(readFileSync(files.image)));
    assert.equal(missed['reason'], 'image-missed');
    assert.equal(missed['school'], 'Te Awa');
    assert.equal(missed['utc'], null);
    assert.deepEqual(Object.keys(missed.files), ['record', 'signature']);
    assert.equal('lane' in missed, false);
  });

  it('ICN-3: leading zeros are kept for people, too', async () => {
    const { out, code } = await call((context) => listEvidence(context, {}), false);
    assert.equal(code, 0);
    assert.match(out, /│ 000001001 │ incident/);
    assert.match(out, /│ 000001002 │ void +│ image-missed/);
    assert.match(out, /DEMO – NOT EVIDENCE/);
  });

  it('without a store the records alone give the same list', async () => {
    const before = await list();
    await store?.close();
    store = null;
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dataDir, STORE_FILE + suffix), { force: true });
    assert.deepEqual(await list(), before);
  });

  it('after the controller has ended the list is the same, and nothing is changed', async () => {
    const before = await list();
    await store?.close();
    store = null;
    assert.deepEqual(await list(), before);
    const again = await Store.open(dataDir, NOW);
    await again.close();
  });

  it('an empty data folder is an empty list', async () => {
    await store?.close();
    store = null;
    await rm(dataDir, { recursive: true });
    assert.deepEqual(await list(), []);
  });

  it('show gives the whole record with the raw frames', async () => {
    const { out } = await call((context) => showEvidence(context, { icn: '000001001' }), true);
    const shown = JSON.parse(out) as { softwareVersion: string; exposure: { readings: { rawHex: string }[] } };
    assert.equal(shown.softwareVersion, '0.1.0-test');
    assert.equal(shown.exposure.readings[0]?.rawHex, '0100ff');
    const { out: text } = await call((context) => showEvidence(context, { icn: '000001001' }), false);
    assert.match(text, /73 km\/h \(measured 73\.62\)/);
    assert.match(text, /type not approved/);
  });

  it('ICN-3: a number without its leading zeros, and one that is not there, are refused as input', async () => {
    for (const icn of ['1001', '000009001', '../000001001']) {
      await assert.rejects(
        call((context) => showEvidence(context, { icn }), true),
        (error) => error instanceof KerbsideError && error.kind === 'icn-unknown' && error.exitCode === 2,
        icn,
      );
    }
  });

  it('recover writes the file of the camera byte for byte', async () => {
    const output = join(root, 'original.jpg');
    const { code, out } = await recoverTo('000001001', output);
    assert.equal(code, 0);
    assert.deepEqual(new Uint8Array(readFileSync(output)), original);
    assert.ok(out.includes(sha256Hex(original)));
  });

  it('recover does not write over a file unless it is told to', async () => {
    const output = join(root, 'original.jpg');
    writeFileSync(output, 'precious');
    await assert.rejects(recoverTo('000001001', output), ofKind('usage'));
    assert.equal(readFileSync(output, 'utf8'), 'precious');
    await recoverTo('000001001', output, true);
    assert.deepEqual(new Uint8Array(readFileSync(output)), original);
  });

  it('recover refuses an image whose bytes are not those of the record, and writes nothing', async () => {
    const sealed = join(dataDir, 'evidence', '000001', '000001001.jpg');
    const bytes = readFileSync(sealed);
    // Within the coded data of the photo: still a JPEG, another picture.
    const scan = bytes.lastIndexOf(Buffer.from([0xff, 0xda]));
    bytes[scan + 40] = (bytes[scan + 40] ?? 0) ^ 1;
    writeFileSync(sealed, bytes);
    const output = join(root, 'original.jpg');
    await assert.rejects(recoverTo('000001001', output), ofKind('evidence-damaged'));
    assert.throws(() => readFileSync(output));
  });

  it('recover of a number without an image says why there is none', async () => {
    await assert.rejects(recoverTo('000001002', join(root, 'x.jpg')), (error) => {
      assert.ok(error instanceof KerbsideError);
      assert.match(error.message, /void, image-missed/);
      return true;
    });
  });

  it('a record that is gone is missing evidence', async () => {
    rmSync(join(dataDir, 'evidence', '000001', '000001001.record'));
    await assert.rejects(
      call((context) => showEvidence(context, { icn: '000001001' }), true),
      (error) => error instanceof KerbsideError && error.kind === 'evidence-damaged' && error.exitCode === 5,
    );
  });
});
