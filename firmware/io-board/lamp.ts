/** The status lamp: on while the camera enforces, out while nothing is open, blinking between. */
import five, { type Board, type Led } from 'johnny-five';
import type { SessionState } from '../../src/timeline.js';

/** Half a period; null: steady. Fast: something is missing. Slow: all is well, nothing is enforced. */
const SHOWN: Readonly<Record<SessionState, { readonly lit: boolean; readonly blinkMs: number | null }>> = {
  closed: { lit: false, blinkMs: null },
  checking: { lit: true, blinkMs: 150 },
  ready: { lit: true, blinkMs: 500 },
  enforcing: { lit: true, blinkMs: null },
  suspended: { lit: true, blinkMs: 150 },
  closing: { lit: true, blinkMs: 500 },
};

export class Lamp {
  readonly #led: Led | null;

  constructor(board: Board, pin: number | null) {
    this.#led = pin === null ? null : new five.Led({ board, pin });
  }

  show(state: SessionState): void {
    if (this.#led === null) return;
    const { lit, blinkMs } = SHOWN[state];
    this.#led.stop();
    if (lit) this.#led.on();
    else this.#led.off();
    if (blinkMs !== null) this.#led.blink(blinkMs);
  }

  /** Writes no more; the lamp stays as it is. */
  leave(): void {
    this.#led?.stop();
  }
}
