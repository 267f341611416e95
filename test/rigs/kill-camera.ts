/**
 * The road and the camera of the kill rig: vehicles that never stop coming, and a camera that answers each shutter edge
 * whether the controller lives or not. Every picture has bytes of its own: a comment segment with its count.
 */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../hw-sim/prng.js';
import { agdFrame, crossing, type Crossing } from '../support/agd-feed.js';
import { picture } from '../support/outside-van.js';
import type { Pty } from '../support/pty.js';

const HEARTBEAT_MS = 200;
/** The gap that ends a track, and some road. */
const BETWEEN_VEHICLES_MS = [250, 600] as const;
const LATE_SHARE = 0.03;
/** Past the time that the camera is given (`IMAGE_TIMEOUT_MS`). */
const LATE_MS = 2600;
export const IMAGE_TIMEOUT_MS = 2000;

/** A JPEG with `text` in a comment segment right behind its start: other bytes, the same picture. */
export function withComment(jpeg: Buffer, text: string): Buffer {
  const words = Buffer.from(text);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, (words.length + 2) >> 8, (words.length + 2) & 0xff]);
  return Buffer.concat([head, words, jpeg.subarray(2)]);
}

export class KillRoad {
  readonly #pty: Pty;
  readonly #random: Random;
  readonly #ended: Promise<unknown>;
  readonly #heartbeat: NodeJS.Timeout;
  #stopped = false;

  constructor(pty: Pty, random: Random) {
    this.#pty = pty;
    this.#random = random;
    this.#heartbeat = setInterval(() => {
      // What the radar is told is taken off its wire: a full wire would hold the controller up.
      pty.read();
      this.#feed(agdFrame('HB,43200.00'));
    }, HEARTBEAT_MS);
    this.#ended = this.#drive();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    await this.#ended;
  }

  async #drive(): Promise<void> {
    for (let count = 0; !this.#stopped; count += 1) {
      const begin = performance.now();
      for (const { atMs, bytes } of crossing(this.#vehicle(count))) {
        const waitMs = begin + atMs - performance.now();
        if (waitMs > 1) await sleep(waitMs);
        this.#feed(bytes);
      }
      await sleep(this.#random.between(...BETWEEN_VEHICLES_MS));
    }
  }

  #vehicle(count: number): Crossing {
    const random = this.#random;
    const away = random.uniform() < 0.3;
    const speedKmh = random.between(45, 130);
    const passenger = random.uniform() < 0.1 ? { otherSpeedKmh: speedKmh - 12 } : {};
    const way = away ? ({ direction: 'R', lateralM: 8.75 } as const) : ({ direction: 'A', lateralM: 5.25 } as const);
    return { track: 1 + (count % 90), speedKmh, ...way, ...passenger };
  }

  /** Nobody reads while the controller is dead: what the wire cannot hold is lost, as on a real one. */
  #feed(bytes: Buffer): void {
    try {
      this.#pty.write(bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

export class KillCamera {
  /** Every file that was delivered: name and SHA-256. */
  readonly delivered = new Map<string, string>();
  readonly #spool: string;
  readonly #random: Random;
  readonly #pictures = [picture(1), picture(2), picture(3), picture(4)];
  readonly #answers = new Set<Promise<void>>();
  #count = 0;
  onDelivery: () => void = () => undefined;

  constructor(spool: string, random: Random) {
    this.#spool = spool;
    this.#random = random;
  }

  /** @param strobe sets the feedback line, as long as anybody listens */
  shutter(strobe: (value: 0 | 1) => void): void {
    const answer = this.#answer(strobe).finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#answers);
  }

  async #answer(strobe: (value: 0 | 1) => void): Promise<void> {
    const random = this.#random;
    const lateMs = random.uniform() < LATE_SHARE ? LATE_MS : 0;
    const count = (this.#count += 1);
    await sleep(random.between(3, 20));
    strobe(1);
    await sleep(5);
    strobe(0);
    await sleep(random.between(20, 120) + lateMs);
    this.#deliver(count);
  }

  #deliver(count: number): void {
    const name = `IMG_${String(count).padStart(6, '0')}.JPG`;
    const bytes = withComment(this.#pictures[count % this.#pictures.length]!, `exposure ${count}`);
    const temporary = join(this.#spool, `.${name}.part`);
    writeFileSync(temporary, bytes);
    renameSync(temporary, join(this.#spool, name));
    this.delivered.set(name, createHash('sha256').update(bytes).digest('hex'));
    this.onDelivery();
  }
}
