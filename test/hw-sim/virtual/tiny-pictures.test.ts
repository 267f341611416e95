/** Tiny pictures are real ones: read by the product's own reader and by an independent one. */
import assert from 'node:assert/strict';
import ExifReader from 'exifreader';
import { counterIn, createTinyPictures } from '../../../hw-sim/virtual/tiny-pictures.js';
import { CAMERA } from '../../../hw-sim/instruments/camera.js';
import { inspectJpeg } from '../../../src/evidence/jpeg/inspect.js';

const pictures = createTinyPictures();
const picture = (counter: number, vehicles = 1): Uint8Array =>
  pictures({ counter, vehicles, cameraUtcMs: Date.UTC(2026, 1, 23, 21, 0, 0, 250), flash: true });

describe('hw-sim virtual: tiny pictures', () => {
  for (const vehicles of [0, 1, 2, 3, 4, 9]) {
    it(`with ${String(vehicles)} vehicles is a complete baseline JPEG of 64 by 48 pixels`, () => {
      const { width, height, trailingBytes, announcesMore } = inspectJpeg(picture(1, vehicles));
      assert.deepEqual(
        { width, height, trailingBytes, announcesMore },
        {
          ...{ width: 64, height: 48, trailingBytes: 0, announcesMore: false },
        },
      );
    });
  }

  it("states the camera's clock to the millisecond and its serial number", () => {
    const bytes = picture(7);
    const tags = ExifReader.load(new Uint8Array(bytes).buffer);
    assert.deepEqual(tags['DateTimeOriginal']?.value, ['2026:02:24 10:00:00']);
    assert.deepEqual(tags['SubSecTimeOriginal']?.value, ['250']);
    assert.deepEqual(tags['BodySerialNumber']?.value, [CAMERA.serialNumber]);
  });

  it('no two are the same, and each says which exposure it shows', () => {
    assert.notDeepEqual(picture(41), picture(42));
    assert.equal(counterIn(picture(42)), 42);
    assert.equal(counterIn(picture(123_456)), 123_456);
    assert.equal(counterIn(picture(42).subarray(0, 100)), null);
  });
});
