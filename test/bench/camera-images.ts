/**
 * What a 12-megapixel camera delivers: a few baseline JPEGs of a picture that compresses like a road by day, and for each
 * exposure the bytes of one of them with a comment of its own, so that no two files have the same hash.
 */
import { createCanvas } from '@napi-rs/canvas';
import { createEncoder } from '../../hw-sim/picture/jpeg.js';
import { createRandom } from '../../hw-sim/prng.js';

const [WIDTH, HEIGHT] = [4000, 3000];
const VARIANTS = 3;
/** Grain of a sensor, in levels: with it a picture has about the bytes that a camera's has. */
const GRAIN = 14;

const COMMENT = 0xfe;
const isApplicationSegment = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;

/** `text` in a comment segment behind the camera's own segments. */
export function withComment(jpeg: Buffer, text: string): Buffer {
  let at = 2;
  while (isApplicationSegment(jpeg.readUInt8(at + 1))) at += 2 + jpeg.readUInt16BE(at + 2);
  const words = Buffer.from(text);
  const head = Buffer.from([0xff, COMMENT, (words.length + 2) >> 8, (words.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, at), head, words, jpeg.subarray(at)]);
}

function pixels(variant: number): Uint8Array {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, 0, HEIGHT);
  sky.addColorStop(0, '#9db8d0');
  sky.addColorStop(0.45, '#c9cfc8');
  sky.addColorStop(0.5, '#55604f');
  sky.addColorStop(1, '#3d4043');
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const random = createRandom(variant, 'bench picture');
  for (let index = 0; index < 900; index += 1) {
    context.fillStyle = `hsl(${random.between(60, 140)} ${random.between(10, 40)}% ${random.between(15, 60)}%)`;
    const [across, down] = [random.between(0, WIDTH), random.between(0.3 * HEIGHT, HEIGHT)];
    context.fillRect(across, down, random.between(5, 160), random.between(5, 60));
  }
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  for (let at = 0; at < data.length; at += 4) {
    const grain = Math.round(random.between(-GRAIN, GRAIN));
    for (let colour = at; colour < at + 3; colour += 1) data[colour] = data[colour]! + grain;
  }
  return new Uint8Array(data.buffer);
}

/** Each call makes the pictures anew; it takes some seconds. */
export async function cameraPictures(): Promise<Buffer[]> {
  const encoder = await createEncoder();
  const facts = { make: 'Bench', model: 'twelve megapixels', serialNumber: 'B-1', clockUtcMs: 0, offsetMinutes: 0 };
  const exposure = { flash: false, exposureS: [1, 1000], isoSpeed: 200 } as const;
  const size = { widthPx: WIDTH, heightPx: HEIGHT };
  const files = Array.from({ length: VARIANTS }, (_, variant) =>
    encoder.encode(pixels(variant), WIDTH, HEIGHT, { ...facts, ...exposure, ...size }),
  );
  encoder.close();
  return files;
}
