/**
 * What the camera itself says about a file: its counter, its clock, its body (matching rules 4, 5 and 7 of
 * domain/imaging.md). Read with exifreader; a note that is missing or makes no sense is null, never an error. A camera's
 * DateTimeOriginal has no zone, so it becomes the milliseconds of that wall clock as if it stood in UTC.
 */
import ExifReader from 'exifreader';

export interface CameraNotes {
  readonly counter: number | null;
  readonly cameraClockMs: number | null;
  readonly cameraClockResolutionMs: number;
  readonly serialNumber: string | null;
  readonly make: string | null;
  readonly model: string | null;
}

/** The header of a JPEG holds all notes; more need not be searched. */
const MOST_HEADER_BYTES = 1 << 20;
/** More digits than a camera counts are a date or a serial number. */
const MOST_COUNTER_DIGITS = 8;

type Tags = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

function readTags(bytes: Uint8Array): Tags {
  const header = new Uint8Array(bytes.subarray(0, MOST_HEADER_BYTES)); // a copy with a buffer of its own
  try {
    return ExifReader.load(header.buffer);
  } catch {
    return {}; // no EXIF, or one that cannot be read: there are no notes then
  }
}

function textOf(tags: Tags, name: string): string | null {
  const value = tags[name]?.value;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first !== 'string') return null;
  const text = first.replaceAll('\0', '').trim();
  return text === '' ? null : text;
}

function numberOf(tags: Tags, name: string): number | null {
  const value = tags[name]?.value;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isInteger(first) && first >= 0 ? first : null;
}

/** DSC_0123.JPG -> 123. Names that are dates (20260606_070809) count nothing. */
export function counterOfName(fileName: string): number | null {
  const name = fileName.replace(/\.[^.]*$/, '');
  if (/(?:19|20)\d{6}[-_T]?\d{6}/.test(name)) return null;
  const digits = /(\d+)\D*$/.exec(name)?.[1];
  return digits === undefined || digits.length > MOST_COUNTER_DIGITS ? null : Number(digits);
}

function clockOf(tags: Tags): Pick<CameraNotes, 'cameraClockMs' | 'cameraClockResolutionMs'> {
  const stamp = textOf(tags, 'DateTimeOriginal') ?? '';
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(stamp);
  if (match === null) return { cameraClockMs: null, cameraClockResolutionMs: 1000 };
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  const whole = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  const fraction = /^\d+$/.exec(textOf(tags, 'SubSecTimeOriginal') ?? '')?.[0] ?? '';
  return {
    cameraClockMs: whole + Math.floor(Number(`0.${fraction}0`) * 1000),
    cameraClockResolutionMs: Math.max(1, 10 ** (3 - fraction.length)),
  };
}

/** @param bytes the camera's file, or nothing where it is no JPEG */
export function readCameraNotes(fileName: string, bytes: Uint8Array): CameraNotes {
  const tags = readTags(bytes);
  return {
    counter: counterOfName(fileName) ?? numberOf(tags, 'ImageNumber'),
    ...clockOf(tags),
    serialNumber: textOf(tags, 'BodySerialNumber'),
    make: textOf(tags, 'Make'),
    model: textOf(tags, 'Model'),
  };
}
