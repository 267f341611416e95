/**
 * The files that make the program what it is (WELMEC 7.2 calls them legally relevant): our own compiled code, the lists of
 * what is installed, and everything that the installed packages bring to run. Documentation, types, sources and tests of
 * packages do not run and do not count; neither does what only the simulator loads.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const OWN_FOLDERS = ['firmware', 'proto', 'src'] as const;
const LISTS = ['package.json', 'package-lock.json'] as const;
/** What can be executed, loaded or printed with. */
const RUNNING = /\.(?:[cm]?js|json|node|wasm|so(?:\.\d+)*|ttf)$/;
/** Loaded by `hw-sim/` and by nothing else; a test compares this with what imports them. */
export const SIMULATOR_PACKAGES: readonly string[] = ['node-pty', 'wasm-vips'];
/** Inside a package: what its authors build and test with, and what a compiler left behind. */
const NOT_RUN = new Set(['test', 'tests', 'deps', 'obj.target', '.deps', '.bin']);

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

export interface InstalledFile {
  /** With forward slashes, from the root of the installation. */
  readonly name: string;
  readonly path: string;
}

function filesBelow(folder: string, isNested: (name: string) => boolean): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // an optional package of another platform
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_RUN.has(entry.name) || isNested(entry.name) ? [] : filesBelow(path, isNested);
    return entry.isFile() && RUNNING.test(entry.name) ? [path] : [];
  });
}

/** Packages that the lock file installs to run. */
function packagesOf(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => !SIMULATOR_PACKAGES.some((name) => path === `node_modules/${name}`));
}

/**
 * @param root where package.json and node_modules are
 * @param codeRoot where the compiled src/, firmware/ and proto/ are
 * @returns in the order of their names
 */
export function legallyRelevantFiles(root: string, codeRoot: string): InstalledFile[] {
  const own = OWN_FOLDERS.flatMap((folder) => filesBelow(join(codeRoot, folder), () => false)).map((path) => ({
    name: `code/${relative(codeRoot, path).split(sep).join('/')}`,
    path,
  }));
  const lists = LISTS.map((name) => ({ name, path: join(root, name) }));
  const packages = packagesOf(root)
    .flatMap((name) => filesBelow(join(root, name), (folder) => folder === 'node_modules'))
    .map((path) => ({ name: relative(root, path).split(sep).join('/'), path }));
  return [...own, ...lists, ...packages].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns hex SHA-256 over "name NUL SHA-256 of the content NUL" of every file */
export function installationDigest(files: readonly InstalledFile[]): string {
  const whole = createHash('sha256');
  for (const { name, path } of files) {
    const content = createHash('sha256').update(readFileSync(path)).digest();
    whole.update(name).update('\0').update(content).update('\0');
  }
  return whole.digest('hex');
}
