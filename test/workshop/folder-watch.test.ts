/** The camera's folder: an image is reported when it is complete, once, and what can never be one is named. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderWatch } from '../../firmware/workshop/folder-watch.js';
import type { KerbsideError } from '../../src/errors.js';
import type { ImageArrival } from '../../src/timeline.js';
import { jpegFile, sha256, withExif } from './camera-files.js';

const QUIET_MS = 300;
const INCOMPLETE_MS = 30_000;

describe("the camera's folder", () => {
  let folder: string;
  let watch: FolderWatch;
  let nowMs: number;
  let images: ImageArrival[];
  let faults: KerbsideError[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-folder-'));
    nowMs = 1000;
    images = [];
    faults = [];
    watch = new FolderWatch({
      ...{ folder, quietMs: QUIET_MS, incompleteAfterMs: INCOMPLETE_MS, rescanMs: 3_600_000 },
      nowMs: () => nowMs,
      onImage: (image) => images.push(image),
      onFault: (fault) => faults.push(fault),
    });
  });

  afterEach(() => {
    watch.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(folder, name), bytes);
  };
  const scanAfter = (ms: number): void => {
    nowMs += ms;
    watch.scan();
  };
  const problems = () => images.map(({ fileName, problem }) => [fileName, problem]);

  it('reports a complete file at once, with hash, counter, clock and body, and only once', () => {
    const file = withExif(jpegFile(), { stamp: '2026:06:06 19:08:09', subSeconds: '50', serial: '20260815' });
    write('DSC_0042.JPG', file);
    watch.scan();
    scanAfter(60_000);
    assert.deepEqual(images, [
      {
        ...{ imageId: 'DSC_0042.JPG', fileName: 'DSC_0042.JPG', sha256: sha256(file), bytes: file.length },
        ...{ problem: null, counter: 42, serialNumber: '20260815', duplicate: false },
        ...{ cameraClockMs: Date.UTC(2026, 5, 6, 19, 8, 9, 500), cameraClockResolutionMs: 10 },
      },
    ]);
  });

  it('waits for the end of a file that comes in pieces, however long it rests between them', () => {
    const file = jpegFile();
    write('a1.jpg', new Uint8Array(0));
    for (let at = 0; at < file.length; at += 2000) {
      appendFileSync(join(folder, 'a1.jpg'), file.subarray(at, at + 2000));
      if (at + 2000 < file.length) scanAfter(INCOMPLETE_MS - 1000);
    }
    assert.equal(images.length, 0);
    watch.scan();
    assert.deepEqual([images.length, images[0]?.problem, images[0]?.sha256], [1, null, sha256(file)]);
  });

  it('reports a file that stays cut off, after the time for that, by its name', () => {
    const cut = jpegFile().subarray(0, 3000);
    write('a1.jpg', cut);
    watch.scan();
    scanAfter(INCOMPLETE_MS - 1);
    assert.equal(images.length, 0);
    scanAfter(1);
    assert.deepEqual(problems(), [['a1.jpg', 'image-truncated']]);
    assert.deepEqual([images[0]?.sha256, images[0]?.bytes], [sha256(cut), 3000]);
  });

  it('is not deceived by a size that has settled: a preallocated file is waited for', () => {
    const file = jpegFile();
    write('a1.jpg', new Uint8Array(file.length));
    watch.scan();
    scanAfter(5000);
    write('a1.jpg', Buffer.concat([file.subarray(0, 4000), new Uint8Array(file.length - 4000)]));
    watch.scan();
    scanAfter(5000);
    assert.equal(images.length, 0);
    write('a1.jpg', file);
    watch.scan();
    assert.deepEqual(problems(), [['a1.jpg', null]]);
  });

  it('reports a file that is no JPEG at once', () => {
    write('notes1.txt', Buffer.from('hello'));
    watch.scan();
    assert.deepEqual(problems(), [['notes1.txt', 'image-not-jpeg']]);
    write('empty.jpg', new Uint8Array(0));
    write('zeros.jpg', new Uint8Array(1000));
    watch.scan();
    scanAfter(INCOMPLETE_MS);
    assert.deepEqual(problems().slice(1), [
      ['empty.jpg', 'image-truncated'],
      ['zeros.jpg', 'image-not-jpeg'],
    ]);
  });

  it('names a progressive file when it is at rest', () => {
    const file = jpegFile();
    file[file.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc2;
    write('a1.jpg', file);
    watch.scan();
    scanAfter(QUIET_MS);
    assert.deepEqual(problems(), [['a1.jpg', 'image-progressive']]);
  });

  it('waits a moment for bytes behind EOI, since more may come', () => {
    const file = jpegFile();
    const trailer = Buffer.from('maker note');
    write('a1.jpg', Buffer.concat([file, trailer.subarray(0, 5)]));
    scanAfter(0);
    appendFileSync(join(folder, 'a1.jpg'), trailer.subarray(5));
    scanAfter(QUIET_MS - 1);
    assert.equal(images.length, 0);
    scanAfter(QUIET_MS);
    assert.deepEqual([images.length, images[0]?.sha256], [1, sha256(Buffer.concat([file, trailer]))]);
  });

  it('leaves names of work in progress alone and takes their rename as complete', () => {
    for (const name of ['.a1.jpg', 'a2.jpg.part', 'a3.TMP']) write(name, jpegFile());
    write('a4.jpg.part', jpegFile().subarray(0, 3000));
    scanAfter(INCOMPLETE_MS * 2);
    assert.equal(images.length, 0);
    renameSync(join(folder, 'a2.jpg.part'), join(folder, 'a2.jpg'));
    renameSync(join(folder, 'a4.jpg.part'), join(folder, 'a4.jpg'));
    watch.scan();
    assert.deepEqual(problems(), [
      ['a2.jpg', null],
      ['a4.jpg', 'image-truncated'],
    ]);
  });

  it('takes another file under a name that was used before as another image', () => {
    write('a1.jpg', jpegFile(320, 200, 1));
    watch.scan();
    rmSync(join(folder, 'a1.jpg'));
    watch.scan();
    write('a1.jpg', jpegFile(320, 200, 2));
    watch.scan();
    write('.new', jpegFile(320, 200, 3));
    renameSync(join(folder, '.new'), join(folder, 'a1.jpg'));
    watch.scan();
    assert.equal(new Set(images.map((image) => image.sha256)).size, 3);
  });

  it('takes a reported file that is written over in place as another image', () => {
    const [first, second] = [jpegFile(320, 200, 1), jpegFile(320, 200, 2)];
    write('a1.jpg', first);
    watch.scan();
    write('a1.jpg', second.subarray(0, 3000));
    scanAfter(1000);
    write('a1.jpg', second);
    watch.scan();
    scanAfter(60_000);
    assert.deepEqual(
      images.map((image) => image.sha256),
      [sha256(first), sha256(second)],
    );
  });

  it('says once that the folder is missing, and goes on when it is there', () => {
    rmSync(folder, { recursive: true });
    watch.scan();
    watch.scan();
    assert.deepEqual(
      faults.map(({ kind }) => kind),
      ['image-unreadable'],
    );
    mkdirSync(folder);
    write('a1.jpg', jpegFile());
    watch.scan();
    assert.deepEqual(problems(), [['a1.jpg', null]]);
  });

  it('ignores folders and survives a file that shrinks', () => {
    mkdirSync(join(folder, 'sub.jpg'));
    write('a1.jpg', jpegFile().subarray(0, 3000));
    watch.scan();
    truncateSync(join(folder, 'a1.jpg'), 1);
    scanAfter(1000);
    assert.deepEqual([images, faults], [[], []]);
  });

  it('notices a file by itself', async () => {
    const arrived = new Promise<ImageArrival>((resolve) => {
      watch.stop();
      watch = new FolderWatch({
        ...{ folder, quietMs: 20, incompleteAfterMs: INCOMPLETE_MS, rescanMs: 200 },
        nowMs: () => performance.now(),
        onImage: resolve,
        onFault: (fault) => faults.push(fault),
      });
      watch.start();
    });
    write('a7.jpg', jpegFile());
    assert.equal((await arrived).counter, 7);
    assert.deepEqual(faults, []);
  });
});
