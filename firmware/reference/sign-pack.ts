/**
 * The issuers' side: signs the content of a pack. What a van would refuse is refused here first, with line and column:
 * a signature stands for the content, and nonsense must not get one.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { KerbsideError } from '../../src/errors.js';
import { toLowS } from '../../src/evidence/es256.js';
import type { Signer } from '../../src/ports/signer.js';
import { ISSUER_OF } from '../../src/site/packs/head.js';
import type { PackKind } from '../../src/site/reference.js';
import { generateKey, issueUnder, spkiOf, type Subject } from '../keys/certificates.js';
import { DEMO_ISSUERS } from '../keys/demo-issuers.js';
import { profileOf } from '../keys/profile.js';
import { sealRecord } from '../keys/seal-record.js';
import { kindOfContent, readContent } from './content.js';
import { contentToSign, joinPack } from './pack-file.js';
import { demoIssuerRoot } from './roots.js';

/** The names of the signers of demo packs; no person and no office. */
const DEMO_SUBJECTS: Readonly<Record<'pib' | 'calibration', Subject>> = {
  pib: { organisation: 'Kerbside DEMO - NOT EVIDENCE', commonName: 'DEMO PIB' },
  calibration: { organisation: 'Kerbside DEMO - NOT EVIDENCE', commonName: 'DEMO calibration services' },
};

export interface SignedPack {
  readonly kind: PackKind;
  readonly serial: number;
  readonly bytes: Uint8Array;
}

/**
 * @param content YAML or JSON, as `docs/packs.md` describes it
 * @param origin name of the file for sentences
 * @param signerFor the signer of the issuer of this kind
 * @throws KerbsideError 'pack-invalid', and what `signerFor` throws
 */
export async function signPack(
  content: Uint8Array,
  origin: string,
  signerFor: (kind: PackKind) => Signer | Promise<Signer>,
  nowMs: number,
): Promise<SignedPack> {
  const toSign = contentToSign(content, origin);
  const known = kindOfContent(toSign, origin);
  const { kind, serial, issuedUtcMs } = readContent(known);
  if (issuedUtcMs > nowMs) {
    const { line, column } = known.document.placeOfValue(['issuedAt']);
    const found = `issuedAt is ${new Date(issuedUtcMs).toISOString()}, which is still to come`;
    const sentence = `${origin}:${line}:${column}: ${found}, expected an instant up to now, ${new Date(nowMs).toISOString()}.`;
    throw new KerbsideError('pack-invalid', sentence);
  }
  const signer = await signerFor(kind);
  refuseExpired(signer, nowMs);
  const cms = await sealRecord(signer, toSign, nowMs);
  return { kind, serial, bytes: joinPack({ content: toSign, cms }) };
}

/** A van would refuse the pack, and the issuer would hear of it from the road. */
function refuseExpired({ certificates }: Signer, nowMs: number): void {
  for (const der of certificates) {
    const { subject, notBeforeMs, notAfterMs } = profileOf(der);
    if (nowMs >= notBeforeMs && nowMs <= notAfterMs) continue;
    const validity = `${new Date(notBeforeMs).toISOString()} to ${new Date(notAfterMs).toISOString()}`;
    const sentence = `The certificate of ${subject} is valid from ${validity}, expected one that is valid now.`;
    throw new KerbsideError('key-unusable', sentence);
  }
}

/**
 * Signs with a built-in DEMO issuer; the pack is DEMO wherever it is taken.
 * @param content YAML or JSON of exactly this kind
 * @param nowMs UTC; where the clock is behind the issue of the content, the moment of the issue counts
 * @throws KerbsideError 'pack-invalid'
 */
export async function signDemoPack(
  kind: PackKind,
  content: string | Uint8Array,
  nowMs: number = Date.now(),
  origin = `demo ${kind}`,
): Promise<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const known = kindOfContent(bytes, origin);
  if (known.kind !== kind) {
    throw new KerbsideError('pack-invalid', `${origin}: is a pack of kind ${known.kind}, expected ${kind}.`);
  }
  const atMs = Math.max(nowMs, readContent(known).issuedUtcMs);
  return (await signPack(bytes, origin, () => demoSignerFor(kind, atMs), atMs)).bytes;
}

/** A key that lives as long as the process, certified by the DEMO issuer of that kind. */
export async function demoSignerFor(kind: PackKind, nowMs: number): Promise<Signer> {
  const issuer = ISSUER_OF[kind];
  const authority = { certificate: demoIssuerRoot(issuer), key: createPrivateKey(DEMO_ISSUERS[issuer].privateKey) };
  const key = generateKey();
  const certificate = await issueUnder(authority, spkiOf(key), DEMO_SUBJECTS[issuer], nowMs);
  return {
    certificates: [certificate],
    demo: true,
    sign: async (bytes) => toLowS(Uint8Array.from(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))),
  };
}
