/**
 * The van in virtual time: what happens next, happens at once. One process by direct calls (processes.md), with the same
 * controller, line schedule and ticks as the trigger's loop (`trigger/loop.ts`), an office of its own (`office.ts`), and
 * whatever pretends to be the world behind `PretendVan`. The clock stands still while anything is worked out, so a run
 * depends on nothing but its inputs.
 */
import { createController, type Controller } from '../../src/controller.js';
import { KerbsideError } from '../../src/errors.js';
import type { SoftwareFacts } from '../../src/evidence/record-context.js';
import type { Clock } from '../../src/ports/index.js';
import type { KeptRecord, OperatorRequest, PretendVan, Seen, VanEvent } from '../../src/ports/pretend.js';
import type { Site } from '../../src/site/types.js';
import type { InputLineName, Input, Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_MS, NS_PER_S, utcMs, type MonotonicNs } from '../../src/units.js';
import { BENCH, toControllerConfig, type DeploymentSetup } from '../config/load.js';
import type { KerbsideConfig } from '../config/schema.js';
import { readTpv } from '../drivers/gpsd.js';
import { LineSchedule } from '../trigger/line-schedule.js';
import { planDeployment } from '../van/plan-request.js';
import type { Shelved } from '../van/shelf.js';
import { Ledger } from './ledger.js';
import { recover, VirtualOffice } from './office.js';
import { Spool } from './spool.js';
import { Tasks } from './tasks.js';
import type { Onlooker } from './onlooker.js';

/** As in the trigger's loop. */
const TICK_EVERY_NS = 1 * NS_PER_MS;
const HOUSEKEEPING_NS = 100 * NS_PER_MS;
/** More steps than this at one moment are a circle that never ends. */
const MOST_STEPS_AT_ONCE = 100_000;

export interface RigParts {
  readonly config: KerbsideConfig;
  /** null: a bench at this site, which opens by itself; else what the imported packs say. */
  readonly shelved: Shelved | null;
  readonly site: Site | null;
  readonly software: SoftwareFacts;
  readonly van: PretendVan;
  readonly onlookers: readonly Onlooker[];
  readonly kept: (record: KeptRecord) => void;
  /** A session that is not over by then stalls. */
  readonly untilNs: MonotonicNs;
}

/** @throws KerbsideError 'simulation-stalled' when the session does not come to its end */
export class Rig {
  readonly #parts: RigParts;
  readonly #tasks = new Tasks();
  readonly #schedule = new LineSchedule();
  readonly #spool = new Spool();
  readonly #ledger: Ledger;
  readonly #outputs: Output[] = [];
  readonly #clock: Clock;
  readonly #lastLines = new Map<InputLineName, 0 | 1>();
  readonly #lastInputs = new Map<Input['type'], Input>();
  #nowNs = monotonicNs(0);
  #lastClock: Extract<VanEvent, { type: 'clock' }> | null = null;
  #disk = { usable: true, detail: '' };
  #session: { readonly setup: DeploymentSetup; readonly site: Site; readonly office: VirtualOffice } | null = null;
  #controller: Controller | null = null;
  #life = 0;
  #lastTickNs = 0;
  /** The computer is off until the power is back. */
  #dark = false;

  constructor(parts: RigParts) {
    this.#parts = parts;
    this.#clock = { monotonicNs: () => this.#nowNs, utcMs: () => this.#utcMs() };
    this.#ledger = new Ledger({ range: parts.config.icn, softwareVersion: parts.software.version, kept: parts.kept });
  }

  /** Simulated so far, on the van's clock. */
  get nowNs(): MonotonicNs {
    return this.#nowNs;
  }

  get isOpen(): boolean {
    return this.#session !== null;
  }

  /** Carries on until this time, or to the end. @returns false when nothing is left to happen */
  run(untilNs: number = Number.POSITIVE_INFINITY): boolean {
    let steps = 0;
    for (;;) {
      const nextNs = this.#nextNs();
      if (nextNs === Number.POSITIVE_INFINITY) return this.#over();
      if (nextNs > untilNs) return true;
      if (nextNs > this.#parts.untilNs) throw this.#stalled(`is not over at second ${seconds(nextNs)}`);
      steps = nextNs > this.#nowNs ? 0 : steps + 1;
      if (steps > MOST_STEPS_AT_ONCE) throw this.#stalled(`stands still at second ${seconds(nextNs)}`);
      // What is late happens now: time does not run backwards.
      if (nextNs > this.#nowNs) this.#nowNs = monotonicNs(nextNs);
      this.#step();
    }
  }

  #over(): false {
    if (this.#session !== null) throw this.#stalled(`has an open deployment and nothing left to happen`);
    return false;
  }

  #stalled(what: string): KerbsideError {
    return new KerbsideError('simulation-stalled', `The simulation ${what}; expected its deployment closed before.`);
  }

  #nextNs(): number {
    return Math.min(this.#schedule.nextNs, this.#tasks.nextNs, this.#parts.van.nextNs(), this.#tickNs());
  }

  #tickNs(): number {
    if (this.#controller === null) return Number.POSITIVE_INFINITY;
    const deadlineNs = this.#controller.nextDeadlineNs() ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#lastTickNs + HOUSEKEEPING_NS, Math.max(deadlineNs, this.#lastTickNs + TICK_EVERY_NS));
  }

  #step(): void {
    const atNs = this.#nowNs;
    const { van } = this.#parts;
    if (this.#schedule.nextNs <= atNs) this.#schedule.run(atNs, this.#setLine);
    else if (this.#tasks.nextNs <= atNs) this.#tasks.runNext();
    else if (van.nextNs() <= atNs) this.#fetch();
    else {
      this.#lastTickNs = atNs;
      this.#handle({ type: 'tick', atNs });
    }
  }

  #fetch(): void {
    const event = this.#parts.van.next();
    if (event !== null) this.#event(event);
  }

  #event(event: VanEvent): void {
    const atNs = this.#nowNs;
    switch (event.type) {
      case 'radar-bytes':
        this.#handle({ ...event, atNs });
        return;
      case 'radar-link':
      case 'gps-link':
      case 'board-link':
      case 'board':
        this.#remember({ ...event, atNs });
        return;
      case 'gps-line':
        this.#gpsLine(event.line, atNs);
        return;
      case 'clock':
        this.#lastClock = event;
        this.#handle({ ...event, atNs });
        return;
      case 'line-edge':
        this.#lastLines.set(event.line, event.value);
        this.#handle({ ...event, atNs });
        return;
      case 'file':
        this.#spool.put(event.fileName, event.bytes);
        if (!this.#dark) this.#session?.office.delivered(event.fileName);
        return;
      case 'disk':
        this.#disk = event;
        this.#session?.office.disk(event.usable, event.detail);
        return;
      case 'power-cut':
        this.#powerCut(event.backNs);
        return;
      case 'trigger-died':
        this.#triggerDied(event.backNs);
        return;
      case 'operator':
        this.#operator(event.request);
    }
  }

  #remember(input: Input): void {
    this.#lastInputs.set(input.type, input);
    this.#handle(input);
  }

  /** As gpsd's client takes it: bad JSON costs the line, everything but TPV is left aside. */
  #gpsLine(line: string, atNs: MonotonicNs): void {
    let report: unknown;
    try {
      report = JSON.parse(line);
    } catch {
      return;
    }
    if (typeof report !== 'object' || report === null || !('class' in report) || report.class !== 'TPV') return;
    this.#handle({ type: 'gps-fix', atNs, fix: readTpv({ ...report }) });
  }

  #operator(request: OperatorRequest): void {
    const atNs = this.#nowNs;
    if (request.type === 'open') {
      this.#open(request);
      return;
    }
    const plan = this.#session?.setup.plan ?? null;
    const by = plan?.operatorId ?? 'operator';
    if (request.type === 'command') this.#handle({ type: 'command', atNs, command: request.command, by });
    else if (request.type === 'fork-test') this.#handle({ type: 'fork-test', atNs, fork: request.fork, by });
    else {
      const { check, statement, given } = request;
      this.#handle({ type: 'attest', atNs, attestation: { check, by, statement, given } });
    }
  }

  /** Refused as by the real van while another is open, or dark. */
  #open(request: Extract<OperatorRequest, { type: 'open' }>): void {
    const { config, shelved, site: bench } = this.#parts;
    if (this.#session !== null || this.#dark) return;
    if (shelved === null) {
      if (bench !== null) this.#begin(BENCH, bench);
      return;
    }
    const { site: code, operator, lanes, heading, lateralM } = request;
    const wanted = {
      site: code,
      operator,
      lanes: [...lanes],
      heading,
      lateralM,
      vehicle: null,
      occupier: null,
      weather: null,
    };
    const { plan, site } = planDeployment(wanted, config, shelved);
    this.#begin({ plan, reference: shelved.reference }, site);
  }

  #begin(setup: DeploymentSetup, site: Site): void {
    const { config, software } = this.#parts;
    const controller = toControllerConfig(config, site, true, setup);
    const office = new VirtualOffice(
      {
        deployment: { controller, software, certificates: [], who: 'simulate', clock: this.#clock },
        ...{ clock: this.#clock, ledger: this.#ledger, spool: this.#spool, tasks: this.#tasks },
        toController: (input) => {
          this.#handle(input);
        },
        onEnded: () => {
          this.#end();
        },
      },
      this.#disk,
    );
    this.#session = { setup, site, office };
    this.#startController();
    office.lookAtSpool();
  }

  /** A new controller, told what does not repeat itself. */
  #startController(): void {
    const session = this.#session;
    if (session === null) return;
    const { config } = this.#parts;
    const atNs = this.#nowNs;
    const controllerConfig = toControllerConfig(config, session.site, true, session.setup);
    this.#controller = createController(controllerConfig);
    this.#life += 1;
    this.#lastTickNs = atNs;
    const head = {
      ...{ layout: 1, life: this.#life, entriesBefore: 0, atNs, utcMs: this.#utcMs(), config: controllerConfig },
      deployment: session.office.printedDeployment,
      software: this.#parts.software,
    };
    for (const onlooker of this.#parts.onlookers) onlooker.begun(head);
    this.#repeat('radar-link');
    this.#lastLines.forEach((value, line) => {
      this.#handle({ type: 'line-edge', atNs, line, value });
    });
    if (this.#lastClock !== null) this.#handle({ ...this.#lastClock, atNs, utcMs: this.#utcMs() });
    this.#repeat('gps-link');
    this.#repeat('board-link');
    this.#repeat('board');
    session.office.controllerStarted();
  }

  #repeat(type: Input['type']): void {
    const input = this.#lastInputs.get(type);
    if (input !== undefined) this.#handle({ ...input, atNs: this.#nowNs });
  }

  #end(): void {
    this.#session = null;
    this.#stopController();
    this.#tasks.clear();
  }

  #stopController(): void {
    const atNs = this.#nowNs;
    const hadOne = this.#controller !== null;
    this.#controller = null;
    this.#schedule.clear();
    if (!hadOne) return;
    for (const line of ['shutter', 'flash'] as const) this.#parts.van.line(line, 0, atNs);
    for (const onlooker of this.#parts.onlookers) onlooker.ended(this.#life);
  }

  #powerCut(backNs: MonotonicNs): void {
    this.#stopController();
    this.#tasks.clear();
    this.#session = null;
    this.#dark = true;
    this.#tasks.add(backNs, () => {
      this.#dark = false;
      recover(this.#ledger, this.#clock);
    });
  }

  #triggerDied(backNs: MonotonicNs): void {
    if (this.#controller === null) return;
    this.#stopController();
    this.#session?.office.controllerDied('Trigger process ended unexpectedly (killed), expected to run on.');
    this.#tasks.add(backNs, () => {
      if (this.#controller === null) this.#startController();
    });
  }

  #handle(input: Input): void {
    if (this.#controller === null) return;
    const life = this.#life;
    // An input may come of another's outputs, so each has a list of its own; most are empty and share one.
    const outputs = this.#outputs.length === 0 ? this.#outputs : [];
    this.#controller.handle(input, outputs);
    for (const onlooker of this.#parts.onlookers) onlooker.step(life, input, outputs);
    if (outputs.length === 0) return;
    const mine = outputs.splice(0);
    for (const output of mine) if (output.type === 'line') this.#line(output);
    for (const output of mine) this.#carryOut(output);
  }

  #line(change: Extract<Output, { type: 'line' }>): void {
    if (change.atNs <= this.#nowNs) this.#setLine(change.line, change.value);
    else this.#schedule.add(change);
  }

  readonly #setLine = (line: Extract<Output, { type: 'line' }>['line'], value: 0 | 1): void => {
    this.#parts.van.line(line, value, this.#nowNs);
  };

  #carryOut(output: Output): void {
    const { van } = this.#parts;
    const atNs = this.#nowNs;
    if (output.type === 'line') return;
    if (output.type === 'radar-command') {
      van.radarCommand(output.bytes, atNs);
      return;
    }
    if (isSeen(output)) van.see(output, atNs);
    this.#session?.office.take(output);
  }

  #utcMs() {
    const last = this.#lastClock;
    return last === null ? utcMs(0) : utcMs(last.utcMs + (this.#nowNs - last.atNs) / NS_PER_MS);
  }
}

const SEEN: ReadonlySet<Output['type']> = new Set(['state', 'checks', 'event', 'notice', 'closed']);
const isSeen = (output: Output): output is Seen => SEEN.has(output.type);

const seconds = (atNs: number): string => (atNs / NS_PER_S).toFixed(1);
