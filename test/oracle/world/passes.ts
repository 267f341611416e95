/**
 * Each pass that the controller told of, beside what the bytes of the radar say of the same seconds: the own estimator on the
 * own readings. Works pass by pass; of a pass only figures are kept.
 */
import type { PassSummary } from '../../../src/enforcement/types.js';
import type { Input } from '../../../src/timeline.js';
import type { OracleReading } from '../agd-frames.js';
import { oracleEstimate, type OracleResult } from '../estimator.js';
import { RadarStream } from './radar-stream.js';
import { Turn, type Turned } from './turn.js';

export interface Heard {
  readonly atNs: number;
  readonly reading: OracleReading;
}

/** As the beam may be turned; which it is, is known later. */
export type ByTurn = Readonly<Record<Turned, OracleResult>>;

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
  readonly own: ByTurn;
  /** What was read, for the record of a pass that has one; null for others. */
  readonly raws: ReadonlySet<string> | null;
}

/** Longest that a frame is on the wire, beside what the controller and the watch may round differently. */
const SLACK_NS = 3e6;
const MOST_HEARD = 4096;
/** Slower things are no vehicles where no track holds them together. */
const SLOWEST_KMH = 10;
const NOTHING: OracleResult = { clusters: 0, speedKmh: null, truncatedKmh: null, used: 0, cut: 0 };
const BYTE_NS = { agd350: (11 * 1e9) / 921_600, ops243: (10 * 1e9) / 19_200 } as const;

export class Passes {
  readonly notes: PassNote[] = [];
  readonly turn = new Turn();
  readonly #angleDeg: number;
  readonly #cosine: number;
  #stream = new RadarStream();
  readonly #byTrack = new Map<number, Heard[]>();
  #atNs = 0;
  #chunk = 0;

  constructor(angleDeg: number) {
    this.#angleDeg = angleDeg;
    this.#cosine = Math.cos((angleDeg * Math.PI) / 180);
  }

  input(input: Input): void {
    if (input.type === 'radar-bytes') {
      this.#atNs = input.atNs;
      this.#chunk = input.bytes.length;
      this.#stream.push(input.bytes, this.#hear);
    } else if (input.type === 'radar-link') this.#stream.reset();
  }

  newLife(): void {
    this.#stream = new RadarStream();
    this.#byTrack.clear();
  }

  told(life: number, pass: PassSummary, toldNs: number): void {
    const heard = this.#heardOf(pass);
    const { readings, own } = this.estimates(heard.map(({ reading }) => reading));
    this.notes.push({
      ...{ life, passId: pass.passId, direction: pass.direction, firstNs: pass.firstNs, lastNs: pass.lastNs, toldNs },
      ...{ speedKmh: pass.speedKmh, truncatedKmh: pass.truncatedKmh, kind: pass.verdict.kind },
      ...{ reason: pass.verdict.reason, whyNot: pass.whyNot, armed: pass.armed, icn: pass.icn },
      ...{ counted: pass.readingsUsed + pass.readingsCut, heard: readings.length, own },
      tested: readings.some(({ simulated }) => simulated),
      raws: pass.icn === null ? null : new Set(readings.map(({ raw }) => raw)),
    });
  }

  /** Both ways in which stated angles may count, until it is known which; without angles they are the same. */
  estimates(readings: readonly OracleReading[]): { readings: readonly OracleReading[]; own: ByTurn } {
    this.turn.learn(readings);
    const texts = readings.map(({ speedKmh, angleDeg }) => ({
      speed: decimalOf(speedKmh),
      angle: angleDeg === null ? null : decimalOf(angleDeg),
    }));
    const known = readings.some(({ angleDeg }) => angleDeg !== null) ? this.turn.known : 'left';
    const left = known === 'right' ? null : this.#estimate(texts, 'left');
    const right = known === 'left' ? left : this.#estimate(texts, 'right');
    return { readings, own: { left: left ?? right ?? NOTHING, right: right ?? left ?? NOTHING } };
  }

  #estimate(texts: readonly { readonly speed: string; readonly angle: string | null }[], turned: Turned): OracleResult {
    return oracleEstimate(texts, { angle: String(this.#angleDeg), reference: 'boresight', turned, corrected: false });
  }

  readonly #hear = (reading: OracleReading, fromEnd: number): void => {
    const key = reading.track ?? -1;
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

  #heardOf(pass: PassSummary): Heard[] {
    const list = this.#byTrack.get(pass.trackKey ?? -1) ?? [];
    const fromNs = pass.firstNs - SLACK_NS;
    const toNs = pass.lastNs + SLACK_NS;
    const found: Heard[] = [];
    for (const heard of list) {
      if (heard.atNs < fromNs || heard.atNs > toNs) continue;
      const { direction, speedKmh } = heard.reading;
      const mixed = direction !== pass.direction || speedKmh / this.#cosine < SLOWEST_KMH;
      if (pass.trackKey !== null || !mixed) found.push(heard);
    }
    // Of a radar without tracks the other direction may still be told.
    const keepFromNs = pass.trackKey === null ? pass.firstNs - 2e9 : toNs;
    let gone = 0;
    while (gone < list.length && (list[gone]?.atNs ?? 0) <= keepFromNs) gone += 1;
    if (gone > 0) list.splice(0, gone);
    return found;
  }
}

/** As the estimator wants it: no exponent. */
const decimalOf = (value: number): string => (Math.abs(value) < 1e-6 ? '0' : String(value));
