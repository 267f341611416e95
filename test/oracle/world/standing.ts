/**
 * Whether the camera might fire at that moment: by its own state and checks, and once more from the inputs, where a rule is
 * simple enough to be told from them (measurement.md, "Time and place"; DEP-5; TAM-1). An input that forbids does so at once:
 * the controller has seen it before it answers.
 */
import type { ExposureStart } from '../../../src/evidence/types.js';
import type { BoardReport, Input, Output } from '../../../src/timeline.js';
import type { Findings } from './findings.js';
import { Position } from './position.js';
import type { RadarLag } from './radar-lag.js';
import { seconds, type WorldSettings } from './settings.js';
import { sunAltitudeDeg } from './sun.js';

/** Ticks are as coarse as this at most: between two of them the state may lag behind an age. A shot may not. */
const TICK_S = 0.11;

/** From then on until the next one. */
export interface Span {
  readonly fromNs: number;
  readonly enforcing: boolean;
  readonly state: string;
  readonly reasons: readonly string[];
}

/** Something was fired. */
export interface Trigger {
  readonly atNs: number;
  readonly forVehicle: boolean;
}

/** A fork test that the controller says was passed, and since when it could have listened. */
export interface ForkBelieved {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface IncidentFire {
  readonly icn: string;
  readonly atNs: number;
  readonly life: number;
  readonly forkTest: ForkBelieved | null;
  /** Since when the camera has been enforcing without a break; Infinity: it is not. */
  readonly armedSinceNs: number;
}

export class Standing {
  /** Of all lives, in order. */
  readonly spans: Span[] = [];
  readonly fires: IncidentFire[] = [];
  readonly triggers: Trigger[] = [];
  readonly #findings: Findings;
  readonly #settings: WorldSettings;
  readonly #lag: RadarLag;
  #state = 'closed';
  #failing: readonly string[] = [];
  #forkApplies = true;
  #forkAskedNs: number | null = null;
  #forkTest: ForkBelieved | null = null;
  #radarUp = false;
  #position: Position;
  #clockNs: number | null = null;
  #board: { readonly report: BoardReport; readonly atNs: number } | null = null;
  #boardUp = true;
  #tampered = false;
  #store = true;
  #halted = false;
  #closing = false;
  #armedSinceNs = Number.POSITIVE_INFINITY;
  /** TAM-1: somebody was at the cabinet, and no person has started the camera since. */
  #touched = false;
  /** The state was found wrong and has not changed since. */
  #told = false;
  readonly #withdrawn = new Set<string>();

  constructor(findings: Findings, settings: WorldSettings, lag: RadarLag) {
    this.#lag = lag;
    this.#findings = findings;
    this.#settings = settings;
    this.#position = new Position(settings);
  }

  newLife(lastNs: number): void {
    this.#enter('closed', ['no controller'], lastNs);
    this.#failing = [];
    this.#forkApplies = true;
    this.#forkAskedNs = null;
    this.#forkTest = null;
    this.#radarUp = false;
    this.#position = new Position(this.#settings);
    this.#clockNs = null;
    this.#board = null;
    this.#boardUp = true;
    this.#tampered = false;
    this.#store = true;
    this.#halted = false;
    this.#closing = false;
    this.#touched = false;
    this.#withdrawn.clear();
  }

  input(input: Input): void {
    switch (input.type) {
      case 'radar-link':
        this.#radarUp = input.up;
        break;
      case 'gps-fix':
        this.#position.fix(input.fix, input.atNs);
        break;
      case 'gps-link':
        this.#position.link(input.up);
        break;
      case 'clock':
        this.#clockNs = input.atNs;
        this.#position.clock(input.utcMs, input.atNs);
        break;
      case 'board':
        this.#boardReports(input.report, input.atNs);
        break;
      case 'board-link':
        this.#boardUp = input.up;
        break;
      case 'line-edge':
        if (input.line === 'tamper') this.#tampered = input.value === 1;
        this.#touched ||= this.#tampered;
        break;
      case 'store':
        this.#store = input.usable;
        break;
      case 'fork-test':
        this.#forkAskedNs = input.atNs;
        break;
      case 'attest':
        this.#attested(input.attestation.check, input.attestation.given);
        break;
      case 'command':
        if (input.command === 'suspend') this.#halted = true;
        else if (input.command === 'start') this.#started();
        else if (input.command === 'close') this.#closing = true;
        break;
      default:
    }
  }

  output(output: Output, life: number, nowNs: number): void {
    if (output.type === 'state') {
      const reasons = output.reasons.map(({ code }) => code);
      this.#enter(output.state, reasons, output.atNs);
      if (output.state === 'enforcing' && reasons.length > 0) {
        const found = `It says that it enforces although ${reasons.join(', ')} refuses`;
        this.#findings.add('enforcing-unfit', output.atNs, `${found}, at ${seconds(output.atNs)} s.`);
      }
    } else if (output.type === 'checks') {
      this.#failing = output.findings
        .filter(({ force, status }) => force !== 'advisory' && status === 'fail')
        .map(({ id }) => id);
      this.#forkApplies = output.findings.find(({ id }) => id === 'fork-test')?.status !== 'not-applicable';
    } else if (output.type === 'event') {
      const { type, code, detail } = output.event;
      if (type === 'test' && code === 'fork') this.#forkTested(detail['passed'] === true, output.event.atNs);
    } else if (output.type === 'fire') this.#fired(output.exposure, life, nowNs);
  }

  /**
   * An input and all that followed from it: whatever forbids to enforce ends that state, be anybody there to be enforced or not.
   * Bytes of the radar are looked at by the shots that they bring about.
   */
  after(input: Input): void {
    if (this.#state !== 'enforcing' || this.#told || input.type === 'radar-bytes') return;
    const unfit = this.#unfit(input.atNs, TICK_S);
    if (this.#board !== null) unfit.push(...unfitBoard(this.#board.report, false, false));
    const lateS = this.#lag.lateS(input.atNs, TICK_S);
    if (lateS !== null) unfit.push(`what the radar says comes ${lateS.toFixed(2)} s late`);
    if (this.#touched) unfit.push('somebody was at the cabinet and nobody has started it since (TAM-1)');
    if (unfit.length === 0) return;
    this.#told = true;
    const when = `It says that it enforces at ${seconds(input.atNs)} s`;
    this.#findings.add('enforcing-unfit', input.atNs, `${when} although ${unfit.join('; ')}.`);
  }

  #boardReports(report: BoardReport, atNs: number): void {
    const wasOn = this.#board?.report.armKey ?? null;
    this.#board = { report, atNs };
    if (report.tamperLoopWhole === false) this.#touched = true;
    else if (report.armKey === true && wasOn === false) this.#touched = false;
  }

  #started(): void {
    this.#halted = false;
    this.#touched = false;
  }

  #enter(state: string, reasons: readonly string[], fromNs: number): void {
    if (state !== 'enforcing') this.#armedSinceNs = Number.POSITIVE_INFINITY;
    else if (this.#state !== 'enforcing') this.#armedSinceNs = fromNs;
    if (state !== this.#state) this.#told = false;
    this.#state = state;
    this.spans.push({ fromNs, enforcing: state === 'enforcing', state, reasons });
  }

  #attested(check: string, given: boolean): void {
    if (given) this.#withdrawn.delete(check);
    else this.#withdrawn.add(check);
  }

  #forkTested(passed: boolean, atNs: number): void {
    this.#forkTest = passed ? { fromNs: this.#forkAskedNs ?? atNs, toNs: atNs } : null;
  }

  #fired({ icn, kind, atNs, flash, utcMs }: ExposureStart, life: number, nowNs: number): void {
    this.triggers.push({ atNs, forVehicle: kind === 'incident' });
    if (kind !== 'incident') return;
    const forkTest = this.#forkApplies ? this.#forkTest : FORKLESS;
    this.fires.push({ icn, atNs, life, forkTest, armedSinceNs: this.#armedSinceNs });
    const when = `${icn} is fired at ${seconds(atNs)} s`;
    if (this.#state !== 'enforcing')
      this.#findings.add('fire-not-enforcing', atNs, `${when} in the state ${this.#state}.`);
    if (this.#failing.length > 0) {
      this.#findings.add('fire-check-failed', atNs, `${when} while ${this.#failing.join(', ')} fails.`);
    }
    const unfit = this.#unfit(nowNs, 0);
    if (this.#board !== null) unfit.push(...unfitBoard(this.#board.report, flash, this.#isDark(utcMs)));
    if (unfit.length > 0) this.#findings.add('fire-unfit', atNs, `${when} although ${unfit.join('; ')}.`);
  }

  #isDark(utcMs: number | null): boolean {
    const { place } = this.#position;
    return utcMs !== null && place !== null && sunAltitudeDeg(utcMs, place) < DARK_DEG;
  }

  #unfit(nowNs: number, slackS: number): string[] {
    const { staleClockS, boardStaleS } = this.#settings;
    const unfit = this.#position.unfit(nowNs, slackS);
    if (!this.#radarUp) unfit.push('the link to the radar is down');
    const clockS = this.#clockNs === null ? Number.POSITIVE_INFINITY : (nowNs - this.#clockNs) / 1e9;
    if (clockS > staleClockS + slackS) unfit.push(`the clock was last read ${clockS.toFixed(1)} s ago`);
    if (this.#tampered) unfit.push('somebody is at the cabinet (TAM-1)');
    if (!this.#store) unfit.push('the store is not usable');
    if (this.#halted) unfit.push('the operator has halted it');
    if (this.#closing) unfit.push('it is to be closed');
    if (this.#withdrawn.size > 0) unfit.push(`${[...this.#withdrawn].join(', ')} was withdrawn`);
    if (this.#forkApplies && this.#forkTest === null) unfit.push('no fork test of this life was passed');
    if (!this.#boardUp) unfit.push('the I/O board is gone');
    if (this.#board !== null) {
      const ageS = (nowNs - this.#board.atNs) / 1e9;
      if (ageS > boardStaleS + slackS) unfit.push(`the I/O board was last heard ${ageS.toFixed(1)} s ago`);
    }
    return unfit;
  }
}

/** docs/checks.md */
const BATTERY_V = 11.5;
const CABINET_C = [-10, 60] as const;
/** The sun's upper edge is under the horizon, refraction and what the short formulas miss included. */
const DARK_DEG = -1.5;

/** A bench has no fork. */
const FORKLESS: ForkBelieved = { fromNs: Number.NEGATIVE_INFINITY, toNs: Number.POSITIVE_INFINITY };

function unfitBoard(
  { tailgateOpen, tailgateClosed, tamperLoopWhole, armKey, batteryV, cabinetC, parkLights, flashReady }: BoardReport,
  flash: boolean,
  dark: boolean,
): string[] {
  const unfit: string[] = [];
  if (tailgateOpen === false && tailgateClosed === false) unfit.push('the tailgate is half way (DEP-5)');
  if (tamperLoopWhole === false) unfit.push('the loop round the cabinet is cut (TAM-1)');
  if (armKey === false) unfit.push('the arm key is off');
  if (batteryV !== null && batteryV < BATTERY_V) unfit.push(`the battery has ${batteryV.toFixed(1)} V`);
  if (cabinetC !== null && (cabinetC < CABINET_C[0] || cabinetC > CABINET_C[1])) {
    unfit.push(`the cabinet has ${cabinetC.toFixed(1)} °C`);
  }
  if (flash && flashReady === false) unfit.push('the flash that it fires is not ready');
  if (dark && parkLights === false) unfit.push('it is dark and the park lights are off (DEP-2)');
  return unfit;
}
