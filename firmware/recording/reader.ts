/**
 * Reads a recording, block by block and no more of it at a time, and says of every byte that it cannot vouch for. What a
 * cut, a flipped bit or a missing file has cost is told where it happened; everything else is still given.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { BLOCK_LAYOUT, decodePayload, FLAGS, HEADER_BYTES, MAGIC, readHeader, type BlockHeader } from './block.js';
import { deploymentFolders, partName, partsIn, unreadable } from './files.js';

export interface EntryItem {
  readonly type: 'entry';
  readonly bytes: Uint8Array;
  /** The decoder is to be restarted before it. */
  readonly startsBlock: boolean;
  readonly file: string;
}

export interface DamageItem {
  readonly type: 'damage';
  /**
   * file: nothing in it can be read. block: some of its bytes. tail: its last bytes. missing: blocks or files are not
   * there. unclosed: the recording has no clean end.
   */
  readonly kind: 'file' | 'block' | 'tail' | 'missing' | 'unclosed';
  readonly file: string;
  readonly offset: number;
  /** How many of the file cannot be read; 0 where nothing is there to be read. */
  readonly bytes: number;
  readonly sentence: string;
}

export type BlockItem = EntryItem | DamageItem;

const WINDOW_BYTES = 256 * 1024;

/** What one file has told when it is read to its end. */
interface FileEnd {
  /** Of the block that should come next; null: no block could be read. */
  readonly next: number | null;
  readonly ended: 'ends' | 'carriesOn' | 'unclosed';
}

/**
 * @param path a file of a recording, or the folder of a deployment: then all its files, in order
 * @throws KerbsideError 'recording-unreadable' where there is none, where the disk does not give it back, or where a later
 *   version has written it
 */
export function* readRecording(path: string): Generator<BlockItem, void, undefined> {
  if (isFolder(path)) yield* readFolder(path);
  else yield* readFile(path, null);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function* readFolder(folder: string): Generator<BlockItem, void, undefined> {
  const parts = partsIn(folder);
  if (parts.length === 0) throw holdsNone(folder);
  let expectedPart = 1;
  let end: FileEnd = { next: 0, ended: 'carriesOn' };
  for (const { part, path } of parts) {
    if (part !== expectedPart) yield missingFiles(path, expectedPart, part - 1);
    else if (end.ended === 'ends') yield afterTheEnd(path);
    end = yield* readFile(path, part === expectedPart ? { part, next: end.next } : { part, next: null });
    expectedPart = part + 1;
  }
  const last = parts.at(-1);
  if (end.ended === 'carriesOn' && last !== undefined) {
    yield missingFiles(last.path, expectedPart, expectedPart);
  }
}

/** Whoever names the data folder, or the one of all evidence, is told where the recordings are. */
function holdsNone(folder: string): KerbsideError {
  const below = deploymentFolders(folder);
  const [first] = below;
  const expected =
    first === undefined
      ? `${partName(1)}, or the folder of a deployment, such as evidence/000123`
      : `the folder of a deployment in it: ${first}${below.length > 1 ? `, or of ${named(below.slice(1))}` : ''}`;
  return new KerbsideError('recording-unreadable', `Recording: ${folder} holds none itself; expected ${expected}.`);
}

const MOST_NAMED = 8;

function named(folders: readonly string[]): string {
  const names = folders.slice(0, MOST_NAMED).map((folder) => basename(folder));
  const more = folders.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${String(more)} more`;
}

function missingFiles(path: string, from: number, to: number): DamageItem {
  const names = from === to ? `${partName(from)} is` : `${partName(from)} to ${partName(to)} are`;
  const sentence = `Recording: ${names} missing beside ${basename(path)}; expected all files of the recording.`;
  return { type: 'damage', kind: 'missing', file: path, offset: 0, bytes: 0, sentence };
}

function afterTheEnd(path: string): DamageItem {
  const sentence = `Recording ${path}: follows a file in which the recording ends; expected no further one.`;
  return { type: 'damage', kind: 'block', file: path, offset: 0, bytes: 0, sentence };
}

interface Place {
  readonly part: number;
  /** Block that the file should begin with; null: nobody knows. */
  readonly next: number | null;
}

function* readFile(path: string, place: Place | null): Generator<BlockItem, FileEnd, undefined> {
  const file = new FileWindow(path);
  try {
    return yield* new FileReader(file, place).read();
  } finally {
    file.close();
  }
}

class FileReader {
  readonly #file: FileWindow;
  #part: number | null;
  #next: number | null;
  #ended: FileEnd['ended'] = 'unclosed';
  #blocks = 0;
  /** Bytes were skipped since the last good block, and that was told. */
  #skipped = false;

  constructor(file: FileWindow, place: Place | null) {
    this.#file = file;
    this.#part = place?.part ?? null;
    this.#next = place?.next ?? null;
  }

  *read(): Generator<BlockItem, FileEnd, undefined> {
    const { size } = this.#file;
    let at = 0;
    while (at < size && this.#ended === 'unclosed') {
      const header = this.#headerAt(at);
      if (header === null) at = yield* this.#skip(at, at + 1);
      else at = yield* this.#block(at, header);
    }
    if (at < size) yield this.#damage('tail', at, size - at, 'bytes after the end of the recording; expected none');
    if (this.#ended === 'unclosed') yield this.#unclosed();
    return { next: this.#next, ended: this.#ended };
  }

  /** @returns where the next block should begin */
  *#block(at: number, header: BlockHeader): Generator<BlockItem, number, undefined> {
    const end = at + HEADER_BYTES + header.length;
    // The rest is not there, or something is missing in the middle: then the next block stands before its place.
    if (end > this.#file.size) return yield* this.#skip(at, at + HEADER_BYTES);
    const entries = decodePayload(header, this.#file.read(at + HEADER_BYTES, header.length));
    if (entries === null) {
      yield* this.#order(at, header);
      if (end < this.#file.size && this.#headerAt(end) === null) return yield* this.#skip(at, at + HEADER_BYTES);
      const found = `block ${header.sequence} is not what its checksum says`;
      const kind = end === this.#file.size ? 'tail' : 'block';
      yield this.#damage(kind, at, end - at, `${found}; its entries are not used`);
      return end;
    }
    if (!(yield* this.#order(at, header))) return end;
    if ((header.flags & FLAGS.ends) !== 0) this.#ended = 'ends';
    else if ((header.flags & FLAGS.carriesOn) !== 0) this.#ended = 'carriesOn';
    for (const [index, bytes] of entries.entries()) {
      yield { type: 'entry', bytes, startsBlock: index === 0, file: this.#file.path };
    }
    return end;
  }

  /** Counts the block in. @returns false where it does not belong here */
  *#order(at: number, { sequence, part, flags }: BlockHeader): Generator<BlockItem, boolean, undefined> {
    const expectedPart = this.#part ?? part;
    const before = this.#next !== null && sequence < this.#next;
    if (before || part !== expectedPart) {
      const found = `block ${sequence} of file ${part} of a recording`;
      const expected = `block ${this.#next ?? 'any'} of file ${expectedPart}`;
      yield this.#damage('block', at, 0, `${found} stands here; expected ${expected}`);
      return false;
    }
    const begins = (flags & FLAGS.begins) !== 0;
    if (this.#next !== null && sequence > this.#next && !this.#skipped) {
      const names =
        sequence - 1 === this.#next ? `block ${this.#next} is` : `blocks ${this.#next} to ${sequence - 1} are`;
      yield this.#damage('missing', at, 0, `${names} missing before block ${sequence}`);
    } else if (this.#blocks === 0 && !begins && !this.#skipped) {
      yield this.#damage('missing', at, 0, `begins with block ${sequence}, which does not begin a file`);
    }
    this.#skipped = false;
    this.#blocks += 1;
    this.#part = part;
    this.#next = sequence + 1;
    return true;
  }

  /** Looks for the next header at or after `from` and tells of the bytes since `at`. */
  *#skip(at: number, from: number): Generator<BlockItem, number, undefined> {
    const { size } = this.#file;
    const next = this.#find(from);
    const bytes = (next ?? size) - at;
    this.#skipped = true;
    if (next === null && this.#blocks === 0 && at === 0) {
      yield this.#damage('file', 0, bytes, 'no block of a recording can be read in it');
    } else {
      const kind = next === null ? 'tail' : 'block';
      yield this.#damage(kind, at, bytes, `${bytes} bytes are no whole block of a recording; they are not used`);
    }
    return next ?? size;
  }

  #find(from: number): number | null {
    for (let at = this.#file.find(MAGIC, from); at !== null; at = this.#file.find(MAGIC, at + 1)) {
      if (this.#headerAt(at) !== null) return at;
    }
    return null;
  }

  /** @throws KerbsideError 'recording-unreadable' for a header of a later layout */
  #headerAt(at: number): BlockHeader | null {
    const { path, size } = this.#file;
    if (at + HEADER_BYTES > size) return null;
    const header = readHeader(this.#file.read(at, HEADER_BYTES));
    if (header === null || header.layout === BLOCK_LAYOUT) return header;
    throw new KerbsideError(
      'recording-unreadable',
      `Recording ${path}: has layout ${header.layout}; expected ${BLOCK_LAYOUT}, which this version reads.`,
    );
  }

  #unclosed(): DamageItem {
    const { size } = this.#file;
    return this.#damage('unclosed', size, 0, 'has no clean end; the recording broke off, or its end was lost');
  }

  #damage(kind: DamageItem['kind'], offset: number, bytes: number, what: string): DamageItem {
    const { path } = this.#file;
    const sentence = `Recording ${path}, byte ${offset}: ${what}.`;
    return { type: 'damage', kind, file: path, offset, bytes, sentence };
  }
}

/** A file of any size through a window that moves forward. */
class FileWindow {
  readonly size: number;
  readonly path: string;
  readonly #handle: number;
  #window = Buffer.alloc(0);
  #from = 0;

  constructor(path: string) {
    this.path = path;
    try {
      this.#handle = openSync(path, 'r');
    } catch (error) {
      throw unreadable(path, error);
    }
    this.size = fstatSync(this.#handle).size;
  }

  /** At most to the end of the file. The bytes stay as they are, whatever is read later. */
  read(at: number, length: number): Buffer {
    const end = Math.min(at + length, this.size);
    if (at < this.#from || end > this.#from + this.#window.length) this.#load(at, Math.max(end - at, WINDOW_BYTES));
    return this.#window.subarray(at - this.#from, end - this.#from);
  }

  find(what: Buffer, from: number): number | null {
    for (let at = from; at + what.length <= this.size;) {
      const piece = this.read(at, WINDOW_BYTES);
      const found = piece.indexOf(what);
      if (found !== -1) return at + found;
      at += piece.length - what.length + 1;
    }
    return null;
  }

  close(): void {
    closeSync(this.#handle);
  }

  #load(from: number, length: number): void {
    const bytes = Buffer.alloc(Math.min(length, this.size - from));
    try {
      for (let read = 0; read < bytes.length;) {
        const count = readSync(this.#handle, bytes, read, bytes.length - read, from + read);
        if (count === 0) throw new Error('it has become shorter');
        read += count;
      }
    } catch (error) {
      throw unreadable(this.path, error);
    }
    this.#window = bytes;
    this.#from = from;
  }
}
