/**
 * The real controller as a child: `kerbside run` with the simulation's configuration, in a process group of its own, so
 * that Ctrl-C in the terminal reaches it once and in order, from us. It is asked how it does at its status page, like
 * any browser would.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ControllerStatus {
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
  readonly notices: readonly {
    readonly utcMs: number;
    readonly level: string;
    readonly code: string;
    readonly sentence: string;
  }[];
}

const PROGRAM = fileURLToPath(new URL('../kerbside.js', import.meta.url));
const LAST_WORDS = 12;
const STATUS_TIMEOUT_MS = 2000;

export class ControllerChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #statusUrl: string;
  #lastWords: string[] = [];
  /** Exit code; undefined while it runs, null when a signal ended it. */
  exitCode: number | null | undefined;
  readonly #onOurEnd = (): void => {
    this.#signal('SIGKILL');
  };

  /** @param closed descriptors of ours that the child must not inherit */
  constructor(configFile: string, consolePort: number, closed: readonly number[]) {
    this.#statusUrl = `http://127.0.0.1:${String(consolePort)}/status.json`;
    const nowhere = openSync('/dev/null', 'r+');
    // 'ignore' beyond the first three leaves a descriptor inherited; only another one in its place takes it away.
    const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
    for (const descriptor of closed) {
      while (stdio.length < descriptor) stdio.push('ignore');
      stdio[descriptor] = nowhere;
    }
    const words = [PROGRAM, 'run', '--config', configFile, '--no-color'];
    this.#child = spawn(process.execPath, words, { stdio, detached: true });
    closeSync(nowhere);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        const lines = chunk
          .toString('utf8')
          .split('\n')
          .filter((line) => line.trim() !== '');
        this.#lastWords = [...this.#lastWords, ...lines].slice(-LAST_WORDS);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#lastWords.push(error.message);
        this.exitCode ??= 70;
        resolve(70);
      });
      this.#child.once('exit', (code) => {
        this.exitCode = code;
        resolve(code);
      });
    });
    // Should this process die of a defect, nobody would ever close the controller and its children.
    process.once('exit', this.#onOurEnd);
  }

  /** Its last lines on the terminal it would have had. */
  get lastWords(): readonly string[] {
    return this.#lastWords;
  }

  /** null when it does not answer (yet, or any more). */
  async status(): Promise<ControllerStatus | null> {
    try {
      const response = await fetch(this.#statusUrl, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
      return response.ok ? ((await response.json()) as ControllerStatus) : null;
    } catch {
      return null;
    }
  }

  /** Closes it in order. @returns its exit code; null when it had to be killed */
  async close(withinMs: number): Promise<number | null> {
    if (this.exitCode === undefined) this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => {
      this.#signal('SIGKILL');
    }, withinMs);
    const code = await this.#ended;
    clearTimeout(impatience);
    process.off('exit', this.#onOurEnd);
    return code;
  }

  /** The whole group: its children must not outlive it. */
  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.exitCode !== undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended between the two lines above.
    }
  }
}
