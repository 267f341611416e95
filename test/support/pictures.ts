/** Pictures for tests, made by other people's encoders, and their pixels as other people's decoders see them. */
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';

export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  readonly samples: Uint8Array;
}

/** Waves and a little noise: all blocks differ, and the same seed gives the same picture. */
export function testPhoto(width: number, height: number, channels: 1 | 3 = 3, seed = 1): Bitmap {
  const samples = new Uint8Array(width * height * channels);
  let state = seed;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      const noise = ((state >> 16) & 31) - 16;
      for (let c = 0; c < channels; c++, at++) {
        const wave = 80 * Math.sin(x / 37 + c) + 40 * Math.cos(y / 23 + (c * x) / 300);
        samples[at] = Math.max(0, Math.min(255, 128 + wave + noise));
      }
    }
  }
  return { width, height, channels, samples };
}

/** A night without lamps: noise of a few grey levels, so that an optimising encoder makes very small tables. */
export function darkPhoto(width: number, height: number): Bitmap {
  const { samples } = testPhoto(width, height);
  return { width, height, channels: 3, samples: samples.map((value) => 12 + (value & 3)) };
}

function toNetpbm({ width, height, channels, samples }: Bitmap): Buffer {
  return Buffer.concat([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), samples]);
}

function run(tool: string, args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(tool, args, { input, maxBuffer: 1 << 28 });
  assert.equal(stderr.toString(), '', `${tool} ${args.join(' ')} complains`);
  assert.equal(status, 0, `${tool} ${args.join(' ')}`);
  return stdout;
}

/** @param args of libjpeg-turbo's cjpeg, e.g. -sample 2x1 -restart 1 */
export const cjpeg = (photo: Bitmap, ...args: string[]): Buffer => run('cjpeg', args, toNetpbm(photo));

/** @param args of libjpeg-turbo's djpeg. Fails on any warning. */
export function djpeg(jpeg: Uint8Array, ...args: string[]): Bitmap {
  const output = run('djpeg', ['-dct', 'int', ...args], jpeg);
  const head = /^P([56])\n(\d+) (\d+)\n255\n/.exec(output.subarray(0, 40).toString('latin1'));
  assert.ok(head !== null, 'djpeg gives no PGM or PPM');
  const channels = head[1] === '5' ? 1 : 3;
  return { width: Number(head[2]), height: Number(head[3]), channels, samples: output.subarray(head[0].length) };
}

/** Rows `from` to `to` of a bitmap. */
export function rowsOf({ width, channels, samples }: Bitmap, from: number, to: number): Uint8Array {
  return samples.subarray(from * width * channels, to * width * channels);
}

export interface Strip {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Sharp white, yellow and dark boxes, as letters and hazard stripes are. */
export function testStrip(width: number, height: number): Strip {
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const box = (Math.floor(x / 11) + Math.floor(y / 13)) % 4;
    rgba.set(box === 0 ? [255, 255, 255, 255] : box === 1 ? [255, 204, 0, 255] : [17, 22, 28, 255], 4 * i);
  }
  return { width, height, rgba };
}

/** Mean difference between decoded rows and the strip they should show, in levels of 255. */
export function stripError(decoded: Bitmap, fromRow: number, strip: Strip): number {
  let sum = 0;
  for (let i = 0; i < strip.width * strip.height; i++) {
    const at = (fromRow * decoded.width + i) * decoded.channels;
    const [r = 0, g = 0, b = 0] = strip.rgba.subarray(4 * i, 4 * i + 3);
    const expected = decoded.channels === 3 ? [r, g, b] : [0.299 * r + 0.587 * g + 0.114 * b];
    expected.forEach((value, c) => (sum += Math.abs(value - (decoded.samples[at + c] ?? 0)) / expected.length));
  }
  return sum / (strip.width * strip.height);
}
