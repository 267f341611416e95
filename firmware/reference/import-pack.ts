/**
 * Takes a pack into force, or refuses it by name and changes nothing. The serial of each kind only grows: an older pack
 * is refused, and so is another one of the same serial, because then nobody could say which one was in force. A pack of
 * another root does not count, so that a van leaves its DEMO packs behind on the day on which it learns a real root.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ERRORS, KerbsideError } from '../../src/errors.js';
import { ISSUER_OF } from '../../src/site/packs/head.js';
import type { PackHead, PackKind } from '../../src/site/reference.js';
import { lockWhenFree } from '../store/lock.js';
import { makeFolder, writeError } from '../workshop/durable-write.js';
import { appendToImportLog, highestImported, openImportLog, readImportLog, type ImportEntry } from './import-log.js';
import { openPack, type OpenedPack } from './open-pack.js';
import { readPackFile } from './pack-file.js';
import { packPath, putInForce, readPackInForce } from './pack-store.js';
import { acceptedRoots, fingerprintOf, type IssuerRoots } from './roots.js';

export interface ImportRequest {
  /** `referenceFolder(config)`. */
  readonly folder: string;
  readonly file: string;
  readonly roots: IssuerRoots;
  /** What this command takes; another kind is refused with the name of the command that takes it. */
  readonly kinds: readonly PackKind[];
  /** Who asked for it, for the log. */
  readonly by: string;
  readonly nowMs: number;
}

export interface Imported {
  /** `restored`: the same pack was imported before, and its file was gone or damaged. */
  readonly result: 'imported' | 'already-imported' | 'restored';
  readonly head: PackHead;
  readonly path: string;
  /** Serial of the pack that was in force; null: none. */
  readonly replacedSerial: number | null;
}

export const NOUN_OF: Readonly<Record<PackKind, string>> = {
  sites: 'site',
  calendar: 'site',
  bulletin: 'site',
  operators: 'operator',
  certificates: 'certificate',
};

const LOCK_WAIT_MS = 10_000;

/**
 * @throws KerbsideError 'pack-unreadable', 'pack-invalid', 'pack-untrusted', 'pack-older', 'usage' for another kind than
 *   the command takes; 'store-locked', 'disk-full', 'store-failed'. Refusals are in the log.
 */
export async function importPack(request: ImportRequest): Promise<Imported> {
  const { folder } = request;
  try {
    makeFolder(folder);
  } catch (error) {
    throw writeError(error, folder);
  }
  // Two imports at once could each find the other's pack older and leave the wrong one.
  const lock = await lockWhenFree(join(folder, 'import.lock'), AbortSignal.timeout(LOCK_WAIT_MS));
  if (lock === null) {
    const sentence = `${folder} is held by another import, or cannot be written; try again.`;
    throw new KerbsideError('store-locked', sentence);
  }
  try {
    return importLocked(request);
  } finally {
    await lock.release();
  }
}

function importLocked(request: ImportRequest): Imported {
  const { folder, file, roots, kinds, nowMs } = request;
  let bytes: Uint8Array | null = null;
  let pack: OpenedPack | null = null;
  try {
    bytes = readPackFile(file);
    pack = openPack(bytes, file, { roots, importedAtMs: nowMs });
    refuseOtherKinds(pack.head.kind, kinds, file);
    const { result, replacedSerial } = decide(pack, request);
    const { head } = pack;
    openImportLog(folder);
    const path = result === 'already-imported' ? packPath(folder, head.kind) : putInForce(folder, head, bytes);
    logInForce(path, request, entryOf(request, bytes, pack, { result }));
    return { result, head, path, replacedSerial };
  } catch (error) {
    if (!(error instanceof KerbsideError) || error instanceof InForceUnlogged) throw error;
    throw logged(error, request, bytes, pack);
  }
}

/** Not a refusal: what is in force must not stand in the log as refused. */
class InForceUnlogged extends KerbsideError {}

function logInForce(path: string, { folder, file }: ImportRequest, entry: ImportEntry): void {
  try {
    appendToImportLog(folder, entry);
  } catch (error) {
    if (!(error instanceof KerbsideError)) throw error;
    const found = `is in force as ${path}, and that could not be logged (${error.message.replace(/\.$/, '')})`;
    throw new InForceUnlogged(error.kind, `${file}: ${found}, expected a log; import it again.`, { cause: error });
  }
}

function refuseOtherKinds(kind: PackKind, kinds: readonly PackKind[], file: string): void {
  if (kinds.includes(kind)) return;
  const sentence = `${file} is a pack of kind ${kind}, expected ${kinds.join(', ')}; use kerbside ${NOUN_OF[kind]} import.`;
  throw new KerbsideError('usage', sentence);
}

interface InForce {
  readonly serial: number;
  readonly contentSha256: string;
  readonly since: string;
}

function decide(
  { head, contentSha256 }: OpenedPack,
  { folder, file, roots }: ImportRequest,
): Pick<Imported, 'result' | 'replacedSerial'> {
  const current = inForce(folder, head.kind, roots);
  const replacedSerial = current?.serial ?? null;
  const floor = newest(current, everImported(folder, head.kind, roots));
  if (floor === null || head.serial > floor.serial) return { result: 'imported', replacedSerial };
  const known = `serial ${floor.serial} ${floor.since}`;
  if (head.serial < floor.serial) {
    const found = `has serial ${head.serial}, and ${known}`;
    throw new KerbsideError('pack-older', `${file}: the ${head.kind} pack ${found}, expected a newer one.`);
  }
  if (contentSha256 !== floor.contentSha256) {
    const found = `has serial ${head.serial} and another content, and ${known}`;
    throw new KerbsideError(
      'pack-older',
      `${file}: the ${head.kind} pack ${found}, expected a new serial for a change.`,
    );
  }
  return { result: current?.serial === head.serial ? 'already-imported' : 'restored', replacedSerial };
}

/** null where there is none, and where it would not be believed any more. */
function inForce(folder: string, kind: PackKind, roots: IssuerRoots): InForce | null {
  try {
    const bytes = readPackInForce(folder, kind);
    if (bytes === null) return null;
    const { head, contentSha256 } = openPack(bytes, packPath(folder, kind), { roots, importedAtMs: null });
    if (head.kind !== kind) return null;
    return { serial: head.serial, contentSha256, since: 'is in force' };
  } catch (error) {
    if (error instanceof KerbsideError) return null;
    throw error;
  }
}

/** What the log remembers, under the roots that count today. */
export function everImported(folder: string, kind: PackKind, roots: IssuerRoots): InForce | null {
  const accepted = acceptedRoots(roots, ISSUER_OF[kind]).map(fingerprintOf);
  const highest = highestImported(readImportLog(folder), kind, accepted);
  return highest === null ? null : { ...highest, since: `was imported on ${highest.at}` };
}

const newest = (a: InForce | null, b: InForce | null): InForce | null =>
  a !== null && (b === null || a.serial >= b.serial) ? a : b;

function entryOf(
  { by, file, nowMs }: ImportRequest,
  bytes: Uint8Array | null,
  pack: OpenedPack | null,
  outcome: Pick<ImportEntry, 'result'> & Partial<Pick<ImportEntry, 'error' | 'sentence'>>,
): ImportEntry {
  const { kind = null, serial = null, issuer = null, demo = null } = pack?.head ?? {};
  return {
    at: new Date(nowMs).toISOString(),
    by,
    file,
    sha256: bytes === null ? null : createHash('sha256').update(bytes).digest('hex'),
    ...{ kind, serial, issuer, demo },
    contentSha256: pack?.contentSha256 ?? null,
    rootSha256: pack?.rootSha256 ?? null,
    error: null,
    sentence: null,
    ...outcome,
  };
}

/** The refusal, which is in the log; where it cannot be logged it says so, too. */
function logged(
  error: KerbsideError,
  request: ImportRequest,
  bytes: Uint8Array | null,
  pack: OpenedPack | null,
): KerbsideError {
  const { kind, message } = error;
  const name = `${ERRORS[kind][0]} ${kind}`;
  try {
    const entry = entryOf(request, bytes, pack, { result: 'refused', error: name, sentence: message });
    appendToImportLog(request.folder, entry);
    return error;
  } catch (second) {
    const reason = second instanceof Error ? second.message : String(second);
    const sentence = `${message.replace(/\.$/, '')}; nor could that be logged: ${reason}`;
    return new KerbsideError(kind, sentence, { cause: error });
  }
}
