/** Alignment photos at start and end (measurement, "Self-tests"). */
import assert from 'node:assert/strict';
import { AlignmentPhotos } from '../../src/deployment/alignment.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';

const at = (seconds: number) => monotonicNs(seconds * NS_PER_S);

describe('alignment photos', () => {
  it('one is due at the start, taken once', () => {
    const photos = new AlignmentPhotos(true);
    assert.equal(photos.isDue(at(1)), true);
    photos.fired('000001002');
    assert.equal(photos.isDue(at(2)), false);
    assert.equal(photos.isPending, true);
    assert.equal(photos.ended('000001003', true, at(3)), false, 'another number is none of its business');
    assert.equal(photos.ended('000001002', true, at(3)), true);
    assert.equal(photos.isPending, false);
    assert.equal(photos.isDue(at(60)), false);
  });

  it('one whose image is missing is taken again after 10 s', () => {
    const photos = new AlignmentPhotos(true);
    photos.fired('000001002');
    photos.ended('000001002', false, at(5));
    assert.equal(photos.isDue(at(14.9)), false);
    assert.equal(photos.isDue(at(15)), true);
  });

  it('at the end it is asked for at once, and can be given up', () => {
    const photos = new AlignmentPhotos(false);
    assert.equal(photos.isPending, false);
    photos.ask('OP1');
    assert.equal(photos.by, 'OP1');
    assert.equal(photos.isDue(at(0)), true);
    photos.giveUp();
    assert.equal(photos.isPending, false);
  });
});
