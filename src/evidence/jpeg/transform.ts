/** From pixels to quantised coefficients: colour, sampling and the forward DCT (ITU-T T.81, Annex A; JFIF colour). */
import { ZIGZAG, type JpegStructure } from './structure.js';

/** Pixels in reading order, four bytes each; alpha is ignored. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

/** One component's samples of one MCU. */
export interface Plane {
  readonly samples: Uint8Array;
  readonly stride: number;
}

/** The pixels as 32-bit words in the machine's byte order: neighbours are compared in one go. */
function toWords({ rgba, width, height }: Pixels): Uint32Array {
  if (rgba.byteOffset % 4 === 0) return new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  return new Uint32Array(new Uint8Array(rgba).buffer, 0, width * height);
}

/** Luma and the two colour differences of one pixel, or its three colours. */
function sampleOf(
  rgba: Uint8Array | Uint8ClampedArray,
  at: number,
  colour: JpegStructure['colour'],
  out: Uint8Array,
): void {
  const r = rgba[at] as number;
  const g = rgba[at + 1] as number;
  const b = rgba[at + 2] as number;
  if (colour === 'rgb') {
    out[0] = r;
    out[1] = g;
    out[2] = b;
    return;
  }
  out[0] = 0.299 * r + 0.587 * g + 0.114 * b + 0.5;
  out[1] = Math.min(255, -0.168736 * r - 0.331264 * g + 0.5 * b + 128.5);
  out[2] = Math.min(255, 0.5 * r - 0.418688 * g - 0.081312 * b + 128.5);
}

/** Means over `across` x `down` samples. */
function shrink(full: Plane, across: number, down: number, out: Plane): void {
  const rows = out.samples.length / out.stride;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < out.stride; x++) {
      let sum = 0;
      for (let dy = 0; dy < down; dy++) {
        const row = (y * down + dy) * full.stride + x * across;
        for (let dx = 0; dx < across; dx++) sum += full.samples[row + dx] as number;
      }
      out.samples[y * out.stride + x] = Math.round(sum / (across * down));
    }
  }
}

/**
 * Cuts the strip into MCUs of the photo's kind: grey, YCbCr or RGB, sampled as the photo is. Right and bottom edges are
 * repeated into the padding. One MCU at a time and not whole planes, because most of a strip is background: an MCU of
 * one colour is known by its pixels and needs no more than one sample a component.
 */
export class McuSource {
  /** Of the MCU that was loaded last; not valid where it is of one colour. */
  readonly planes: readonly Plane[];
  /** The one colour of an MCU that has only one, by component. */
  readonly sample = new Uint8Array(3);
  readonly #pixels: Pixels;
  readonly #jpeg: JpegStructure;
  readonly #words: Uint32Array;
  readonly #full: readonly Plane[];

  constructor(pixels: Pixels, jpeg: JpegStructure) {
    const { mcuWidth, mcuHeight } = jpeg;
    this.#pixels = pixels;
    this.#jpeg = jpeg;
    this.#words = toWords(pixels);
    this.#full = jpeg.components.map(() => ({ samples: new Uint8Array(mcuWidth * mcuHeight), stride: mcuWidth }));
    this.planes = jpeg.components.map(({ h, v }, i) => {
      const whole = 8 * h === mcuWidth && 8 * v === mcuHeight;
      return whole ? (this.#full[i] as Plane) : { samples: new Uint8Array(64 * h * v), stride: 8 * h };
    });
  }

  /** @returns true where the MCU is of one colour: see `sample`, otherwise see `planes` */
  load(column: number, row: number): boolean {
    const { mcuWidth, mcuHeight, colour } = this.#jpeg;
    const x0 = column * mcuWidth;
    const y0 = row * mcuHeight;
    if (this.#isOneColour(x0, y0)) {
      sampleOf(this.#pixels.rgba, 4 * this.#at(x0, y0), colour, this.sample);
      return true;
    }
    this.#convert(x0, y0);
    this.#jpeg.components.forEach(({ h, v }, i) => {
      const [full, plane] = [this.#full[i] as Plane, this.planes[i] as Plane];
      if (full !== plane) shrink(full, mcuWidth / (8 * h), mcuHeight / (8 * v), plane);
    });
    return false;
  }

  /** Fills the full-size planes. A pixel like the one before it is not worked out again. */
  #convert(x0: number, y0: number): void {
    const { mcuWidth, mcuHeight, colour } = this.#jpeg;
    const { width, height, rgba } = this.#pixels;
    const words = this.#words;
    const sample = this.sample;
    const [first, second, third] = this.#full.map(({ samples }) => samples);
    let known = -1;
    for (let y = 0, to = 0; y < mcuHeight; y++) {
      const row = Math.min(y0 + y, height - 1) * width;
      for (let x = 0; x < mcuWidth; x++, to++) {
        const at = row + Math.min(x0 + x, width - 1);
        const word = words[at] as number;
        if (word !== known) sampleOf(rgba, 4 * at, colour, sample);
        known = word;
        (first as Uint8Array)[to] = sample[0] as number;
        if (second === undefined || third === undefined) continue;
        second[to] = sample[1] as number;
        third[to] = sample[2] as number;
      }
    }
  }

  #at(x: number, y: number): number {
    const { width, height } = this.#pixels;
    return (y < height ? y : height - 1) * width + (x < width ? x : width - 1);
  }

  #isOneColour(x0: number, y0: number): boolean {
    const { width, height } = this.#pixels;
    const words = this.#words;
    const endX = Math.min(x0 + this.#jpeg.mcuWidth, width);
    const endY = Math.min(y0 + this.#jpeg.mcuHeight, height);
    const first = words[this.#at(x0, y0)];
    for (let y = y0; y < endY; y++) {
      for (let at = y * width + x0, end = y * width + endX; at < end; at++) if (words[at] !== first) return false;
    }
    return true;
  }
}

/** The block of one level. */
export function flatBlock(level: number, steps: Uint16Array, out: Int16Array): void {
  out.fill(0);
  out[0] = Math.round((8 * (level - 128)) / (steps[0] as number));
}

/** halfCosines[u * 4 + x] with the normalisation of the DCT in it; the other half follows by symmetry. */
const halfCosines = Float64Array.from({ length: 32 }, (_, i) => {
  const u = i >> 2;
  const x = i & 3;
  return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

/** The largest AC coefficient an 8-bit picture may have. */
const LARGEST_AC = 1023;

const line = new Float64Array(8);
const rowsDone = new Float64Array(64);
const transformed = new Float64Array(64);

/** One-dimensional DCT of `line` into `out` from `at` in steps of `step`: even terms of the sums, odd ones of the differences. */
function transformLine(out: Float64Array, at: number, step: number): void {
  for (let x = 0; x < 4; x++) {
    const a = line[x] as number;
    const b = line[7 - x] as number;
    line[x] = a + b;
    line[7 - x] = a - b;
  }
  for (let u = 0; u < 8; u++) {
    const odd = (u & 1) === 1;
    const c = 4 * u;
    out[at + u * step] =
      (line[odd ? 7 : 0] as number) * (halfCosines[c] as number) +
      (line[odd ? 6 : 1] as number) * (halfCosines[c + 1] as number) +
      (line[odd ? 5 : 2] as number) * (halfCosines[c + 2] as number) +
      (line[odd ? 4 : 3] as number) * (halfCosines[c + 3] as number);
  }
}

function isFlat({ samples, stride }: Plane, origin: number): boolean {
  const level = samples[origin] as number;
  for (let y = 0, row = origin; y < 8; y++, row += stride) {
    for (let x = 0; x < 8; x++) if (samples[row + x] !== level) return false;
  }
  return true;
}

/**
 * Transforms and quantises the block whose upper left sample is at `origin`.
 * @param out 64 coefficients in zigzag order
 * @returns index of the last AC coefficient that is not zero; 0 where there is none
 */
export function transformBlock(plane: Plane, origin: number, steps: Uint16Array, out: Int16Array): number {
  const { samples, stride } = plane;
  if (isFlat(plane, origin)) {
    flatBlock(samples[origin] as number, steps, out);
    return 0;
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) line[x] = (samples[origin + y * stride + x] as number) - 128;
    transformLine(rowsDone, y * 8, 1);
  }
  for (let u = 0; u < 8; u++) {
    for (let y = 0; y < 8; y++) line[y] = rowsDone[y * 8 + u] as number;
    transformLine(transformed, u, 8);
  }
  let last = 0;
  for (let k = 0; k < 64; k++) {
    const value = Math.round((transformed[ZIGZAG[k] as number] as number) / (steps[k] as number));
    out[k] = k === 0 ? value : Math.max(-LARGEST_AC, Math.min(LARGEST_AC, value));
    if (value !== 0) last = k;
  }
  return last;
}
