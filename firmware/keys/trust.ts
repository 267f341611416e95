/**
 * Who stands behind a signature: from the signer's certificate up to a root that the reader trusts (RFC 5280, 6.1, as far
 * as it can be done without a network: whether a certificate was revoked must be asked of its issuer). Everything is
 * judged at the time of signing; a certificate that ran out since has signed well.
 *
 * The DEMO root is always known, and whatever it issued is DEMO, since its private key is public.
 */
import { KerbsideError } from '../../src/errors.js';
import { compareBytes } from '../../src/evidence/der.js';
import { DEMO_ROOT_CERTIFICATE } from './demo-root.js';
import { certificatesIn } from './pem.js';
import { profileOf, signerObjection, type Profile } from './profile.js';

/**
 * `trusted`: issued under one of the roots. `unknown-issuer`: a good chain to somebody who is none of them. `refused`:
 * no good chain, whatever the roots.
 */
export type Standing = 'trusted' | 'unknown-issuer' | 'refused';

export interface ChainJudgement {
  readonly standing: Standing;
  readonly trusted: boolean;
  /** The signer's certificate says DEMO, or a good chain ends at the DEMO root. */
  readonly demo: boolean;
  /** Of the signer's certificate. */
  readonly subject: string;
  readonly sentence: string;
  /** DER of the root that vouches; null unless `trusted`. */
  readonly root: Uint8Array | null;
}

const MOST_CERTIFICATES = 10;

/** Thousands of exhibits are judged in a row, and all bear the same few certificates. By their bytes in base64. */
const profiles = new Map<string, Profile>();
const MOST_PROFILES = 1000;

function knownProfile(der: Uint8Array): Profile {
  const key = Buffer.from(der).toString('base64');
  const profile = profiles.get(key) ?? profileOf(der);
  if (profiles.size >= MOST_PROFILES) profiles.clear();
  profiles.set(key, profile);
  return profile;
}

/** @returns DER */
export const demoRoot = (): Uint8Array => certificatesIn(Buffer.from(DEMO_ROOT_CERTIFICATE))[0] ?? new Uint8Array();

/**
 * @param certificates DER, the signer's first
 * @param roots DER, those that the reader trusts; the DEMO root need not be among them
 * @param atMs UTC, time of signing
 * @throws KerbsideError 'evidence-damaged' when one of `roots` is no certificate
 */
export function judgeChain(
  certificates: readonly Uint8Array[],
  roots: readonly Uint8Array[],
  atMs: number,
): ChainJudgement {
  let chain: Profile[];
  try {
    chain = certificates.map(knownProfile);
  } catch (error) {
    if (!(error instanceof KerbsideError)) throw error;
    return judgement('refused', false, 'unknown', error.message);
  }
  const [signer] = chain;
  if (!signer || chain.length > MOST_CERTIFICATES) {
    const sentence = `The chain has ${chain.length} certificates, expected 1 to ${MOST_CERTIFICATES}.`;
    return judgement('refused', false, signer?.subject ?? 'unknown', sentence);
  }
  const objection = chainObjection(chain, atMs);
  if (objection !== null) return judgement('refused', signer.saysDemo, signer.subject, objection);
  return atTheRoot(chain, signer, roots, atMs);
}

function atTheRoot(
  chain: readonly Profile[],
  signer: Profile,
  roots: readonly Uint8Array[],
  atMs: number,
): ChainJudgement {
  const { subject } = signer;
  const last = chain.at(-1) ?? signer;
  const isLast = (root: Profile): boolean => compareBytes(root.der, last.der) === 0;
  const reaches = (root: Profile): boolean => isLast(root) || isIssuedBy(last, root);
  const known = knownProfile(demoRoot());
  if (reaches(known)) {
    const sentence = `DEMO, NOT EVIDENCE: ${subject} was issued by the DEMO root, whose private key is public.`;
    return judgement('trusted', true, subject, sentence, known.der);
  }
  const root = roots.map(knownProfile).find(reaches);
  const demo = signer.saysDemo;
  const mark = demo ? 'DEMO, NOT EVIDENCE: ' : '';
  if (!root) {
    const sentence = `${mark}${subject} was issued by ${last.issuer}, which is none of the trusted roots.`;
    return judgement('unknown-issuer', demo, subject, sentence);
  }
  const objection = issuerObjection(root, chain.length - (isLast(root) ? 2 : 1), atMs);
  if (objection !== null) return judgement('refused', demo, subject, objection);
  return judgement(
    'trusted',
    demo,
    subject,
    `${mark}${subject} was issued under the trusted root ${root.subject}.`,
    root.der,
  );
}

/** What is wrong between the signer and the last certificate of the chain; null when nothing is. */
function chainObjection(chain: readonly Profile[], atMs: number): string | null {
  for (const [i, certificate] of chain.entries()) {
    const objection = i === 0 ? asSigner(certificate, atMs) : issuerObjection(certificate, i - 1, atMs);
    if (objection !== null) return objection;
  }
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1];
    if (issuer && !isIssuedBy(certificate, issuer)) {
      return `The certificate of ${certificate.subject} was not signed by ${issuer.subject}, which follows it in the chain.`;
    }
  }
  return null;
}

function asSigner(signer: Profile, atMs: number): string | null {
  const objection = signerObjection(signer);
  if (objection !== null) return `The certificate of ${signer.subject} cannot seal evidence: ${objection}.`;
  return generalObjection(signer, atMs);
}

/** @param below how many issuers stand between it and the signer */
function issuerObjection(issuer: Profile, below: number, atMs: number): string | null {
  const { subject, mayIssue, pathLength } = issuer;
  if (!mayIssue) return `${subject} issued a certificate, but its own does not allow that (no CA).`;
  if (pathLength !== null && below > pathLength) {
    return `${subject} has ${below} issuers below it, its certificate allows ${pathLength}.`;
  }
  return generalObjection(issuer, atMs);
}

function generalObjection({ subject, unknownCritical, notBeforeMs, notAfterMs }: Profile, atMs: number): string | null {
  if (unknownCritical.length > 0) {
    return `The certificate of ${subject} has conditions that this program does not know (${unknownCritical.join(', ')}).`;
  }
  if (atMs >= notBeforeMs && atMs <= notAfterMs) return null;
  const [from, to, at] = [notBeforeMs, notAfterMs, atMs].map((ms) => new Date(ms).toISOString());
  return `The certificate of ${subject} was valid from ${from ?? ''} to ${to ?? ''}, not at the time of signing, ${at ?? ''}.`;
}

function isIssuedBy(certificate: Profile, issuer: Profile): boolean {
  try {
    return certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    return false; // a key of a kind that OpenSSL does not know
  }
}

const judgement = (
  standing: Standing,
  demo: boolean,
  subject: string,
  sentence: string,
  root: Uint8Array | null = null,
): ChainJudgement => ({ standing, trusted: standing === 'trusted', demo, subject, sentence, root });
