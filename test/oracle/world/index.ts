/**
 * The watch over a pretend world: sees what goes into the controller and what comes out, what is kept, and at the end what was
 * true, and says what must never be. Knows the rules from the domain alone and shares no code with `src/`.
 */
import type { KeptRecord, Truth, WorldVerdict, WorldWatch } from '../../../src/ports/pretend.js';
import type { Input, Output } from '../../../src/timeline.js';
import { Arrivals } from './arrivals.js';
import { CameraProof } from './camera-proof.js';
import { Counters } from './counters.js';
import { TruthFaults } from './faults.js';
import { Findings } from './findings.js';
import { Incidents } from './incidents.js';
import { Lines } from './lines.js';
import { Numbers } from './numbers.js';
import { judgeOffenders } from './offenders.js';
import { judgePasses } from './pass-speeds.js';
import { Passes, type PassNote } from './passes.js';
import { RadarLag } from './radar-lag.js';
import { Records } from './records.js';
import { TruthRoad } from './road.js';
import { USUAL, type WorldSettings } from './settings.js';
import { Standing } from './standing.js';
import { Zones } from './zones.js';

export { INVARIANTS, type Invariant } from './findings.js';
export type { WorldSettings } from './settings.js';

/** @param settings where a van is configured otherwise than the pretend ones usually are */
export function createWorldWatch(settings: Partial<WorldSettings> = {}): WorldWatch {
  return new Watch({ ...USUAL, ...settings });
}

class Watch implements WorldWatch {
  readonly #settings: WorldSettings;
  readonly #findings = new Findings();
  readonly #numbers: Numbers;
  readonly #camera: CameraProof;
  readonly #arrivals: Arrivals;
  readonly #counters: Counters;
  readonly #lines: Lines;
  readonly #standing: Standing;
  readonly #passes: Passes;
  readonly #records: Records;
  /** When each life began. */
  readonly #lives = new Map<number, number>();
  #life = 0;
  #atNs = 0;

  constructor(settings: WorldSettings) {
    this.#settings = settings;
    this.#numbers = new Numbers(this.#findings, settings);
    this.#camera = new CameraProof(this.#findings);
    this.#arrivals = new Arrivals(this.#findings);
    this.#counters = new Counters(this.#findings);
    this.#lines = new Lines(this.#findings, settings);
    const lag = new RadarLag();
    this.#standing = new Standing(this.#findings, settings, lag);
    this.#passes = new Passes(settings.angleDeg, lag);
    const parts = { findings: this.#findings, settings, numbers: this.#numbers };
    this.#records = new Records(parts);
  }

  step(life: number, input: Input, outputs: readonly Output[]): void {
    if (life !== this.#life) this.#newLife(life, input.atNs);
    this.#atNs = input.atNs;
    this.#passes.input(input);
    this.#standing.input(input);
    if (input.type === 'line-edge' && input.line === 'strobe' && input.value === 1) {
      this.#records.strobe(input.atNs);
      this.#counters.strobe(input.atNs);
    }
    if (input.type === 'lease') this.#numbers.leased(life, input.icns, input.atNs);
    if (input.type === 'image') this.#arrivals.came(input.image, input.atNs);
    if (outputs.length > 0) this.#follow(life, input, outputs);
    this.#standing.after(input);
  }

  #follow(life: number, input: Input, outputs: readonly Output[]): void {
    this.#lines.step(outputs);
    for (const output of outputs) {
      this.#standing.output(output, life, input.atNs);
      if (output.type === 'pass') this.#passes.told(life, output.pass, input.atNs);
      else if (output.type === 'fire') {
        this.#numbers.fired(life, output.exposure);
        this.#camera.fired(output.exposure);
      } else if (output.type === 'conclude') {
        this.#numbers.concluded(life, output.exposure);
        this.#camera.concluded(output.exposure);
        this.#arrivals.concluded(output.exposure);
        this.#counters.concluded(output.exposure);
      } else if (output.type === 'closed') {
        this.#numbers.closed(life, output.atNs);
        this.#arrivals.closed();
      }
    }
  }

  kept(record: KeptRecord): void {
    this.#records.kept(record);
  }

  end(truth: Truth): WorldVerdict {
    const { notes, turn } = this.#passes;
    const { spans, triggers } = this.#standing;
    this.#lines.end();
    if (truth.van.angleDeg !== this.#settings.angleDeg) {
      const told = `${String(this.#settings.angleDeg)}° was expected`;
      throw new Error(
        `World watch: the beam is set to ${String(truth.van.angleDeg)}°, ${told}; tell createWorldWatch.`,
      );
    }
    judgePasses(notes, turn.probable, this.#findings);
    const road = new TruthRoad(truth);
    const parts = { road, zones: new Zones(truth, this.#settings), faults: new TruthFaults(truth) };
    const tolerated: Record<string, number> = {};
    const tolerate = (what: string): void => {
      tolerated[what] = (tolerated[what] ?? 0) + 1;
    };
    const lastS = road.secondsOf(this.#atNs);
    const wasCut = truth.faults.some(({ target, fromS }) => target === 'power' && Math.abs(fromS - lastS) < 1);
    this.#numbers.end(this.#life, wasCut, tolerate);
    const incidents = this.#judgeIncidents(parts, tolerate);
    const offenders = judgeOffenders({
      ...parts,
      ...{ settings: this.#settings, findings: this.#findings, spans, triggers, passes: notes },
      enforced: incidents.enforced,
      reasonOf: (icn) => this.#numbers.reasonOf(icn),
    });
    const count = (kind: PassNote['kind']): number => notes.filter((note) => note.kind === kind).length;
    return {
      violations: this.#findings.list(truth.startNs),
      ...{ passes: notes.length, enforced: this.#records.incidents.length },
      ...{ observed: count('observe'), voided: count('void'), falseEnforcements: incidents.falseEnforcements },
      ...{ missedOffenders: offenders.missed, missesByCause: offenders.byCause, cleanOffenders: offenders.clean },
      ...{ maxSpeedErrorKmh: incidents.maxSpeedErrorKmh, tolerated },
    };
  }

  #judgeIncidents(
    parts: { road: TruthRoad; zones: Zones; faults: TruthFaults },
    tolerate: (what: string) => void,
  ): Incidents {
    const { notes, turn } = this.#passes;
    const incidents = new Incidents({
      ...parts,
      ...{ settings: this.#settings, turned: turn.probable, findings: this.#findings },
      tolerate,
    });
    const passByIcn = new Map(notes.flatMap((note) => (note.icn === null ? [] : [[note.icn, note] as const])));
    const fireByIcn = new Map(this.#standing.fires.map((fire) => [fire.icn, fire]));
    for (const incident of this.#records.incidents) {
      const fire = fireByIcn.get(incident.icn) ?? null;
      const lifeNs = this.#lives.get(fire?.life ?? 1) ?? 0;
      incidents.judge({ incident, pass: passByIcn.get(incident.firstIcn) ?? null, fire, lifeNs });
    }
    return incidents;
  }

  #newLife(life: number, atNs: number): void {
    if (this.#life > 0) {
      this.#standing.newLife(this.#atNs);
      this.#passes.newLife();
      this.#lines.newLife();
      this.#camera.newLife();
      this.#arrivals.newLife();
      this.#counters.newLife();
    }
    this.#life = life;
    this.#lives.set(life, atNs);
  }
}
