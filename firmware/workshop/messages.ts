/** What the office and the workshop process say to each other (child process IPC, serialization 'advanced'). */
import type { ErrorName } from '../../src/errors.js';
import type { ChainLink } from '../../src/evidence/record-envelope.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { ImageArrival } from '../../src/timeline.js';

export type ToWorkshop =
  /** Begin to watch the camera's folder. Files already there are reported, too. Keys are read when first needed.
   * Nothing is sealed before `lockFile` is free: a workshop whose office was killed may still be at its last job. */
  | { readonly type: 'watch'; readonly folder: string; readonly keysFolder: string; readonly lockFile: string }
  /**
   * Write the record, its signature and, where it has one, the sealed image, into `directory` (made if missing): write,
   * fsync, rename, fsync the folder. `link` is its place in the chain. Answered by `sealed` or `failed`. Idempotent: the
   * same job may come again after a crash.
   */
  | {
      readonly type: 'seal';
      readonly jobId: number;
      readonly work: RecordWork;
      readonly link: ChainLink;
      readonly directory: string;
      readonly softwareVersion: string;
    }
  /**
   * The office has committed the image with these bytes: the camera's file is no longer needed. Other bytes under the
   * name are another image and stay.
   */
  | { readonly type: 'forget-image'; readonly imageId: string; readonly sha256: string }
  | { readonly type: 'stop' };

export type FromWorkshop =
  | { readonly type: 'started' }
  /** A new file is complete, or can never be. `duplicate` is filled in by the office, false here. */
  | { readonly type: 'image'; readonly image: ImageArrival; readonly atNs: number }
  | {
      readonly type: 'sealed';
      readonly jobId: number;
      /** Name of the record in the chain. */
      readonly name: string;
      /** Absolute paths and SHA-256 (hex) of what was written. */
      readonly image: { readonly path: string; readonly sha256: string } | null;
      readonly record: { readonly path: string; readonly sha256: string };
      readonly stageMs: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'failed';
      readonly jobId: number;
      /** Name of the record in the chain. */
      readonly name: string;
      readonly kind: ErrorName;
      readonly sentence: string;
      /** True: the same job may succeed later (disk full); false: the image can never be sealed. */
      readonly retry: boolean;
      /** True: the number has another record on the disk already; the image is not to blame. */
      readonly numberTaken?: boolean;
    }
  /** The folder cannot be watched or read. */
  | { readonly type: 'fault'; readonly kind: ErrorName; readonly sentence: string }
  | { readonly type: 'stopped' };
