/**
 * The records in the order in which they are kept: the chain, the mark of demonstration, the images beside them, and what an
 * incident claims, as figures. Read with the generated types alone.
 */
import { kerbside } from '../../../proto/generated/evidence.js';
import type { KeptRecord } from '../../../src/ports/pretend.js';
import type { OracleReading } from '../agd-frames.js';
import { opsAtStart, opsReadingsOf } from '../ops-lines.js';
import { agdTarget } from './agd-fields.js';
import type { Findings } from './findings.js';
import type { Numbers } from './numbers.js';
import { oracleEstimate, type OracleResult } from '../estimator.js';
import { hex, Images, sha256Of } from './images.js';
import { seconds, type WorldSettings } from './settings.js';
import { statementOf, type Statement } from './statements.js';
import type { Turned } from './turn.js';

const { Envelope, EvidenceRecord, EventRecord, DeploymentRecord, ParametersRecord } = kerbside.evidence.v1;
type Exposure = ReturnType<typeof EvidenceRecord.decode>;

export interface RangeAt {
  readonly atNs: number;
  readonly rangeM: number;
}

/** One record of the kind incident. */
export interface Incident {
  readonly icn: string;
  readonly firstIcn: string;
  readonly triggerNs: number | null;
  readonly cameraSha256: string | null;
  readonly speedKmh: number | null;
  readonly truncatedKmh: number | null;
  readonly thresholdKmh: number | null;
  readonly lane: string | null;
  readonly towards: boolean | null;
  readonly along: string | null;
  readonly firstNs: number;
  readonly lastNs: number;
  readonly readings: number;
  /** Of the first, the middle and the last reading that state one. */
  readonly ranges: readonly RangeAt[];
  /** Why its readings are no evidence; empty: nothing was found. */
  readonly tests: readonly string[];
  readonly raws: readonly string[];
  readonly statement: Statement;
  /** As the beam may be turned; which it is, is known later. */
  readonly own: Readonly<Record<Turned, OracleResult>>;
}

/** Their image was tied to a trigger, which takes the camera's feedback (imaging.md, rule 3). */
const WHOLE = new Set(['incident', 'sync', 'alignment']);
const NO_RECORD = '00'.repeat(32);

export class Records {
  readonly incidents: Incident[] = [];
  readonly #findings: Findings;
  readonly #settings: WorldSettings;
  readonly #numbers: Numbers;
  readonly #images: Images;
  /** Rising edges of the camera's feedback that no record has named yet, and the number that named one. */
  readonly #strobes = new Map<number, string | null>();
  #before = NO_RECORD;
  #sequence = 0;

  constructor(parts: { findings: Findings; settings: WorldSettings; numbers: Numbers }) {
    this.#findings = parts.findings;
    this.#settings = parts.settings;
    this.#numbers = parts.numbers;
    this.#images = new Images(parts.findings);
  }

  /** The camera's feedback has risen. */
  strobe(atNs: number): void {
    this.#strobes.set(atNs, null);
  }

  kept(kept: KeptRecord): void {
    try {
      this.#take(kept);
    } catch (error) {
      this.#findings.add('record-unreadable', null, `${kept.name} cannot be read: ${String(error)}`);
    }
    this.#before = sha256Of(kept.bytes);
  }

  #take({ name, bytes, image }: KeptRecord): void {
    const envelope = Envelope.decode(bytes);
    const previous = hex(envelope.previousRecordSha256) ?? 'nothing';
    if (previous !== this.#before) {
      const expected = `expected ${this.#before.slice(0, 12)}…`;
      this.#findings.add(
        'chain-broken',
        null,
        `${name} names ${previous.slice(0, 12)}… as the record before, ${expected}`,
      );
    }
    this.#sequence += 1;
    if (envelope.sequence !== this.#sequence) {
      const found = `${name} has the sequence ${String(envelope.sequence)}`;
      this.#findings.add('chain-broken', null, `${found}, expected ${String(this.#sequence)}.`);
      this.#sequence = envelope.sequence ?? this.#sequence;
    }
    if (envelope.type === 'exposure') this.#exposure(name, EvidenceRecord.decode(bytes), image);
    else {
      const decode = { event: EventRecord, deployment: DeploymentRecord, parameters: ParametersRecord }[
        envelope.type as 'event' | 'deployment' | 'parameters'
      ] as typeof EventRecord | undefined;
      if (decode === undefined) throw new Error(`type ${String(envelope.type)}`);
      if (decode.decode(bytes).demo !== true) this.#findings.add('not-demo', null, `${name} is not marked as DEMO.`);
    }
  }

  #exposure(name: string, record: Exposure, image: Uint8Array | null): void {
    const icn = record.icn ?? '';
    const kind = record.kind ?? '';
    this.#numbers.recorded({ icn, kind, reason: record.reason ?? null });
    if (record.facts?.demo !== true) this.#findings.add('not-demo', null, `${name} is not marked as DEMO.`);
    this.#images.check(name, record, image);
    this.#place(name, icn, record);
    this.#strobe(icn, record);
    const { triggerNs = null, strobeNs = null } = record;
    const { strobeToMs } = this.#settings;
    if (WHOLE.has(kind)) {
      const afterMs = triggerNs === null || strobeNs === null ? Number.NaN : (strobeNs - triggerNs) / 1e6;
      if (!(afterMs >= 0 && afterMs <= strobeToMs)) {
        const found = `${icn}: the camera's feedback comes ${String(afterMs)} ms after the trigger`;
        this.#findings.add('strobe-window', triggerNs, `${found}, expected 0 to ${String(strobeToMs)} ms.`);
      }
    }
    if (kind === 'incident') {
      if (image === null) this.#findings.add('image-missing', triggerNs, `${icn} is an incident without an image.`);
      this.incidents.push(this.#incident(icn, record));
    }
  }

  /** A record lies under its own number in the folder of its deployment. */
  #place(name: string, icn: string, { deployment, triggerNs }: Exposure): void {
    const expected = `evidence/${icn.slice(0, 6)}/${icn}.record`;
    if (name === expected && deployment === icn.slice(0, 6)) return;
    const found = `The record of ${icn} is kept as ${name}, of deployment ${String(deployment)}`;
    this.#findings.add('record-misplaced', triggerNs ?? null, `${found}, expected ${expected}.`);
  }

  /** An edge is one exposure, and an exposure one number. */
  #strobe(icn: string, { strobeNs = null, triggerNs = null }: Exposure): void {
    if (strobeNs === null) return;
    const other = this.#strobes.get(strobeNs);
    const edge = `${icn} names the camera's feedback at ${seconds(strobeNs)} s`;
    if (other === undefined) this.#findings.add('strobe-window', triggerNs, `${edge}, where there was none.`);
    else if (other !== null) this.#findings.add('strobe-window', triggerNs, `${edge}, which is that of ${other}.`);
    this.#strobes.set(strobeNs, icn);
  }

  #incident(icn: string, record: Exposure): Incident {
    const { facts, readings } = record;
    const raws = readings.map(({ raw }) => Buffer.from(raw ?? []).toString('latin1'));
    const own = raws.map(readingOf);
    const times = readings.map(({ atNs }) => atNs ?? 0);
    const ranged = readings.filter(({ rangeM }) => typeof rangeM === 'number');
    const some = ranged.length === 0 ? [] : [ranged[0], ranged[Math.floor(ranged.length / 2)], ranged.at(-1)];
    const towards = facts?.direction ?? null;
    return {
      ...{ icn, firstIcn: record.incident ?? icn, triggerNs: record.triggerNs ?? null },
      cameraSha256: hex(record.cameraFileSha256),
      ...{ speedKmh: facts?.speedKmh ?? null, truncatedKmh: facts?.truncatedKmh ?? null },
      ...{ thresholdKmh: facts?.thresholdKmh ?? null, lane: facts?.lane ?? null },
      ...{ towards: towards === null ? null : towards === 'towards', along: record.verdict?.along ?? null },
      ...{ firstNs: Math.min(...times), lastNs: Math.max(...times), readings: readings.length, raws },
      ranges: some.map((each) => ({ atNs: each?.atNs ?? 0, rangeM: each?.rangeM ?? 0 })),
      tests: testsIn(record, own),
      statement: statementOf(record),
      own: this.#estimates(own.filter((each) => each !== null)),
    };
  }

  #estimates(readings: readonly OracleReading[]): Readonly<Record<Turned, OracleResult>> {
    const texts = readings.map(({ speedKmh, angleDeg }) => ({
      speed: decimalOf(speedKmh),
      angle: angleDeg === null ? null : decimalOf(angleDeg),
    }));
    const settings = { angle: String(this.#settings.angleDeg), reference: 'boresight', corrected: false } as const;
    const as = (turned: Turned): OracleResult => oracleEstimate(texts, { ...settings, turned });
    return { left: as('left'), right: as('right') };
  }
}

/** As the estimator wants it: no exponent. */
const decimalOf = (value: number): string => (Math.abs(value) < 1e-6 ? '0' : String(value));

function readingOf(raw: string): OracleReading | null {
  if (raw.startsWith('\u0002')) return agdTarget(Buffer.from(raw, 'latin1'), 1, raw.length - 4);
  return opsReadingsOf(raw, opsAtStart())[0] ?? null;
}

function testsIn(record: Exposure, own: readonly (OracleReading | null)[]): string[] {
  const tests: string[] = [];
  record.readings.forEach(({ test, atNs }, index) => {
    const when = `reading ${String(index + 1)} of ${String(record.readings.length)} at ${seconds(atNs ?? 0)} s`;
    if (typeof test === 'string' && test !== '') tests.push(`${when} is marked as ${test}`);
    const parsed = own[index] ?? null;
    if (parsed === null) tests.push(`${when} is no reading at all`);
    else if (parsed.simulated) tests.push(`${when} is a simulated target`);
  });
  return tests;
}
