/**
 * The image beside a record: whole, the one that the record names, made from the camera file that the record names, under its
 * own number and its own time (IMG-1, ICN-1), and of no other number.
 */
import { createHash } from 'node:crypto';
import type { kerbside } from '../../../proto/generated/evidence.js';
import type { Findings, Invariant } from './findings.js';
import { readSealed, type Sealed } from './sealed.js';

type Exposure = kerbside.evidence.v1.EvidenceRecord;

export const hex = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined || bytes.length === 0 ? null : Buffer.from(bytes).toString('hex');
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const short = (hash: string | null): string => (hash === null ? 'nothing' : `${hash.slice(0, 12)}…`);

const clocks = new Map<string, Intl.DateTimeFormat>();

/** As Exif has it, by the calendar of the runtime. */
export function localStamp(utcMs: number, zone: string): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en-CA', { ...digits, ...time, timeZone: zone });
    clocks.set(zone, clock);
  }
  const parts = new Map(clock.formatToParts(Math.floor(utcMs)).map(({ type, value }) => [type, value]));
  const of = (...types: Intl.DateTimeFormatPartTypes[]): string => types.map((type) => parts.get(type)).join(':');
  return `${of('year', 'month', 'day')} ${of('hour', 'minute', 'second')}`;
}

export class Images {
  readonly #findings: Findings;
  /** Who shows it, by the SHA-256 of the camera's file. */
  readonly #byCameraFile = new Map<string, string>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  check(name: string, record: Exposure, image: Uint8Array | null): void {
    const named = hex(record.sealedImageSha256);
    if (named === null && image !== null) {
      this.#add('image-damaged', record, `${name} names no sealed image, but one stands beside it.`);
    } else if (named !== null && image === null) {
      this.#add('image-missing', record, `${name} names the sealed image ${short(named)}, there is none.`);
    } else if (named !== null && image !== null) this.#whole(name, record, named, image);
    this.#once(name, record);
  }

  #whole(name: string, record: Exposure, named: string, image: Uint8Array): void {
    const found = sha256Of(image);
    if (found !== named) {
      this.#add('image-damaged', record, `The image of ${name} is ${short(found)}, the record names ${short(named)}.`);
      return;
    }
    try {
      this.#says(name, record, readSealed(image));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#add('image-damaged', record, `The image of ${name} is no JPEG: ${why}.`);
    }
  }

  #says(name: string, record: Exposure, sealed: Sealed): void {
    const file = hex(record.cameraFileSha256);
    if (sealed.cameraSha256 !== file) {
      const holds = `holds the camera file ${short(sealed.cameraSha256)}`;
      this.#add('image-foreign', record, `The image of ${name} ${holds}, the record names ${short(file)}.`);
    }
    const { photoRows = null, sealedRows = null } = record.splice ?? {};
    const { widthPx, heightPx, exif } = sealed;
    if (widthPx < 1 || heightPx !== sealedRows || !(photoRows !== null && photoRows >= 1 && photoRows < heightPx)) {
      const size = `${String(widthPx)} by ${String(heightPx)} pixels`;
      const rows = `${String(photoRows)} rows of photo in ${String(sealedRows)}`;
      this.#add('image-damaged', record, `The image of ${name} has ${size}, the record says ${rows}.`);
    }
    const icn = record.icn ?? '';
    if (!exif.includes(`${icn}\0`)) this.#add('image-foreign', record, `The Exif of ${name} does not say ${icn}.`);
    const { utcMs = null, zone = null } = record.facts ?? {};
    if (utcMs === null || zone === null) return;
    const stamp = localStamp(utcMs, zone);
    if (!exif.includes(`${stamp}\0`)) {
      this.#add('image-foreign', record, `The Exif of ${name} does not say ${stamp}, the time of the record.`);
    }
  }

  #once(name: string, record: Exposure): void {
    const file = hex(record.cameraFileSha256);
    if (file === null) return;
    const who = `${name} (${[record.kind, record.reason].filter(Boolean).join(', ')})`;
    const other = this.#byCameraFile.get(file);
    if (other !== undefined) {
      this.#add('image-twice', record, `${who} and ${other} show the same camera file ${short(file)}.`);
    }
    this.#byCameraFile.set(file, who);
  }

  #add(invariant: Invariant, { triggerNs }: Exposure, sentence: string): void {
    this.#findings.add(invariant, triggerNs ?? null, sentence);
  }
}
