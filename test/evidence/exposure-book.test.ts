/** ICN-1, ICN-2: every image has a number and every number an end; images without a trigger are kept, never issued. */
import assert from 'node:assert/strict';
import { ExposureBook } from '../../src/evidence/exposure-book.js';
import { LeaseBook } from '../../src/evidence/lease-book.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { arrival, controllerConfig } from '../support/virtual-van.js';

const NOWHERE = {
  site: controllerConfig().site,
  position: null,
  van: null,
  utcMs: null,
  clockUncertaintyMs: null,
  radarSettingsUnconfirmed: false,
  account: null,
};
const at = monotonicNs(5e9);

function concluded(out: readonly Output[]) {
  return out.flatMap((output) => (output.type === 'conclude' ? [output.exposure] : []));
}

describe('exposure book', () => {
  let leases: LeaseBook;
  let book: ExposureBook;
  let out: Output[];

  beforeEach(() => {
    leases = new LeaseBook();
    book = new ExposureBook(controllerConfig(), leases);
    out = [];
  });

  it('without a number it raises no line', () => {
    const trigger = { kind: 'sync', passId: null, measured: null, dark: false } as const;
    assert.equal(
      book.fire(trigger, () => NOWHERE, at, out),
      null,
    );
    assert.deepEqual(out, []);
  });

  it('ICN-1: an image without a trigger waits for a number and is kept as unmatched under it', () => {
    book.onOrphan(arrival('IMG_0007.JPG', 7, 0), 'no-trigger', NOWHERE, at, out);
    assert.deepEqual(out, []);
    assert.equal(book.isEmpty, false);
    leases.add(['000001001']);
    book.numberOrphans(at, out);
    const [orphan] = concluded(out);
    assert.equal(orphan?.kind, 'unmatched');
    assert.equal(orphan.icn, '000001001');
    assert.equal(orphan.reason, 'no-trigger');
    assert.equal(orphan.imageId, 'IMG_0007.JPG');
    assert.equal(book.isEmpty, true);
  });

  it('an unusable file gets a record with its number and reason, and is set aside as a file', () => {
    leases.add(['000001001']);
    const broken = { ...arrival('IMG_0008.JPG', 8, 0), problem: 'image-truncated' } as const;
    book.onOrphan(broken, 'image-unusable', NOWHERE, at, out);
    assert.equal(concluded(out)[0]?.imageId, null);
    assert.ok(out.some((output) => output.type === 'drop-image' && output.imageId === 'IMG_0008.JPG'));
  });

  it('a flood of images without triggers is bounded: past 64 that wait they are kept as files only', () => {
    for (let count = 1; count <= 70; count += 1) {
      book.onOrphan(arrival(`IMG_${count}.JPG`, count, 0), 'no-trigger', NOWHERE, at, out);
    }
    assert.equal(out.filter(({ type }) => type === 'drop-image').length, 6);
    leases.add(Array.from({ length: 100 }, (_, index) => String(index)));
    book.numberOrphans(at, out);
    assert.equal(concluded(out).length, 64);
  });
});
