/**
 * One block of a recording: a header of fixed length with a checksum of its own, then entries, each behind its length.
 * A reader that has lost its way looks for the next header; one that trusts a header knows where the next one stands.
 * docs/recording.md states the format to the byte.
 */
import { crc32 } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';

/** As PNG does it: no text begins like this, and a transfer that treats the file as text is noticed at once. */
export const MAGIC = Buffer.from([0x89, 0x4b, 0x42, 0x52, 0x0d, 0x0a, 0x1a, 0x0a]);
export const BLOCK_LAYOUT = 1;
export const HEADER_BYTES = 36;
/** A block is closed long before; only one huge entry could make a longer one, and a longer length is damage. */
export const MOST_PAYLOAD_BYTES = 16 * 1024 * 1024;

export const FLAGS = {
  /** The file begins here: the first entry is a head. */
  begins: 1,
  /** The file ends here in order, and the next file carries on; the block is empty. */
  carriesOn: 2,
  /** The recording ends here in order; the block is empty. */
  ends: 4,
} as const;

export interface BlockHeader {
  readonly layout: number;
  readonly flags: number;
  /** 1, 2, 3 …: of the file within the recording. */
  readonly part: number;
  /** 0, 1, 2 …: of the block within the recording, over all its files. */
  readonly sequence: number;
  readonly count: number;
  readonly length: number;
  readonly payloadCrc: number;
}

const HEADER_CRC_AT = HEADER_BYTES - 4;

export function encodeBlock(
  { flags, part, sequence }: Pick<BlockHeader, 'flags' | 'part' | 'sequence'>,
  entries: readonly Uint8Array[],
): Buffer {
  const payload = encodePayload(entries);
  const block = Buffer.alloc(HEADER_BYTES + payload.length);
  MAGIC.copy(block);
  block.writeUInt16LE(BLOCK_LAYOUT, 8);
  block.writeUInt16LE(flags, 10);
  block.writeUInt32LE(part, 12);
  block.writeUInt32LE(sequence, 16);
  block.writeUInt32LE(entries.length, 20);
  block.writeUInt32LE(payload.length, 24);
  block.writeUInt32LE(crc32(payload), 28);
  block.writeUInt32LE(crc32(block.subarray(0, HEADER_CRC_AT)), HEADER_CRC_AT);
  block.set(payload, HEADER_BYTES);
  return block;
}

/** @returns null where no whole and undamaged header stands at the beginning of `bytes` */
export function readHeader(bytes: Buffer): BlockHeader | null {
  if (bytes.length < HEADER_BYTES || MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return null;
  if (crc32(bytes.subarray(0, HEADER_CRC_AT)) !== bytes.readUInt32LE(HEADER_CRC_AT)) return null;
  const length = bytes.readUInt32LE(24);
  if (length > MOST_PAYLOAD_BYTES) return null;
  return {
    layout: bytes.readUInt16LE(8),
    flags: bytes.readUInt16LE(10),
    part: bytes.readUInt32LE(12),
    sequence: bytes.readUInt32LE(16),
    count: bytes.readUInt32LE(20),
    length,
    payloadCrc: bytes.readUInt32LE(28),
  };
}

/** @returns null where the payload is not what the header says */
export function decodePayload({ count, payloadCrc }: BlockHeader, payload: Buffer): Uint8Array[] | null {
  if (crc32(payload) !== payloadCrc) return null;
  const entries: Uint8Array[] = [];
  const reader = protobuf.Reader.create(payload);
  try {
    while (reader.pos < reader.len) entries.push(reader.bytes());
  } catch {
    // Whoever wrote this summed up what no reader can take apart.
    return null;
  }
  return entries.length === count ? entries : null;
}

function encodePayload(entries: readonly Uint8Array[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const entry of entries) writer.bytes(entry);
  return writer.finish();
}
