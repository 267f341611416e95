/**
 * A pretend OmniPreSense OPS243 (domain/radar-protocols.md): one JSON line a report, speed signed (+ inbound) along the
 * beam, no range, no angle, no tracks, no checksum. Only the strongest echo of an instant is reported. Faster traffic
 * than the sample rate allows comes out aliased: plausible, wrong, with the wrong sign; that is the real device's trap.
 */
import type { Random } from '../prng.js';
import type { Echo } from '../road/beam.js';
import { echoes, meanStrengthDb } from '../road/beam.js';
import type { Road } from '../road/road.js';
import type { RadarInstrument } from './radar.js';

export interface Ops243Options {
  readonly road: Road;
  readonly random: Random;
  /** What is in the beam at an instant; default: every vehicle of the road that is. */
  readonly see?: (timeS: number) => readonly Echo[];
  readonly reportsPerS?: number;
}

const UNITS = {
  UM: { name: 'm-per-sec', perMs: 1 },
  UK: { name: 'km-per-hr', perMs: 3.6 },
  US: { name: 'mi-per-hr', perMs: 2.236936 },
} as const;
type UnitCommand = keyof typeof UNITS;

/** Sample rate in hertz and highest true speed in m/s for each rate command. */
const RATES: Readonly<Record<string, { readonly hertz: number; readonly ceilingMs: number }>> = {
  SI: { hertz: 1000, ceilingMs: 3.1 },
  SV: { hertz: 5000, ceilingMs: 15.5 },
  SX: { hertz: 10000, ceilingMs: 31.1 },
  S2: { hertz: 20000, ceilingMs: 62.2 },
  SL: { hertz: 50000, ceilingMs: 155.4 },
  SC: { hertz: 100000, ceilingMs: 310.8 },
};

/** Folds a speed into what a receiver with this ceiling reports: complex samples wrap from +c to -c. */
export function aliasMs(speedMs: number, ceilingMs: number): number {
  const span = 2 * ceilingMs;
  return ((((speedMs + ceilingMs) % span) + span) % span) - ceilingMs;
}

export class Ops243 implements RadarInstrument {
  readonly framePeriodS: number;
  readonly #see: (timeS: number) => readonly Echo[];
  readonly #random: Random;
  #unit: UnitCommand = 'UM';
  #rate = 'SX';
  #json = false;
  #withMagnitude = false;
  #withTime = false;
  #wanted: 'both' | 'inbound' | 'outbound' = 'both';
  #pending = '';
  #startedMs: number | null = null;
  #forkKmh: number | null = null;

  constructor(options: Ops243Options) {
    this.#see = options.see ?? ((timeS) => echoes(options.road, timeS));
    this.#random = options.random;
    this.framePeriodS = 1 / (options.reportsPerS ?? 20);
  }

  restart(): void {
    this.#unit = 'UM';
    this.#rate = 'SX';
    this.#json = false;
    this.#withMagnitude = false;
    this.#withTime = false;
    this.#wanted = 'both';
    this.#pending = '';
    this.#startedMs = null;
  }

  frame(timeS: number, utcMs: number): Uint8Array[] {
    this.#startedMs ??= utcMs;
    let best: { echo: Echo; strengthDb: number } | null = null;
    for (const echo of this.#see(timeS)) {
      const strengthDb = meanStrengthDb(echo) + 10 * Math.log10(Math.max(this.#random.exponential(), 0.05));
      if (best === null || strengthDb > best.strengthDb) best = { echo, strengthDb };
    }
    // The loudest wins: what is held before the antenna drowns the road.
    if (this.#forkKmh !== null) return [this.#report(this.#forkKmh / 3.6 + this.#random.gaussian(0.01), 70, utcMs)];
    if (best === null) return [];
    const inboundMs = -best.echo.radialKmh / 3.6 + this.#random.gaussian(0.03);
    const seenMs = aliasMs(inboundMs, RATES[this.#rate]?.ceilingMs ?? 31.1);
    if (this.#wanted === 'inbound' && seenMs < 0) return [];
    if (this.#wanted === 'outbound' && seenMs > 0) return [];
    return [this.#report(seenMs, best.strengthDb, utcMs)];
  }

  #report(seenMs: number, strengthDb: number, utcMs: number): Uint8Array {
    const speed = (seenMs * UNITS[this.#unit].perMs).toFixed(2);
    if (!this.#json) return Buffer.from(`"${UNITS[this.#unit].name}",${speed}\r\n`);
    const line: Record<string, string> = {};
    if (this.#withTime) line['time'] = ((utcMs - (this.#startedMs ?? utcMs)) / 1000).toFixed(3);
    if (this.#withMagnitude) line['magnitude'] = (10 ** (strengthDb / 20)).toFixed(2);
    line['speed'] = speed;
    return Buffer.from(`${JSON.stringify(line)}\r\n`);
  }

  nextOwnUtcMs(): number {
    return this.#forkKmh === null ? Infinity : -Infinity;
  }

  holdFork(speedKmh: number | null): void {
    this.#forkKmh = speedKmh;
  }

  /** Commands are two characters, with or without a line end between them. */
  receive(bytes: Uint8Array): Uint8Array[] {
    this.#pending = (this.#pending + Buffer.from(bytes).toString('latin1')).replace(/[\r\n]/g, '');
    const answers: Uint8Array[] = [];
    while (this.#pending.length >= 2) {
      const answer = this.#answer(this.#pending.slice(0, 2));
      this.#pending = this.#pending.slice(2);
      for (const line of answer) answers.push(Buffer.from(`${JSON.stringify(line)}\r\n`));
    }
    return answers;
  }

  #answer(command: string): Record<string, string | number>[] {
    const rate = RATES[command];
    if (rate) {
      this.#rate = command;
      return [this.#rateReply()];
    }
    switch (command) {
      case 'UK':
      case 'US':
      case 'UM':
        this.#unit = command;
        return [{ Units: UNITS[command].name }];
      case 'OJ':
        this.#json = true;
        return [{ OutputFeature: 'J' }];
      case 'OM':
        this.#withMagnitude = true;
        return [{ OutputFeature: 'M' }];
      case 'OT':
        this.#withTime = true;
        return [{ OutputFeature: 'T' }];
      case 'R+':
      case 'R-':
      case 'R|':
        this.#wanted = command === 'R+' ? 'inbound' : command === 'R-' ? 'outbound' : 'both';
        return [{ Direction: command === 'R|' ? 'Both' : command === 'R+' ? 'Inbound' : 'Outbound' }];
      case 'U?':
        return [{ Units: UNITS[this.#unit].name }];
      case 'S?':
        return [this.#rateReply()];
      case '??':
        return [{ Product: 'OPS243', Version: 'DEMO-1.0.0' }, { Units: UNITS[this.#unit].name }, this.#rateReply()];
      case 'A!':
        return [{ Saved: 'yes' }];
      default:
        return [{ Error: `unknown command ${command}` }];
    }
  }

  #rateReply(): Record<string, string | number> {
    return { SamplingRate: RATES[this.#rate]?.hertz ?? 10000, resolution: 0.06 };
  }
}
