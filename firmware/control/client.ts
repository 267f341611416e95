/** The caller's side of the control socket, for the command line. Every wait has its end. */
import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { KerbsideError } from '../../src/errors.js';
import type { Status } from '../office/status.js';
import { LineReader } from './lines.js';
import {
  CONTROL_LIMITS,
  errorOf,
  type ControlAnswers,
  type ControlChange,
  type ControlQuestion,
  type ControlReply,
} from './messages.js';
import { controlSocket, isTooLong } from './socket-file.js';

type Question<Type extends ControlQuestion['type']> = Omit<Extract<ControlQuestion, { type: Type }>, 'id' | 'by'>;

/** A controller that is there answers at once, unless what was asked takes its time. */
const ANSWER_MS = 10_000;
const CONNECT_MS = 3000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class ControlClient {
  /** Resolves when the controller has gone. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #onStatus: ((status: Status) => void) | null = null;
  #nextId = 1;

  /**
   * @throws KerbsideError 'controller-absent' when no controller runs, 'control-denied' when this user may not speak to it,
   *   'controller-silent'
   */
  static async connect(dataDir: string): Promise<ControlClient> {
    const path = controlSocket(dataDir);
    if (isTooLong(path)) throw absent(path, 'the path has more than 107 bytes');
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        socket.destroy();
        reject(silent(CONNECT_MS));
      }, CONNECT_MS);
      socket.once('connect', () => {
        clearTimeout(late);
        resolve();
      });
      socket.once('error', (error) => {
        clearTimeout(late);
        reject(notConnected(path, error));
      });
    });
    return new ControlClient(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#abandon(new KerbsideError('controller-absent', 'The controller ended before it answered.'));
        resolve();
      });
    });
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8');
    const lines = new LineReader(CONTROL_LIMITS.replyLength);
    socket.on('data', (chunk: string) => {
      for (const line of lines.push(chunk)) this.#take(line);
    });
  }

  /** @throws KerbsideError as the controller words it; 'controller-silent' after `answerMs`; 'controller-absent' */
  async ask<Type extends Exclude<ControlQuestion['type'], 'subscribe'>>(
    question: Question<Type> & { readonly type: Type },
    answerMs = ANSWER_MS,
  ): Promise<ControlAnswers[Type]> {
    return (await this.#ask(question, answerMs)) as ControlAnswers[Type];
  }

  /** @returns the status now; `onStatus` hears of each later one */
  async subscribe(onStatus: (status: Status) => void): Promise<Status> {
    this.#onStatus = onStatus;
    return (await this.#ask({ type: 'subscribe' }, ANSWER_MS)) as Status;
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(question: object, answerMs: number): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id);
        reject(silent(answerMs));
      }, answerMs);
      const settled = <T>(then: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(late);
          then(value);
        };
      };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.#socket.write(`${JSON.stringify({ ...question, id, by: userName() })}\n`);
    });
  }

  #take(line: string | null): void {
    const message = parseReply(line);
    if (message === null) {
      this.#abandon(
        new KerbsideError('controller-silent', 'Control socket: a reply was not understood; expected JSON.'),
      );
      this.#socket.destroy();
    } else if ('status' in message) this.#onStatus?.(message.status);
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.ok) waiting?.resolve(message.result);
      else if (waiting !== undefined) waiting.reject(errorOf(message.error));
      else this.#abandon(errorOf(message.error));
    }
  }

  #abandon(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

function parseReply(line: string | null): ControlReply | ControlChange | null {
  if (line === null) return null;
  try {
    const message: unknown = JSON.parse(line);
    const known = typeof message === 'object' && message !== null && ('ok' in message || 'status' in message);
    return known ? (message as ControlReply | ControlChange) : null;
  } catch {
    return null;
  }
}

const silent = (waitedMs: number): KerbsideError =>
  new KerbsideError(
    'controller-silent',
    `The controller did not answer within ${waitedMs / 1000} s; expected a reply.`,
  );

function notConnected(path: string, error: NodeJS.ErrnoException): KerbsideError {
  if (error.code === 'EACCES') {
    return new KerbsideError(
      'control-denied',
      `Control socket ${path}: this user may not use it, expected owner or group.`,
    );
  }
  return absent(path, error.code === 'ENOENT' ? 'there is no such socket' : 'nobody serves it');
}

const absent = (path: string, found: string): KerbsideError =>
  new KerbsideError(
    'controller-absent',
    `No controller runs: control socket ${path}: ${found}; expected kerbside run with the same configuration.`,
  );

/** A container may know no name for its user. */
function userName(): string {
  try {
    return userInfo().username.slice(0, 60);
  } catch {
    return 'unknown';
  }
}
