/** The lossless stamp against libjpeg: every pixel of the photo as before, the camera's file back byte for byte. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inspectJpeg } from '../../../src/evidence/jpeg/inspect.js';
import { recoverOriginal } from '../../../src/evidence/jpeg/private-data.js';
import { appendStrip, type SplicedJpeg } from '../../../src/evidence/jpeg/splice.js';
import { cjpeg, darkPhoto, djpeg, rowsOf, stripError, testPhoto, testStrip } from '../../support/pictures.js';
import { requireTools } from '../../support/tools.js';

/**
 * Seals and checks all that must hold whatever the file. Pixels are compared with -nosmooth: libjpeg's "fancy" chroma
 * upsampling mixes in the chroma row below, which for the photo's last row is now the strip's (see the test on it).
 */
function sealAndCheck(original: Buffer, stripHeight = 40): SplicedJpeg {
  inspectJpeg(original);
  const before = djpeg(original, '-nosmooth');
  const copy = Buffer.from(original);
  const strip = testStrip(before.width, stripHeight);
  const sealed = appendStrip(original, strip);
  assert.ok(copy.equals(original), "the camera's bytes were touched");
  const after = djpeg(sealed.bytes, '-nosmooth');
  assert.equal(after.width, before.width);
  assert.equal(after.height, sealed.sealedRows);
  assert.equal(sealed.photoRows, before.height);
  assert.equal(sealed.sealedRows, before.height + sealed.edgeRows + stripHeight);
  assert.ok(Buffer.from(rowsOf(after, 0, before.height)).equals(rowsOf(before, 0, before.height)), 'photo rows differ');
  assert.ok(Buffer.from(recoverOriginal(sealed.bytes)).equals(original), 'the recovered file differs');
  inspectJpeg(sealed.bytes);
  return sealed;
}

const SAMPLINGS = {
  '4:2:0': ['-sample', '2x2'],
  '4:2:2': ['-sample', '2x1'],
  '4:4:4': ['-sample', '1x1'],
  '4:4:0': ['-sample', '1x2'],
  '4:1:1': ['-sample', '4x1'],
  RGB: ['-rgb'],
  grey: ['-grayscale'],
} as const;
const RESTARTS = {
  'no restart markers': [],
  'a restart marker a row': ['-restart', '1'],
  'restart markers every 7 MCUs': ['-restart', '7B'],
} as const;
const SIZES = [
  [160, 96],
  [641, 479],
  [17, 13],
  [1, 1],
] as const;

describe('the data block appended to a JPEG without touching the photo', function () {
  before(function () {
    requireTools(this, ['cjpeg', 'djpeg']);
  });

  for (const [sampling, samplingArgs] of Object.entries(SAMPLINGS)) {
    for (const [restarts, restartArgs] of Object.entries(RESTARTS)) {
      it(`keeps every pixel and gives the file back: ${sampling}, ${restarts}, plain and optimised tables`, () => {
        for (const [width, height] of SIZES) {
          for (const tables of [[], ['-optimize']]) {
            sealAndCheck(cjpeg(testPhoto(width, height), ...samplingArgs, ...restartArgs, ...tables));
          }
        }
      });
    }
  }

  it('joins at a restart marker of its own where the photo has none', () => {
    assert.equal(sealAndCheck(cjpeg(testPhoto(96, 64), '-sample', '2x2')).spliceCase, 1);
  });

  it('goes on with the restart markers of the photo where they divide it', () => {
    assert.equal(sealAndCheck(cjpeg(testPhoto(96, 64), '-restart', '1')).spliceCase, 2);
    assert.equal(sealAndCheck(cjpeg(testPhoto(96, 64), '-restart', '1B')).spliceCase, 2);
  });

  it('goes on in mid-byte where the restart interval does not divide the photo', () => {
    assert.equal(sealAndCheck(cjpeg(testPhoto(96, 64), '-restart', '7B')).spliceCase, 3);
  });

  it('goes on in mid-byte where a photo without restart markers has more than 65,535 MCUs', () => {
    assert.equal(sealAndCheck(cjpeg(testPhoto(2104, 2000), '-sample', '1x1')).spliceCase, 3);
  });

  it('says how many rows between photo and strip are neither', () => {
    assert.equal(sealAndCheck(cjpeg(testPhoto(64, 48), '-sample', '2x2')).edgeRows, 0);
    assert.equal(sealAndCheck(cjpeg(testPhoto(64, 50), '-sample', '2x2')).edgeRows, 14);
    assert.equal(sealAndCheck(cjpeg(testPhoto(64, 50), '-sample', '1x1')).edgeRows, 6);
  });

  it('lets smoothed chroma change the last row of a 4:2:0 photo and no other', () => {
    const original = cjpeg(testPhoto(160, 96), '-sample', '2x2');
    const before = djpeg(original);
    const after = djpeg(appendStrip(original, testStrip(160, 32)).bytes);
    assert.ok(Buffer.from(rowsOf(after, 0, 95)).equals(rowsOf(before, 0, 95)));
  });

  it('shows the strip as it was painted', () => {
    for (const args of Object.values(SAMPLINGS)) {
      const strip = testStrip(330, 61);
      const original = cjpeg(testPhoto(330, 130), '-quality', '92', ...args);
      const { bytes, photoRows, edgeRows } = appendStrip(original, strip);
      const error = stripError(djpeg(bytes), photoRows + edgeRows, strip);
      assert.ok(error < (args[1] === '1x1' ? 4 : 13), `mean error ${error} with ${args.join(' ')}`);
    }
  });

  it('stays legible under a dark photo whose optimised tables lack the codes for white letters', () => {
    const strip = testStrip(640, 64);
    for (const quality of ['50', '75', '90']) {
      const original = cjpeg(darkPhoto(640, 160), '-quality', quality, '-sample', '1x1', '-optimize');
      const { bytes } = sealAndCheck(original, 64);
      assert.ok(bytes.length > original.length);
      const error = stripError(djpeg(appendStrip(original, strip).bytes), 160, strip);
      assert.ok(error < 12, `mean error ${error} at quality ${quality}`);
    }
  });

  it('decodes without a warning and gives the file back for any size, sampling, quality and interval', () => {
    const sampling = fc.constantFrom(...Object.values(SAMPLINGS));
    const quality = fc.integer({ min: 1, max: 100 });
    const restart = fc.option(fc.integer({ min: 1, max: 40 }), { nil: null });
    const size = fc.integer({ min: 1, max: 150 });
    const property = fc.property(
      ...([size, size, sampling, quality, restart, fc.boolean(), size] as const),
      (width, height, args, q, interval, optimise, stripHeight) => {
        const more = [...(interval === null ? [] : ['-restart', `${interval}B`]), ...(optimise ? ['-optimize'] : [])];
        const baseline = q < 25 ? ['-baseline'] : [];
        const photo = testPhoto(width, height, 3, width * height);
        sealAndCheck(cjpeg(photo, ...args, '-quality', String(q), ...baseline, ...more), stripHeight);
      },
    );
    fc.assert(property, { numRuns: 60 });
  }).timeout(60_000);
});
