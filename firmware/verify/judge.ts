/** Reads the files of one exhibit, each once, and has them judged. The same in this process and in a worker thread. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { verifyExhibit, type ExhibitResult, type Verifier } from '../../src/evidence/verify/exhibit.js';
import { SignatureReader } from '../../src/evidence/verify/signature-reader.js';
import { sealCrypto } from '../keys/crypto.js';
import { judgeChain } from '../keys/trust.js';
import type { ExhibitFiles } from './collect.js';

/** @param roots DER; the DEMO root is always known and only ever gives DEMO */
export function verifierFor(roots: readonly Uint8Array[]): Verifier {
  const signatures = new SignatureReader();
  return {
    algorithms: sealCrypto,
    readSignature: (bytes) => signatures.read(bytes),
    sha256Of: (pieces) => {
      const hash = createHash('sha256');
      for (const piece of pieces) hash.update(piece);
      return Uint8Array.from(hash.digest());
    },
    judge: (certificates, atMs) => judgeChain(certificates, roots, atMs),
  };
}

/** Images are read into one buffer that grows: fresh memory for each costs as much as hashing it. */
class ImageBuffer {
  #bytes = Buffer.alloc(0);

  read(path: string): Uint8Array {
    const handle = openSync(path, 'r');
    try {
      const { size } = fstatSync(handle);
      // One byte more than expected, so that a file that grows meanwhile is not taken for a whole one.
      if (this.#bytes.length <= size) this.#bytes = Buffer.allocUnsafeSlow(Math.ceil((size + 1) * 1.25));
      let length = 0;
      for (;;) {
        const count = readSync(handle, this.#bytes, length, this.#bytes.length - length, null);
        length += count;
        if (count === 0) return this.#bytes.subarray(0, length);
        if (length === this.#bytes.length) throw new Error('it grows while it is read');
      }
    } finally {
      closeSync(handle);
    }
  }
}

export type JudgeExhibit = (files: ExhibitFiles) => ExhibitResult;

/**
 * The result throws what is no refusal of a reader: a defect of this program, with the exhibit's name.
 * @param verifier replaced in tests
 */
export function createJudge(roots: readonly Uint8Array[], verifier: Verifier = verifierFor(roots)): JudgeExhibit {
  const images = new ImageBuffer();
  return (files) => {
    const { name, folder, certificateSha256s } = files;
    try {
      const parts = {
        ...{ name, folder },
        record: readSmall(files.record),
        signature: readSmall(files.signature),
        image: files.image === null ? null : reading(files.image, (path) => images.read(path)),
        certificateSha256s: certificateSha256s === null ? null : new Set(certificateSha256s),
      };
      return verifyExhibit(parts, verifier);
    } catch (error) {
      if (error instanceof KerbsideError) return unreadable(error.message);
      // A defect of ours is no property of the exhibit: it must not be read as a forgery.
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${files.path} could not be judged (${reason})`, { cause: error });
    }
  };
}

const readSmall = (path: string | null): Uint8Array | null =>
  path === null ? null : reading(path, (name) => readFileSync(name));

function reading(path: string, read: (path: string) => Uint8Array): Uint8Array {
  try {
    return read(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('evidence-missing', `${path} cannot be read: ${reason}.`, { cause: error });
  }
}

/** One file that a disk does not give back must not end the verification of all the others. */
const unreadable = (sentence: string): ExhibitResult => ({
  ...{ type: 'exposure', icn: null, kind: null, demo: false, ok: false, member: null },
  checks: [{ id: 'record-readable', status: 'failed', sentence }],
});
