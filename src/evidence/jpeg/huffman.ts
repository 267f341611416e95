/**
 * Huffman tables of a JPEG file made ready for reading and for writing (ITU-T T.81, Annexes C and F). Codes are
 * canonical: the numbers of codes of each length and the order of the symbols say it all.
 */
import type { HuffmanSpec } from './structure.js';

/** Bits that the first look-up takes; codes that are longer are found by their length's greatest code. */
export const LOOK_BITS = 11;

export interface DecodeTable {
  /** For each value of the next LOOK_BITS bits: length << 8 | symbol, or 0 where the code is longer or does not exist. */
  readonly look: Int32Array;
  /** For each length 1 to 16: first value after the codes of this length, aligned to 16 bits. */
  readonly limit: Int32Array;
  /** For each length: what to add to a code to get the index of its symbol. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

export function makeDecodeTable({ counts, symbols }: HuffmanSpec): DecodeTable {
  const look = new Int32Array(1 << LOOK_BITS);
  const limit = new Int32Array(18);
  const offset = new Int32Array(18);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    offset[length] = index - code;
    for (let i = counts[length - 1] ?? 0; i > 0; i--) {
      if (length <= LOOK_BITS) {
        const first = code << (LOOK_BITS - length);
        look.fill((length << 8) | (symbols[index] ?? 0), first, first + (1 << (LOOK_BITS - length)));
      }
      code += 1;
      index += 1;
    }
    limit[length] = code << (16 - length);
    code <<= 1;
  }
  return { look, limit, offset, symbols };
}

/** The slow way for long codes. @returns length << 8 | symbol, or 0 where no code matches. */
export function decodeLong(table: DecodeTable, next16: number): number {
  for (let length = LOOK_BITS + 1; length <= 16; length++) {
    if (next16 < (table.limit[length] ?? 0)) {
      const index = (next16 >> (16 - length)) + (table.offset[length] ?? 0);
      return (length << 8) | (table.symbols[index] ?? 0);
    }
  }
  return 0;
}

export interface EncodeTable {
  readonly codes: Uint16Array;
  /** Length of each symbol's code; 0: the table has no code for it. */
  readonly lengths: Uint8Array;
}

export function makeEncodeTable({ counts, symbols }: HuffmanSpec): EncodeTable {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = counts[length - 1] ?? 0; i > 0; i--) {
      const symbol = symbols[index] ?? 0;
      codes[symbol] = code;
      lengths[symbol] = length;
      code += 1;
      index += 1;
    }
    code <<= 1;
  }
  return { codes, lengths };
}

/** Bits that a coefficient's magnitude takes: 0 for 0, 1 for 1, 2 for 2 and 3, … */
export const magnitudeBits = (value: number): number => 32 - Math.clz32(Math.abs(value));
