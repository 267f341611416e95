/**
 * The keys of an issuer of packs, on the issuer's own machine: a root, whose certificate the vans trust for twenty years,
 * and under it the key that signs, whose certificate is renewed every three. The root's key is needed for nothing else and
 * belongs on a medium in a safe; `kerbside key create --issuer` finds it there again when the signer is renewed.
 */
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { ISSUER_KINDS, ISSUER_NAMES, ISSUER_OF, type IssuerKind } from '../../src/site/packs/head.js';
import type { PackKind } from '../../src/site/reference.js';
import { createRoot, generateKey, issueUnder, spkiOf } from '../keys/certificates.js';
import { FileSigner, readPrivateKey } from '../keys/file-signer.js';
import { CERTIFICATE_MODE, KEY_MODE, readKeyFile, removeLeftovers, writeKeyFile } from '../keys/key-files.js';
import { certificatesIn, toPem } from '../keys/pem.js';
import { profileOf, type Profile } from '../keys/profile.js';

export interface IssuerPaths {
  readonly key: string;
  /** PEM chain, the signer's certificate first, without the root. */
  readonly certificates: string;
  readonly rootKey: string;
  /** What the vans are given: `trust.pib`, `trust.calibration`. */
  readonly root: string;
}

export const issuerPaths = (folder: string, kind: IssuerKind): IssuerPaths => ({
  key: join(folder, `${kind}.key`),
  certificates: join(folder, `${kind}.crt`),
  rootKey: join(folder, `${kind}-root.key`),
  root: join(folder, `${kind}-root.crt`),
});

const COMMON_NAMES: Readonly<Record<IssuerKind, string>> = { pib: 'PIB', calibration: 'Calibration services' };

export interface CreatedIssuer {
  readonly paths: IssuerPaths;
  readonly certificate: Profile;
  readonly root: Profile;
  /** False when the root was there and only its signer was missing. */
  readonly newRoot: boolean;
}

/**
 * Makes what is missing: root and signer, or a new signer under the root that is there.
 * @throws KerbsideError 'usage' for a name that will not do, 'key-unusable' when key and certificate are there already,
 *   'disk-full', 'store-failed'
 */
export async function createIssuer(
  folder: string,
  kind: IssuerKind,
  organisation: string,
  nowMs: number,
): Promise<CreatedIssuer> {
  refuseName(organisation);
  const paths = issuerPaths(folder, kind);
  for (const path of [paths.key, paths.rootKey]) removeLeftovers(path);
  const has = (path: string): boolean => readKeyFile(path) !== null;
  if (has(paths.key) && has(paths.certificates)) throw isThere(paths);
  const newRoot = !has(paths.rootKey);
  if (newRoot && has(paths.root)) throw rootKeyMissing(paths);
  const rootKey = keyAt(paths.rootKey);
  if (!has(paths.root)) {
    const subject = { organisation, commonName: `${COMMON_NAMES[kind]} root` };
    const made = await createRoot(rootKey, subject, nowMs);
    writeKeyFile(paths.root, toPem('CERTIFICATE', made), { mode: CERTIFICATE_MODE });
  }
  const [root = new Uint8Array()] = certificatesIn(readKeyFile(paths.root) ?? new Uint8Array());
  const key = keyAt(paths.key);
  const subject = { organisation, commonName: COMMON_NAMES[kind] };
  const certificate = await issueUnder({ certificate: root, key: rootKey }, spkiOf(key), subject, nowMs);
  writeKeyFile(paths.certificates, toPem('CERTIFICATE', certificate), { mode: CERTIFICATE_MODE });
  return { paths, certificate: profileOf(certificate), root: profileOf(root), newRoot };
}

/** The key of that file, which is made where it is not there. */
function keyAt(path: string): ReturnType<typeof readPrivateKey> {
  if (readKeyFile(path) === null) {
    const pem = generateKey().export({ type: 'pkcs8', format: 'pem' });
    writeKeyFile(path, pem, { mode: KEY_MODE, exclusive: true });
  }
  return readPrivateKey(path);
}

/**
 * The signer for packs of this kind.
 * @throws KerbsideError 'key-missing' where the folder is of another issuer or of none, 'key-unusable'
 */
export function openIssuer(folder: string, kind: PackKind): FileSigner {
  const issuer = ISSUER_OF[kind];
  const paths = issuerPaths(folder, issuer);
  if (readKeyFile(paths.key) !== null) return FileSigner.open(paths);
  const other = ISSUER_KINDS.find((each) => each !== issuer && readKeyFile(issuerPaths(folder, each).key) !== null);
  const found = other === undefined ? 'holds no key of an issuer' : `holds the key of ${ISSUER_NAMES[other]}`;
  const expected = `expected ${paths.key}: a pack of kind ${kind} is signed by ${ISSUER_NAMES[issuer]}`;
  throw new KerbsideError(
    'key-missing',
    `${folder} ${found}, ${expected}; make it with kerbside key create --issuer ${issuer}.`,
  );
}

function refuseName(organisation: string): void {
  if (/^[^\p{C}]{1,59}$/u.test(organisation) && !organisation.includes('DEMO')) return;
  const sentence = `"${organisation}" cannot stand in a certificate, expected 1 to 59 printable characters without DEMO.`;
  throw new KerbsideError('usage', sentence);
}

const isThere = ({ key, certificates }: IssuerPaths): KerbsideError =>
  new KerbsideError(
    'key-unusable',
    `${key} and ${certificates} are there already and are never written over; move both away to renew them under the same root.`,
  );

const rootKeyMissing = ({ root, rootKey }: IssuerPaths): KerbsideError =>
  new KerbsideError(
    'key-unusable',
    `${root} is there and ${rootKey} is not, expected the key of that root to issue a signer.`,
  );
