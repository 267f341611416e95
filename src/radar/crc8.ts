/**
 * CRC-8 of the AGD radars (domain/radar-protocols.md): polynomial 07h, start 0, most significant bit first, no final
 * xor. Table-driven, because it runs for every byte in the trigger loop.
 */

/** The remainder of each byte value: `crc = CRC8_TABLE[crc ^ byte]` takes one byte more into account. */
export const CRC8_TABLE: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => {
  let remainder = value;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x80 ? ((remainder << 1) ^ 0x07) & 0xff : remainder << 1;
  }
  return remainder;
});

/** @returns the CRC of all bytes, 0 to 255 */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (let index = 0; index < bytes.length; index += 1) crc = CRC8_TABLE[crc ^ bytes[index]!]!;
  return crc;
}
