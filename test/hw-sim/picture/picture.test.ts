/** The pretend camera's pictures and files. Small ones: what is judged is content and form, not beauty. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { imageName } from '../../../hw-sim/instruments/camera.js';
import { exifSegment } from '../../../hw-sim/picture/exif.js';
import type { JpegEncoder } from '../../../hw-sim/picture/jpeg.js';
import { createEncoder } from '../../../hw-sim/picture/jpeg.js';
import { PictureClient } from '../../../hw-sim/picture/picture-client.js';
import type { SceneSettings, SeenVehicle, Shot } from '../../../hw-sim/picture/scene.js';
import { Studio } from '../../../hw-sim/picture/scene.js';
import { requireTools } from '../../support/tools.js';

const SCENE: SceneSettings = {
  widthPx: 640,
  heightPx: 480,
  angleDeg: 22.5,
  seed: 1,
  road: {
    turn: -1,
    nearEdgeM: 3,
    farEdgeM: 13.7,
    edgeLinesM: [3.5, 10.5],
    boundaries: [{ lateralM: 7, opposing: true }],
  },
};
const seen = (changes: Partial<SeenVehicle> = {}): SeenVehicle => ({
  kind: 'car',
  colour: 'red',
  plate: 'ABC123',
  lengthM: 4.5,
  nearAheadM: 11,
  lateralM: 5.25,
  drivesAway: false,
  ...changes,
});
const shot = (changes: Partial<Shot> = {}): Shot => ({
  light: 'day',
  flash: false,
  vehicles: [],
  grainSeed: 1,
  ...changes,
});
const EXIF = {
  make: 'Maker',
  model: 'Model 5',
  serialNumber: 'SN-1',
  clockUtcMs: Date.UTC(2026, 2, 1, 1, 2, 3, 45),
  offsetMinutes: 765,
  widthPx: 640,
  heightPx: 480,
  flash: true,
  exposureS: [1, 1000] as const,
  isoSpeed: 400,
};

describe('hw-sim pictures', () => {
  const studio = new Studio(SCENE);
  const pixels = (each: Shot): Uint8ClampedArray =>
    studio.draw(each).getContext('2d').getImageData(0, 0, 640, 480).data;
  /** Columns in which two pictures differ plainly. */
  const changed = (a: Uint8ClampedArray, b: Uint8ClampedArray): readonly [number, number] => {
    const columns: number[] = [];
    for (let i = 0; i < a.length; i += 4) {
      if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > 60) columns.push((i / 4) % 640);
    }
    return [Math.min(...columns), Math.max(...columns)];
  };
  const brightness = (data: Uint8ClampedArray): number => data.reduce((sum, value) => sum + value, 0) / data.length;
  const empty = pixels(shot());

  it('shows a vehicle where it was: in the middle of the beam when it stands on its axis, and nowhere else', () => {
    const [left, right] = changed(empty, pixels(shot({ vehicles: [seen({ nearAheadM: 10.4 })] })));
    assert.ok(left > 120 && right < 520, `${String(left)} to ${String(right)}`);
    assert.ok(left < 320 && right > 320);
  });

  it('a vehicle farther along the road is seen farther to the right by a beam that is turned to the left, and smaller', () => {
    const nearOne = changed(empty, pixels(shot({ vehicles: [seen({ nearAheadM: 10 })] })));
    const farOne = changed(empty, pixels(shot({ vehicles: [seen({ nearAheadM: 14 })] })));
    assert.ok(farOne[0] > nearOne[0] && farOne[1] > nearOne[1]);
    assert.ok(farOne[1] - farOne[0] < nearOne[1] - nearOne[0]);
  });

  it('every kind of vehicle can be drawn in both directions and every light', () => {
    for (const kind of ['car', 'van', 'truck', 'motorcycle'] as const) {
      for (const drivesAway of [false, true]) {
        const [left, right] = changed(empty, pixels(shot({ vehicles: [seen({ kind, drivesAway, nearAheadM: 12 })] })));
        assert.ok(right - left > 20, kind);
      }
    }
    assert.ok(brightness(pixels(shot({ light: 'dusk' }))) < brightness(empty));
  });

  it('night is dark, and the flash brings the vehicle back', () => {
    const vehicles = [seen({ colour: 'white' })];
    const dark = brightness(pixels(shot({ light: 'night', vehicles })));
    const lit = brightness(pixels(shot({ light: 'night', flash: true, vehicles })));
    assert.ok(dark < brightness(empty) * 0.55, String(dark));
    assert.ok(lit > dark + 5, `${String(lit)} against ${String(dark)}`);
  });

  it('another plate is another picture, and the same shot is the same picture', () => {
    const one = pixels(shot({ vehicles: [seen()] }));
    assert.deepEqual(one, pixels(shot({ vehicles: [seen()] })));
    assert.notDeepEqual(one, pixels(shot({ vehicles: [seen({ plate: 'XYZ789' })] })));
  });
});

describe('hw-sim camera files', () => {
  let encoder: JpegEncoder;
  let file: Buffer;
  let folder: string;
  before(async () => {
    encoder = await createEncoder();
    file = encoder.encode(
      new Uint8Array(640 * 480 * 4).map((_, i) => (i * 7) % 251),
      640,
      480,
      EXIF,
    );
    folder = mkdtempSync(join(tmpdir(), 'kerbside-jpeg-'));
    writeFileSync(join(folder, 'a.jpg'), file);
  });
  after(() => {
    encoder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('baseline, Exif first, no JFIF header, restart interval of one row of MCUs with all its markers', () => {
    assert.equal(file.readUInt32BE(0), 0xffd8ffe1);
    assert.equal(file.toString('latin1', 6, 10), 'Exif');
    assert.equal(file.indexOf('JFIF'), -1);
    const dri = file.indexOf(Buffer.from([0xff, 0xdd, 0, 4]));
    assert.equal(file.readUInt16BE(dri + 4), 40);
    let markers = 0;
    for (let i = 0; i + 1 < file.length; i += 1) {
      if (file[i] === 0xff && ((file[i + 1] ?? 0) & 0xf8) === 0xd0) markers += 1;
    }
    assert.equal(markers, 29);
    assert.ok(file.indexOf(Buffer.from([0xff, 0xc0])) > 0);
  });

  it('exiftool finds no fault and reads back the clock with sub-seconds and an odd offset, the serial number, the flash', function () {
    requireTools(this, ['exiftool']);
    const path = join(folder, 'a.jpg');
    const fault = spawnSync('exiftool', ['-validate', '-warning', '-a', '-s3', path], { encoding: 'utf8' });
    assert.equal(fault.stdout.trim(), 'OK');
    const tags = ['Make', 'SubSecDateTimeOriginal', 'SerialNumber', 'Flash', 'ISO', 'ExifImageWidth'];
    const read = spawnSync('exiftool', ['-s3', ...tags.map((tag) => `-${tag}`), path], { encoding: 'utf8' });
    assert.deepEqual(read.stdout.trim().split('\n'), [
      'Maker',
      '2026:03:01 13:47:03.045+12:45',
      'SN-1',
      'On, Fired',
      '400',
      '640',
    ]);
  });

  it('djpeg decodes it without a warning', function () {
    requireTools(this, ['djpeg']);
    const result = spawnSync('djpeg', ['-outfile', join(folder, 'a.ppm'), join(folder, 'a.jpg')], { encoding: 'utf8' });
    assert.deepEqual([result.status, result.stderr], [0, '']);
  });

  it('a negative offset and a clock before 1970 are written, too', () => {
    const segment = exifSegment({ ...EXIF, clockUtcMs: -1, offsetMinutes: -90 }).toString('latin1');
    assert.ok(segment.includes('1969:12:31 22:29:59\0') && segment.includes('-01:30\0') && segment.includes('999\0'));
  });

  it('the picture process delivers whole files under the name of the counter, never a half one', async () => {
    const client = await PictureClient.start({
      type: 'setup',
      scene: SCENE,
      folder,
      identity: { ...EXIF },
      lights: ['day'],
    });
    try {
      for (const counter of [1, 2]) {
        client.order({ ...shot({ vehicles: [seen()] }), fileName: imageName(counter), cameraUtcMs: EXIF.clockUtcMs });
      }
      const names = new Set<string>();
      while (client.undelivered > 0) {
        for (const name of readdirSync(folder).filter((each) => each.endsWith('.JPG') && !each.startsWith('.'))) {
          names.add(name);
          const bytes = readFileSync(join(folder, name));
          assert.deepEqual([...bytes.subarray(-2)], [0xff, 0xd9], `${name} is not whole`);
        }
        await sleep(2);
      }
      assert.deepEqual(readdirSync(folder).sort().slice(0, 2), ['IMG_0001.JPG', 'IMG_0002.JPG']);
      assert.equal(client.failure, null);
    } finally {
      await client.stop();
    }
  });
});
