/**
 * The status page of a running session: page, live events, status as JSON, and the sealed images. It only reads, binds to
 * the loopback unless configured otherwise, and is never a reason to stop enforcing: a busy port is a sentence.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { exportAge } from '../../src/deployment/export-age.js';
import type { Icn } from '../../src/evidence/types.js';
import type { Status } from '../office/status.js';
import { statusPage } from './page.js';

export interface ConsoleOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly board: { readonly status: Status; onChange(listener: (status: Status) => void): () => void };
  /** Where the sealed image of a committed number lies; null when there is none. */
  readonly imagePath: (icn: Icn) => Promise<string | null>;
}

export interface RunningConsole {
  readonly url: string;
  stop(): Promise<void>;
}

/** Changes come in bursts; the page is told at most this often. */
const EVENT_EVERY_MS = 150;
const KEEP_ALIVE_MS = 15_000;
const MOST_VIEWERS = 16;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @returns the running page, or the sentence that says why there is none */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole | string> {
  const { host, port } = options;
  const viewers = new Viewers(options.board);
  const server = createServer((request, response) => {
    answer(options, viewers, request, response).catch(() => {
      response.destroy();
    });
  });
  try {
    await listen(server, host, port);
  } catch (error) {
    viewers.stop();
    return noConsole(host, port, error);
  }
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${String(boundPort)}/`,
    stop: () =>
      new Promise((resolve) => {
        viewers.stop();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function noConsole(host: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program uses this port',
    EACCES: 'this user may not use this port',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'this name has no address',
  };
  return `Status page: ${host}:${String(port)} cannot be opened (${reasons[code] ?? code}); the controller runs on without it, console.host and console.port name another place.`;
}

/** Everybody who looks at the page. */
class Viewers {
  readonly #board: ConsoleOptions['board'];
  readonly #open = new Set<ServerResponse>();
  readonly #forget: () => void;
  readonly #keepAlive: NodeJS.Timeout;
  #timer: NodeJS.Timeout | null = null;

  constructor(board: ConsoleOptions['board']) {
    this.#board = board;
    this.#forget = board.onChange(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        for (const viewer of this.#open) this.#send(viewer);
      }, EVENT_EVERY_MS);
    });
    this.#keepAlive = setInterval(() => {
      for (const viewer of this.#open) viewer.write(': here\n\n');
    }, KEEP_ALIVE_MS);
  }

  add(response: ServerResponse): void {
    if (this.#open.size >= MOST_VIEWERS) {
      refuse(response, 503, 'Too many pages are open.');
      return;
    }
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
    this.#send(response);
  }

  stop(): void {
    this.#forget();
    clearInterval(this.#keepAlive);
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const viewer of this.#open) {
      this.#send(viewer);
      viewer.end();
    }
  }

  #send(viewer: ServerResponse): void {
    viewer.write(`data: ${JSON.stringify(this.#board.status)}\n\n`);
  }
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

async function answer(
  options: ConsoleOptions,
  viewers: Viewers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'This page only shows.');
  } else if (!knowsHost(options.host, request.headers.host)) {
    // A foreign web site may point its own name at the loopback (DNS rebinding); it gets nothing.
    refuse(response, 421, 'Not this host.');
  } else if (path === '/') {
    const nonce = randomBytes(16).toString('base64');
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
    });
    response.end(statusPage(nonce, options.board.status));
  } else if (path === '/status.json') {
    response.writeHead(200, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
    response.end(`${JSON.stringify(withExportAge(options.board.status), null, 2)}\n`);
  } else if (path === '/events') {
    viewers.add(response);
  } else {
    await answerImage(options, path, response);
  }
}

/** EXP-1: the age in words, too, for whoever reads the JSON alone; the page works it out anew each minute. */
const withExportAge = (status: Status) => ({
  ...status,
  exportAge: exportAge(status.oldestUnexportedUtcMs, Date.now()),
});

/** Only numbers that the store knows: a path is never built from what was asked. */
async function answerImage({ imagePath }: ConsoleOptions, path: string, response: ServerResponse): Promise<void> {
  const icn = /^\/images\/(\d{9})\.jpg$/.exec(path)?.[1];
  const file = icn === undefined ? null : await imagePath(icn);
  const size =
    file === null
      ? null
      : await stat(file).then(
          ({ size: bytes }) => bytes,
          () => null,
        );
  if (file === null || size === null) {
    refuse(response, 404, 'There is nothing here.');
    return;
  }
  response.writeHead(200, {
    ...HEADERS,
    'content-type': 'image/jpeg',
    'content-length': size,
    'content-security-policy': "default-src 'none'",
    'cache-control': 'private, max-age=3600',
  });
  await pipeline(createReadStream(file), response);
}

function knowsHost(bound: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  const boundToLoopback = bound === 'localhost' || bound === '::1' || bound.startsWith('127.');
  return !boundToLoopback || LOOPBACK.has(name) || name === bound;
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
