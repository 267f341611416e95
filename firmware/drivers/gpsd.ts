/**
 * Position and time from gpsd through node-gpsd (gpsd's JSON protocol, gpsd_json(5)).
 *
 * What node-gpsd 0.3.4 does not do is done here:
 * - It holds complete lines back for as long as a chunk ends within the next one. So its own data listener is taken off
 *   the socket and fed one whole line at a time; splitting is ours, parsing (and parting glued objects) stays its own.
 * - It asks for reports without ending the request; the end is written in the same packet.
 * - It never reconnects and notices no silence: one Listener a connection, ended and made anew with back-off.
 * - Its `error` event (bad JSON) would end the process without a listener; here it costs the line.
 * - gpsd leaves out what it does not know. Absent becomes null, never 0.
 */
import { Listener } from 'node-gpsd';
import type { Clock } from '../../src/ports/index.js';
import type { GpsFix, Input } from '../../src/timeline.js';
import { utcMs } from '../../src/units.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;
const SILENCE_MS = 5000;
const LONGEST_LINE = 65_536;
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
    listener.on('TPV', (report: unknown) => this.#onReport(report));
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
    const [feed] = socket.listeners('data') as ((line: string) => void)[];
    socket.removeAllListeners('data');
    socket.on(
      'data',
      this.#lineSplitter((line) => feed?.(line)),
    );
    this.#expectData();
  }

  stop(): void {
    this.#drop();
  }

  /** Whole lines, whatever the chunks; a line without end is thrown away. */
  #lineSplitter(take: (line: string) => void): (chunk: string) => void {
    let rest = '';
    return (chunk) => {
      this.#expectData();
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > LONGEST_LINE) rest = '';
      for (const line of parts) {
        if (line.trim() === '') continue;
        this.#report(true, 'gpsd speaks');
        take(`${line}\n`);
      }
    };
  }

  /** Anything from gpsd, its greeting too, proves the link and starts the silence watch again. */
  #expectData(): void {
    const { host, port } = this.#options;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(`gpsd at ${host}:${port} silent for ${SILENCE_MS / 1000} s`), SILENCE_MS);
  }

  #onReport(report: unknown): void {
    this.#retryMs = FIRST_RETRY_MS;
    const { clock, onInput } = this.#options;
    const atNs = clock.monotonicNs();
    onInput({ type: 'gps-fix', atNs, fix: readTpv(report as Record<string, unknown>) });
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

const within = (value: unknown, most: number): number | null => {
  const number = finite(value);
  return number !== null && Math.abs(number) <= most ? number : null;
};

/** A TPV report as gpsd states it; a field that is absent, or of another type, is null. */
export function readTpv(report: Readonly<Record<string, unknown>>): GpsFix {
  const time = typeof report['time'] === 'string' ? Date.parse(report['time']) : Number.NaN;
  const [epx, epy] = [finite(report['epx']), finite(report['epy'])];
  return {
    mode: finite(report['mode']) ?? 0,
    status: finite(report['status']),
    utcMs: Number.isNaN(time) ? null : utcMs(time),
    latitude: within(report['lat'], 90),
    longitude: within(report['lon'], 180),
    altitudeM: finite(report['altMSL']) ?? finite(report['alt']),
    speedMs: finite(report['speed']),
    horizontalErrorM: finite(report['eph']) ?? (epx !== null && epy !== null ? Math.max(epx, epy) : null),
  };
}
