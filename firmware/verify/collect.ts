/**
 * Which files belong together. A path is a file of an exhibit, a folder, a camera's data folder or an export, that is any
 * tree that holds records. Only names and sizes are looked at here; what the files hold is read once, later.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, type Dirent, type Stats } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { ChainFile, EvidenceSet } from '../../src/evidence/verify/set.js';

/** The files of one number, none of them read yet. */
export interface ExhibitFiles {
  /** Without ending. */
  readonly name: string;
  /** Of the file by which the exhibit is named to people: the record, else the image, else the signature. */
  readonly path: string;
  /** Six digits; null: a folder of another name, which says nothing. */
  readonly folder: string | null;
  /** The evidence folder whose chain this belongs to. */
  readonly chain: string;
  readonly record: string | null;
  readonly signature: string | null;
  readonly image: string | null;
  readonly bytes: number;
  /** Hex SHA-256 of the files in `certificates/`; null: no such folder. */
  readonly certificateSha256s: readonly string[] | null;
}

export interface Collection {
  readonly exhibits: readonly ExhibitFiles[];
  readonly chainFiles: readonly ChainFile[];
  readonly strangers: EvidenceSet['strangers'];
  /** A folder was given, so that what is missing is missing. */
  readonly hasFolder: boolean;
}

const ENDINGS = ['.record', '.p7s', '.jpg'] as const;
const CERTIFICATES = 'certificates';
const CHAIN_FILE = 'chain.sha256';
/** A data folder is known by it; named here so that verifying needs no database. */
const STORE_FILE = 'kerbside.db';
const DEPLOYMENT = /^\d{6}$/;

const isPart = (name: string): boolean => ENDINGS.some((ending) => name.endsWith(ending));

interface Found {
  /** Files of exhibits: directory and stem to the endings that are there, with their sizes. */
  readonly exhibits: Map<string, Map<string, number>>;
  readonly chainFiles: ChainFile[];
  readonly strangers: { path: string; why: string }[];
  readonly walked: Set<string>;
}

/** @throws KerbsideError 'evidence-missing' where a path is not there or nothing can be verified */
export function collect(paths: readonly string[]): Collection {
  const found: Found = { exhibits: new Map(), chainFiles: [], strangers: [], walked: new Set() };
  let hasFolder = false;
  for (const path of paths) {
    const absolute = resolve(path);
    const stats = statsOf(absolute);
    if (stats === null) throw missing(`${path} is not there; expected a file of an exhibit or a folder.`);
    if (stats.isDirectory()) {
      hasFolder = true;
      walk(evidenceIn(absolute), found);
    } else takeFile(absolute, path, found);
  }
  const exhibits = toExhibits(found);
  if (exhibits.length + found.strangers.length === 0) {
    throw missing(
      `${paths.join(', ')}: nothing to verify was found; expected records (.record) or sealed images (.jpg).`,
    );
  }
  return { exhibits, chainFiles: found.chainFiles, strangers: found.strangers, hasFolder };
}

const missing = (sentence: string): KerbsideError => new KerbsideError('evidence-missing', sentence);

/** Null: not there, or a link that leads nowhere. */
function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Of a camera's data folder only the evidence: its spool holds the camera's own images. */
function evidenceIn(folder: string): string {
  const inside = join(folder, 'evidence');
  const isData = statsOf(join(folder, STORE_FILE)) !== null && statsOf(inside)?.isDirectory() === true;
  return isData ? inside : folder;
}

function takeFile(absolute: string, given: string, found: Found): void {
  const ending = extname(absolute);
  if (!isPart(absolute)) {
    throw missing(`${given} is no file of an exhibit; expected one that ends in ${ENDINGS.join(', ')}, or a folder.`);
  }
  const stem = absolute.slice(0, -ending.length);
  for (const each of ENDINGS) {
    const stats = statsOf(`${stem}${each}`);
    if (stats?.isFile() === true) note(found, stem, each, stats.size);
  }
}

function note({ exhibits }: Found, stem: string, ending: string, bytes: number): void {
  const known = exhibits.get(stem);
  if (known === undefined) exhibits.set(stem, new Map([[ending, bytes]]));
  else known.set(ending, bytes);
}

function walk(folder: string, found: Found): void {
  if (found.walked.has(folder)) return;
  found.walked.add(folder);
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== CERTIFICATES) walk(path, found);
    } else takeEntry(folder, entry, found);
  }
}

function takeEntry(folder: string, entry: Dirent, found: Found): void {
  const path = join(folder, entry.name);
  const stats = statsOf(path);
  if (stats?.isDirectory() === true && entry.name !== CERTIFICATES) {
    found.strangers.push({ path, why: 'a link to another folder, which was not looked into; name that folder, too.' });
  } else if (entry.name.endsWith('.tmp')) {
    found.strangers.push({ path, why: 'left over from a write that did not come to its end.' });
  } else if (isPart(entry.name) || entry.name === CHAIN_FILE) {
    if (stats?.isFile() !== true) found.strangers.push({ path, why: 'no file that can be read.' });
    else if (entry.name === CHAIN_FILE) takeChainFile(folder, path, found);
    else {
      const ending = extname(entry.name);
      note(found, path.slice(0, -ending.length), ending, stats.size);
    }
  }
}

function takeChainFile(folder: string, path: string, found: Found): void {
  const bytes = readOrReport(path, found);
  if (bytes !== null) found.chainFiles.push({ path, chain: folder, text: bytes.toString('latin1') });
}

/** One file that a disk does not give back is a finding, and ends nothing. */
function readOrReport(path: string, { strangers }: Found): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    strangers.push({ path, why: `it cannot be read (${reason}).` });
    return null;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw missing(`Folder ${folder} cannot be read (${reason}).`);
  }
}

/** An image without a record is an exhibit of its own only where it was named itself. */
function toExhibits(found: Found): ExhibitFiles[] {
  const { exhibits, strangers } = found;
  const stems = [...exhibits.keys()];
  const isWalked = (stem: string): boolean => found.walked.has(dirname(stem));
  const copies = new Map<string, readonly string[] | null>();
  return stems.flatMap((stem) => {
    const sizes = exhibits.get(stem) ?? new Map<string, number>();
    if (isWalked(stem) && !sizes.has('.record')) {
      for (const ending of sizes.keys()) {
        strangers.push({ path: `${stem}${ending}`, why: 'no record accounts for this file.' });
      }
      return [];
    }
    const folder = dirname(stem);
    if (!copies.has(folder)) copies.set(folder, hashesIn(join(folder, CERTIFICATES), found));
    return [exhibitOf(stem, sizes, copies.get(folder) ?? null)];
  });
}

function exhibitOf(
  stem: string,
  sizes: ReadonlyMap<string, number>,
  certificateSha256s: readonly string[] | null,
): ExhibitFiles {
  const directory = dirname(stem);
  const isDeployment = DEPLOYMENT.test(basename(directory));
  const pathOf = (ending: string): string | null => (sizes.has(ending) ? `${stem}${ending}` : null);
  const [record, signature, image] = [pathOf('.record'), pathOf('.p7s'), pathOf('.jpg')];
  return {
    name: basename(stem),
    path: record ?? image ?? signature ?? stem,
    folder: isDeployment ? basename(directory) : null,
    chain: isDeployment ? dirname(directory) : directory,
    ...{ record, signature, image },
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    certificateSha256s,
  };
}

/** As the chain file states it. */
export const chainPath = ({ chain, path }: ExhibitFiles): string => relative(chain, path);

/** A few scanned pages a deployment. */
function hashesIn(folder: string, found: Found): string[] | null {
  if (statsOf(folder)?.isDirectory() !== true) return null;
  return entriesOf(folder).flatMap(({ name }) => {
    const path = join(folder, name);
    const stats = statsOf(path);
    if (stats === null) found.strangers.push({ path, why: 'no file that can be read.' });
    const bytes = stats?.isFile() === true ? readOrReport(path, found) : null;
    return bytes === null ? [] : [createHash('sha256').update(bytes).digest('hex')];
  });
}
