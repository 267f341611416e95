/** How far the verification is: a bar on a terminal, a line every few seconds elsewhere. */
const BAR = 24;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5000;
const MB = 1e6;

export interface ProgressSink {
  /** Null: no terminal. Gets text without a line end. */
  readonly draw: ((text: string) => void) | null;
  /** One line of its own. */
  readonly line: (text: string) => void;
  readonly nowMs: () => number;
}

export class Progress {
  readonly #startMs: number;
  #saidMs: number;
  #bytes = 0;
  #exhibits = 0;
  #drawn = false;

  constructor(
    private readonly sink: ProgressSink,
    private readonly total: { readonly bytes: number; readonly exhibits: number },
  ) {
    this.#startMs = sink.nowMs();
    this.#saidMs = this.#startMs;
  }

  add(bytes: number, exhibits: number): void {
    this.#bytes += bytes;
    this.#exhibits += exhibits;
    const nowMs = this.sink.nowMs();
    const { draw, line } = this.sink;
    if (nowMs - this.#saidMs < (draw === null ? LINE_EVERY_MS : REDRAW_MS)) return;
    this.#saidMs = nowMs;
    if (draw === null) line(this.#words(nowMs));
    else {
      const done = Math.round(BAR * this.#share());
      draw(`\r[${'#'.repeat(done)}${'.'.repeat(BAR - done)}] ${this.#words(nowMs)}\u001b[K`);
      this.#drawn = true;
    }
  }

  /** Takes the bar away: the result stands in its place. */
  end(): void {
    if (this.#drawn) this.sink.draw?.('\r\u001b[K');
  }

  #share(): number {
    return this.total.bytes === 0 ? 1 : Math.min(1, this.#bytes / this.total.bytes);
  }

  #words(nowMs: number): string {
    const seconds = Math.max(0.001, (nowMs - this.#startMs) / 1000);
    const perSecond = this.#bytes / seconds;
    const left = perSecond === 0 ? 0 : (this.total.bytes - this.#bytes) / perSecond;
    const percent = String(Math.floor(100 * this.#share())).padStart(3);
    const exhibits = `${this.#exhibits} of ${this.total.exhibits} exhibits`;
    return `${percent} %  ${exhibits}  ${(perSecond / MB).toFixed(0)} MB/s  ${clock(left)} left`;
  }
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
