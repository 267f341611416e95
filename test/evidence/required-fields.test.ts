import assert from 'node:assert/strict';
import { schema } from '../../proto/generated/evidence.schema.js';
import { inventoryOf } from '../../src/evidence/completeness.js';
import { encodeRecord } from '../../src/evidence/record.js';
import { missingRequired, requiredFields } from '../../src/evidence/required-fields.js';
import { EXPOSURE_KINDS } from '../../src/evidence/types.js';
import { emptyExposure, fullExposure, sampleContext, sampleLink } from './samples.js';

/** Whether the layout knows this path. */
function exists(path: string): boolean {
  let message = 'EvidenceRecord';
  for (const name of path.split('.')) {
    const field: { readonly type: string } | undefined = schema[message]?.[name];
    if (field === undefined) return false;
    message = field.type;
  }
  return true;
}

describe('fields that a record cannot do without', () => {
  it('stand in the layout, each once for a kind', () => {
    assert.equal(exists('facts.flux'), false);
    for (const kind of EXPOSURE_KINDS) {
      const paths = requiredFields(kind);
      for (const path of paths) assert.ok(exists(path), `${kind}: ${path}`);
      assert.equal(new Set(paths).size, paths.length, kind);
    }
  });

  it('are there in an incident of which everything is known, and missed where it is known nothing', () => {
    const rest = { softwareVersion: '0.1.0', context: sampleContext, link: sampleLink };
    const splice = { photoRows: 3000, sealedRows: 3323, edgeRows: 8 };
    const full = encodeRecord({ ...rest, exposure: fullExposure, sealedImageSha256: 'cd'.repeat(32), splice });
    const { absent } = inventoryOf(full, 'EvidenceRecord');
    for (const kind of EXPOSURE_KINDS) assert.deepEqual(missingRequired(kind, absent), [], kind);
    const empty = encodeRecord({ ...rest, exposure: emptyExposure, sealedImageSha256: null, splice: null });
    const nothing = inventoryOf(empty, 'EvidenceRecord').absent;
    assert.deepEqual(missingRequired('void', nothing), ['reason']);
    assert.deepEqual(missingRequired('test', nothing), []);
    const missed = missingRequired('incident', nothing);
    for (const path of ['facts.speed_kmh', 'sealed_image_sha256', 'readiness', 'verdict', 'trigger_ns']) {
      assert.ok(missed.includes(path), path);
    }
  });
});
