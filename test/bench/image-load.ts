/**
 * Stands in for the workshop under load: draws, encodes, hashes and syncs 6-megapixel pictures one after the other, at
 * the lowest priority as the workshop runs. Started by `trigger-latency.ts`; says `image` after each.
 */
import { createCanvas } from '@napi-rs/canvas';
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

const [WIDTH, HEIGHT] = [3000, 2000];

setPriority(19);
const folder = mkdtempSync(join(tmpdir(), 'kerbside-load-'));
const canvas = createCanvas(WIDTH, HEIGHT);
const context = canvas.getContext('2d');

function stampImage(count: number): void {
  for (let index = 0; index < 400; index += 1) {
    context.fillStyle = `hsl(${(index * 37 + count) % 360} 60% ${30 + (index % 50)}%)`;
    context.fillRect((index * 61) % WIDTH, (index * 97) % HEIGHT, 200, 120);
  }
  const jpeg = canvas.toBuffer('image/jpeg', 92);
  createHash('sha256').update(jpeg).digest();
  const temporary = join(folder, 'image.part');
  const descriptor = openSync(temporary, 'w');
  writeSync(descriptor, jpeg);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, join(folder, 'image.jpg'));
}

// A channel that closes under a message is the end of the run, no error.
process.on('error', () => undefined);
let count = 0;
function next(): void {
  if (!process.connected) {
    rmSync(folder, { recursive: true });
    return;
  }
  stampImage((count += 1));
  process.send?.('image', () => setImmediate(next));
}
next();
