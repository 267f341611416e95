/**
 * Whom the van believes about reference data: one set of roots for PIB, another for calibration services, from the
 * configuration. Where it names none, only the built-in DEMO issuer of that kind is believed, and what it signed is DEMO;
 * where it names one, no DEMO pack is taken (key `trust` of the configuration).
 */
import { createHash } from 'node:crypto';
import { KerbsideError } from '../../src/errors.js';
import { sameBytes } from '../../src/evidence/der.js';
import type { IssuerKind } from '../../src/site/packs/head.js';
import type { KerbsideConfig } from '../config/schema.js';
import { DEMO_ISSUERS } from '../keys/demo-issuers.js';
import { readKeyFile } from '../keys/key-files.js';
import { certificatesIn } from '../keys/pem.js';
import { profileOf } from '../keys/profile.js';

/** DER of the roots by issuer; an empty list: only the DEMO issuer. */
export type IssuerRoots = Readonly<Record<IssuerKind, readonly Uint8Array[]>>;

/** Of a simulation. */
export const DEMO_ONLY: IssuerRoots = { pib: [], calibration: [] };

/** DER. */
export const demoIssuerRoot = (kind: IssuerKind): Uint8Array =>
  certificatesIn(Buffer.from(DEMO_ISSUERS[kind].certificate))[0] ?? new Uint8Array();

/** The roots that count for a pack of this issuer. */
export const acceptedRoots = (roots: IssuerRoots, kind: IssuerKind): readonly Uint8Array[] =>
  roots[kind].length > 0 ? roots[kind] : [demoIssuerRoot(kind)];

/** Lower-case hex: what `openssl x509 -fingerprint -sha256` prints without its colons. */
export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** @throws KerbsideError 'config-invalid' where a file holds no certificate of an issuer, or both hold the same one */
export function issuerRoots({ trust }: Pick<KerbsideConfig, 'trust'>): IssuerRoots {
  const pib = trust.pib === undefined ? [] : rootsIn(trust.pib, 'trust.pib');
  const calibration = trust.calibration === undefined ? [] : rootsIn(trust.calibration, 'trust.calibration');
  if (!pib.some((der) => calibration.some((other) => sameBytes(der, other)))) return { pib, calibration };
  // One root for both, and each of the two could sign what only the other may.
  const found = `trust.calibration: ${trust.calibration ?? ''} holds a root that ${trust.pib ?? ''} holds, too`;
  throw new KerbsideError('config-invalid', `${found}, expected a root of its own for each issuer.`);
}

function rootsIn(file: string, key: string): Uint8Array[] {
  const refuse = (found: string): never => {
    const sentence = `${key}: ${file} ${found}, expected the certificate of a root (CA) in PEM.`;
    throw new KerbsideError('config-invalid', sentence);
  };
  let bytes: Uint8Array | null;
  try {
    bytes = readKeyFile(file);
  } catch (error) {
    return refuse(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const ders = bytes === null ? refuse('is not there') : certificatesIn(bytes);
  if (ders.length === 0) refuse('holds no certificate');
  for (const der of ders) if (!mayIssue(der)) refuse('holds a certificate that may not issue others, or is damaged');
  return ders;
}

function mayIssue(der: Uint8Array): boolean {
  try {
    return profileOf(der).mayIssue;
  } catch (error) {
    if (error instanceof KerbsideError) return false;
    throw error;
  }
}
