/**
 * The pretend camera's electronics: it sees the shutter line rise, exposes after its own latency, answers on the strobe
 * line at that very moment, and orders the picture of the road as it was then. Its clock is its own and is wrong by a
 * constant, as camera clocks are; its counter counts every exposure. Drawing happens in another process
 * (`picture-process.ts`), so that it never disturbs the radar's timing.
 */
import type { Clock, SimulatedLineMessage } from '../../src/ports/index.js';
import type { Random } from '../prng.js';

export const CAMERA = {
  make: 'Pretend Optical',
  model: 'PO-5 demo camera',
  serialNumber: 'PO5-000042',
  /** What its clock is ahead of the truth by, milliseconds. */
  clockErrorMs: 1370,
  latencyMs: 12,
  jitterMs: 1,
  strobePulseMs: 5,
} as const;

/** One exposure, as the picture process is told of it. */
export interface Exposure {
  /** 1, 2, 3 …: the file counter. */
  readonly counter: number;
  /** Monotonic time of the exposure, nanoseconds. */
  readonly atNs: number;
  /** The camera's own (wrong) clock at the exposure, milliseconds UTC. */
  readonly cameraUtcMs: number;
  readonly flash: boolean;
}

export interface CameraOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly setStrobe: (value: 0 | 1) => void;
  readonly expose: (exposure: Exposure) => void;
}

export class Camera {
  readonly #options: CameraOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #counter = 0;
  #flashLit = false;

  constructor(options: CameraOptions) {
    this.#options = options;
  }

  get exposures(): number {
    return this.#counter;
  }

  onLine(message: SimulatedLineMessage): void {
    if (message.line === 'flash') this.#flashLit = message.value === 1;
    if (message.line === 'shutter' && message.value === 1) {
      this.#after(CAMERA.latencyMs + this.#options.random.between(-1, 1) * CAMERA.jitterMs, () => {
        this.#expose();
      });
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #expose(): void {
    this.#options.setStrobe(1);
    this.#counter += 1;
    this.#options.expose({
      counter: this.#counter,
      atNs: this.#options.clock.monotonicNs(),
      cameraUtcMs: this.#options.clock.utcMs() + CAMERA.clockErrorMs,
      flash: this.#flashLit,
    });
    this.#after(CAMERA.strobePulseMs, () => {
      this.#options.setStrobe(0);
    });
  }

  #after(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }
}

/** Name of the file with this counter. */
export const imageName = (counter: number): string => `IMG_${String(counter).padStart(4, '0')}.JPG`;
