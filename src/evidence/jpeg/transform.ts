/** From pixels to quantised coefficients: colour, sampling and the forward DCT (ITU-T T.81, Annex A; JFIF colour). */
import { ZIGZAG, type JpegStructure } from './structure.js';

/** Pixels in reading order, four bytes each; alpha is ignored. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

/** One component's samples, padded to whole MCUs. */
export interface Plane {
  readonly samples: Uint8Array;
  readonly stride: number;
}

/** Full-size planes: grey, YCbCr or RGB as the photo has it. Right and bottom edges are repeated into the padding. */
function colourPlanes(pixels: Pixels, jpeg: JpegStructure, width: number, height: number): Uint8Array[] {
  const { rgba } = pixels;
  const planes = jpeg.components.map(() => new Uint8Array(width * height));
  const [first, second, third] = planes;
  for (let y = 0; y < height; y++) {
    const row = Math.min(y, pixels.height - 1) * pixels.width;
    for (let x = 0; x < width; x++) {
      const from = 4 * (row + Math.min(x, pixels.width - 1));
      const at = y * width + x;
      const r = rgba[from] as number;
      const g = rgba[from + 1] as number;
      const b = rgba[from + 2] as number;
      if (jpeg.colour === 'rgb') (first as Uint8Array)[at] = r;
      else (first as Uint8Array)[at] = 0.299 * r + 0.587 * g + 0.114 * b + 0.5;
      if (second === undefined || third === undefined) continue;
      second[at] = jpeg.colour === 'rgb' ? g : Math.min(255, -0.168736 * r - 0.331264 * g + 0.5 * b + 128.5);
      third[at] = jpeg.colour === 'rgb' ? b : Math.min(255, 0.5 * r - 0.418688 * g - 0.081312 * b + 128.5);
    }
  }
  return planes;
}

/** Means over `across` x `down` samples. */
function shrink(full: Uint8Array, width: number, height: number, across: number, down: number): Plane {
  if (across === 1 && down === 1) return { samples: full, stride: width };
  const stride = width / across;
  const rows = height / down;
  const samples = new Uint8Array(stride * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let dy = 0; dy < down; dy++) {
        const row = (y * down + dy) * width + x * across;
        for (let dx = 0; dx < across; dx++) sum += full[row + dx] as number;
      }
      samples[y * stride + x] = Math.round(sum / (across * down));
    }
  }
  return { samples, stride };
}

/** @returns one plane a component, in the photo's own sampling, `mcuRows` MCU rows high */
export function toPlanes(pixels: Pixels, jpeg: JpegStructure, mcuRows: number): Plane[] {
  const width = jpeg.mcusAcross * jpeg.mcuWidth;
  const height = mcuRows * jpeg.mcuHeight;
  return colourPlanes(pixels, jpeg, width, height).map((plane, i) => {
    const { h, v } = jpeg.components[i] as { h: number; v: number };
    return shrink(plane, width, height, jpeg.mcuWidth / (8 * h), jpeg.mcuHeight / (8 * v));
  });
}

/** cosines[u * 8 + x] with the normalisation of the DCT in it. */
const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  const x = i & 7;
  return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

/** The largest AC coefficient an 8-bit picture may have. */
const LARGEST_AC = 1023;

const rowsDone = new Float64Array(64);

/**
 * Transforms and quantises the block whose upper left sample is at `origin`.
 * @param out 64 coefficients in zigzag order
 */
export function transformBlock(plane: Plane, origin: number, steps: Uint16Array, out: Int16Array): void {
  const { samples, stride } = plane;
  const level = samples[origin] as number;
  let flat = true;
  for (let y = 0; y < 8 && flat; y++) {
    for (let x = 0; x < 8; x++) if (samples[origin + y * stride + x] !== level) flat = false;
  }
  if (flat) {
    out.fill(0);
    out[0] = Math.round((8 * (level - 128)) / (steps[0] as number));
    return;
  }
  for (let y = 0; y < 8; y++) {
    const row = origin + y * stride;
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += ((samples[row + x] as number) - 128) * (cosines[u * 8 + x] as number);
      rowsDone[y * 8 + u] = sum;
    }
  }
  for (let k = 0; k < 64; k++) {
    const place = ZIGZAG[k] as number;
    const u = place & 7;
    const v = place >> 3;
    let sum = 0;
    for (let y = 0; y < 8; y++) sum += (rowsDone[y * 8 + u] as number) * (cosines[v * 8 + y] as number);
    const value = Math.round(sum / (steps[k] as number));
    out[k] = k === 0 ? value : Math.max(-LARGEST_AC, Math.min(LARGEST_AC, value));
  }
}
