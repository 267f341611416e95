/** `kerbside key create|request|install|show`: the key that evidence is sealed with. The key itself is never printed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Table from 'cli-table3';
import { EXIT, KerbsideError } from '../../../src/errors.js';
import type { IssuerKind } from '../../../src/site/packs/head.js';
import { keysFolder, loadConfig } from '../../config/load.js';
import type { Subject } from '../../keys/certificates.js';
import { createDeviceKey, installChain, requestDeviceCertificate } from '../../keys/device-key.js';
import { FileSigner } from '../../keys/file-signer.js';
import { keyPaths, readKeyFile, type KeyPaths } from '../../keys/key-files.js';
import { certificatesIn } from '../../keys/pem.js';
import { profileOf, type Profile } from '../../keys/profile.js';
import type { CliContext, CommandAction } from '../context.js';

export interface SubjectOptions {
  readonly organisation: string;
}

export interface CreateOptions extends SubjectOptions {
  /** null: the key of this device. */
  readonly issuer: IssuerKind | null;
  /** Of the issuer's keys. */
  readonly folder: string | null;
}

export interface RequestOptions {
  /** null: that of the certificate in use. */
  readonly organisation: string | null;
  /** null: stdout. */
  readonly output: string | null;
}

export interface InstallOptions {
  readonly file: string;
}

/** @throws KerbsideError 'usage' where --issuer and --folder do not come together; as the two of them do */
export const createAnyKey: CommandAction<CreateOptions> = async (context, { organisation, issuer, folder }) => {
  if (issuer !== null && folder !== null) {
    return (await import('./issuer.js')).createIssuerKey(context, { issuer, folder, organisation });
  }
  if (issuer === null && folder === null) return createKey(context, { organisation });
  const found = issuer === null ? '--folder was given without --issuer' : '--issuer was given without --folder';
  throw new KerbsideError('usage', `${found}, expected both or none of them.`);
};

/** @throws KerbsideError 'key-unusable' when there is a key already */
export const createKey: CommandAction<SubjectOptions> = async (context, { organisation }) => {
  const config = loadConfig(context.configPath);
  const subject = { organisation, commonName: config.camera.id };
  const { paths, certificate, newKey } = await createDeviceKey(keysFolder(config), subject, Date.now());
  if (context.json) context.printJson({ newKey, ...paths, certificate: describe(certificate) });
  else {
    context.print(newKey ? `A new key lies in ${paths.key}, readable by its owner only.` : `${paths.key} was kept.`);
    context.print(tableOf([certificate], context));
    context.print(`Its root is ${paths.root}: give it to those who check evidence, over a way that they trust.`);
  }
  context.progress(
    'Next: kerbside key request asks an agency for a certificate of its own; until then this one serves.',
  );
  return EXIT.good;
};

/** @throws KerbsideError 'key-missing', 'key-unusable', 'usage' when the file is there already */
export const requestForKey: CommandAction<RequestOptions> = async (context, { organisation, output }) => {
  const config = loadConfig(context.configPath);
  const target = output === null ? null : resolve(output);
  if (target !== null && existsSync(target)) {
    throw new KerbsideError('usage', `File ${target} exists already; give another --output.`);
  }
  const folder = keysFolder(config);
  const known = subjectInUse(folder);
  const pem = await requestDeviceCertificate(folder, {
    organisation: organisation ?? known?.organisation ?? 'Kerbside',
    commonName: known?.commonName ?? config.camera.id,
  });
  if (target !== null) writeOut(target, pem);
  if (context.json) context.printJson({ file: target, request: pem });
  else context.print(target ?? pem.trimEnd());
  context.progress('Next: have it signed, then kerbside key install FILE.');
  return EXIT.good;
};

/** @throws KerbsideError 'key-missing', 'key-unusable' */
export const installCertificate: CommandAction<InstallOptions> = async (context, { file }) => {
  const config = loadConfig(context.configPath);
  const origin = resolve(file);
  const bytes = readKeyFile(origin);
  if (bytes === null) throw new KerbsideError('key-unusable', `${origin} is not there, expected a certificate chain.`);
  const { paths, chain, kept } = installChain(keysFolder(config), bytes, origin, Date.now());
  if (context.json) context.printJson({ installed: paths.certificates, kept, certificates: chain.map(describe) });
  else {
    context.print(tableOf(chain, context));
    context.print(`${paths.certificates} is in use from the next start.`);
    if (kept !== null) context.print(`The certificates before it stay in ${kept}.`);
  }
  return EXIT.good;
};

/**
 * The device's certificate and, where there is one, that of the demo. A key that could not seal is named, exit 2.
 * @throws KerbsideError 'key-missing', 'key-unusable'
 */
export const showKey: CommandAction<object> = async (context) => {
  const folder = keysFolder(loadConfig(context.configPath));
  const kinds = (['device', 'demo'] as const)
    .map((kind) => ({ kind, paths: keyPaths(folder, kind) }))
    .filter(({ kind, paths }) => existsSync(paths.certificates) || (kind === 'device' && existsSync(paths.key)));
  if (kinds.length === 0) {
    throw new KerbsideError('key-missing', `${folder} holds no key; make one with kerbside key create.`);
  }
  const shown = kinds.map(({ kind, paths }) => ({ kind, paths, chain: chainIn(paths), problem: problemOf(paths) }));
  if (context.json) {
    context.printJson(
      shown.map(({ kind, paths, chain, problem }) => ({ kind, ...paths, problem, certificates: chain.map(describe) })),
    );
  } else {
    for (const { paths, chain } of shown) {
      context.print(paths.certificates);
      context.print(tableOf(chain, context));
    }
  }
  const problems = shown.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) context.warn(problem);
  return problems.length === 0 ? EXIT.good : EXIT.invalid;
};

const chainIn = ({ certificates }: KeyPaths): Profile[] => {
  try {
    return certificatesIn(readFileSync(certificates)).map(profileOf);
  } catch {
    return []; // said by problemOf
  }
};

/** Of the device's certificate; null where there is none that names both. */
function subjectInUse(folder: string): Subject | null {
  const { subject } = chainIn(keyPaths(folder, 'device'))[0]?.x509.toLegacyObject() ?? {};
  const [organisation, commonName] = [subject?.O, subject?.CN].map((name: unknown) => [name].flat()[0]);
  return typeof organisation === 'string' && typeof commonName === 'string' ? { organisation, commonName } : null;
}

/** Why key and certificate cannot seal; null when they can. */
function problemOf(paths: KeyPaths): string | null {
  try {
    FileSigner.open(paths);
    return null;
  } catch (error) {
    if (error instanceof KerbsideError) return error.message;
    throw error;
  }
}

const describe = (profile: Profile): Record<string, unknown> => ({
  subject: profile.subject,
  issuer: profile.issuer,
  notBefore: new Date(profile.notBeforeMs).toISOString(),
  notAfter: new Date(profile.notAfterMs).toISOString(),
  sha256: profile.sha256,
  algorithm: algorithmOf(profile),
  demo: profile.saysDemo,
});

function algorithmOf({ x509 }: Profile): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey;
  const { namedCurve, modulusLength } = asymmetricKeyDetails ?? {};
  if (namedCurve === 'prime256v1') return 'ECDSA P-256 with SHA-256 (ES256)';
  return [asymmetricKeyType, namedCurve ?? modulusLength].filter((word) => word !== undefined).join(' ');
}

function tableOf(chain: readonly Profile[], { color }: CliContext): string {
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: color ? { border: ['dim'] } : { head: [], border: [] },
  });
  for (const profile of chain) {
    if (profile.saysDemo) table.push(['DEMO', 'NOT EVIDENCE: whatever this key seals is a DEMO']);
    table.push(
      ['subject', profile.subject],
      ['issuer', profile.issuer],
      ['valid', `${new Date(profile.notBeforeMs).toISOString()} to ${new Date(profile.notAfterMs).toISOString()}`],
      ['SHA-256', profile.sha256],
      ['algorithm', algorithmOf(profile)],
    );
  }
  return table.toString();
}

function writeOut(target: string, text: string): void {
  try {
    writeFileSync(target, text, { flag: 'wx' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('usage', `File ${target} cannot be written (${reason}); give another --output.`);
  }
}
