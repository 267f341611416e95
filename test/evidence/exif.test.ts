/** EXIF of the sealed image as exiftool and exiv2 read it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExif, type ExifFacts } from '../../src/evidence/exif.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { appendStrip } from '../../src/evidence/jpeg/splice.js';
import { metres, utcMs } from '../../src/units.js';
import { cjpeg, testPhoto, testStrip } from '../support/pictures.js';
import { requireTools } from '../support/tools.js';

const facts: ExifFacts = {
  icn: '000123002',
  description: 'Ngāūranga Gorge – 47°',
  software: 'Kerbside 0.1.0',
  make: 'Nordlicht',
  model: 'NX-12',
  bodySerialNumber: '20260815',
  utcMs: utcMs(Date.parse('2026-12-31T11:30:05.078Z')),
  zone: 'Pacific/Auckland',
  cameraPosition: { latitude: -41.2893, longitude: 174.77698 },
  cameraPositionErrorM: metres(2.5),
};
const nothing: ExifFacts = {
  ...facts,
  ...{ make: null, model: null, bodySerialNumber: null, utcMs: null, cameraPosition: null, cameraPositionErrorM: null },
};

describe('EXIF of a sealed image', function () {
  let folder: string;
  let count = 0;

  before(function () {
    requireTools(this, ['exiftool', 'exiv2', 'cjpeg']);
    folder = mkdtempSync(join(tmpdir(), 'kerbside-exif-'));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  function run(tool: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
    assert.equal(status, 0, `${tool}: ${stderr}`);
    return stdout;
  }

  function sealed(stated: ExifFacts, original = cjpeg(testPhoto(70, 50))): string {
    const path = join(folder, `${count++}.jpg`);
    const strip = testStrip(70, 20);
    writeFileSync(path, appendStrip(original, strip, (picture) => writeExif(stated, picture)).bytes);
    return path;
  }

  const read = (path: string): Record<string, unknown> =>
    (JSON.parse(run('exiftool', '-json', '-n', '-G1', '-a', path)) as Record<string, unknown>[])[0] ?? {};

  it('passes exiftool -validate without a warning, colour, grey and RGB, with and without facts', () => {
    const photos = [[], ['-grayscale'], ['-rgb']].map((args) => cjpeg(testPhoto(70, 50), ...args));
    const paths = photos.flatMap((photo) => [sealed(facts, photo), sealed(nothing, photo)]);
    const report = run('exiftool', '-validate', '-warning', '-error', '-a', '-s3', ...paths);
    const lines = report.split('\n').filter((line) => line !== '' && !line.startsWith('=='));
    assert.deepEqual(
      lines.filter((line) => !/files? read/.test(line)),
      Array.from(paths, () => 'OK'),
    );
  });

  it('says to exiftool what was stated: local time with offset, GPS in UTC, the number', () => {
    const tags = read(sealed(facts));
    const expected = {
      'IFD0:ImageDescription': 'Ngauranga Gorge - 47 deg',
      'IFD0:Make': 'Nordlicht',
      'IFD0:Model': 'NX-12',
      'IFD0:Software': 'Kerbside 0.1.0',
      'ExifIFD:DateTimeOriginal': '2027:01:01 00:30:05',
      'ExifIFD:OffsetTimeOriginal': '+13:00',
      'ExifIFD:SubSecTimeOriginal': '078',
      'ExifIFD:SerialNumber': '20260815',
      'ExifIFD:ExifImageWidth': 70,
      'ExifIFD:ExifImageHeight': 64 + 20,
      'ExifIFD:ColorSpace': 1,
      'GPS:GPSLatitudeRef': 'S',
      'GPS:GPSLongitudeRef': 'E',
      'GPS:GPSTimeStamp': '11:30:05.078',
      'GPS:GPSDateStamp': '2026:12:31',
      'GPS:GPSMapDatum': 'WGS-84',
      'GPS:GPSHPositioningError': 2.5,
    };
    for (const [tag, value] of Object.entries(expected))
      assert.deepEqual([tag, String(tags[tag])], [tag, String(value)]);
    assert.equal(Number(tags['ExifIFD:ImageUniqueID']), 123_002);
    assert.ok(Math.abs(Number(tags['Composite:GPSLatitude']) + 41.2893) < 1e-6);
    assert.ok(Math.abs(Number(tags['Composite:GPSLongitude']) - 174.77698) < 1e-6);
  });

  it('says the same to exiv2, the number with its zeros', () => {
    const text = run(
      'exiv2',
      '-K',
      'Exif.Photo.ImageUniqueID',
      '-K',
      'Exif.Photo.OffsetTimeOriginal',
      '-pa',
      sealed(facts),
    );
    assert.match(text, /ImageUniqueID\s+Ascii\s+10\s+000123002/);
    assert.match(text, /OffsetTimeOriginal\s+Ascii\s+7\s+\+13:00/);
  });

  it('has no GPS directory without a fix, and no time where none is known', () => {
    const names = Object.keys(read(sealed(nothing)));
    assert.ok(!names.some((name) => name.startsWith('GPS:')));
    assert.ok(!names.some((name) => /DateTimeOriginal|OffsetTime|SubSec|Make|Model|SerialNumber/.test(name)));
    assert.ok(names.includes('ExifIFD:ImageUniqueID'));
  });

  it('never rounds seconds or minutes up to 60', () => {
    for (const latitude of [-41.999_999_999_9, 0, 89.983_333_333_3, -0.016_666_666_6]) {
      const stated = { ...facts, cameraPosition: { latitude, longitude: -179.999_999_999_9 } };
      const tags = read(sealed(stated));
      assert.ok(Math.abs(Number(tags['Composite:GPSLatitude']) - latitude) < 1e-7, String(latitude));
      const text = run('exiftool', '-c', '%d %d %.4f', '-GPS:GPSLatitude', '-s3', join(folder, `${count - 1}.jpg`));
      const [, minutes = 60, seconds = 60] = text.split(' ').map(Number.parseFloat);
      assert.ok(minutes < 60 && seconds < 60, text);
    }
  });

  it("takes the place of the camera's own EXIF, which comes back with its file", () => {
    const path = join(folder, 'camera.jpg');
    writeFileSync(path, cjpeg(testPhoto(70, 50)));
    run(
      'exiftool',
      '-q',
      '-overwrite_original',
      '-Make=Other',
      '-XMP:Title=note',
      '-Comment=note',
      '-IPTC:City=x',
      path,
    );
    const original = readFileSync(path);
    const sealedPath = sealed(facts, original);
    const tags = read(sealedPath);
    assert.equal(tags['IFD0:Make'], 'Nordlicht');
    assert.ok(!Object.keys(tags).some((name) => /XMP|Comment|IPTC/.test(name)));
    assert.ok(Buffer.from(recoverOriginal(readFileSync(sealedPath))).equals(original));
  });
});
