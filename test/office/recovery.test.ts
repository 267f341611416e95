import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeEventRecord } from '../../src/evidence/event-record.js';
import { KerbsideError } from '../../src/errors.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { accountFor } from '../../firmware/office/accounting.js';
import { Office } from '../../firmware/office/office.js';
import { JOURNAL_FILE } from '../../firmware/office/records.js';
import { RecordChain } from '../../firmware/office/record-chain.js';
import { Journal } from '../../firmware/store/journal.js';
import { readDoubts, readExposures } from '../../firmware/store/reader.js';
import { Store } from '../../firmware/store/store.js';
import { sampleContext } from '../evidence/samples.js';
import { RANGE, sampleDeployment, sampleExposure, sampleFacts, sampleOpened, sampleStart } from '../store/samples.js';
import { makeVan, sha256, until, writeSealedExposure, type Van } from './fakes.js';

const NOW = utcMs(1_790_000_000_000);

describe('Recovery after a crash (crash table)', () => {
  let root = '';
  let van: Van;
  let office: Office | null = null;

  /** What a killed office leaves on the disk: `arrange` writes it, nothing is closed in order. */
  const crashed = async (
    arrange: (left: { store: Store; journal: Journal; icns: readonly string[]; evidence: string }) => Promise<void>,
    opened = sampleDeployment(),
  ): Promise<void> => {
    const { dataDir, imageFolder } = van.parts;
    mkdirSync(imageFolder, { recursive: true });
    const store = await Store.open(dataDir, NOW);
    const { journal } = await Journal.open(join(dataDir, JOURNAL_FILE));
    await store.openDeployment(opened, RANGE);
    const { icns } = await store.lease(1, 3, RANGE, opened);
    await arrange({ store, journal, icns, evidence: join(dataDir, 'evidence', '000001') });
    await journal.close();
    await store.close();
  };
  const restart = async (): Promise<void> => {
    office = await Office.start(van.parts);
    await until(async () => (await readExposures(van.parts.dataDir)).length === 3);
  };
  const outcomes = async () =>
    (await readExposures(van.parts.dataDir)).map(({ exposure }) => [exposure.icn, exposure.kind, exposure.reason]);
  const UNUSED = [
    ['000001002', 'void', 'crash-unknown'],
    ['000001003', 'void', 'lease-unused'],
  ];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-recovery-'));
    van = makeVan(root);
  });
  afterEach(async () => {
    await office?.abort();
    office = null;
    await rm(root, { recursive: true });
  });

  it('ICN-2: lease given, nothing journalled: the next number is unknown, the others unused; each has a record', async () => {
    await crashed(() => Promise.resolve());
    await restart();
    assert.deepEqual(await outcomes(), [
      ['000001001', 'void', 'crash-unknown'],
      ['000001002', 'void', 'lease-unused'],
      ['000001003', 'void', 'lease-unused'],
    ]);
    for (const row of await readExposures(van.parts.dataDir)) {
      assert.equal(sha256(readFileSync(join(van.parts.dataDir, row.recordFile))), row.recordSha256);
      assert.equal(row.imageFile, null);
      assert.equal(row.exposure.facts.siteCode, '4711');
    }
    assert.equal(office?.status.deployment, '000002');
  });

  it('ICN-2: journalled, no image: image-missed, with the time of the trigger; a late image is handed over as new', async () => {
    await crashed(({ journal, icns }) => journal.append(sampleStart(icns[0] ?? '')));
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'void', 'image-missed'], ...UNUSED]);
    const [row] = await readExposures(van.parts.dataDir);
    assert.equal(row?.exposure.triggerNs, 5e9);
    assert.equal(row.exposure.facts.utcMs, 1_790_000_005_000);
    van.workshop.deliver('LATE.JPG', Buffer.from('late'));
    await until(() => van.trigger.ofType('image').length === 1);
    assert.equal(van.trigger.ofType('image')[0]?.image.duplicate, false);
  });

  it('ICN-2: a trigger that reached the store and not only the journal is the same', async () => {
    await crashed(({ store, icns }) => store.markFired([sampleStart(icns[0] ?? '')]));
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'void', 'image-missed'], ...UNUSED]);
  });

  const withImage = (icn: string) => {
    const bytes = Buffer.from('a picture');
    return { bytes, exposure: sampleExposure(icn, { imageId: 'IMG.JPG', imageSha256: sha256(bytes) }) };
  };

  it('concluded, not yet sealed: the job is done now, with the file that still lies in the folder of the camera', async () => {
    await crashed(async ({ store, icns }) => {
      const { bytes, exposure } = withImage(icns[0] ?? '');
      writeFileSync(join(van.parts.imageFolder, 'IMG.JPG'), bytes);
      await store.addJob(exposure);
    });
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'incident', null], ...UNUSED]);
    await until(() => van.workshop.forgotten.includes('IMG.JPG'));
    assert.deepEqual(van.trigger.ofType('image'), []);
  });

  it('image written, not committed: verified and committed without being written again', async () => {
    await crashed(async ({ store, icns, evidence }) => {
      const { bytes, exposure } = withImage(icns[0] ?? '');
      await store.addJob(exposure);
      writeSealedExposure(evidence, exposure, bytes);
    });
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'incident', null], ...UNUSED]);
    assert.equal(van.workshop.asked.includes('000001001'), false);
  });

  it('image written, not committed, and damaged: written again from the file of the camera', async () => {
    await crashed(async ({ store, icns, evidence }) => {
      const { bytes, exposure } = withImage(icns[0] ?? '');
      writeFileSync(join(van.parts.imageFolder, 'IMG.JPG'), bytes);
      await store.addJob(exposure);
      const { image } = writeSealedExposure(evidence, exposure, bytes);
      writeFileSync(image?.path ?? '', 'torn');
    });
    await restart();
    const [row] = await readExposures(van.parts.dataDir);
    assert.equal(row?.imageSha256, sha256(readFileSync(join(van.parts.dataDir, row?.imageFile ?? ''))));
    assert.ok(van.workshop.asked.includes('000001001'));
  });

  it('files of a number without even a job (an older store was put back): verified and committed, not voided', async () => {
    await crashed(({ icns, evidence }) => {
      const { bytes, exposure } = withImage(icns[0] ?? '');
      writeSealedExposure(evidence, exposure, bytes);
      return Promise.resolve();
    });
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'incident', null], ...UNUSED]);
  });

  it('committed, but the file of the camera was not removed yet: it is removed and no new image', async () => {
    await crashed(async ({ store, icns, evidence }) => {
      const { bytes, exposure } = withImage(icns[0] ?? '');
      const image = { imageId: 'IMG.JPG', fileName: 'IMG.JPG', sha256: sha256(bytes), bytes: bytes.length };
      const rest = { counter: null, cameraClockMs: null, cameraClockResolutionMs: 1000, serialNumber: null };
      await store.rememberImage({ ...image, ...rest, problem: null, duplicate: false }, 1, NOW);
      const { chain } = await RecordChain.open(store, NOW);
      const files = writeSealedExposure(evidence, exposure, bytes);
      await chain.commit({ type: 'exposure', exposure, context: sampleContext }, files, NOW);
      await chain.close();
    });
    await restart();
    van.workshop.deliver('IMG.JPG', Buffer.from('a picture'));
    await until(() => van.workshop.forgotten.includes('IMG.JPG'));
    assert.deepEqual(van.trigger.ofType('image'), []);
    assert.deepEqual(await outcomes(), [['000001001', 'incident', null], ...UNUSED]);
  });

  it('ICN-2: a crash during recovery is recovered from, too', async () => {
    await crashed(({ journal, icns }) => journal.append(sampleStart(icns[0] ?? '')));
    van.workshop.refuse = () => 'silent';
    const half = await Office.start(van.parts);
    await half.abort();
    assert.deepEqual(await outcomes(), []);
    van = makeVan(root);
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'void', 'image-missed'], ...UNUSED]);
  });

  it('a deployment of an operator that crashed had no test at its end: what followed the last good one is in doubt', async () => {
    const plan = { ...sampleOpened, detail: { startedBy: 'technician', plan: {}, forks: ['F-1'] } };
    await crashed(
      async ({ store, journal, icns }) => {
        const heard = {
          ...sampleOpened,
          type: 'test',
          code: 'fork',
          atNs: monotonicNs(6e9),
          detail: { passed: true },
        } as const;
        await journal.append(sampleStart(icns[0] ?? ''));
        await store.addDeploymentEvent(1, heard);
        await journal.append(sampleStart(icns[1] ?? '', { atNs: monotonicNs(7e9) }));
      },
      sampleDeployment({ opened: plan }),
    );
    await restart();
    const doubts = await readDoubts(van.parts.dataDir);
    assert.deepEqual(
      doubts.map(({ test, fromIcn, untilIcn }) => [test, fromIcn, untilIcn]),
      [['fork', '000001002', '000001002']],
    );
    const folder = join(van.parts.dataDir, 'evidence', '000001');
    await until(() => existsSync(join(folder, 'event-0004.record')));
    const types = [1, 2, 3, 4].map(
      (number) => decodeEventRecord(readFileSync(join(folder, `event-000${number}.record`))).facts.event.type,
    );
    assert.deepEqual(types, ['opened', 'test', 'doubt', 'closed'], 'told before the end, in the chain');
  });

  it('ICN-3: a session that went on after image 999 is one session: its crash puts numbers of both deployments in doubt', async () => {
    const plan = { ...sampleOpened, detail: { startedBy: 'technician', plan: {}, forks: ['F-1'] } };
    const opened = sampleDeployment({ opened: plan });
    await crashed(async ({ store, icns }) => {
      const heard = {
        ...sampleOpened,
        type: 'test',
        code: 'fork',
        atNs: monotonicNs(4e9),
        detail: { passed: true },
      } as const;
      await store.addDeploymentEvent(1, heard);
      await store.markFired([sampleStart(icns[0] ?? '')]);
      const { icns: further, deployment } = await store.lease(1, 998, RANGE, opened);
      assert.equal(deployment, 2);
      await store.markFired([sampleStart(further.at(-1) ?? '', { atNs: monotonicNs(7e9) })]);
    }, opened);
    office = await Office.start(van.parts);
    const doubts = await readDoubts(van.parts.dataDir);
    assert.deepEqual(
      doubts.map(({ test, fromIcn, untilIcn }) => [test, fromIcn, untilIcn]),
      [['fork', '000001001', '000002002']],
    );
  });

  it('a cut tail of the journal costs the trigger that was being written, no other', async () => {
    await crashed(async ({ journal, icns }) => {
      await journal.append(sampleStart(icns[0] ?? ''));
      const whole = journal.usedBytes;
      await journal.append(sampleStart(icns[1] ?? ''));
      const path = join(van.parts.dataDir, JOURNAL_FILE);
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, whole + 20));
    });
    await restart();
    assert.deepEqual(await outcomes(), [['000001001', 'void', 'image-missed'], ...UNUSED]);
  });

  it('a damaged store is refused with one sentence and the exit code of evidence integrity', async () => {
    await crashed(() => Promise.resolve());
    const file = join(van.parts.dataDir, 'kerbside.db');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096, bytes.length);
    writeFileSync(file, bytes);
    await assert.rejects(Office.start(van.parts), (error) => error instanceof KerbsideError && error.exitCode === 5);
  });

  it('ICN-2: whatever was fired, every open number gets exactly one end and only one is unknown', () => {
    fc.assert(
      fc.property(fc.nat({ max: 8 }), fc.nat({ max: 12 }), fc.boolean(), (fired, leased, orderly) => {
        const open = Array.from({ length: fired + leased }, (_, index) => {
          const icn = `000001${String(index + 1).padStart(3, '0')}`;
          const state = index < fired ? ('fired' as const) : ('leased' as const);
          const start = state === 'fired' ? sampleStart(icn) : null;
          return { icn, deployment: 1, lease: 1, state, kind: null, reason: null, start, facts: sampleFacts() };
        });
        const ends = accountFor(open, orderly ? 'orderly' : 'crash', monotonicNs(1));
        const count = (reason: string): number => ends.filter((end) => end.reason === reason).length;
        assert.deepEqual(
          ends.map(({ icn }) => icn),
          open.map(({ icn }) => icn),
        );
        assert.equal(count('image-missed'), fired);
        assert.equal(count('crash-unknown'), orderly || leased === 0 ? 0 : 1);
        assert.equal(count('lease-unused'), leased - count('crash-unknown'));
      }),
    );
  });
});
