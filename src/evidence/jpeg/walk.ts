/**
 * Walks Huffman-coded MCUs without making pixels of them: finds where the coded picture really ends, the DC predictors
 * there, and whether anything is missing (ITU-T T.81, Annex F). One function with local variables and no allocation: it
 * runs over every bit that a camera delivers.
 */
import { KerbsideError } from '../../errors.js';
import { decodeLong, LOOK_BITS, makeDecodeTable, type DecodeTable } from './huffman.js';
import type { HuffmanSpec, JpegStructure } from './structure.js';

/** The blocks of one MCU in their order, and the tables each of them uses. */
export interface McuPlan {
  /** Component index of each block. */
  readonly component: Uint8Array;
  readonly dc: readonly DecodeTable[];
  readonly ac: readonly DecodeTable[];
}

export function planMcu(jpeg: JpegStructure): McuPlan {
  const made = new Map<HuffmanSpec, DecodeTable>();
  const table = (spec: HuffmanSpec): DecodeTable => {
    const known = made.get(spec) ?? makeDecodeTable(spec);
    made.set(spec, known);
    return known;
  };
  const component = jpeg.components.flatMap(({ h, v }, index) => Array.from({ length: h * v }, () => index));
  const parts = component.flatMap((index) => jpeg.components[index] ?? []);
  return {
    component: Uint8Array.from(component),
    dc: parts.map((part) => table(part.dc)),
    ac: parts.map((part) => table(part.ac)),
  };
}

export interface WalkEnd {
  /** The byte in which the coded data end, and how many of its bits they use (0: none, the byte before was the last). */
  readonly byte: number;
  readonly bit: number;
  /** DC predictor of each component. */
  readonly dc: Int32Array;
}

function broken(at: number, mcu: number, mcus: number, ranOut: boolean): KerbsideError {
  return ranOut
    ? new KerbsideError(
        'image-truncated',
        `The image's coded data end at byte ${at} in block group ${mcu}; expected ${mcus}.`,
      )
    : new KerbsideError('image-unreadable', `The image is damaged: no Huffman code matches before byte ${at}.`);
}

/** Steps back from the read position over `unread` bits, minding the zero byte that is stuffed behind each 0xFF. */
function locate(bytes: Uint8Array, position: number, unread: number): { byte: number; bit: number } {
  let byte = position;
  let left = unread;
  while (left > 0) {
    byte -= bytes[byte - 1] === 0 && bytes[byte - 2] === 0xff ? 2 : 1;
    left -= 8;
  }
  return { byte, bit: -left };
}

/**
 * @param from first byte of a restart interval (or of the scan)
 * @param to its first byte after; between the two there is no marker
 * @throws KerbsideError image-truncated where MCUs are missing, image-unreadable where a code does not exist
 */
export function walkMcus(bytes: Uint8Array, plan: McuPlan, from: number, to: number, mcus: number): WalkEnd {
  const blocks = plan.component.length;
  const dc = new Int32Array(4);
  let p = from;
  let acc = 0; // the last 32 bits read; the low `bits` of them are still unused
  let bits = 0;
  let padding = 0; // how many of them lie behind the end
  for (let mcu = 0; mcu < mcus; mcu++) {
    for (let block = 0; block < blocks; block++) {
      let table = plan.dc[block] as DecodeTable;
      for (let k = 0; k < 64;) {
        while (bits <= 24) {
          let byte = 0xff;
          if (p < to) {
            byte = bytes[p++] as number;
            if (byte === 0xff) p += 1;
          } else padding += 8;
          acc = (acc << 8) | byte;
          bits += 8;
        }
        let entry = table.look[(acc >>> (bits - LOOK_BITS)) & ((1 << LOOK_BITS) - 1)] as number;
        if (entry === 0) {
          entry = decodeLong(table, (acc >>> (bits - 16)) & 0xffff);
          if (entry === 0) throw broken(p, mcu, mcus, padding > 0);
        }
        bits -= entry >> 8;
        const size = k === 0 ? entry & 0xff : entry & 15;
        while (bits < size) {
          let byte = 0xff;
          if (p < to) {
            byte = bytes[p++] as number;
            if (byte === 0xff) p += 1;
          } else padding += 8;
          acc = (acc << 8) | byte;
          bits += 8;
        }
        bits -= size;
        if (k === 0) {
          if (size > 11) throw broken(p, mcu, mcus, padding > 0);
          if (size > 0) {
            const value = (acc >>> bits) & ((1 << size) - 1);
            const index = plan.component[block] as number;
            dc[index] = (dc[index] as number) + (value < 1 << (size - 1) ? value - (1 << size) + 1 : value);
          }
          table = plan.ac[block] as DecodeTable;
          k = 1;
        } else if (size > 0) {
          k += ((entry >> 4) & 15) + 1;
          if (k > 64) throw broken(p, mcu, mcus, padding > 0);
        } else if ((entry & 0xff) === 0xf0) k += 16;
        else if ((entry & 0xff) === 0) break;
        else throw broken(p, mcu, mcus, padding > 0);
      }
    }
    if (bits < padding) throw broken(to, mcu, mcus, true);
  }
  return { ...locate(bytes, p, bits - padding), dc };
}
