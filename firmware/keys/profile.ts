/**
 * What a certificate says about itself, for people and for the two questions of this folder: may this one sign evidence,
 * and may that one issue others?
 */
import { createHash, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { isP256, readCertificate } from '../../src/evidence/certificate.js';
import { KerbsideError } from '../../src/errors.js';
import { sameBytes } from '../../src/evidence/der.js';
import { EMAIL_PROTECTION } from './certificates.js';

export interface Profile {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  /** e.g. `O=Example Authority, CN=SC-014`. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly spki: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
  /** It says CA, whether or not it may issue. */
  readonly isAuthority: boolean;
  readonly mayIssue: boolean;
  /** How many issuers may stand between it and a signer; null: any number. */
  readonly pathLength: number | null;
  readonly maySign: boolean;
  /** Object identifiers of the extended key usage; null where there is none. */
  readonly purposes: readonly string[] | null;
  readonly namesIssuerKey: boolean;
  /** Critical extensions that nothing here understands. */
  readonly unknownCritical: readonly string[];
  /** Its common name says DEMO. */
  readonly saysDemo: boolean;
}

const UNDERSTOOD: readonly string[] = [id_ce_basicConstraints, id_ce_keyUsage, id_ce_extKeyUsage];

/** @throws KerbsideError 'evidence-damaged' when it is no certificate, or not in DER to the last bit */
export function profileOf(der: Uint8Array): Profile {
  const { spki } = readCertificate(der);
  try {
    const x509 = new X509Certificate(der);
    if (!sameBytes(x509.raw, der)) throw new RangeError('it was read as other bytes');
    const extensions = Array.from(AsnConvert.parse(der, Certificate).tbsCertificate.extensions ?? []);
    const valueOf = (oid: string): ArrayBuffer | null => {
      const found = extensions.find(({ extnID }) => extnID === oid);
      return found ? found.extnValue.buffer : null;
    };
    const basic = valueOf(id_ce_basicConstraints);
    const usage = valueOf(id_ce_keyUsage);
    const purposes = valueOf(id_ce_extKeyUsage);
    const flags = usage === null ? null : AsnConvert.parse(usage, KeyUsage).toNumber();
    const constraints = basic === null ? null : AsnConvert.parse(basic, BasicConstraints);
    return {
      ...{ der, x509, spki },
      subject: inOneLine(x509.subject),
      issuer: inOneLine(x509.issuer),
      commonName: /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? '',
      notBeforeMs: Date.parse(x509.validFrom),
      notAfterMs: Date.parse(x509.validTo),
      sha256: createHash('sha256').update(der).digest('hex'),
      isAuthority: constraints?.cA === true,
      mayIssue: x509.ca && (flags === null || (flags & KeyUsageFlags.keyCertSign) !== 0),
      pathLength: constraints?.pathLenConstraint ?? null,
      maySign: flags !== null && (flags & KeyUsageFlags.digitalSignature) !== 0,
      purposes: purposes === null ? null : Array.from(AsnConvert.parse(purposes, ExtendedKeyUsage)),
      namesIssuerKey: valueOf(id_ce_authorityKeyIdentifier) !== null,
      unknownCritical: extensions
        .filter(({ critical, extnID }) => critical && !UNDERSTOOD.includes(extnID))
        .map(({ extnID }) => extnID),
      saysDemo: /\bCN=.*DEMO/.test(x509.subject),
    };
  } catch (cause) {
    throw new KerbsideError('evidence-damaged', 'A certificate is damaged, expected X.509 in DER.', { cause });
  }
}

/** Why this certificate cannot seal evidence, as a clause; null when it can. */
export function signerObjection(profile: Profile): string | null {
  const { spki, isAuthority, maySign, purposes, namesIssuerKey, issuer, subject } = profile;
  if (!isP256(spki)) return 'its key is not on the curve P-256, expected ECDSA on P-256 (prime256v1)';
  if (isAuthority) return 'it is the certificate of an issuer (CA), expected one of a signer';
  if (issuer === subject) return 'it was issued by itself, expected one that an issuer (CA) has signed';
  if (!maySign) return 'its key usage does not allow signatures, expected digitalSignature';
  if (purposes === null || !purposes.includes(EMAIL_PROTECTION)) {
    return `its extended key usage is ${purposes?.join(', ') ?? 'missing'}, expected emailProtection (${EMAIL_PROTECTION})`;
  }
  return namesIssuerKey ? null : 'it does not name the key of its issuer, expected an authority key identifier';
}

const inOneLine = (name: string): string => name.split('\n').join(', ');
