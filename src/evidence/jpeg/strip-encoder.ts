/**
 * Codes the strip as MCUs that go on where the photo's coded data end, with the photo's own quantisation steps and
 * Huffman codes (domain/imaging.md). What surprised: a camera that optimises its tables leaves a dark picture with so
 * few codes that white letters come out as smears; `added-codes.ts` is the answer to that.
 */
import { BitWriter } from './bit-writer.js';
import { acFits, acFitter, fitDc, noteLackingAc, noteLackingDc } from './code-fit.js';
import { magnitudeBits, makeEncodeTable, type EncodeTable } from './huffman.js';
import { extendTables } from './added-codes.js';
import type { FrameComponent, HuffmanSpec, JpegStructure } from './structure.js';
import { flatBlock, McuSource, transformBlock, type Pixels, type Plane } from './transform.js';

/** How the strip's data join the photo's. */
export interface Joint {
  /** The byte to go on in and the bits of it that the photo uses; absent: a new byte. */
  readonly firstByte?: { readonly value: number; readonly bit: number };
  /** DC predictors at the joint. */
  readonly dc: Int32Array;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
  /** MCUs of the running interval that are already written; equal to restartInterval: a marker comes first. */
  readonly mcusInInterval: number;
  /** Number of the next restart marker, counted from 0 at the beginning of the scan. */
  readonly nextRestart: number;
}

interface Part {
  readonly h: number;
  readonly v: number;
  readonly steps: Uint16Array;
  readonly dc: EncodeTable;
  readonly ac: EncodeTable;
  /** Changes a block to the nearest that has codes. @returns index of its last coefficient that is not zero */
  readonly fitAc: (block: Int16Array) => number;
  /** By symbol, what would be lost in the pixels for want of its code. Filled while blocks may not be changed. */
  readonly lackDc: Float64Array;
  readonly lackAc: Float64Array;
}

interface CodedBlock {
  readonly values: Int16Array;
  /** Index of the last AC coefficient that is not zero. */
  last: number;
}

/** A negative value is written as its one's complement. */
function putValue(writer: BitWriter, value: number, size: number): void {
  if (size > 0) writer.put(value < 0 ? value + (1 << size) - 1 : value, size);
}

/** @param last index of the last coefficient that is not zero */
function putAc(writer: BitWriter, block: Int16Array, last: number, table: EncodeTable): void {
  const { codes, lengths } = table;
  let run = 0;
  for (let k = 1; k <= last; k++) {
    const value = block[k] as number;
    if (value === 0) {
      run += 1;
      continue;
    }
    for (; run > 15; run -= 16) writer.put(codes[0xf0] as number, lengths[0xf0] as number);
    const size = magnitudeBits(value);
    const symbol = (run << 4) | size;
    writer.put(codes[symbol] as number, lengths[symbol] as number);
    putValue(writer, value, size);
    run = 0;
  }
  if (last < 63) writer.put(codes[0] as number, lengths[0] as number);
}

/**
 * Writes one block.
 * @param fit true: a block that lacks a code is changed; false: it is noted what lacks, and what is written is no use
 * @returns the DC value that decoders will see, the next predictor
 */
function putBlock(writer: BitWriter, part: Part, block: CodedBlock, predictor: number, fit: boolean): number {
  const { values } = block;
  const wanted = (values[0] as number) - predictor;
  const difference = fit ? fitDc(wanted, part.dc) : wanted;
  if (fit) {
    if (!acFits(values, block.last, part.ac)) block.last = part.fitAc(values);
  } else {
    noteLackingDc(wanted, part.steps, part.dc, part.lackDc);
    noteLackingAc(values, block.last, part.steps, part.ac, part.lackAc);
  }
  const size = magnitudeBits(difference);
  writer.put(part.dc.codes[size] as number, part.dc.lengths[size] as number);
  putValue(writer, difference, size);
  putAc(writer, values, block.last, part.ac);
  return predictor + difference;
}

function makeParts(components: readonly FrameComponent[]): Part[] {
  const made = new Map<HuffmanSpec, EncodeTable>();
  const table = (spec: HuffmanSpec): EncodeTable => {
    const known = made.get(spec) ?? makeEncodeTable(spec);
    made.set(spec, known);
    return known;
  };
  return components.map(({ h, v, quantisation: steps, dc, ac }) => {
    const acTable = table(ac);
    const lack = { lackDc: new Float64Array(256), lackAc: new Float64Array(256) };
    return { h, v, steps, dc: table(dc), ac: acTable, fitAc: acFitter(steps, acTable), ...lack };
  });
}

export interface EncodedStrip {
  /** Coded data without EOI; begins with the byte of `joint.firstByte`. */
  readonly bytes: Uint8Array;
  /** The photo's tables, or those with codes added behind their own (added-codes.ts). */
  readonly components: readonly FrameComponent[];
}

/**
 * Codes the strip with the photo's tables as they are; where those lack codes it needs, once more with codes added.
 * @param strip as wide as the photo
 */
export function encodeStrip(strip: Pixels, jpeg: JpegStructure, joint: Joint): EncodedStrip {
  const mcuRows = Math.ceil(strip.height / jpeg.mcuHeight);
  const source = new McuSource(strip, jpeg);
  const plain = makeParts(jpeg.components);
  const bytes = encodeMcus(plain, source, jpeg, mcuRows, joint, false);
  if (plain.every(({ lackDc, lackAc }) => isZero(lackDc) && isZero(lackAc)))
    return { bytes, components: jpeg.components };
  const components = extendTables(jpeg.components, plain);
  return { bytes: encodeMcus(makeParts(components), source, jpeg, mcuRows, joint, true), components };
}

const isZero = (values: Float64Array): boolean => values.every((value) => value === 0);

/** @param fit see putBlock */
function encodeMcus(
  parts: readonly Part[],
  source: McuSource,
  jpeg: JpegStructure,
  mcuRows: number,
  joint: Joint,
  fit: boolean,
): Uint8Array {
  const writer = new BitWriter(mcuRows * jpeg.mcusAcross * 64, joint.firstByte);
  const predictors = Int32Array.from(joint.dc);
  const block: CodedBlock = { values: new Int16Array(64), last: 0 };
  let inInterval = joint.mcusInInterval;
  let restart = joint.nextRestart;
  for (let mcu = 0; mcu < mcuRows * jpeg.mcusAcross; mcu++) {
    if (joint.restartInterval > 0 && inInterval === joint.restartInterval) {
      writer.restart(restart++);
      predictors.fill(0);
      inInterval = 0;
    }
    inInterval += 1;
    const oneColour = source.load(mcu % jpeg.mcusAcross, Math.floor(mcu / jpeg.mcusAcross));
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] as Part;
      const plane = source.planes[index] as Plane;
      for (let i = 0; i < part.h * part.v; i++) {
        const origin = 8 * (Math.floor(i / part.h) * plane.stride + (i % part.h));
        if (oneColour) flatBlock(source.sample[index] as number, part.steps, block.values);
        block.last = oneColour ? 0 : transformBlock(plane, origin, part.steps, block.values);
        predictors[index] = putBlock(writer, part, block, predictors[index] as number, fit);
      }
    }
  }
  writer.finish();
  return writer.result();
}
