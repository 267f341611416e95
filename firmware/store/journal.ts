/**
 * The journal of triggers: what was fired is on the disk within milliseconds of the pulse (processes.md), whatever the
 * store is doing. One file of frames, each `length u32 | crc32 u32 | JSON`, little endian, so that a cut tail costs only
 * the tail.
 *
 * Why not the store alone: a commit with synchronous FULL is as fast on average, but it waits behind other transactions
 * and fails on a full disk. This file is allocated in advance, so a trigger can be journalled when nothing else can, and
 * its fdatasync has no metadata to write. Replay is harmless when repeated: number states only go forward.
 */
import { constants, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { storeError } from './database.js';
import { syncFolder } from './files.js';

const HEADER_BYTES = 8;
const ALLOCATED_BYTES = 256 * 1024;
/** No trigger comes near this; a larger length is damage. */
const MAX_PAYLOAD_BYTES = 64 * 1024;

/** One entry as a frame. */
export function encodeFrame(value: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(value), 'utf8');
  const frame = Buffer.alloc(HEADER_BYTES + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/** Every whole frame up to the first that is cut, damaged or empty; `end` is where the next one goes. */
export function decodeFrames(bytes: Buffer): { readonly values: readonly unknown[]; readonly end: number } {
  const values: unknown[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const next = at + HEADER_BYTES + length;
    if (length === 0 || length > MAX_PAYLOAD_BYTES || next > bytes.length) break;
    const payload = bytes.subarray(at + HEADER_BYTES, next);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) break;
    const entry = entryIn(payload);
    if (entry === null) break;
    values.push(entry.value);
    at = next;
  }
  return { values, end: at };
}

/** A checksum says that the bytes are those that were written, not that this program wrote them: null for what is no JSON. */
function entryIn(payload: Buffer): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(payload.toString('utf8')) as unknown };
  } catch {
    return null;
  }
}

export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  #end: number;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle, path: string, end: number) {
    this.#file = file;
    this.#path = path;
    this.#end = end;
  }

  /**
   * Opens or makes the journal. `entries`: what the last run left, oldest first.
   * @throws KerbsideError 'store-failed', 'disk-full'
   */
  static async open(path: string): Promise<{ readonly journal: Journal; readonly entries: readonly unknown[] }> {
    try {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        const bytes = await file.readFile();
        const { values, end } = decodeFrames(bytes);
        if (bytes.length < ALLOCATED_BYTES) {
          await writeWhole(file, Buffer.alloc(ALLOCATED_BYTES - bytes.length), bytes.length);
          await file.sync();
          await syncFolder(dirname(path));
        }
        return { journal: new Journal(file, path, end), entries: values };
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** Resolves when the entry is on the disk. @throws KerbsideError 'store-failed', 'disk-full' */
  append(value: unknown): Promise<void> {
    return this.#inOrder(async () => {
      const frame = encodeFrame(value);
      await writeWhole(this.#file, frame, this.#end);
      await this.#file.datasync();
      this.#end += frame.length;
    });
  }

  /** Bytes in use: the caller checkpoints when this has grown. */
  get usedBytes(): number {
    return this.#end;
  }

  /**
   * Everything so far is in the store: begin again. Overwritten with zeros, so that no old frame follows a new one.
   * @throws KerbsideError 'store-failed', 'disk-full'
   */
  checkpoint(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#end === 0) return;
      await writeWhole(this.#file, Buffer.alloc(this.#end), 0);
      await this.#file.datasync();
      this.#end = 0;
    });
  }

  close(): Promise<void> {
    return this.#inOrder(() => this.#file.close());
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work).catch((error: unknown) => {
      throw storeError(error, this.#path);
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** A write may come up short and say nothing else: an entry of which a part is missing would be no entry. */
async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
