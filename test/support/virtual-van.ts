/**
 * The controller in virtual time: feeds timestamped inputs, answers leases and the camera's pulses, keeps all outputs.
 * No process, no clock; thousands of passes run in seconds.
 */
import type { ControllerConfig } from '../../src/controller-config.js';
import { createController, type Controller } from '../../src/controller.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { toSite, siteSchema } from '../../src/site/site-file.js';
import type { BoardReport, ImageArrival, Input, Output } from '../../src/timeline.js';
import { degrees, metres, monotonicNs, NS_PER_MS, utcMs, type MonotonicNs } from '../../src/units.js';
import { outsideSite, VAN_POSITION } from './outside-site.js';

const UTC_AT_ZERO_MS = Date.UTC(2026, 10, 20, 22, 0, 0);
const TICK_MS = 20;

export interface VirtualOptions {
  readonly protocol?: 'agd350' | 'ops243';
  readonly site?: Record<string, unknown>;
  readonly camera?: Partial<ControllerConfig['camera']>;
  readonly radar?: Partial<ControllerConfig['radar']>;
  readonly mounting?: Partial<ControllerConfig['mounting']>;
  /** What the radar answers to a command; default: it is mute. */
  readonly radarAnswers?: (command: string) => string;
  readonly van?: { latitude: number; longitude: number; eph: number };
  /** Over everything else. */
  readonly config?: Partial<ControllerConfig>;
  /** UTC when the session begins; default: 11 a.m. local time on a Saturday in November. */
  readonly beginUtcMs?: number;
  /** What the I/O board reports, ten times a second; none: there is no board. */
  readonly board?: BoardReport;
  /** What the radar says of itself, once a second. */
  readonly heartbeat?: () => string;
}

export function controllerConfig(options: VirtualOptions = {}): ControllerConfig {
  const protocol = options.protocol ?? 'agd350';
  return {
    camera: {
      id: 'SC-014',
      model: 'virtual',
      approvalNotice: null,
      serialNumber: null,
      shutterPulseMs: 50,
      flashLeadMs: 2,
      flashPulseMs: 50,
      flash: 'never',
      deadTimeMs: 300,
      strobeWindowMs: [0, 250],
      imageTimeoutMs: 5000,
      hasStrobe: true,
      hasReadyLine: false,
      ...options.camera,
    },
    radar: {
      protocol,
      baudRate: protocol === 'agd350' ? 921_600 : 19_200,
      parity: protocol === 'agd350' ? 'odd' : 'none',
      corrected: false,
      requireReadback: false,
      selfTest: false,
      angleReference: 'auto',
      ...options.radar,
    },
    mounting: {
      facing: 'rear',
      side: 'left',
      antennaAheadM: metres(-1.5),
      antennaOffsetM: metres(0.8),
      angleDeg: degrees(22.5),
      beamWidthDeg: degrees(5),
      ...options.mounting,
    },
    site: toSite(siteSchema.parse(options.site ?? outsideSite())),
    lines: ['shutter', 'flash'],
    installation: 'mobile',
    plan: null,
    reference: NO_REFERENCE,
    equipment: { radarSerial: null, forks: [], selfTestEveryMinutes: null },
    hasIoBoard: options.board !== undefined,
    demo: true,
    ...options.config,
  };
}

export class VirtualVan {
  readonly outputs: Output[] = [];
  nowMs = 0;
  /** Off: the GPS has fallen silent. */
  gps = true;
  /** Off: nobody reads the system clock any more. */
  clock = true;
  /** Off: the camera neither feeds back nor delivers. */
  cameraAnswers = true;
  place: { latitude: number; longitude: number; eph: number };
  speedMs = 0;
  /** null: the board is unplugged. */
  board: BoardReport | null;
  private readonly beginUtcMs: number;
  private readonly controller: Controller;
  private readonly queue: { atMs: number; input: () => Input }[] = [];
  private nextIcn = 1001;
  private shots = 0;
  private nextSecondMs = 0;
  private nextBoardMs = 0;

  constructor(private readonly options: VirtualOptions = {}) {
    this.controller = createController(controllerConfig(options));
    this.place = options.van ?? VAN_POSITION;
    this.board = options.board ?? null;
    this.beginUtcMs = options.beginUtcMs ?? UTC_AT_ZERO_MS;
  }

  /** Brings the session to `enforcing`: link, clock, three fixes, lease, sync shot. */
  arm(): this {
    this.connect();
    for (let waited = 0; this.state !== 'enforcing'; waited += TICK_MS) {
      if (waited > 30_000) throw new Error(`not enforcing: ${JSON.stringify(this.lastState?.reasons)}`);
      this.advance(TICK_MS);
    }
    // Past the dead time of the sync shot.
    this.advance(1000);
    return this;
  }

  connect(): this {
    this.input({ type: 'gps-link', atNs: this.now, up: true, detail: 'connected' });
    this.input({ type: 'radar-link', atNs: this.now, up: true, detail: 'opened' });
    if (this.board !== null) this.input({ type: 'board-link', atNs: this.now, up: true, detail: 'opened' });
    return this;
  }

  get utcMs(): number {
    return this.beginUtcMs + this.nowMs;
  }

  get now(): MonotonicNs {
    return monotonicNs(this.nowMs * NS_PER_MS);
  }

  private get lastState() {
    return this.outputs.findLast((output) => output.type === 'state');
  }

  get state(): string {
    return this.lastState?.state ?? 'closed';
  }

  get reasons(): string[] {
    return this.lastState?.reasons.map(({ code }) => code) ?? [];
  }

  passes(): PassSummary[] {
    return this.outputs.flatMap((output) => (output.type === 'pass' ? [output.pass] : []));
  }

  concluded(): ConcludedExposure[] {
    return this.outputs.flatMap((output) => (output.type === 'conclude' ? [output.exposure] : []));
  }

  fires(): number {
    return this.outputs.filter((output) => output.type === 'fire' && output.exposure.kind === 'incident').length;
  }

  radar(bytes: Uint8Array): void {
    this.input({ type: 'radar-bytes', atNs: this.now, bytes });
  }

  /** Feeds frames at their times, counted from now. */
  frames(frames: readonly { readonly atMs: number; readonly bytes: Uint8Array }[]): void {
    const beginMs = this.nowMs;
    for (const { atMs, bytes } of frames) {
      this.advance(Math.max(0, beginMs + atMs - this.nowMs));
      this.radar(bytes);
    }
  }

  /** Lets time pass in ticks; what is queued (leases, edges, images, fixes) comes at its time. */
  advance(milliseconds: number): void {
    const endMs = this.nowMs + milliseconds;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(endMs, this.nowMs + TICK_MS);
      if (this.nowMs >= this.nextSecondMs) this.second();
      if (this.board !== null && this.nowMs >= this.nextBoardMs) {
        this.nextBoardMs = this.nowMs + 100;
        this.input({ type: 'board', atNs: this.now, report: this.board });
      }
      this.queue.sort((a, b) => a.atMs - b.atMs);
      while (this.queue[0] !== undefined && this.queue[0].atMs <= this.nowMs) {
        const due = this.queue.shift();
        if (due !== undefined) this.input(due.input());
      }
      this.input({ type: 'tick', atNs: this.now });
    }
  }

  input(input: Input): void {
    const out: Output[] = [];
    this.controller.handle(input, out);
    for (const output of out) this.react(output);
    this.outputs.push(...out);
  }

  private bytesNow(text: string): Input {
    return { type: 'radar-bytes', atNs: this.now, bytes: Buffer.from(text, 'latin1') };
  }

  private second(): void {
    this.nextSecondMs = this.nowMs + 1000;
    if (this.options.heartbeat !== undefined) this.input(this.bytesNow(this.options.heartbeat()));
    const utc = utcMs(this.utcMs);
    if (this.clock) {
      this.input({ type: 'clock', atNs: this.now, utcMs: utc, disciplined: false, uncertaintyMs: null });
    }
    if (!this.gps) return;
    const { latitude, longitude, eph } = this.place;
    const fix = {
      mode: 3,
      status: 1,
      utcMs: utc,
      latitude,
      longitude,
      altitudeM: 20,
      speedMs: this.speedMs,
      horizontalErrorM: eph,
    };
    this.input({ type: 'gps-fix', atNs: this.now, fix });
  }

  private react(output: Output): void {
    if (output.type === 'request-lease') {
      const icns = Array.from({ length: output.count }, () => String(this.nextIcn++).padStart(9, '0'));
      this.queue.push({ atMs: this.nowMs, input: () => ({ type: 'lease', atNs: this.now, icns }) });
    }
    if (output.type === 'radar-command') {
      const answer = this.options.radarAnswers?.(Buffer.from(output.bytes).toString('latin1')) ?? '';
      this.queue.push({ atMs: this.nowMs + 10, input: () => this.bytesNow(answer) });
    }
    if (output.type !== 'line' || output.line !== 'shutter' || output.value !== 1 || !this.cameraAnswers) return;
    this.shots += 1;
    const name = `IMG_${String(this.shots).padStart(4, '0')}.JPG`;
    const edgeMs = output.atNs / NS_PER_MS + 20;
    const edge = (value: 0 | 1): Input => ({
      type: 'line-edge',
      atNs: monotonicNs(edgeMs * NS_PER_MS),
      line: 'strobe',
      value,
    });
    this.queue.push({ atMs: edgeMs, input: () => edge(1) }, { atMs: edgeMs + 20, input: () => edge(0) });
    this.queue.push({
      atMs: edgeMs + 200,
      input: () => ({ type: 'image', atNs: this.now, image: arrival(name, this.shots, this.beginUtcMs + edgeMs) }),
    });
  }
}

export function arrival(name: string, counter: number, cameraClockMs: number): ImageArrival {
  return {
    imageId: name,
    fileName: name,
    sha256: name.padEnd(64, '0'),
    bytes: 1000,
    problem: null,
    counter,
    cameraClockMs,
    cameraClockResolutionMs: 10,
    serialNumber: 'A1',
    duplicate: false,
  };
}
