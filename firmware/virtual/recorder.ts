/**
 * The recording of a run in virtual time: one for each deployment, as in real time, in its folder or nowhere but in the
 * hash that stands for the run.
 */
import { join } from 'node:path';
import { createEntryEncoder } from '../../src/recording/index.js';
import type { RecordingHead } from '../../src/recording/types.js';
import type { Input, Output } from '../../src/timeline.js';
import { digestOfList, RecordingHash } from '../recording/digest.js';
import { createSyncRecordingWriter, type SyncRecordingWriter } from '../recording/sync-writer.js';
import { sha256OfFile } from '../store/files.js';
import type { Onlooker } from './onlooker.js';

interface Open {
  readonly deployment: string;
  readonly writer: SyncRecordingWriter;
  /** null: it is written to files. */
  readonly hash: RecordingHash | null;
}

export class RecordingOnlooker implements Onlooker {
  readonly #dataDir: string | null;
  readonly #partMb: number;
  readonly #digests: Promise<readonly string[]>[] = [];
  #open: Open | null = null;

  /** @param dataDir null: nothing is written */
  constructor(dataDir: string | null, partMb: number) {
    this.#dataDir = dataDir;
    this.#partMb = partMb;
  }

  begun(head: RecordingHead): void {
    if (head.deployment !== this.#open?.deployment) {
      this.#finish();
      this.#open = this.#begin(head.deployment);
    }
    this.#open.writer.begin(head);
  }

  step(_life: number, input: Input, outputs: readonly Output[]): void {
    this.#open?.writer.step(input, outputs);
  }

  ended(): void {
    // The next controller goes on in the same recording; another deployment, or the end of the run, closes it.
  }

  /** @returns the SHA-256 that stands for everything that was recorded; null where nothing was */
  async close(): Promise<string | null> {
    this.#finish();
    return digestOfList((await Promise.all(this.#digests)).flat());
  }

  #begin(deployment: string): Open {
    const hash = this.#dataDir === null ? new RecordingHash() : null;
    const to = hash?.sink ?? join(this.#dataDir ?? '', 'evidence', deployment);
    const writer = createSyncRecordingWriter({ to, encoder: createEntryEncoder(), partMb: this.#partMb });
    return { deployment, writer, hash };
  }

  #finish(): void {
    if (this.#open === null) return;
    const { writer, hash } = this.#open;
    writer.close();
    this.#digests.push(hash === null ? Promise.all(writer.paths.map(sha256OfFile)) : Promise.resolve(hash.digests()));
    this.#open = null;
  }
}
