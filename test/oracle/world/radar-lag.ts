/**
 * How late the radar speaks, by the time of day in its own frames: the smallest distance to the camera's clock that was seen is
 * that of a frame that came at once. Nothing is said of a link before its frames have come in time for a while.
 */
const PROVEN_S = 12;
const EVEN_S = 0.05;
/** A frame is as good as in time below this; the rule forbids more than 0.1 s. */
const LATE_S = 0.25;
const DAY_S = 86_400;

export class RadarLag {
  #leastS: number | null = null;
  #evenSinceNs = 0;
  #proven = false;
  #lateSinceNs: number | null = null;
  #lagS = 0;

  reset(): void {
    this.#leastS = null;
    this.#proven = false;
    this.#lateSinceNs = null;
  }

  heard(timeS: number, atNs: number): void {
    const offsetS = atNs / 1e9 - timeS;
    const moreS = this.#leastS === null ? 0 : offsetS - this.#leastS;
    const lagS = moreS - DAY_S * Math.round(moreS / DAY_S);
    // Sooner than any before: its clock was set, or what was taken for in time was late.
    if (this.#leastS === null || lagS < -EVEN_S) {
      this.reset();
      this.#leastS = offsetS;
      this.#evenSinceNs = atNs;
      return;
    }
    this.#lagS = lagS;
    if (lagS > EVEN_S && !this.#proven) this.#evenSinceNs = atNs;
    this.#proven ||= (atNs - this.#evenSinceNs) / 1e9 >= PROVEN_S;
    if (lagS <= LATE_S) this.#lateSinceNs = null;
    else if (this.#proven) this.#lateSinceNs ??= atNs;
  }

  /** @returns by how much the last frame was late, where it has been so for longer than `sinceS`; null: it was not */
  lateS(nowNs: number, sinceS: number): number | null {
    return this.#lateSinceNs !== null && (nowNs - this.#lateSinceNs) / 1e9 > sinceS ? this.#lagS : null;
  }
}
