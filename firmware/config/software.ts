/**
 * Which software is this? Version from package.json, commit where the tree is a checkout, and a SHA-256 over all installed
 * files that measure, decide, seal and store: two vans with the same figure run the same program, whatever they call it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoftwareFacts } from '../../src/evidence/record-context.js';
import { installationDigest, legallyRelevantFiles } from './installed-files.js';

export interface SoftwareIdentity extends SoftwareFacts {
  readonly name: 'kerbside';
  /** How many files the digest covers. */
  readonly files: number;
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

/** Reads every installed file that counts, which takes a moment. */
export function softwareIdentity(): SoftwareIdentity {
  const root = packageRoot(HERE);
  const files = legallyRelevantFiles(root, CODE_ROOT);
  return {
    name: 'kerbside',
    version: softwareVersion(),
    commit: checkedOutCommit(root),
    sha256: installationDigest(files),
    files: files.length,
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
