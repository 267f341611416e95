/**
 * A child process of the office as the office sees it: something that takes messages, gives messages and may die. Tests
 * put a plain object in its place.
 */
import { fork, type Serializable, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child<Out> {
  /** False when the child is gone; the message is then lost. */
  send(message: Out): boolean;
  kill(): void;
}

export interface ChildEvents<In> {
  onMessage(message: In): void;
  /** Once, after the last message. `detail`: how it ended, for people. */
  onExit(detail: string): void;
}

export type StartChild<Out, In> = (events: ChildEvents<In>) => Child<Out>;

/**
 * Forks a compiled script. Its own process group: Ctrl-C in the terminal reaches the office alone, which closes the
 * deployment in order; a child ends when its channel does. Serialization 'advanced', since radar frames are bytes.
 *
 * @param stdio asked at each start: for descriptors that a child must not inherit
 */
export function forkChild<Out, In>(script: URL, stdio?: () => StdioOptions): StartChild<Out, In> {
  return (events) => {
    const wiring = stdio === undefined ? {} : { stdio: stdio() };
    const child = fork(fileURLToPath(script), [], { serialization: 'advanced', detached: true, ...wiring });
    let detail: string | null = null;
    let reported = false;
    // 'exit' may come before the last message: what counts is the end of both process and channel.
    const ended = (): void => {
      if (reported || detail === null || child.connected) return;
      reported = true;
      events.onExit(detail);
    };
    child.on('message', (message) => {
      events.onMessage(message as In);
    });
    child.on('error', (error) => {
      detail ??= error.message;
      ended();
    });
    child.on('exit', (code, signal) => {
      detail ??= signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
      ended();
    });
    child.on('disconnect', ended);
    return {
      send: (message) => child.connected && child.send(message as Serializable, () => undefined),
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
