/**
 * Lines of `lines.driver: simulated`: a Unix socket that whoever plays the van connects to (contract, "Configuration").
 * Each output change goes to every client as one JSON line with its monotonic time; clients write input changes the same
 * way. A line that is not understood is answered by a counted notice and costs nothing else.
 *
 * A socket file outlives its server. One that nobody serves is removed; one that is served is refused, so that two
 * controllers can never share a van.
 */
import { lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { KerbsideError } from '../../src/errors.js';
import type { SimulatedLineMessage } from '../../src/ports/index.js';
import type { InputLineName, OutputLineName } from '../../src/timeline.js';
import { monotonicNs, type MonotonicNs } from '../../src/units.js';
import { nowNs } from './clock.js';
import type { EdgeListener } from './onoff-lines.js';

const INPUTS: readonly string[] = ['strobe', 'tamper', 'ready'] satisfies InputLineName[];
const FREED_WITHIN_MS = 2000;
const FREED_LOOK_MS = 100;
const LONGEST_LINE = 4096;
/** A client that reads nothing is let go before its backlog grows past this. */
const MOST_BACKLOG_BYTES = 1_000_000;
/** A client's own time is believed when it lies this little in the past; all processes of the van share the clock. */
const OLDEST_NS = 1_000_000_000;

export class SimulatedLines {
  readonly #server: Server;
  readonly #onEdge: EdgeListener;
  readonly #clients = new Set<Socket>();
  readonly #levels = new Map<OutputLineName, { value: 0 | 1; atNs: MonotonicNs }>();
  #badLines = 0;

  /** @throws KerbsideError 'line-failed' when the socket is served by another program or cannot be made */
  static async serve(path: string, outputs: readonly OutputLineName[], onEdge: EdgeListener): Promise<SimulatedLines> {
    const lines = new SimulatedLines(outputs, onEdge);
    await listen(lines.#server, path);
    return lines;
  }

  private constructor(outputs: readonly OutputLineName[], onEdge: EdgeListener) {
    this.#onEdge = onEdge;
    for (const name of outputs) this.#levels.set(name, { value: 0, atNs: nowNs() });
    this.#server = createServer((client) => this.#welcome(client));
  }

  /** An output was written at `atNs`; only a change is told. */
  set(name: OutputLineName, value: 0 | 1, atNs: MonotonicNs): void {
    if (this.#levels.get(name)?.value === value) return;
    const level = { value, atNs };
    this.#levels.set(name, level);
    for (const client of this.#clients) this.#send(client, lineMessage(name, level));
  }

  lowerOutputs(): void {
    for (const [name, { value }] of this.#levels) if (value === 1) this.set(name, 0, nowNs());
  }

  /** Ends when the last client has been told all. */
  close(): Promise<void> {
    for (const client of this.#clients) client.end();
    return new Promise((resolve) => {
      const force = setTimeout(() => this.#clients.forEach((client) => client.destroy()), 500);
      this.#server.close(() => {
        clearTimeout(force);
        resolve();
      });
    });
  }

  #welcome(client: Socket): void {
    this.#clients.add(client);
    client.setEncoding('utf8');
    client.on('error', () => client.destroy());
    client.on('close', () => this.#clients.delete(client));
    for (const [name, level] of this.#levels) this.#send(client, lineMessage(name, level));
    let rest = '';
    client.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) if (line.trim() !== '') this.#take(client, line);
      if (rest.length > LONGEST_LINE) {
        this.#complain(client, `a line longer than ${LONGEST_LINE} characters`);
        rest = '';
      }
    });
  }

  #take(client: Socket, line: string): void {
    const edge = parseInputLine(line, nowNs());
    if (typeof edge === 'string') this.#complain(client, edge);
    else this.#onEdge(edge.line, edge.value, edge.atNs);
  }

  #complain(client: Socket, found: string): void {
    this.#badLines += 1;
    const expected = '{"line":"strobe|tamper|ready","value":0|1,"monotonicNs":"…"}';
    this.#send(client, { notice: `not understood: ${found}; expected ${expected}`, badLines: this.#badLines });
  }

  #send(client: Socket, message: object): void {
    if (client.writableLength > MOST_BACKLOG_BYTES) client.destroy();
    else if (client.writable) client.write(`${JSON.stringify(message)}\n`);
  }
}

const lineMessage = (line: OutputLineName, level: { value: 0 | 1; atNs: MonotonicNs }): SimulatedLineMessage => ({
  line,
  value: level.value,
  monotonicNs: String(Math.round(level.atNs)),
});

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value).slice(0, 40));

/** An input change, or what was found instead of one. */
export function parseInputLine(
  text: string,
  receivedNs: MonotonicNs,
): { line: InputLineName; value: 0 | 1; atNs: MonotonicNs } | string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return 'a line that is not JSON';
  }
  if (typeof message !== 'object' || message === null) return 'JSON that is no object';
  const { line, value, monotonicNs: stated } = message as Record<string, unknown>;
  if (typeof line !== 'string' || !INPUTS.includes(line)) return `line ${shown(line)}`;
  if (value !== 0 && value !== 1) return `value ${shown(value)}`;
  const statedNs = typeof stated === 'string' && /^\d{1,18}$/.test(stated) ? Number(stated) : null;
  const believed = statedNs !== null && statedNs <= receivedNs && statedNs >= receivedNs - OLDEST_NS;
  return { line: line as InputLineName, value, atNs: believed ? monotonicNs(statedNs) : receivedNs };
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await tryListen(server, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cannotServe(path, cause);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false) {
      throw new KerbsideError('line-failed', `lines.socket: ${path} is a file of another kind; expected a free path`);
    }
    if (!(await isFreed(path))) {
      throw new KerbsideError('line-failed', `lines.socket: ${path} is served by another program; expected it free`);
    }
    rmSync(path, { force: true });
    await tryListen(server, path).catch((again: unknown) => {
      throw cannotServe(path, again);
    });
  }
}

const cannotServe = (path: string, cause: unknown): KerbsideError =>
  new KerbsideError(
    'line-failed',
    `lines.socket: ${path} cannot be made (${(cause as NodeJS.ErrnoException).code ?? String(cause)}); expected a folder that may be written and a path of at most 107 bytes`,
    { cause },
  );

const tryListen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

/** A controller that was killed leaves its trigger process behind for a moment: time enough to lower the lines. */
async function isFreed(path: string): Promise<boolean> {
  for (let waitedMs = 0; await isServed(path); waitedMs += FREED_LOOK_MS) {
    if (waitedMs >= FREED_WITHIN_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, FREED_LOOK_MS));
  }
  return true;
}

const isServed = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
