/**
 * The signature of a claim: COSE_Sign1 (RFC 9052) with ES256 and the signer's chain in the protected header (RFC 9360).
 * What surprised: readers of C2PA skip any padding in the unprotected header, and nothing covers it. Here that header is
 * empty, and the room that the library reserves is exactly the length of what stands in it.
 */
import { concat } from '../byte-tools.js';
import { compareCbor, listOf, readCbor, writeCbor } from './cbor.js';
import { damaged } from './form.js';

const PART = 'signature';
const COSE_SIGN1 = 0xd2;
const HEADER = { alg: 1, x5chain: 33 } as const;
const ES256 = -7;
export const SIGNATURE_BYTES = 64;
const NOTHING = new Uint8Array(0);

function headerMap(certificates: readonly Uint8Array[]): Map<number, unknown> {
  const chain: unknown = certificates.length === 1 ? certificates[0] : [...certificates];
  return new Map<number, unknown>([
    [HEADER.alg, ES256],
    [HEADER.x5chain, chain],
  ]);
}

/** @param certificates DER, the signer's first; one stands alone, several in an array */
export const protectedHeader = (certificates: readonly Uint8Array[]): Uint8Array => writeCbor(headerMap(certificates));

/** The bytes that are signed: header and claim. */
export const toBeSigned = (header: Uint8Array, claim: Uint8Array): Uint8Array =>
  writeCbor(['Signature1', header, NOTHING, claim]);

const body = (header: Uint8Array, signature: Uint8Array): unknown[] => [header, new Map(), null, signature];

/** @param signature r and s */
export const writeCose = (header: Uint8Array, signature: Uint8Array): Uint8Array =>
  concat([Uint8Array.of(COSE_SIGN1), writeCbor(body(header, signature))]);

/** How long it will be: the signature has always 64 bytes. */
export const coseLength = (header: Uint8Array): number => writeCose(header, new Uint8Array(SIGNATURE_BYTES)).length;

function readChain(header: Uint8Array): Uint8Array[] {
  const map = readCbor(header, PART);
  const chain: unknown = map instanceof Map ? map.get(HEADER.x5chain) : undefined;
  const certificates = Array.isArray(chain) ? listOf(chain) : [chain];
  if (certificates.length > 0 && certificates.every((one) => one instanceof Uint8Array)) {
    compareCbor(header, headerMap(certificates), PART);
    return [...certificates];
  }
  throw damaged(PART, 'its header holds no certificates', 'those of the signer');
}

export interface CoseParts {
  readonly header: Uint8Array;
  readonly certificates: Uint8Array[];
  readonly signature: Uint8Array;
}

export function readCose(bytes: Uint8Array): CoseParts {
  if (bytes[0] !== COSE_SIGN1) throw damaged(PART, 'it is no COSE_Sign1', 'tag 18');
  const content = bytes.subarray(1);
  const parts = readCbor(content, PART);
  const [header, , , signature] = listOf(parts);
  if (!(header instanceof Uint8Array) || !(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES)
    throw damaged(PART, 'its COSE_Sign1 has other parts', 'header, nothing, nothing, 64 bytes');
  compareCbor(content, body(header, signature), PART);
  return { header, certificates: readChain(header), signature };
}
