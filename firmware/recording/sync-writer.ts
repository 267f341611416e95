/**
 * The recording of a session in virtual time: the same bytes as in real time, written at once, or handed to a sink where
 * only their hash is wanted. An error of the disk is thrown: nothing is at stake but the simulation.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryEncoder, RecordingHead } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { partName } from './files.js';
import { partBytesOf, RecordingStream } from './stream.js';

/** Whole blocks, in order. `part`: number of the file that they would stand in. */
export type RecordingSink = (bytes: Uint8Array, part: number) => void;

export interface SyncRecordingOptions {
  /** Folder of the deployment, or who takes the bytes instead. */
  readonly to: string | RecordingSink;
  readonly encoder: EntryEncoder;
  /** `recording.partMb` of the configuration. */
  readonly partMb: number;
}

export interface SyncRecordingWriter {
  /** A controller begins its life. */
  begin(head: RecordingHead): void;
  step(input: Input, outputs: readonly Output[]): void;
  lost(atNs: MonotonicNs, inputs: number): void;
  /** The clean end; without it the recording ends like that of a van whose power was cut. */
  close(): void;
  /** Of the files so far, in order; empty where a sink takes the bytes. */
  readonly paths: readonly string[];
}

export function createSyncRecordingWriter({ to, encoder, partMb }: SyncRecordingOptions): SyncRecordingWriter {
  const files = typeof to === 'string' ? new Files(to) : null;
  const emit = typeof to === 'string' ? (bytes: Buffer, part: number) => files?.write(bytes, part) : to;
  const stream = new RecordingStream({ encoder, partBytes: partBytesOf(partMb), emit });
  return {
    begin: (head) => stream.begin(head),
    step: (input, outputs) => stream.step(input, outputs),
    lost: (atNs, inputs) => stream.lost(atNs, inputs),
    close: () => {
      stream.end();
      files?.close();
    },
    get paths() {
      return files?.paths ?? [];
    },
  };
}

class Files {
  readonly paths: string[] = [];
  readonly #folder: string;
  #handle: number | null = null;
  #part = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(bytes: Uint8Array, part: number): void {
    const handle = this.#handleOf(part);
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
  }

  close(): void {
    if (this.#handle === null) return;
    fdatasyncSync(this.#handle);
    closeSync(this.#handle);
    this.#handle = null;
  }

  #handleOf(part: number): number {
    if (this.#handle !== null && part === this.#part) return this.#handle;
    this.close();
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, partName(part));
    // Never over a recording that is there.
    const handle = openSync(path, 'wx', 0o640);
    this.#handle = handle;
    this.#part = part;
    this.paths.push(path);
    return handle;
  }
}
