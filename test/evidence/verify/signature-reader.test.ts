/** The reader of many signatures: what it saves must change nothing of what is read or refused. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { sealRecord } from '../../../firmware/keys/seal-record.js';
import { decodeCms, type DecodedCms } from '../../../src/evidence/cms.js';
import { SignatureReader } from '../../../src/evidence/verify/signature-reader.js';
import { demoSigner, makeSet, SEALED_MS, type MadeSet } from '../../support/exhibit.js';

function outcome(read: () => DecodedCms): DecodedCms | string {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the reader of many signatures', () => {
  let set: MadeSet;

  before(async () => {
    set = await makeSet(await demoSigner(), { kinds: ['incident', 'sync', 'void'] });
  });

  after(() => rmSync(set.dataDir, { recursive: true }));

  /** @param seed picks the time and the record, as many as it takes for all lengths of a signature */
  const sealed = (seed: number): Promise<Uint8Array> =>
    sealRecord(set.signer, Uint8Array.of(seed, seed >> 8), SEALED_MS + seed * 86_400_000);

  it('gives what reading in full gives, also where another camera or another century comes between', async () => {
    const reader = new SignatureReader();
    const foreign = await demoSigner();
    for (let seed = 0; seed < 60; seed += 1) {
      const signer = seed % 7 === 3 ? foreign : set.signer;
      const atMs = seed % 11 === 5 ? Date.UTC(2060, 0, seed) : SEALED_MS + seed * 86_400_000;
      const bytes = await sealRecord(signer, Uint8Array.of(seed), atMs);
      assert.deepEqual(reader.read(bytes), decodeCms(bytes));
    }
    for (const { signature } of set.exhibits) assert.deepEqual(reader.read(signature), decodeCms(signature));
  });

  it('with one altered bit in any byte it gives what reading in full gives, or the same refusal', async () => {
    const reader = new SignatureReader();
    const known = await sealed(1);
    reader.read(known);
    let other = await sealed(2);
    for (let seed = 3; other.length !== known.length; seed += 1) other = await sealed(seed);
    for (let at = 0; at < other.length; at += 1) {
      const altered = Uint8Array.from(other);
      altered[at] = (altered[at] ?? 0) ^ (1 << ((at * 5) % 8));
      const expected = outcome(() => decodeCms(altered));
      assert.deepEqual(
        outcome(() => reader.read(altered)),
        expected,
        `byte ${at}`,
      );
    }
  });

  it('what it gave does not change when the file that it was read from does', async () => {
    const reader = new SignatureReader();
    reader.read(await sealed(1));
    const bytes = await sealed(1);
    const copy = Uint8Array.from(bytes);
    const decoded = reader.read(bytes);
    bytes.fill(0);
    assert.deepEqual(decoded, decodeCms(copy));
  });
});
