/** The workshop as a process of its own, spoken to as the office speaks to it. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockWhenFree } from '../../firmware/store/lock.js';
import type { FromWorkshop, ToWorkshop } from '../../firmware/workshop/messages.js';
import { decodeRecord } from '../../src/evidence/record.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { emptyExposure, fullExposure, sampleContext, sampleLink } from '../evidence/samples.js';
import { jpegFile, sha256 } from './camera-files.js';

const inDemo = (exposure: ConcludedExposure): ConcludedExposure => ({
  ...exposure,
  facts: { ...exposure.facts, demo: true },
});
const emptyDemo = inDemo(emptyExposure);

const PROGRAM = fileURLToPath(new URL('../../firmware/workshop/main.js', import.meta.url));

describe('the workshop process', () => {
  let root: string;
  let camera: string;
  let child: ChildProcess;
  let heard: FromWorkshop[];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-workshop-'));
    camera = join(root, 'camera');
    mkdirSync(camera);
    heard = [];
    child = fork(PROGRAM, [], { serialization: 'advanced' });
    child.on('message', (message) => heard.push(message as FromWorkshop));
    await hear('started');
  });

  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(root, { recursive: true });
  });

  const say = (message: ToWorkshop): void => {
    child.send(message);
  };

  /** The next message of this type, taken out of what was heard. */
  async function hear<T extends FromWorkshop['type']>(type: T): Promise<Extract<FromWorkshop, { type: T }>> {
    for (;;) {
      const at = heard.findIndex((message) => message.type === type);
      if (at >= 0) return heard.splice(at, 1)[0] as Extract<FromWorkshop, { type: T }>;
      await once(child, 'message');
    }
  }

  const watch = (folder: string): void => {
    say({ type: 'watch', folder, keysFolder: join(root, 'keys'), lockFile: join(root, 'workshop.lock') });
  };

  const sealJob = (jobId: number, exposure = fullExposure): Extract<ToWorkshop, { type: 'seal' }> => {
    const work = { type: 'exposure', exposure, context: sampleContext } as const;
    const directory = join(root, 'evidence', '000123');
    return { type: 'seal', jobId, work, link: sampleLink, directory, softwareVersion: '0.1.0' };
  };

  it('reports, seals, forgets and stops', async () => {
    const file = jpegFile();
    watch(camera);
    writeFileSync(join(camera, 'DSC_0042.JPG'), file);
    const { image, atNs } = await hear('image');
    assert.deepEqual([image.sha256, image.problem], [sha256(file), null]);
    assert.ok(atNs > 0);

    say(sealJob(7, { ...fullExposure, imageSha256: image.sha256 }));
    const sealed = await hear('sealed');
    assert.deepEqual([sealed.jobId, sealed.name], [7, '000123/000123002.record']);
    assert.ok(sealed.image !== null);
    assert.equal(sealed.image.sha256, sha256(readFileSync(sealed.image.path)));
    assert.equal(decodeRecord(readFileSync(sealed.record.path)).sealedImageSha256, sealed.image.sha256);
    assert.ok(!('inspect' in sealed.stageMs), 'the scan was walked when the file came in');
    assert.ok(existsSync(join(camera, 'DSC_0042.JPG')));

    say({ type: 'forget-image', imageId: 'DSC_0042.JPG', sha256: image.sha256 });
    say({ type: 'stop' });
    await hear('stopped');
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal(child.exitCode, 0);
    assert.ok(!existsSync(join(camera, 'DSC_0042.JPG')));
    assert.deepEqual(heard, []);
  });

  it('does not forget a newer picture under the same name', async () => {
    const [old, newer] = [jpegFile(320, 200, 1), jpegFile(320, 200, 2)];
    writeFileSync(join(camera, 'DSC_0001.JPG'), newer);
    watch(camera);
    say({ type: 'forget-image', imageId: 'DSC_0001.JPG', sha256: sha256(old) });
    assert.equal((await hear('image')).image.sha256, sha256(newer));
    say({ type: 'forget-image', imageId: 'DSC_0000.JPG', sha256: sha256(old) });
    say({ type: 'stop' });
    await hear('stopped');
    assert.ok(readFileSync(join(camera, 'DSC_0001.JPG')).equals(newer));
    assert.deepEqual(heard, [], 'a file that is gone is no fault');
  });

  it('ICN-2: says that a number is taken, which is not the fault of the image', async () => {
    const directory = join(root, 'evidence', '000123');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${emptyDemo.icn}.record`), 'another');
    watch(camera);
    say(sealJob(1, emptyDemo));
    const { kind, retry, numberTaken } = await hear('failed');
    assert.deepEqual([kind, retry, numberTaken], ['evidence-damaged', false, true]);
    assert.equal(readFileSync(join(directory, `${emptyDemo.icn}.record`), 'utf8'), 'another');
  });

  it('finds files that were there before it, and says what is wrong with a file', async () => {
    writeFileSync(join(camera, 'readme1.txt'), 'hello');
    watch(camera);
    assert.equal((await hear('image')).image.problem, 'image-not-jpeg');
  });

  it('answers jobs that fail: later, when folder or key is not there yet; never, when the image is at fault', async () => {
    say(sealJob(1));
    const early = await hear('failed');
    assert.deepEqual([early.jobId, early.retry], [1, true]);
    watch(camera);
    say(sealJob(2));
    const missing = await hear('failed');
    assert.deepEqual([missing.jobId, missing.kind, missing.retry], [2, 'image-unreadable', false]);
    say(sealJob(3, emptyDemo));
    assert.equal((await hear('sealed')).image, null);
    say(sealJob(4, emptyExposure));
    const keyless = await hear('failed');
    assert.deepEqual([keyless.jobId, keyless.kind, keyless.retry], [4, 'key-missing', true]);
  });

  it('says that the folder cannot be read', async () => {
    watch(join(root, 'nowhere'));
    const fault = await hear('fault');
    assert.equal(fault.kind, 'image-unreadable');
    assert.match(fault.sentence, /nowhere cannot be read/);
  });

  it('never seals beside another workshop: the job waits until that one is gone', async () => {
    const other = await lockWhenFree(join(root, 'workshop.lock'), new AbortController().signal);
    watch(camera);
    say(sealJob(1, { ...emptyExposure, facts: { ...emptyExposure.facts, demo: true } }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(
      heard.filter(({ type }) => type === 'sealed' || type === 'failed'),
      [],
    );
    await other?.release();
    await hear('sealed');
  });

  it('ends when the office is gone', async () => {
    watch(camera);
    child.disconnect();
    await once(child, 'exit');
    assert.equal(child.exitCode, 0);
  });
});
