/**
 * Makes certificates and requests. The profile of a signer's certificate is the one of C2PA (its "end-entity" rules),
 * which `openssl cms -verify` takes, too: digitalSignature as a critical key usage, an extended key usage of
 * emailProtection (openssl asks for it) and documentSigning, key identifiers of both keys, never self-signed.
 *
 * A device that issues its own certificate therefore makes a root for it, whose private key exists only while this
 * function runs: nobody can issue a second certificate under it.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto';
import type * as Library from '@peculiar/x509';
import {
  element,
  bitString,
  contextTag,
  objectIdentifier,
  sequence,
  setOf,
  smallInteger,
} from '../../src/evidence/der.js';
import { toDerSignature } from '../../src/evidence/es256.js';
import type { Signer } from '../../src/ports/signer.js';
import { DEMO_ROOT_CERTIFICATE, DEMO_ROOT_PRIVATE_KEY } from './demo-root.js';
import { certificatesIn } from './pem.js';
import { provideReflectMetadata } from './reflect.js';

export interface Subject {
  readonly organisation: string;
  /** The camera's id. */
  readonly commonName: string;
}

export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

const DAY_MS = 86_400_000;
const DEVICE_YEARS = 3;
const DEMO_YEARS = 10;
/** Of an issuer, whose signers' certificates are renewed under it. */
const ROOT_YEARS = 20;

/** A new private key on P-256 from the system's random numbers. */
export const generateKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export const spkiOf = (key: KeyObject): Uint8Array =>
  Uint8Array.from(createPublicKey(key).export({ type: 'spki', format: 'der' }));

/** A signer's certificate of its own and the root that issued it. @returns DER */
export async function selfIssue(
  spki: Uint8Array,
  subject: Subject,
  nowMs: number,
): Promise<{ certificate: Uint8Array; root: Uint8Array }> {
  const library = await load();
  const validity = validFor(DEVICE_YEARS, nowMs);
  // Not extractable: it cannot be kept, and is gone when the function ends.
  const keys: webcrypto.CryptoKeyPair = await webcrypto.subtle.generateKey(P256, false, ['sign', 'verify']);
  const name = nameOf(library, { ...subject, commonName: `${subject.commonName} root` });
  const root = await makeRoot(library, name, keys, validity);
  const issuer = { name, publicKey: keys.publicKey, signingKey: keys.privateKey };
  const certificate = await issue(library, { spki, subject, validity, issuer });
  return { certificate, root };
}

/** The root of an issuer who keeps its key. @returns DER */
export async function createRoot(key: KeyObject, subject: Subject, nowMs: number): Promise<Uint8Array> {
  const library = await load();
  const keys = { privateKey: await signingKeyOf(key), publicKey: await verifyingKeyOf(spkiOf(key)) };
  return makeRoot(library, nameOf(library, subject), keys, validFor(ROOT_YEARS, nowMs));
}

/** A root and its key, which issue the certificates of signers. */
export interface Authority {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
}

/** A signer's certificate under a root whose key is at hand. @returns DER */
export async function issueUnder(
  authority: Authority,
  spki: Uint8Array,
  subject: Subject,
  nowMs: number,
  years = DEVICE_YEARS,
): Promise<Uint8Array> {
  const library = await load();
  const root = new library.X509Certificate(Buffer.from(authority.certificate));
  const publicKey = await verifyingKeyOf(new Uint8Array(root.publicKey.rawData));
  const issuer = { name: root.subjectName, publicKey, signingKey: await signingKeyOf(authority.key) };
  return issue(library, { spki, subject, validity: validFor(years, nowMs), issuer });
}

/** A certificate under the public DEMO root. @returns DER */
export async function issueDemo(spki: Uint8Array, subject: Subject, nowMs: number): Promise<Uint8Array> {
  const [certificate = new Uint8Array()] = certificatesIn(Buffer.from(DEMO_ROOT_CERTIFICATE));
  const authority = { certificate, key: createPrivateKey(DEMO_ROOT_PRIVATE_KEY) };
  return issueUnder(authority, spki, subject, nowMs, DEMO_YEARS);
}

async function makeRoot(
  library: typeof Library,
  name: Library.Name,
  keys: webcrypto.CryptoKeyPair,
  validity: Issue['validity'],
): Promise<Uint8Array> {
  const root = await library.X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name,
      keys,
      signingAlgorithm: ES256,
      extensions: [
        new library.BasicConstraintsExtension(true, 0, true),
        new library.KeyUsagesExtension(library.KeyUsageFlags.keyCertSign | library.KeyUsageFlags.cRLSign, true),
        await library.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return new Uint8Array(root.rawData);
}

const signingKeyOf = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), P256, false, ['sign']);

const verifyingKeyOf = (spki: Uint8Array): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('spki', spki, P256, true, ['verify']);

/**
 * A request (PKCS #10) for a certificate of the profile above. Signed through the seam: the key may lie in a token.
 * @returns DER
 */
export async function requestCertificate(signer: Signer, spki: Uint8Array, subject: Subject): Promise<Uint8Array> {
  const library = await load();
  const extensions = sequence(...signerExtensions(library).map(({ rawData }) => new Uint8Array(rawData)));
  const information = sequence(
    smallInteger(0),
    new Uint8Array(nameOf(library, subject).toArrayBuffer()),
    spki,
    element(contextTag(0), sequence(objectIdentifier(EXTENSION_REQUEST), setOf(extensions))),
  );
  const signature = await signer.sign(information);
  return sequence(information, sequence(objectIdentifier(ECDSA_WITH_SHA256)), bitString(toDerSignature(signature)));
}

interface Issue {
  readonly spki: Uint8Array;
  readonly subject: Subject;
  readonly validity: { readonly notBefore: Date; readonly notAfter: Date };
  readonly issuer: {
    readonly name: Library.Name;
    readonly publicKey: webcrypto.CryptoKey;
    readonly signingKey: webcrypto.CryptoKey;
  };
}

async function issue(library: typeof Library, { spki, subject, validity, issuer }: Issue): Promise<Uint8Array> {
  const publicKey = await verifyingKeyOf(spki);
  const certificate = await library.X509CertificateGenerator.create(
    {
      ...validity,
      subject: nameOf(library, subject),
      issuer: issuer.name,
      publicKey,
      signingKey: issuer.signingKey,
      signingAlgorithm: ES256,
      extensions: [
        ...signerExtensions(library),
        await library.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await library.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return new Uint8Array(certificate.rawData);
}

const signerExtensions = (library: typeof Library): Library.Extension[] => [
  new library.BasicConstraintsExtension(false, undefined, true),
  new library.KeyUsagesExtension(library.KeyUsageFlags.digitalSignature, true),
  new library.ExtendedKeyUsageExtension([EMAIL_PROTECTION, DOCUMENT_SIGNING]),
];

/** Always UTF8String: a name of a place in te reo is spelt as it is spelt. */
const nameOf = (library: typeof Library, { organisation, commonName }: Subject): Library.Name =>
  new library.Name([{ O: [{ utf8String: organisation }] }, { CN: [{ utf8String: commonName }] }]);

/** From a day ago, since a clock may be behind; to the second, which is all that a certificate holds. */
function validFor(years: number, nowMs: number): Issue['validity'] {
  const seconds = Math.floor(nowMs / 1000) * 1000;
  const notAfter = new Date(seconds);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years);
  return { notBefore: new Date(seconds - DAY_MS), notAfter };
}

/** Loaded when a certificate is made, which is once in a camera's life. */
async function load(): Promise<typeof Library> {
  provideReflectMetadata();
  return import('@peculiar/x509');
}
