/**
 * From the bytes of a pack to what it says: signature first, then who signed, then every value. Nothing of a pack is
 * believed before all three hold. The signer must be an issuer of that kind of pack (SITE-3: PIB; CAL-1: calibration
 * services), judged as of the time of signing; when a pack is imported its signer must also be valid on that day, since
 * an expired key could have dated its signature back.
 */
import { createHash } from 'node:crypto';
import { KerbsideError } from '../../src/errors.js';
import { decodeCms, verifyCms, type DecodedCms } from '../../src/evidence/cms.js';
import { sameBytes } from '../../src/evidence/der.js';
import { ISSUER_KINDS, ISSUER_NAMES, ISSUER_OF } from '../../src/site/packs/head.js';
import type { PackContent } from '../../src/site/packs/index.js';
import type { PackHead, PackKind } from '../../src/site/reference.js';
import { sealCrypto } from '../keys/crypto.js';
import { profileOf } from '../keys/profile.js';
import { judgeChain } from '../keys/trust.js';
import { kindOfContent, readContent } from './content.js';
import { splitPack } from './pack-file.js';
import { acceptedRoots, demoIssuerRoot, fingerprintOf, type IssuerRoots } from './roots.js';

export interface OpenedPack {
  readonly head: PackHead;
  readonly content: PackContent;
  /** Hex, of what was signed: the same for two signatures over the same content. */
  readonly contentSha256: string;
  /** Hex, of the root's certificate. */
  readonly rootSha256: string;
  readonly signedUtcMs: number;
  /** Validity of the signer's certificate. */
  readonly signer: { readonly subject: string; readonly notAfterMs: number };
}

/** Clocks of two offices differ by minutes; a day leaves room for a date without a time. */
const MOST_AHEAD_MS = 86_400_000;

export interface Believing {
  readonly roots: IssuerRoots;
  /** When it is imported; null: it was imported before, and is only read again. */
  readonly importedAtMs: number | null;
}

/**
 * @param origin name of the file for sentences
 * @throws KerbsideError 'pack-untrusted', 'pack-invalid'
 */
export function openPack(bytes: Uint8Array, origin: string, { roots, importedAtMs }: Believing): OpenedPack {
  const { content, cms } = splitPack(bytes, origin);
  const seal = checkSignature(cms, content, origin);
  const known = kindOfContent(content, origin);
  const { demo, rootSha256 } = judgeIssuer(seal, known.kind, roots, origin);
  const signer = signerOf(seal);
  if (importedAtMs !== null) checkDay(seal, importedAtMs, origin);
  const { kind, serial, issuedUtcMs, content: said } = readContent(known);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    head: { kind, issuer: signer.commonName, serial, issuedUtcMs, sha256, demo },
    content: said,
    contentSha256: Buffer.from(seal.contentSha256).toString('hex'),
    rootSha256,
    signedUtcMs: seal.signingTimeMs,
    signer: { subject: signer.subject, notAfterMs: signer.notAfterMs },
  };
}

function checkSignature(cms: Uint8Array, content: Uint8Array, origin: string): DecodedCms {
  try {
    const { contentSha256 } = decodeCms(cms);
    if (!sameBytes(sealCrypto.sha256(content), contentSha256)) {
      const found = 'was altered or damaged since it was signed: its content has another SHA-256';
      throw untrusted(`${origin}: ${found}, expected ${Buffer.from(contentSha256).toString('hex')}.`);
    }
    return verifyCms(cms, content, sealCrypto);
  } catch (error) {
    if (!(error instanceof KerbsideError) || error.kind === 'pack-untrusted') throw error;
    throw untrusted(`${origin}: its signature does not hold. ${error.message}`);
  }
}

const signerOf = ({ certificates }: DecodedCms) => profileOf(certificates[0] ?? new Uint8Array());

function judgeIssuer(
  { certificates, signingTimeMs }: DecodedCms,
  kind: PackKind,
  roots: IssuerRoots,
  origin: string,
): { demo: boolean; rootSha256: string } {
  const issuer = ISSUER_OF[kind];
  const accepted = acceptedRoots(roots, issuer);
  const { standing, root, demo, subject, sentence } = judgeChain(certificates, accepted, signingTimeMs);
  if (standing === 'refused') throw untrusted(`${origin}: ${sentence}`);
  const own = demoIssuerRoot(issuer);
  if (root !== null && accepted.some((each) => sameBytes(each, root))) {
    return { demo: demo || sameBytes(root, own), rootSha256: fingerprintOf(root) };
  }
  throw untrusted(`${origin}: ${foreign(certificates, signingTimeMs, kind, roots, subject)}`);
}

/** Why the signer is none of those who may sign this kind, as well as it can be told. */
function foreign(
  certificates: readonly Uint8Array[],
  atMs: number,
  kind: PackKind,
  roots: IssuerRoots,
  subject: string,
): string {
  const issuer = ISSUER_OF[kind];
  const who = ISSUER_NAMES[issuer];
  const reaches = (list: readonly Uint8Array[]): boolean => {
    const { root } = judgeChain(certificates, list, atMs);
    return root !== null && list.some((each) => sameBytes(each, root));
  };
  const names = acceptedRoots(roots, issuer)
    .map((der) => profileOf(der).subject)
    .join(' or ');
  for (const other of ISSUER_KINDS) {
    if (other === issuer || !reaches([...roots[other], demoIssuerRoot(other)])) continue;
    return `a pack of kind ${kind} is signed by ${subject}, an issuer of ${ISSUER_NAMES[other]}, expected one of ${who}.`;
  }
  if (reaches([demoIssuerRoot(issuer)])) {
    return `is signed under the DEMO root of ${who}, whose key is public, expected an issuer under ${names} (trust.${issuer}).`;
  }
  const only = roots[issuer].length > 0 ? '' : `; trust.${issuer} names no root, so that only DEMO packs are taken`;
  return `is signed by ${subject}, which no trusted root of ${who} vouches for, expected an issuer under ${names}${only}.`;
}

function checkDay(seal: DecodedCms, nowMs: number, origin: string): void {
  const { subject, notAfterMs } = signerOf(seal);
  const [signed, now, until] = [seal.signingTimeMs, nowMs, notAfterMs].map((ms) => new Date(ms).toISOString());
  if (seal.signingTimeMs > nowMs + MOST_AHEAD_MS) {
    const found = `was signed on ${signed ?? ''}, which is still to come (the clock says ${now ?? ''})`;
    throw untrusted(`${origin}: ${found}, expected a signature of the past.`);
  }
  if (nowMs <= notAfterMs) return;
  const expired = `the certificate of its signer ${subject} expired on ${until ?? ''}`;
  throw untrusted(`${origin}: ${expired}, expected a pack that was signed anew with a valid one.`);
}

const untrusted = (sentence: string): KerbsideError => new KerbsideError('pack-untrusted', sentence);
