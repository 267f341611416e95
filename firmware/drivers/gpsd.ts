/**
 * Position and time from gpsd through node-gpsd (gpsd's JSON protocol, gpsd_json(5)).
 *
 * What node-gpsd 0.3.4 does not do is done here:
 * - It holds complete lines back for as long as a chunk ends within the next one, clears the eighth bit of every byte,
 *   and emits each object as an event named by the object's own `class`: `{"class":"disconnected"}` would drop the link.
 *   So its data listener is taken off the socket; lines and objects are ours (gpsd-lines.ts), and of its events only
 *   those are left that its socket raises.
 * - It asks for reports without ending the request; the end is written in the same packet.
 * - It never reconnects and notices no silence: one Listener a connection, ended and made anew with back-off.
 * - gpsd leaves out what it does not know. Absent becomes null, never 0.
 */
import { Listener } from 'node-gpsd';
import type { Clock } from '../../src/ports/index.js';
import type { GpsFix, Input } from '../../src/timeline.js';
import { utcMs } from '../../src/units.js';
import { GpsdLines, type GpsdReport, type GpsdSaid } from './gpsd-lines.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;
const SILENCE_MS = 5000;
const SILENT_LOGGER = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface GpsdOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly onInput: (input: Extract<Input, { type: 'gps-link' | 'gps-fix' }>) => void;
}

/** Runs until `stop`. Emits gps-link on each change (a failure once per reason) and gps-fix for each TPV report. */
export function startGpsd(options: GpsdOptions): { stop(): void } {
  const client = new GpsdClient(options);
  client.connect();
  return { stop: () => client.stop() };
}

class GpsdClient {
  readonly #options: GpsdOptions;
  #listener: Listener | null = null;
  #retryMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | null = null;
  #linkState = '';

  constructor(options: GpsdOptions) {
    this.#options = options;
  }

  connect(): void {
    const { host, port } = this.#options;
    const listener = new Listener({ hostname: host, port, logger: SILENT_LOGGER });
    this.#listener = listener;
    listener.on('error', () => undefined);
    listener.on('error.connection', () => this.#lost(`gpsd at ${host}:${port} refuses the connection`));
    listener.on('error.socket', (error: Error) => this.#lost(`gpsd at ${host}:${port}: ${error.message}`));
    listener.on('disconnected', () => this.#lost(`gpsd at ${host}:${port} closed the connection`));
    listener.connect();
    const socket = listener.serviceSocket;
    socket.on('connect', () => {
      socket.cork();
      listener.watch({ class: 'WATCH', enable: true, json: true });
      socket.write(';\n');
      socket.uncork();
    });
    socket.removeAllListeners('data');
    socket.setEncoding('latin1');
    const lines = new GpsdLines();
    socket.on('data', (chunk: string) => this.#take(lines.push(chunk)));
    this.#expectData();
  }

  stop(): void {
    this.#drop();
  }

  #take({ spoke, reports }: GpsdSaid): void {
    this.#expectData();
    if (spoke) this.#report(true, 'gpsd speaks');
    for (const report of reports) if (report['class'] === 'TPV') this.#onReport(report);
  }

  /** Anything from gpsd, its greeting too, proves the link and starts the silence watch again. */
  #expectData(): void {
    const { host, port } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(`gpsd at ${host}:${port} silent for ${SILENCE_MS / 1000} s`), SILENCE_MS);
  }

  #onReport(report: GpsdReport): void {
    this.#retryMs = FIRST_RETRY_MS;
    const { clock, onInput } = this.#options;
    const atNs = clock.monotonicNs();
    onInput({ type: 'gps-fix', atNs, fix: readTpv(report) });
  }

  #report(up: boolean, detail: string): void {
    const state = `${up} ${detail}`;
    if (state === this.#linkState) return;
    this.#linkState = state;
    this.#options.onInput({ type: 'gps-link', atNs: this.#options.clock.monotonicNs(), up, detail });
  }

  #lost(detail: string): void {
    if (this.#listener === null) return;
    this.#drop();
    this.#report(false, detail);
    this.#timer = setTimeout(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const listener = this.#listener;
    this.#listener = null;
    if (listener === null) return;
    listener.removeAllListeners();
    listener.on('error', () => undefined);
    listener.serviceSocket.removeAllListeners('data');
    listener.serviceSocket.destroy();
  }
}

const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

const between = (value: unknown, least: number, most: number): number | null => {
  const number = finite(value);
  return number !== null && number >= least && number <= most ? number : null;
};

/** What no van on a road can have is no value. */
const FASTEST_MS = 150;
const LARGEST_ERROR_M = 1e6;
const LOWEST_M = -1000;
const HIGHEST_M = 20_000;
const FIRST_MS = Date.UTC(2000, 0);
const LAST_MS = Date.UTC(2200, 0);
const MODES = [0, 1, 2, 3];

/** Least and most of each number that may be left out. */
const BOUNDS = {
  altMSL: [LOWEST_M, HIGHEST_M],
  alt: [LOWEST_M, HIGHEST_M],
  speed: [0, FASTEST_MS],
  eph: [0, LARGEST_ERROR_M],
  epx: [0, LARGEST_ERROR_M],
  epy: [0, LARGEST_ERROR_M],
} as const;
type Bounded = keyof typeof BOUNDS;

function bounded(report: GpsdReport, name: Bounded): number | null {
  const [least, most] = BOUNDS[name];
  return between(report[name], least, most);
}

/**
 * A TPV report as gpsd states it; a field that is absent, of another type or past all reason is null. A report with a
 * number past all reason is no fix: left out, an absurd speed or error would make its sender look better than it is.
 */
export function readTpv(report: GpsdReport): GpsFix {
  const time = between(typeof report['time'] === 'string' ? Date.parse(report['time']) : null, FIRST_MS, LAST_MS);
  const field = (name: Bounded): number | null => bounded(report, name);
  const isAbsurd = (Object.keys(BOUNDS) as Bounded[]).some(
    (name) => typeof report[name] === 'number' && field(name) === null,
  );
  const [epx, epy] = [field('epx'), field('epy')];
  return {
    mode: isAbsurd ? 0 : (MODES.find((mode) => mode === report['mode']) ?? 0),
    status: finite(report['status']),
    utcMs: time === null ? null : utcMs(time),
    latitude: between(report['lat'], -90, 90),
    longitude: between(report['lon'], -180, 180),
    altitudeM: field('altMSL') ?? field('alt'),
    speedMs: field('speed'),
    horizontalErrorM: field('eph') ?? (epx !== null && epy !== null ? Math.max(epx, epy) : null),
  };
}
