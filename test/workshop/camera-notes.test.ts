/** Rules 4, 5 and 7 of tying an image to its trigger need the camera's own counter, clock and body. */
import assert from 'node:assert/strict';
import { counterOfName, readCameraNotes } from '../../firmware/workshop/camera-notes.js';
import { jpegFile, withExif } from './camera-files.js';

describe('what the camera says about its file', () => {
  it('is its counter, from the last digits of the name', () => {
    assert.equal(counterOfName('DSC_0123.JPG'), 123);
    assert.equal(counterOfName('IMG_0007 (copy).jpg'), 7);
    assert.equal(counterOfName('00000042.jpg'), 42);
    assert.equal(counterOfName('front2_000001.jpeg'), 1);
  });

  it('is no counter where the name has none, or a date', () => {
    for (const name of ['image.jpg', '20260606_070809.jpg', 'IMG_20260606_070809.jpg', 'cam-1790000005123.jpg']) {
      assert.equal(counterOfName(name), null, name);
    }
  });

  it('is its clock without a zone, with as many sub-seconds as it has', () => {
    const stamp = '2026:06:06 19:08:09';
    const whole = Date.UTC(2026, 5, 6, 19, 8, 9);
    const cases = [
      [undefined, 0, 1000],
      ['1', 100, 100],
      ['07', 70, 10],
      ['123', 123, 1],
      ['123456', 123, 1],
    ] as const;
    for (const [subSeconds, ms, resolution] of cases) {
      const tags = subSeconds === undefined ? { stamp } : { stamp, subSeconds };
      const notes = readCameraNotes('a.jpg', withExif(jpegFile(), tags));
      assert.deepEqual([notes.cameraClockMs, notes.cameraClockResolutionMs], [whole + ms, resolution], subSeconds);
    }
  });

  it('is its body, make and model', () => {
    const file = withExif(jpegFile(), { serial: '20260815', make: 'Nordlicht', model: 'NX-12 ' });
    const { serialNumber, make, model } = readCameraNotes('a.jpg', file);
    assert.deepEqual([serialNumber, make, model], ['20260815', 'Nordlicht', 'NX-12']);
  });

  it('is nothing where there is no EXIF, or where it makes no sense', () => {
    const nothing = { counter: null, cameraClockMs: null, cameraClockResolutionMs: 1000 };
    const none = { ...nothing, serialNumber: null, make: null, model: null };
    assert.deepEqual(readCameraNotes('a.jpg', jpegFile()), none);
    assert.deepEqual(readCameraNotes('a.jpg', new Uint8Array(0)), none);
    assert.deepEqual(readCameraNotes('a.jpg', withExif(jpegFile(), { stamp: '0000:00:00', serial: ' ' })), none);
    const broken = withExif(jpegFile(), { serial: '20260815' });
    broken.fill(0xff, 12, 40);
    assert.deepEqual(readCameraNotes('a.jpg', broken), none);
  });
});
