/** Reads nested JUMBF boxes in an order that the caller states; every byte is either compared or handed out. */
import { asciiBytes, concat } from '../byte-tools.js';
import { damaged, type ContentType } from './form.js';

const HEAD = 8;
const UUID_TAIL = [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];
/** May be requested by its label, and has one; the second has a private box besides, its salt. */
const TOGGLES = { plain: 0x03, salted: 0x13 } as const;
const SALT_BYTES = 16;

/** What stands between two offsets and has been read up to `at`. */
export class BoxReader {
  constructor(
    readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
    readonly part: string,
  ) {}

  take(length: number): Uint8Array {
    const left = this.end - this.at;
    if (length > left)
      throw damaged(this.part, `it ends ${length - left} bytes early at byte ${this.end}`, 'all of it');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** All that is left, without reading it. */
  remaining(): Uint8Array {
    return this.bytes.subarray(this.at, this.end);
  }

  rest(): Uint8Array {
    return this.take(this.end - this.at);
  }

  literal(expected: Uint8Array, name: string): void {
    const start = this.at;
    const found = this.take(expected.length);
    const wrong = expected.findIndex((byte, i) => byte !== found[i]);
    if (wrong !== -1)
      throw damaged(this.part, `byte ${start + wrong} is not that of ${name}`, `${name} as it is written`);
  }

  /** @returns the inside of the next box, which must be of this type */
  box(type: string, part = this.part): BoxReader {
    const start = this.at;
    const head = this.take(HEAD);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    this.at = start + 4;
    this.literal(asciiBytes(type), `the head of a ${type} box`);
    if (length < HEAD || start + length > this.end)
      throw damaged(
        part,
        `the box at byte ${start} states ${length} bytes`,
        'one that ends where the data around it do',
      );
    this.at = start + length;
    return new BoxReader(this.bytes, start + HEAD, start + length, part);
  }

  /** The last box: it goes to the end. */
  lastBox(type: string, part = this.part): BoxReader {
    const inside = this.box(type, part);
    this.finish();
    return inside;
  }

  finish(): void {
    if (this.at !== this.end)
      throw damaged(
        this.part,
        `${this.end - this.at} bytes too many at byte ${this.at}`,
        'nothing behind the last box',
      );
  }
}

/** A manifest's label differs from file to file; the claim states it, so it is signed. */
const MANIFEST_LABEL = /^urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MANIFEST_LABEL_LENGTH = 45;

function readManifestLabel(description: BoxReader): string {
  const label = String.fromCharCode(...description.take(MANIFEST_LABEL_LENGTH));
  if (MANIFEST_LABEL.test(label)) return label;
  throw damaged(description.part, `the label is ${JSON.stringify(label)}`, 'urn:c2pa: and a UUID in lower case');
}

function readSalt(description: BoxReader): void {
  const salt = description.box('c2sh');
  salt.take(SALT_BYTES);
  salt.finish();
}

/**
 * Reads the description of a superbox, its first box.
 * @param label null for that of a manifest
 * @returns the label
 */
export function readDescription(inside: BoxReader, type: ContentType, label: string | null, salted = false): string {
  const description = inside.box('jumd');
  description.literal(concat([asciiBytes(type), Uint8Array.from(UUID_TAIL)]), `the content type ${type}`);
  description.literal(Uint8Array.of(salted ? TOGGLES.salted : TOGGLES.plain), 'the toggles');
  const found = label ?? readManifestLabel(description);
  description.literal(
    asciiBytes(label === null ? '\0' : `${label}\0`),
    label === null ? 'the end of the label' : `the label ${label}`,
  );
  if (salted) readSalt(description);
  description.finish();
  return found;
}
