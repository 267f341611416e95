/**
 * The Exif block that the pretend camera writes into its own files (Exif 2.32, TIFF little endian). Only what a camera
 * of this kind states: who made it, its serial number, when by its own clock, how it exposed.
 */
export interface ExifFacts {
  readonly make: string;
  readonly model: string;
  readonly serialNumber: string;
  /** The camera's clock, milliseconds UTC. */
  readonly clockUtcMs: number;
  /** Offset of the camera's local time from UTC. */
  readonly offsetMinutes: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly flash: boolean;
  readonly exposureS: readonly [numerator: number, denominator: number];
  readonly isoSpeed: number;
}

type Entry = readonly [tag: number, type: number, count: number, value: Buffer];
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;

const text = (tag: number, value: string): Entry => {
  const bytes = Buffer.from(`${value}\0`, 'latin1');
  return [tag, ASCII, bytes.length, bytes];
};
const short = (tag: number, value: number): Entry => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return [tag, SHORT, 1, bytes];
};
const long = (tag: number, value: number): Entry => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return [tag, LONG, 1, bytes];
};
const rational = (tag: number, [numerator, denominator]: readonly [number, number]): Entry => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(numerator, 0);
  bytes.writeUInt32LE(denominator, 4);
  return [tag, RATIONAL, 1, bytes];
};
const raw = (tag: number, bytes: Buffer): Entry => [tag, UNDEFINED, bytes.length, bytes];

/** One directory at `start`; values longer than four bytes follow it. Entries must come in ascending order of tags. */
function directory(start: number, entries: readonly Entry[]): Buffer {
  const ordered = [...entries].sort((a, b) => a[0] - b[0]);
  const head = Buffer.alloc(2 + 12 * ordered.length + 4);
  head.writeUInt16LE(ordered.length, 0);
  const values: Buffer[] = [];
  let at = start + head.length;
  for (const [index, [tag, type, count, value]] of ordered.entries()) {
    const place = 2 + 12 * index;
    head.writeUInt16LE(tag, place);
    head.writeUInt16LE(type, place + 2);
    head.writeUInt32LE(count, place + 4);
    if (value.length <= 4) value.copy(head, place + 8);
    else {
      head.writeUInt32LE(at, place + 8);
      // Values begin on even addresses.
      const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]);
      values.push(padded);
      at += padded.length;
    }
  }
  return Buffer.concat([head, ...values]);
}

function dateText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
}

/** The whole APP1 segment, marker included. */
export function exifSegment(facts: ExifFacts): Buffer {
  const clockMs = Math.floor(facts.clockUtcMs);
  const date = dateText(clockMs + facts.offsetMinutes * 60_000);
  const subSeconds = String(((clockMs % 1000) + 1000) % 1000).padStart(3, '0');
  const sign = facts.offsetMinutes < 0 ? '-' : '+';
  const minutes = Math.abs(facts.offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  const first = (exifAt: number): Entry[] => [
    text(0x010f, facts.make),
    text(0x0110, facts.model),
    short(0x0112, 1),
    rational(0x011a, [72, 1]),
    rational(0x011b, [72, 1]),
    short(0x0128, 2),
    text(0x0131, 'pretend firmware 1.0'),
    text(0x0132, date),
    short(0x0213, 1),
    long(0x8769, exifAt),
  ];
  const second: Entry[] = [
    rational(0x829a, facts.exposureS),
    rational(0x829d, [56, 10]),
    short(0x8822, 1),
    short(0x8827, facts.isoSpeed),
    short(0x8830, 2),
    long(0x8832, facts.isoSpeed),
    raw(0x9000, Buffer.from('0232', 'latin1')),
    text(0x9003, date),
    text(0x9004, date),
    text(0x9010, offset),
    text(0x9011, offset),
    text(0x9012, offset),
    raw(0x9101, Buffer.from([1, 2, 3, 0])),
    short(0x9209, facts.flash ? 9 : 16),
    rational(0x920a, [25, 1]),
    text(0x9290, subSeconds),
    text(0x9291, subSeconds),
    text(0x9292, subSeconds),
    raw(0xa000, Buffer.from('0100', 'latin1')),
    short(0xa001, 1),
    long(0xa002, facts.widthPx),
    long(0xa003, facts.heightPx),
    short(0xa402, 1),
    text(0xa431, facts.serialNumber),
  ];
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const exifAt = 8 + directory(8, first(0)).length;
  const tiff = Buffer.concat([header, directory(8, first(exifAt)), directory(exifAt, second)]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const segment = Buffer.alloc(4);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([segment, body]);
}
