/** `kerbside site|certificate|operator import|sign`: a pack into force on the van, and the signature at the issuer's. */
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, parse, resolve } from 'node:path';
import { EXIT, KerbsideError } from '../../../src/errors.js';
import type { PackHead, PackKind } from '../../../src/site/reference.js';
import { loadConfig, referenceFolder } from '../../config/load.js';
import { profileOf } from '../../keys/profile.js';
import { kindOfContent, problemsOf } from '../../reference/content.js';
import { importPack, NOUN_OF } from '../../reference/import-pack.js';
import { openIssuer } from '../../reference/issuer-key.js';
import { readPackFile } from '../../reference/pack-file.js';
import { issuerRoots } from '../../reference/roots.js';
import { demoSignerFor, signPack } from '../../reference/sign-pack.js';
import type { CommandAction } from '../context.js';
import { packJson, printable } from '../reference-view.js';

export interface ImportOptions {
  readonly file: string;
  readonly kinds: readonly PackKind[];
}

export interface SignOptions {
  readonly content: string;
  readonly kinds: readonly PackKind[];
  /** null: the built-in DEMO issuer. */
  readonly issuer: string | null;
  /** null: beside the content, with the ending `.pack`. */
  readonly out: string | null;
}

/** @throws KerbsideError as importPack does; 'config-invalid' for a root that is none */
export const importFile: CommandAction<ImportOptions> = async (context, { file, kinds }) => {
  const config = loadConfig(context.configPath);
  const folder = referenceFolder(config);
  const origin = resolve(file);
  const { result, head, path, replacedSerial } = await importPack({
    ...{ folder, kinds, by: typist(), nowMs: Date.now() },
    file: origin,
    roots: issuerRoots(config),
  });
  if (context.json) context.printJson({ result, ...packJson(head), path, replacedSerial });
  else context.print(told(result, head, replacedSerial));
  context.progress(`The pack lies in ${path}; kerbside ${NOUN_OF[head.kind]} list shows what it says.`);
  return EXIT.good;
};

function told(result: string, head: PackHead, replacedSerial: number | null): string {
  const mark = head.demo ? 'DEMO, NOT EVIDENCE: ' : '';
  const pack = `${mark}The ${head.kind} pack with serial ${head.serial} of ${printable(head.issuer)}`;
  if (result === 'already-imported') return `${pack} was imported already; nothing was changed.`;
  if (result === 'restored') return `${pack} is in force again; its file was gone or damaged.`;
  return replacedSerial === null ? `${pack} is in force.` : `${pack} is in force in place of serial ${replacedSerial}.`;
}

/** Who typed the command; behind sudo, the person and not root alone. */
function typist(): string {
  const sudo = process.env['SUDO_USER'];
  let name: string;
  try {
    name = userInfo().username;
  } catch {
    name = `uid ${process.getuid?.() ?? 'unknown'}`; // an account without an entry
  }
  return sudo === undefined || sudo === '' ? name : `${sudo} (as ${name})`;
}

/** @throws KerbsideError 'pack-unreadable', 'pack-invalid', 'usage', 'key-missing', 'key-unusable' */
export const signContent: CommandAction<SignOptions> = async (context, { content, kinds, issuer, out }) => {
  const origin = resolve(content);
  const bytes = readPackFile(origin);
  const known = kindOfContent(bytes, origin);
  refuseOtherNoun(known.kind, kinds, origin);
  const problems = problemsOf(known);
  if (problems.length > 0) {
    for (const { sentence } of problems) context.warn(sentence);
    const count = problems.length === 1 ? 'one problem was' : `${problems.length} problems were`;
    throw new KerbsideError('pack-invalid', `${origin}: ${count} found, expected none; nothing was signed.`);
  }
  const nowMs = Date.now();
  const { name, dir } = parse(origin);
  const target = resolve(out ?? `${dir}/${name}.pack`);
  if (existsSync(target)) throw new KerbsideError('usage', `File ${target} exists already; give another --out.`);
  const signer = issuer === null ? await demoSignerFor(known.kind, nowMs) : openIssuer(resolve(issuer), known.kind);
  const { kind, serial, bytes: signed } = await signPack(bytes, origin, () => signer, nowMs);
  writeNew(target, signed);
  const { commonName } = profileOf(signer.certificates[0] ?? new Uint8Array());
  const sha256 = createHash('sha256').update(signed).digest('hex');
  if (context.json) context.printJson({ file: target, kind, serial, issuer: commonName, sha256, demo: signer.demo });
  else context.print(target);
  const mark = signer.demo ? ' as a DEMO' : '';
  context.progress(
    `Signed${mark} by ${commonName}: the ${kind} pack with serial ${serial}. Next, in the van: kerbside ${NOUN_OF[kind]} import ${basename(target)}`,
  );
  return EXIT.good;
};

function refuseOtherNoun(kind: PackKind, kinds: readonly PackKind[], origin: string): void {
  if (kinds.includes(kind)) return;
  const expected = `expected ${kinds.join(', ')}; use kerbside ${NOUN_OF[kind]} sign`;
  throw new KerbsideError('usage', `${origin} is content of kind ${kind}, ${expected}.`);
}

function writeNew(target: string, bytes: Uint8Array): void {
  try {
    writeFileSync(target, bytes, { flag: 'wx' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('usage', `File ${target} cannot be written (${reason}); give another --out.`);
  }
}
