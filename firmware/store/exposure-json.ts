/** Exposures as JSON for the store: raw radar frames are bytes and go as base64, everything else as it is. */
import type { ConcludedExposure } from '../../src/evidence/types.js';

interface StoredBytes {
  readonly base64: string;
}

export function exposureToJson(exposure: ConcludedExposure): string {
  const readings = exposure.readings.map((reading) => ({
    ...reading,
    raw: { base64: Buffer.from(reading.raw).toString('base64') } satisfies StoredBytes,
  }));
  return JSON.stringify({ ...exposure, readings });
}

/** @param text written by `exposureToJson` into our own store, so its shape is known */
export function exposureFromJson(text: string): ConcludedExposure {
  type Stored = Omit<ConcludedExposure, 'readings'> & {
    readonly readings: readonly (Omit<ConcludedExposure['readings'][number], 'raw'> & { readonly raw: StoredBytes })[];
  };
  const stored = JSON.parse(text) as Stored;
  const readings = stored.readings.map((reading) => ({
    ...reading,
    raw: new Uint8Array(Buffer.from(reading.raw.base64, 'base64')),
  }));
  return { ...stored, readings };
}
