/**
 * Which software is this? Version from package.json, commit where the tree is a checkout, and a SHA-256 over the code
 * that decides and records: two vans with the same figure run the same program, whatever they call it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SoftwareIdentity {
  readonly name: 'kerbside';
  readonly version: string;
  /** Full hash of the checked-out commit; null outside a checkout. */
  readonly commit: string | null;
  /** Hex, over path and content of every compiled file of src/, firmware/ and proto/. */
  readonly codeSha256: string;
  readonly node: string;
  readonly platform: string;
}

/** Compiled code lies one folder deeper (dist/) than its sources; package.json stands at the top of both. */
function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (readdirSync(folder).includes('package.json')) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${from}`);
  }
}

const HERE = dirname(fileURLToPath(import.meta.url));
const CODE_ROOT = dirname(dirname(HERE));

export function softwareVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(HERE), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

export function softwareIdentity(): SoftwareIdentity {
  return {
    name: 'kerbside',
    version: softwareVersion(),
    commit: checkedOutCommit(packageRoot(HERE)),
    codeSha256: codeDigest(CODE_ROOT, ['firmware', 'proto', 'src']),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Reads git's own files: the board has no git. */
export function checkedOutCommit(root: string): string | null {
  try {
    const git = join(root, '.git');
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    const reference = /^ref: (.+)$/.exec(head)?.[1];
    if (reference === undefined) return isHash(head);
    try {
      return isHash(readFileSync(join(git, reference), 'utf8').trim());
    } catch {
      const packed = readFileSync(join(git, 'packed-refs'), 'utf8').split('\n');
      return isHash(packed.find((line) => line.endsWith(` ${reference}`))?.split(' ')[0] ?? '');
    }
  } catch {
    return null;
  }
}

const isHash = (text: string): string | null => (/^[0-9a-f]{40,64}$/.test(text) ? text : null);

/** @returns hex SHA-256 over "path NUL content NUL" of every .js and .json file, in the order of their paths */
export function codeDigest(root: string, folders: readonly string[]): string {
  const files = folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(js|json|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
