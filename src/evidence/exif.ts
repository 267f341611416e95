/**
 * The EXIF of a sealed image. Our own writer, because the libraries at hand know no OffsetTimeOriginal
 * (domain/imaging.md). The camera's own EXIF stays beside it, untouched, with the data that give its file back.
 * What surprised: DateTimeOriginal is local time without a zone, GPS times are UTC, and validators ask for tags that
 * nobody reads (resolution, components, Flashpix version).
 */
import type { GeoPoint } from '../site/types.js';
import type { Metres, UtcMs } from '../units.js';
import { asciiBytes } from './byte-tools.js';
import { localTime } from './local-time.js';
import { ascii, bytes, exifSegment, long, rationals, short, undefinedBytes, type TiffTag } from './tiff.js';
import type { Icn } from './types.js';

/** What is stated; absent is null and leaves no tag. */
export interface ExifFacts {
  readonly icn: Icn;
  readonly description: string;
  readonly software: string;
  /** As the camera's own EXIF states them. */
  readonly make: string | null;
  readonly model: string | null;
  readonly bodySerialNumber: string | null;
  readonly utcMs: UtcMs | null;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly cameraPosition: GeoPoint | null;
  readonly cameraPositionErrorM: Metres | null;
}

/** What the splice knows of the sealed file. */
export interface SealedPicture {
  readonly width: number;
  readonly height: number;
  readonly colour: 'grey' | 'ycc' | 'rgb';
  /** The file holds an ICC profile. */
  readonly hasProfile: boolean;
}

const COMPONENTS = { grey: [1, 0, 0, 0], ycc: [1, 2, 3, 0], rgb: [4, 5, 6, 0] } as const;
const SECONDS_DENOMINATOR = 10_000;

function optional(tag: number, text: string | null): TiffTag[] {
  return text === null || text === '' ? [] : [ascii(tag, text)];
}

function timeTags(utcMs: UtcMs | null, zone: string): TiffTag[] {
  if (utcMs === null) return [];
  const local = localTime(utcMs, zone);
  const stamp = `${local.date.replaceAll('-', ':')} ${local.time}`;
  return [
    ...[ascii(0x9003, stamp), ascii(0x9004, stamp)], // DateTimeOriginal, CreateDate
    ...[ascii(0x9011, local.offset), ascii(0x9012, local.offset)], // OffsetTimeOriginal, OffsetTimeDigitized
    ...[ascii(0x9291, local.milliseconds), ascii(0x9292, local.milliseconds)], // SubSecTimeOriginal, -Digitized
  ];
}

/** Degrees, minutes and seconds, rounded as a whole so that no field reaches 60. */
function sexagesimal(angle: number): number[] {
  const units = Math.round(Math.abs(angle) * 3600 * SECONDS_DENOMINATOR);
  const perMinute = 60 * SECONDS_DENOMINATOR;
  const minutes = Math.floor(units / perMinute);
  return [Math.floor(minutes / 60), 1, minutes % 60, 1, units % perMinute, SECONDS_DENOMINATOR];
}

function gpsTags({ cameraPosition, cameraPositionErrorM, utcMs }: ExifFacts): TiffTag[] {
  if (cameraPosition === null) return [];
  const { latitude, longitude } = cameraPosition;
  const tags = [
    bytes(0x0000, [2, 3, 0, 0]),
    ascii(0x0001, latitude < 0 ? 'S' : 'N'),
    rationals(0x0002, sexagesimal(latitude)),
    ascii(0x0003, longitude < 0 ? 'W' : 'E'),
    rationals(0x0004, sexagesimal(longitude)),
    ascii(0x0012, 'WGS-84'),
  ];
  if (cameraPositionErrorM !== null) tags.push(rationals(0x001f, [Math.round(cameraPositionErrorM * 1000), 1000]));
  if (utcMs !== null) {
    const utc = localTime(utcMs, 'UTC');
    const [hours = 0, minutes = 0, seconds = 0] = utc.time.split(':').map(Number);
    tags.push(rationals(0x0007, [hours, 1, minutes, 1, seconds * 1000 + Number(utc.milliseconds), 1000]));
    tags.push(ascii(0x001d, utc.date.replaceAll('-', ':')));
  }
  return tags;
}

/** @returns a whole APP1 segment. Letters outside ASCII lose their marks, as EXIF has no others. */
export function writeExif(facts: ExifFacts, picture: SealedPicture): Uint8Array {
  const main = [
    ...optional(0x010e, facts.description),
    ...optional(0x010f, facts.make),
    ...optional(0x0110, facts.model),
    ...[rationals(0x011a, [72, 1]), rationals(0x011b, [72, 1]), short(0x0128, 2)], // resolution: not known, inches
    ...optional(0x0131, facts.software),
    short(0x0213, 1), // YCbCrPositioning: centred, as JFIF has it; asked for even of grey pictures
  ];
  const exif = [
    undefinedBytes(0x9000, asciiBytes('0232')),
    ...timeTags(facts.utcMs, facts.zone),
    undefinedBytes(0x9101, COMPONENTS[picture.colour]),
    undefinedBytes(0xa000, asciiBytes('0100')),
    short(0xa001, picture.hasProfile ? 0xffff : 1), // ColorSpace: uncalibrated with a profile, else sRGB
    ...[long(0xa002, picture.width), long(0xa003, picture.height)],
    ascii(0xa420, facts.icn), // ImageUniqueID
    ...optional(0xa431, facts.bodySerialNumber),
  ];
  return exifSegment(main, exif, gpsTags(facts));
}
