/** The lines to camera and flash: pulses of the set width, never too soon after each other, each with its number, low at the end. */
import type { Output, OutputLineName } from '../../../src/timeline.js';
import type { Findings } from './findings.js';
import { seconds, type WorldSettings } from './settings.js';

/** Times of lines are whole sums of nanoseconds and milliseconds. */
const ROUNDING_NS = 1e3;

export class Lines {
  readonly #findings: Findings;
  readonly #settings: WorldSettings;
  readonly #high = new Map<OutputLineName, number>();
  #lastRiseNs = Number.NEGATIVE_INFINITY;

  constructor(findings: Findings, settings: WorldSettings) {
    this.#findings = findings;
    this.#settings = settings;
  }

  /** The process is gone: whoever holds the lines lets them fall. */
  newLife(): void {
    this.#high.clear();
  }

  step(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type === 'line') this.#change(output, outputs);
      else if (output.type === 'fire') this.#fired(output, outputs);
    }
  }

  end(): void {
    for (const [line, sinceNs] of this.#high) {
      this.#findings.add('line-stuck', sinceNs, `The ${line} line is high at the end, since ${seconds(sinceNs)} s.`);
    }
  }

  #change({ line, value, atNs }: Extract<Output, { type: 'line' }>, outputs: readonly Output[]): void {
    const sinceNs = this.#high.get(line);
    if (value === 1) {
      if (sinceNs === undefined) this.#high.set(line, atNs);
      if (line === 'shutter') this.#rise(atNs, outputs);
      return;
    }
    this.#high.delete(line);
    if (sinceNs === undefined) return;
    const widthMs = (atNs - sinceNs) / 1e6;
    const { shutterPulseMs, flashPulseMs } = this.#settings;
    const expectedMs = line === 'shutter' ? shutterPulseMs : flashPulseMs;
    if (Math.abs(widthMs - expectedMs) > ROUNDING_NS / 1e6) {
      const expected = `expected ${String(expectedMs)} ms`;
      this.#findings.add('line-pulse', atNs, `The ${line} pulse is ${widthMs.toFixed(3)} ms wide, ${expected}.`);
    }
  }

  #rise(atNs: number, outputs: readonly Output[]): void {
    const sinceMs = (atNs - this.#lastRiseNs) / 1e6;
    if (sinceMs < this.#settings.deadTimeMs - ROUNDING_NS / 1e6) {
      const least = `at least ${String(this.#settings.deadTimeMs)} ms demanded`;
      this.#findings.add(
        'line-too-soon',
        atNs,
        `The shutter rises ${sinceMs.toFixed(1)} ms after it last rose, ${least}.`,
      );
    }
    this.#lastRiseNs = atNs;
    const named = outputs.some((other) => other.type === 'fire' && other.exposure.atNs === atNs);
    if (!named)
      this.#findings.add('line-alone', atNs, `The shutter rises at ${seconds(atNs)} s under no number (ICN-1).`);
  }

  #fired({ exposure: { icn, atNs, flash } }: Extract<Output, { type: 'fire' }>, outputs: readonly Output[]): void {
    const pulsed = outputs.some(
      (other) => other.type === 'line' && other.line === 'shutter' && other.value === 1 && other.atNs === atNs,
    );
    if (!pulsed)
      this.#findings.add('line-alone', atNs, `${icn} is fired at ${seconds(atNs)} s without a shutter pulse.`);
    this.#lit(icn, atNs, flash, outputs);
  }

  /** The flash leads the shutter by what was set, where one is wanted, and stays dark where none is. */
  #lit(icn: string, atNs: number, wanted: boolean, outputs: readonly Output[]): void {
    const rise = outputs.find((other) => other.type === 'line' && other.line === 'flash' && other.value === 1);
    const leadMs = rise?.type === 'line' ? (atNs - rise.atNs) / 1e6 : null;
    const { flashLeadMs } = this.#settings;
    if (!wanted && leadMs === null) return;
    if (wanted && leadMs !== null && Math.abs(leadMs - flashLeadMs) <= ROUNDING_NS / 1e6) return;
    const found = leadMs === null ? 'no flash' : `a flash ${leadMs.toFixed(3)} ms before the shutter`;
    const expected = wanted ? `one ${String(flashLeadMs)} ms before it` : 'none';
    this.#findings.add('line-flash', atNs, `${icn} is fired with ${found}, expected ${expected}.`);
  }
}
