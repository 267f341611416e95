/**
 * The words of a JPEG file (ITU-T T.81) as the other modules of this folder use them. Only what a mobile camera sends is
 * taken: one interleaved scan, Huffman coded, 8 bits, sequential, one or three components.
 */

export const MARKER = {
  TEM: 0x01,
  SOF0: 0xc0,
  SOF1: 0xc1,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  SOF15: 0xcf,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP11: 0xeb,
  APP14: 0xee,
} as const;

/** Offsets within the file; `start` is the 0xFF of the marker, `payload` the first byte after the length. */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly payload: number;
  readonly end: number;
}

/** A Huffman table as DHT states it: number of codes of each length 1 to 16, and the symbols in order of their codes. */
export interface HuffmanSpec {
  /** Class (0 DC, 1 AC) << 4 | identifier. */
  readonly selector: number;
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

export interface FrameComponent {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  /** Quantisation steps in zigzag order. */
  readonly quantisation: Uint16Array;
  readonly dc: HuffmanSpec;
  readonly ac: HuffmanSpec;
}

export interface JpegStructure {
  /** Every segment between SOI and the scan, SOS included, in the order of the file. */
  readonly segments: readonly Segment[];
  readonly frame: Segment;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
  /** MCUs between restart markers; 0 where there are none. */
  readonly restartInterval: number;
  /** How three components are to be understood, by the rules that decoders follow. */
  readonly colour: 'grey' | 'ycc' | 'rgb';
  /** MCU in pixels, and the number of them. */
  readonly mcuWidth: number;
  readonly mcuHeight: number;
  readonly mcusAcross: number;
  readonly mcuRows: number;
  readonly mcuCount: number;
  /** First byte of entropy-coded data. */
  readonly scanStart: number;
}

/** Where the scan ends, and its restart markers. Offsets within the file. */
export interface ScanExtent {
  /** First byte after the entropy-coded data: the first 0xFF of the marker that ends it. */
  readonly end: number;
  /** First byte after EOI; what follows is no part of the picture. */
  readonly fileEnd: number;
  /** For each restart interval its first byte and the first byte after it. */
  readonly intervals: readonly { readonly from: number; readonly to: number }[];
}

/** Coefficient k of a block in the order of the file stands at this place of an 8x8 matrix read row by row. */
export const ZIGZAG = new Uint8Array([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);
