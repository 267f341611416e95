/**
 * Program of the image bench, forked by `image-run.ts`: the real office with its real workshop process, store, journal and
 * camera folder. Only the trigger process is played here, so that exactly so many images a second come, whatever a road
 * would bring: it leases, fires, and concludes each image that the office hands to it as an incident.
 *
 * A committed image that is no longer of interest is removed, since ten minutes would leave six gigabytes behind.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { forkChild, type ChildEvents } from '../../firmware/office/child.js';
import { Office } from '../../firmware/office/office.js';
import type { OfficeParts } from '../../firmware/office/parts.js';
import { evidenceRoot } from '../../firmware/office/sealed-files.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { sampleContext } from '../evidence/samples.js';
import { createClock, nowNs } from '../../firmware/drivers/clock.js';
import type { FromTrigger, ToTrigger } from '../../firmware/trigger/messages.js';
import type { FromWorkshop, ToWorkshop } from '../../firmware/workshop/messages.js';
import { createEntryEncoder } from '../../src/recording/index.js';
import type { ImageArrival } from '../../src/timeline.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { controllerConfig } from '../support/virtual-van.js';
import { cameraPictures, withComment } from './camera-images.js';
import type { FromImageOffice, ImageFigures, ImageOrder } from './image-messages.js';
import { rankFigures } from './percentiles.js';

const LATE_MS = 2000;
/** How long the last images may take. */
const DRAIN_MS = 30_000;
/** The first numbers are leased meanwhile. */
const SETTLE_MS = 500;
const TELL_EVERY_MS = 10_000;
const KEPT_IMAGES = 50;
const LEASED = 8;

interface Image {
  readonly deliveredMs: number;
  arrivedMs: number | null;
  committedMs: number | null;
}

class ImageBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'kerbside-images-'));
  readonly #spool = join(this.folder, 'camera');
  readonly #images = new Map<string, Image>();
  /** Milliseconds of each stage, by its name. */
  readonly #stages = new Map<string, number[]>();
  readonly #sealed = new Map<string, { readonly atMs: number; readonly path: string | null }>();
  /** Leased and not yet used. */
  readonly #numbers: string[] = [];
  readonly #nameOf = new Map<string, string>();
  readonly #kept: string[] = [];
  #trigger: ChildEvents<FromTrigger> | null = null;
  #leasing = false;
  #bytes = 0;
  #committed = 0;
  #longestQueue = 0;

  async run(order: ImageOrder, tell: (message: FromImageOffice) => void): Promise<void> {
    mkdirSync(this.#spool);
    const pictures = await cameraPictures();
    const office = await Office.start(this.#parts());
    const failed = office.fatal.catch((error: unknown) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    office.board.onChange(({ exposures }) => exposures.forEach(({ icn }) => this.#onCommitted(icn)));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    tell({ type: 'ready' });
    const telling = setInterval(() => {
      tell({ type: 'progress', delivered: this.#images.size, committed: this.#committed });
    }, TELL_EVERY_MS);
    try {
      await Promise.race([this.#deliverAll(pictures, order), failed]);
    } finally {
      clearInterval(telling);
    }
    tell({ type: 'done', figures: this.#figures(order) });
    await office.close();
  }

  /** At its own pace: a camera does not wait for anybody. */
  async #deliverAll(pictures: readonly Buffer[], { minutes, perSecond }: ImageOrder): Promise<void> {
    const count = Math.round(minutes * 60 * perSecond);
    const begin = performance.now();
    for (let index = 0; index < count; index += 1) {
      const waitMs = begin + (index * 1000) / perSecond - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      this.#deliver(index, pictures[index % pictures.length]!);
    }
    const end = performance.now() + DRAIN_MS;
    while (this.#committed < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  #deliver(index: number, picture: Buffer): void {
    const name = `IMG_${String(index + 1).padStart(6, '0')}.JPG`;
    const bytes = withComment(picture, `exposure ${index + 1}`);
    const temporary = join(this.#spool, `.${name}.part`);
    writeFileSync(temporary, bytes);
    this.#bytes += bytes.length;
    renameSync(temporary, join(this.#spool, name));
    this.#images.set(name, { deliveredMs: performance.now(), arrivedMs: null, committedMs: null });
    this.#longestQueue = Math.max(this.#longestQueue, this.#images.size - this.#committed);
  }

  #take(message: ToTrigger): void {
    if (message.type === 'start') this.#trigger?.onMessage({ type: 'started' });
    if (message.type !== 'input') {
      if (message.type === 'stop') this.#trigger?.onExit('exit code 0');
      return;
    }
    const { input } = message;
    if (input.type === 'lease') {
      this.#leasing = false;
      this.#numbers.push(...input.icns);
    } else if (input.type === 'image') this.#conclude(input.image);
    else if (input.type === 'clock') this.#trigger?.onMessage({ type: 'alive' });
    else if (input.type === 'command') this.#put({ type: 'closed', atNs: nowNs() });
    if (this.#numbers.length < LEASED && !this.#leasing) {
      this.#leasing = true;
      this.#put({ type: 'request-lease', atNs: nowNs(), count: LEASED });
    }
  }

  #put(...outputs: Extract<FromTrigger, { type: 'outputs' }>['outputs']): void {
    this.#trigger?.onMessage({ type: 'outputs', outputs });
  }

  #conclude(image: ImageArrival): void {
    const icn = this.#numbers.shift();
    const known = this.#images.get(image.imageId);
    if (icn === undefined || known === undefined) throw new Error(`no number or no delivery for ${image.imageId}`);
    known.arrivedMs = performance.now();
    this.#note('noticed (delivery until the office knows)', known.arrivedMs - known.deliveredMs);
    this.#nameOf.set(icn, image.imageId);
    this.#put({ type: 'fire', exposure: sampleStart(icn) });
    const exposure = sampleExposure(icn, { imageId: image.imageId, imageSha256: image.sha256 });
    this.#put({ type: 'conclude', exposure });
  }

  #onSealed({ name, image, stageMs }: Extract<FromWorkshop, { type: 'sealed' }>): void {
    // Events of the deployment are sealed beside the images.
    if (image === null) return;
    this.#sealed.set(basename(name, '.record'), { atMs: performance.now(), path: image.path });
    for (const [stage, milliseconds] of Object.entries(stageMs)) this.#note(stage, milliseconds);
    this.#note(
      'workshop, all of it',
      Object.values(stageMs).reduce((sum, one) => sum + one, 0),
    );
  }

  #onCommitted(icn: string): void {
    const known = this.#images.get(this.#nameOf.get(icn) ?? '');
    if (known?.committedMs !== null) return;
    const now = performance.now();
    const sealed = this.#sealed.get(icn);
    known.committedMs = now;
    this.#committed += 1;
    if (sealed !== undefined) this.#note('commit', now - sealed.atMs);
    this.#note('delivery until commit', now - known.deliveredMs);
    this.#kept.push(sealed?.path ?? join(evidenceRoot(join(this.folder, 'data')), icn.slice(0, 6), `${icn}.jpg`));
    if (this.#kept.length > KEPT_IMAGES) rmSync(this.#kept.shift()!, { force: true });
  }

  #note(stage: string, milliseconds: number): void {
    const known = this.#stages.get(stage);
    if (known === undefined) this.#stages.set(stage, [milliseconds]);
    else known.push(milliseconds);
  }

  #figures({ minutes, perSecond }: ImageOrder): ImageFigures {
    const images = [...this.#images.values()];
    const late = images.filter(({ deliveredMs, committedMs }) => (committedMs ?? Infinity) - deliveredMs > LATE_MS);
    const stages = [...this.#stages].map(([stage, milliseconds]) => {
      const { samples, p50, p99, max } = rankFigures(milliseconds);
      return { stage, images: samples, p50, p99, max };
    });
    return {
      ...{ minutes, perSecond, lateMs: LATE_MS, longestQueue: this.#longestQueue, stages },
      meanBytes: Math.round(this.#bytes / images.length),
      delivered: images.length,
      committed: this.#committed,
      late: late.length,
    };
  }

  #parts(): OfficeParts {
    const clock = createClock();
    const keys = join(this.folder, 'data', 'keys');
    const workshop = forkChild<ToWorkshop, FromWorkshop>(new URL('../../firmware/workshop/main.js', import.meta.url));
    return {
      dataDir: join(this.folder, 'data'),
      range: { firstDeployment: 1, lastDeployment: 999_999 },
      imageFolder: this.#spool,
      controller: controllerConfig({}),
      port: { path: '/dev/null', baudRate: 921_600, parity: 'odd' },
      lines: { driver: 'simulated', socket: join(this.folder, 'lines') },
      software: sampleContext.software,
      keys: { folder: keys, check: () => openSigner(keys, { demo: true }).then(() => undefined) },
      certificates: [],
      who: 'bench',
      clock,
      clockInput: () => {
        const times = { atNs: clock.monotonicNs(), utcMs: clock.utcMs() };
        return { type: 'clock', ...times, disciplined: true, uncertaintyMs: 1 };
      },
      startTrigger: (events) => {
        this.#trigger = events;
        const send = (message: ToTrigger): boolean => {
          setImmediate(() => this.#take(message));
          return true;
        };
        return { send, kill: () => events.onExit('killed') };
      },
      startWorkshop: (events) =>
        workshop({
          onExit: (detail) => events.onExit(detail),
          onMessage: (message) => {
            if (message.type === 'sealed') this.#onSealed(message);
            events.onMessage(message);
          },
        }),
      startPosition: () => ({ stop: () => undefined }),
      recording: { partMb: 32, keepMb: 4096, encoder: createEntryEncoder() },
      say: { progress: () => undefined, warn: (text) => void process.stderr.write(`image bench: ${text}\n`) },
      timing: {
        ...{ closeMs: 5000, drainMs: 30_000, stopMs: 3000, retryMs: 1000, restartMs: [500] },
        ...{ clockEveryMs: 1000, silentMs: 60_000, sealMs: 60_000 },
      },
    };
  }
}

const bench = new ImageBench();
// Its children end with it; nothing that it wrote is of use to anybody.
process.on('disconnect', () => {
  rmSync(bench.folder, { recursive: true, force: true });
  process.exit();
});
process.on('message', (order: ImageOrder) => {
  const tell = (message: FromImageOffice): void => void process.send?.(message);
  bench
    .run(order, tell)
    .catch((error: unknown) => {
      tell({ type: 'failed', sentence: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    })
    .finally(() => {
      process.disconnect();
    });
});
