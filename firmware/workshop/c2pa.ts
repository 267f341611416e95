/**
 * Writes the C2PA manifest into a stamped image, with the official library as WebAssembly. What surprised: the library
 * was made for browsers and reads its input through FileReaderSync, which Node lacks; it hands the bare claim to the
 * sign callback and takes back the whole COSE_Sign1, so that the key may stay where it is; and of the length that was
 * reserved nothing is left over only if it is exact (src/evidence/c2pa/cose.ts).
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import initialise, { WasmBuilder } from '@contentauth/c2pa-wasm';
import { KerbsideError } from '../../src/errors.js';
import { coseLength, protectedHeader, SIGNATURE_BYTES, toBeSigned, writeCose } from '../../src/evidence/c2pa/cose.js';
import { ASSERTIONS, digitalSourceType, GENERATOR, LABEL } from '../../src/evidence/c2pa/form.js';
import { readSeal, type SealReading } from '../../src/evidence/c2pa/read-seal.js';
import type { Signer } from '../../src/ports/signer.js';

export interface SealClaim {
  /** File name of the sealed image. */
  readonly title: string;
  readonly softwareVersion: string;
  /** JSON values only; whether it is a demo is added. */
  readonly measurement: Readonly<Record<string, unknown>>;
  readonly demo: boolean;
}

/** What the library asks of a Blob. Nothing is copied until it reads. */
class BytesBlob {
  readonly size: number;

  constructor(readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }

  slice(from: number, to: number): BytesBlob {
    return new BytesBlob(this.bytes.subarray(from, to));
  }
}

class BytesReader {
  readAsArrayBuffer({ bytes }: BytesBlob): ArrayBuffer {
    return Uint8Array.from(bytes).buffer;
  }
}

/** No thumbnail, nothing from the network; what is written is checked by our own reader, which is stricter. */
const SETTINGS = JSON.stringify({
  version: 1,
  builder: { thumbnail: { enabled: false }, created_assertion_labels: ASSERTIONS },
  verify: {
    ...{ verify_after_sign: false, verify_after_reading: false, verify_trust: false },
    ...{ remote_manifest_fetch: false, ocsp_fetch: false },
  },
});

let loading: Promise<void> | null = null;

async function load(): Promise<void> {
  Object.assign(globalThis, { FileReaderSync: BytesReader });
  const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
  await initialise({ module_or_path: await readFile(path) });
}

/** Once for the process; later calls wait for the first. */
export function loadC2pa(): Promise<void> {
  return (loading ??= load());
}

const definition = ({ title, softwareVersion, measurement, demo }: SealClaim): string =>
  JSON.stringify({
    claim_version: 2,
    claim_generator_info: [{ name: GENERATOR, version: softwareVersion }],
    title,
    format: 'image/jpeg',
    assertions: [
      {
        label: LABEL.actions,
        created: true,
        data: {
          actions: [{ action: 'c2pa.created', digitalSourceType: digitalSourceType(demo) }],
          allActionsIncluded: true,
        },
      },
      { label: LABEL.measurement, created: true, data: { ...measurement, demo } },
    ],
  });

/** The library takes a shorter one without a word. */
function wholeSignature(signature: Uint8Array): Uint8Array {
  if (signature.length === SIGNATURE_BYTES) return signature;
  const sentence = `The key gave a signature of ${signature.length} bytes; expected r and s, ${SIGNATURE_BYTES}.`;
  throw new KerbsideError('key-unusable', sentence);
}

/** Runs the library; an error of the signer comes back as it is, and not as the text that the library makes of it. */
async function writeManifest(jpeg: Uint8Array, claim: SealClaim, signer: Signer): Promise<Uint8Array> {
  const header = protectedHeader(signer.certificates);
  const builder = WasmBuilder.fromJson(definition(claim), SETTINGS);
  const signerErrors: Error[] = [];
  const sign = async (claimBytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
    try {
      const signature = await signer.sign(toBeSigned(header, Uint8Array.from(claimBytes)));
      return Uint8Array.from(writeCose(header, wholeSignature(signature)));
    } catch (error) {
      signerErrors.push(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  try {
    const source = new BytesBlob(jpeg) as unknown as Blob; // size and slice are all that is used
    return await builder.sign({ alg: 'es256', reserveSize: coseLength(header), sign }, [], 'image/jpeg', source);
  } catch (cause) {
    const [signerError] = signerErrors;
    if (signerError !== undefined) throw signerError;
    const found = cause instanceof Error ? cause.message : String(cause);
    const sentence = `No C2PA manifest can be written for ${claim.title}: ${found}; expected an image that can be sealed.`;
    throw new KerbsideError('image-unsupported', sentence, { cause });
  } finally {
    builder.free();
  }
}

function readBack(sealed: Uint8Array, title: string): SealReading {
  try {
    return readSeal(sealed);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    const sentence = `The manifest just written into ${title} has a form of its own; expected an image without one. ${found}`;
    throw new KerbsideError('image-unsupported', sentence, { cause });
  }
}

/** The manifest has been inserted, and nothing else has changed. */
function refuseOtherChanges(jpeg: Uint8Array, sealed: Uint8Array, title: string): void {
  const { start, length } = readBack(sealed, title).exclusion;
  const isKept = (kept: Uint8Array, original: Uint8Array): boolean => Buffer.compare(kept, original) === 0;
  const before = isKept(sealed.subarray(0, start), jpeg.subarray(0, start));
  if (before && isKept(sealed.subarray(start + length), jpeg.subarray(start))) return;
  const sentence = `Sealing changed ${title} beside its manifest; expected an image that has no manifest yet.`;
  throw new KerbsideError('image-unsupported', sentence);
}

/**
 * @param jpeg a stamped image without a manifest
 * @returns the same with the manifest; two calls give different bytes, for salts, identifiers and signature are random
 * @throws KerbsideError key-unusable for a demo with a real key, and the reverse; what the signer throws; image-unsupported
 */
export async function sealImage(jpeg: Uint8Array, claim: SealClaim, signer: Signer): Promise<Uint8Array> {
  if (claim.demo !== signer.demo) {
    const [what, key] = claim.demo ? ['a demo', 'no demo key'] : ['no demo', 'a demo key'];
    const sentence = `${claim.title} is ${what}, and the key is ${key}; expected both or neither.`;
    throw new KerbsideError('key-unusable', sentence);
  }
  await loadC2pa();
  const sealed = await writeManifest(jpeg, claim, signer);
  refuseOtherChanges(jpeg, sealed, claim.title);
  return sealed;
}
