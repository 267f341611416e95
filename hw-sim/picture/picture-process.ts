/**
 * The process that draws and delivers (so that drawing never disturbs the timing of what measures): it is told of each
 * exposure and puts the finished file into the camera's folder under a temporary name first, then its own.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JpegEncoder } from './jpeg.js';
import { createEncoder } from './jpeg.js';
import type { Light } from './light.js';
import type { SceneSettings, Shot } from './scene.js';
import { Studio } from './scene.js';

export interface PictureJob extends Shot {
  readonly fileName: string;
  readonly cameraUtcMs: number;
}

export interface PictureIdentity {
  readonly make: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly offsetMinutes: number;
}

export type ToPictures =
  | {
      readonly type: 'setup';
      readonly scene: SceneSettings;
      readonly folder: string;
      readonly identity: PictureIdentity;
      readonly lights: readonly Light[];
    }
  | { readonly type: 'picture'; readonly job: PictureJob }
  | { readonly type: 'stop' };

export type FromPictures =
  | { readonly type: 'ready' }
  | { readonly type: 'delivered'; readonly fileName: string; readonly bytes: number }
  | { readonly type: 'failed'; readonly sentence: string };

interface Desk {
  readonly studio: Studio;
  readonly encoder: JpegEncoder;
  readonly setup: Extract<ToPictures, { type: 'setup' }>;
}

let desk: Desk | null = null;
const tell = (message: FromPictures): void => void process.send?.(message);

async function handle(message: ToPictures): Promise<void> {
  if (message.type === 'setup') {
    desk = { studio: new Studio(message.scene), encoder: await createEncoder(), setup: message };
    const [first, ...later] = message.lights;
    if (first) desk.studio.prepare(first, true);
    tell({ type: 'ready' });
    for (const light of later) desk.studio.prepare(light, true);
  } else if (message.type === 'picture' && desk) deliver(desk, message.job);
  else {
    desk?.encoder.close();
    process.exit(0);
  }
}

function deliver({ studio, encoder, setup }: Desk, job: PictureJob): void {
  const { widthPx, heightPx } = setup.scene;
  const canvas = studio.draw(job);
  const pixels = canvas.getContext('2d').getImageData(0, 0, widthPx, heightPx).data;
  const dark = job.light !== 'day';
  const file = encoder.encode(new Uint8Array(pixels.buffer), widthPx, heightPx, {
    ...setup.identity,
    clockUtcMs: job.cameraUtcMs,
    widthPx,
    heightPx,
    flash: job.flash,
    exposureS: [1, dark ? 1000 : 2000],
    isoSpeed: dark ? 800 : 200,
  });
  const temporary = join(setup.folder, `.${job.fileName}.tmp`);
  writeFileSync(temporary, file);
  renameSync(temporary, join(setup.folder, job.fileName));
  tell({ type: 'delivered', fileName: job.fileName, bytes: file.length });
}

// One after the other: a picture that is ordered while another is drawn waits.
let queue = Promise.resolve();
process.on('message', (message: ToPictures) => {
  queue = queue
    .then(() => handle(message))
    .catch((error: unknown) => {
      tell({ type: 'failed', sentence: error instanceof Error ? error.message : String(error) });
    });
});
// Without its van nobody wants pictures.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the van says when to stop.
process.on('SIGINT', () => undefined);
