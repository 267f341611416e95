/**
 * Each pass that the controller told of, beside what the bytes of the radar say of the same seconds: the own estimator on the
 * own readings. Works pass by pass; of a pass only figures are kept.
 */
import type { PassSummary } from '../../../src/enforcement/types.js';
import type { Input } from '../../../src/timeline.js';
import type { OracleReading } from '../agd-frames.js';
import { quickEstimate, type QuickResult } from './quick-estimate.js';
import type { RadarLag } from './radar-lag.js';
import { RadarStream } from './radar-stream.js';
import { Turn, type Turned } from './turn.js';

export interface Heard {
  readonly atNs: number;
  readonly reading: OracleReading;
}

export interface PassNote {
  readonly life: number;
  readonly passId: number;
  readonly direction: PassSummary['direction'];
  readonly firstNs: number;
  readonly lastNs: number;
  readonly toldNs: number;
  readonly speedKmh: number | null;
  readonly truncatedKmh: number | null;
  readonly kind: PassSummary['verdict']['kind'];
  readonly reason: string | null;
  readonly whyNot: string | null;
  readonly armed: boolean;
  readonly icn: string | null;
  /** Readings that the controller counted, and that were heard in the same time. */
  readonly counted: number;
  readonly heard: number;
  readonly tested: boolean;
  /** As the beam may be turned; which it is, is known later. */
  readonly own: Readonly<Record<Turned, QuickResult>>;
  /** What was read, for the record of a pass that has one; null for others. */
  readonly raws: ReadonlySet<string> | null;
}

/** Longest that a frame is on the wire, beside what the controller and the watch may round differently. */
const SLACK_NS = 3e6;
const MOST_HEARD = 4096;
/** Slower things are no vehicles where no track holds them together. */
const SLOWEST_KMH = 10;
const BYTE_NS = { agd350: (11 * 1e9) / 921_600, ops243: (10 * 1e9) / 19_200 } as const;

const isReal = ({ simulated }: OracleReading): boolean => !simulated;

export class Passes {
  readonly notes: PassNote[] = [];
  readonly turn = new Turn();
  readonly #angleDeg: number;
  readonly #cosine: number;
  readonly #lag: RadarLag;
  #stream: RadarStream;
  readonly #byTrack = new Map<number, Heard[]>();
  #atNs = 0;
  #chunk = 0;

  constructor(angleDeg: number, lag: RadarLag) {
    this.#lag = lag;
    this.#stream = new RadarStream(this.#beats);
    this.#angleDeg = angleDeg;
    this.#cosine = Math.cos((angleDeg * Math.PI) / 180);
  }

  input(input: Input): void {
    if (input.type === 'radar-bytes') {
      this.#atNs = input.atNs;
      this.#chunk = input.bytes.length;
      this.#stream.push(input.bytes, this.#hear);
    } else if (input.type === 'radar-link') {
      this.#stream.reset();
      this.#lag.reset();
    }
  }

  newLife(): void {
    this.#stream = new RadarStream(this.#beats);
    this.#lag.reset();
    this.#byTrack.clear();
  }

  told(life: number, pass: PassSummary, toldNs: number): void {
    const all = this.#heardOf(pass);
    const real = all.filter(isReal);
    // A real track may have the number of the simulated one; what was counted tells whether those were kept out.
    const readings = real.length === pass.readingsUsed + pass.readingsCut ? real : all;
    const own = this.#estimates(readings);
    this.notes.push({
      life,
      toldNs,
      passId: pass.passId,
      direction: pass.direction,
      firstNs: pass.firstNs,
      lastNs: pass.lastNs,
      speedKmh: pass.speedKmh,
      truncatedKmh: pass.truncatedKmh,
      kind: pass.verdict.kind,
      reason: pass.verdict.reason,
      whyNot: pass.whyNot,
      armed: pass.armed,
      icn: pass.icn,
      counted: pass.readingsUsed + pass.readingsCut,
      heard: readings.length,
      own,
      tested: readings.length > real.length,
      raws: pass.icn === null ? null : new Set(readings.map(({ raw }) => raw)),
    });
  }

  /** Both ways in which stated angles may count, until it is known which. */
  #estimates(readings: readonly OracleReading[]): Readonly<Record<Turned, QuickResult>> {
    this.turn.learn(readings);
    const { known } = this.turn;
    const first = quickEstimate(readings, this.#angleDeg, known ?? 'left');
    const second = known === null ? quickEstimate(readings, this.#angleDeg, 'right') : first;
    return { left: first, right: second };
  }

  readonly #beats = (timeS: number): void => {
    this.#lag.heard(timeS, this.#atNs);
  };

  readonly #hear = (reading: OracleReading, fromEnd: number): void => {
    const key = reading.track ?? -1;
    if (reading.timeS !== null && !reading.simulated) this.#lag.heard(reading.timeS, this.#atNs);
    const { kind } = this.#stream;
    const byteNs = kind === null ? 0 : BYTE_NS[kind];
    // What began in the chunk before is dated by it as well as by anything.
    const atNs = this.#atNs - Math.min(fromEnd, this.#chunk) * byteNs;
    const list = this.#byTrack.get(key);
    if (list === undefined) this.#byTrack.set(key, [{ atNs, reading }]);
    else {
      if (list.length >= MOST_HEARD) list.splice(0, MOST_HEARD / 2);
      list.push({ atNs, reading });
    }
  };

  #heardOf(pass: PassSummary): OracleReading[] {
    const list = this.#byTrack.get(pass.trackKey ?? -1) ?? [];
    const fromNs = pass.firstNs - SLACK_NS;
    const toNs = pass.lastNs + SLACK_NS;
    const found: OracleReading[] = [];
    for (const heard of list) {
      if (heard.atNs < fromNs || heard.atNs > toNs) continue;
      const { direction, speedKmh } = heard.reading;
      const mixed = direction !== pass.direction || speedKmh / this.#cosine < SLOWEST_KMH;
      if (pass.trackKey !== null || !mixed) found.push(heard.reading);
    }
    // Of a radar without tracks the other direction may still be told.
    const keepFromNs = pass.trackKey === null ? pass.firstNs - 2e9 : toNs;
    let gone = 0;
    while (gone < list.length && (list[gone]?.atNs ?? 0) <= keepFromNs) gone += 1;
    if (gone > 0) list.splice(0, gone);
    return found;
  }
}
