/** Exposures and jobs as JSON for the store: raw radar frames are bytes and go as base64, everything else as it is. */
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';

interface StoredBytes {
  readonly base64: string;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, made: unknown) {
    // A Buffer has made itself into something else before it comes here.
    const given = this[key];
    if (!(given instanceof Uint8Array)) return made;
    return { base64: Buffer.from(given).toString('base64') } satisfies StoredBytes;
  });
}

const isStoredBytes = (value: unknown): value is StoredBytes =>
  typeof value === 'object' && value !== null && 'base64' in value && Object.keys(value).length === 1;

const fromJson = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) =>
    isStoredBytes(value) ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value,
  );

export const exposureToJson = (exposure: ConcludedExposure): string => toJson(exposure);

/** @param text written by `exposureToJson` into our own store, so its shape is known */
export const exposureFromJson = (text: string): ConcludedExposure => fromJson(text) as ConcludedExposure;

export const workToJson = (work: RecordWork): string => toJson(work);

/** @param text written by `workToJson` into our own store */
export const workFromJson = (text: string): RecordWork => fromJson(text) as RecordWork;
