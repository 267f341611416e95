/**
 * The recording of a session in real time. Whoever hands over an entry never waits: blocks queue up and are appended and
 * synced one after the other. What the disk refuses is tried again at the same place of the file, so that no torn block is
 * left behind it; what does not fit into the queue meanwhile is counted and stands as lost in the recording.
 */
import { constants, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntryEncoder, RecordingHead } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import type { MonotonicNs, UtcMs } from '../../src/units.js';
import { makeFolder, syncFolder } from '../store/files.js';
import { partName } from './files.js';
import { partBytesOf, RecordingStream } from './stream.js';

export interface RecordingWriterOptions {
  /** Of the deployment. */
  readonly folder: string;
  readonly encoder: EntryEncoder;
  readonly partMb: number;
  readonly clocks: () => { readonly atNs: MonotonicNs; readonly utcMs: UtcMs };
  /** Pause before a failed write is tried again. */
  readonly retryMs: number;
  /** Called for the first failure of a row. */
  readonly onFailure: (sentence: string) => void;
  /** It can be written again. `lost`: inputs that are missing. */
  readonly onRecovery: (lost: number) => void;
  /** A file was begun, or bytes were added to it. */
  readonly onWritten: (path: string, bytes: number) => void;
  /** What may wait for the disk. */
  readonly mostWaitingBytes?: number;
}

const MOST_WAITING_BYTES = 32 * 1024 * 1024;
/** Blocks that wait are joined up to here: one sync for all of them. */
const MOST_AT_ONCE_BYTES = 1024 * 1024;

interface Waiting {
  readonly bytes: Buffer;
  readonly part: number;
}

export class RecordingWriter {
  readonly #options: RecordingWriterOptions;
  readonly #stream: RecordingStream;
  readonly #file: PartFile;
  readonly #givenUp = new AbortController();
  readonly #queue: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | null = null;
  #failing = false;
  #lost = 0;
  #lostSinceFailure = 0;
  #lostNs: MonotonicNs | null = null;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    const { folder, encoder, partMb, clocks } = options;
    this.#file = new PartFile(folder);
    const emit = (bytes: Buffer, part: number): void => this.#enqueue(bytes, part);
    this.#stream = new RecordingStream({ encoder, partBytes: partBytesOf(partMb), clocks, emit });
  }

  /** Of the file that is written now. */
  get path(): string {
    return this.#file.path;
  }

  /** A controller begins its life. */
  begin(head: RecordingHead): void {
    this.#tellLost();
    this.#stream.begin(head);
  }

  step(input: Input, outputs: readonly Output[]): void {
    if (this.#isFull) {
      this.lost(input.atNs, 1);
      return;
    }
    this.#tellLost();
    this.#stream.step(input, outputs);
  }

  /** Inputs that whoever calls could not keep. */
  lost(atNs: MonotonicNs, inputs: number): void {
    this.#lost += inputs;
    this.#lostSinceFailure += inputs;
    this.#lostNs ??= atNs;
    if (!this.#isFull) this.#tellLost();
  }

  /** Nothing more comes for a while. */
  flush(): void {
    this.#stream.flush();
  }

  /** Resolves when nothing waits for the disk any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /**
   * @param patienceMs a disk that goes on failing is not given longer
   * @param clean with the mark of a clean end
   * @returns false: not all of it could be written
   */
  async close(patienceMs: number, clean = true): Promise<boolean> {
    this.#tellLost();
    if (clean) this.#stream.end();
    else this.#stream.flush();
    const limit = setTimeout(() => this.#givenUp.abort(), patienceMs);
    await this.#writing;
    clearTimeout(limit);
    await this.#file.close();
    return this.#queue.length === 0;
  }

  get #isFull(): boolean {
    return this.#waitingBytes > (this.#options.mostWaitingBytes ?? MOST_WAITING_BYTES);
  }

  #tellLost(): void {
    if (this.#lostNs === null) return;
    this.#stream.lost(this.#lostNs, this.#lost);
    this.#lost = 0;
    this.#lostNs = null;
  }

  #enqueue(bytes: Buffer, part: number): void {
    this.#queue.push({ bytes, part });
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      if (await this.#writeNext()) continue;
      if (this.#givenUp.signal.aborted) break;
      await delay(this.#options.retryMs, undefined, { signal: this.#givenUp.signal }).catch(() => undefined);
    }
    // At once, not when the promise is settled: what is queued in between would wait for ever.
    this.#writing = null;
  }

  async #writeNext(): Promise<boolean> {
    const { blocks, part, bytes } = this.#nextWrite();
    try {
      await this.#file.append(bytes, part);
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#queue.splice(0, blocks);
    this.#waitingBytes -= bytes.length;
    this.#written();
    return true;
  }

  /** As many blocks of one file as go into one write. */
  #nextWrite(): { readonly blocks: number; readonly part: number; readonly bytes: Buffer } {
    const part = this.#queue[0]?.part ?? 1;
    const joined: Buffer[] = [];
    let length = 0;
    for (const waiting of this.#queue) {
      if (waiting.part !== part || (length > 0 && length + waiting.bytes.length > MOST_AT_ONCE_BYTES)) break;
      joined.push(waiting.bytes);
      length += waiting.bytes.length;
    }
    return { blocks: joined.length, part, bytes: Buffer.concat(joined, length) };
  }

  #failed(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#lostSinceFailure = 0;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onFailure(`Recording ${this.path} cannot be written (${reason}).`);
  }

  #written(): void {
    this.#options.onWritten(this.#file.path, this.#file.bytes);
    if (!this.#failing) return;
    this.#failing = false;
    this.#options.onRecovery(this.#lostSinceFailure);
  }
}

/** The file that is written now: whatever failed, the next write goes where the last good one ended. */
class PartFile {
  readonly #folder: string;
  #handle: FileHandle | null = null;
  #part = 1;
  #isNamed = false;
  #end = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get path(): string {
    return join(this.#folder, partName(this.#part));
  }

  get bytes(): number {
    return this.#end;
  }

  /** Resolves when the bytes are on the disk. */
  async append(bytes: Buffer, part: number): Promise<void> {
    if (part !== this.#part) await this.#begin(part);
    const handle = (this.#handle ??= await this.#open());
    if (!this.#isNamed) await syncFolder(this.#folder);
    this.#isNamed = true;
    for (let at = 0; at < bytes.length;) {
      at += (await handle.write(bytes, at, bytes.length - at, this.#end + at)).bytesWritten;
    }
    await handle.datasync();
    this.#end += bytes.length;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (handle === null) return;
    // What a failed write has left behind the last good block is no part of the recording.
    await handle.truncate(this.#end).catch(() => undefined);
    await handle.close().catch(() => undefined);
  }

  async #begin(part: number): Promise<void> {
    await this.close();
    this.#part = part;
    this.#isNamed = false;
    this.#end = 0;
  }

  async #open(): Promise<FileHandle> {
    await makeFolder(this.#folder);
    // Never over a recording that is there.
    return open(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o640);
  }
}
