/**
 * The office's side of the I/O board: keeps its process alive and turns what it says into inputs of the controller. A
 * process that ended is a board that is not heard; nothing here waits for it.
 */
import type { SessionState } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import type { BoardInput, FromIoBoard, IoBoardSettings, ToIoBoard } from '../io-board/messages.js';
import type { StartChild } from './child.js';
import { Supervisor } from './supervisor.js';

/** The process ends with the board, so the first pauses are short; one that cannot live costs a start every 5 s. */
const RESTART_MS = [100, 250, 500, 1000, 2000, 5000];
const SILENT_MS = 10_000;
const STOP_MS = 1500;

export interface IoBoardDeskOptions {
  readonly settings: IoBoardSettings;
  readonly startChild: StartChild<ToIoBoard, FromIoBoard>;
  readonly onInput: (input: BoardInput) => void;
  readonly nowNs: () => MonotonicNs;
  /** Pauses before the first, second … restart. */
  readonly restartMs?: readonly number[];
}

export interface IoBoardDesk {
  /** What the lamp shows from now on, on this board and each later one. */
  lamp(state: SessionState): void;
  /** Says the state of the link once more: a controller that was started again has not heard it. */
  repeat(): void;
  /** Puts the lamp out and ends the process. */
  stop(): Promise<void>;
}

export function startIoBoard(options: IoBoardDeskOptions): IoBoardDesk {
  const { settings, startChild, onInput, nowNs, restartMs = RESTART_MS } = options;
  let state: SessionState = 'closed';
  let link: Extract<BoardInput, { type: 'board-link' }> | null = null;
  const take = (input: BoardInput): void => {
    if (input.type === 'board-link') link = input;
    onInput(input);
  };
  const supervisor = new Supervisor<ToIoBoard, FromIoBoard>({
    start: startChild,
    restartMs,
    onStart: () => {
      supervisor.expectLifeSigns(SILENT_MS);
      supervisor.send({ type: 'start', settings });
      supervisor.send({ type: 'lamp', state });
    },
    onMessage: (message) => {
      if (message.type === 'input') take(message.input);
    },
    onDeath: (detail) => {
      // One that could speak has said why.
      const sentence = `ioBoard.port: ${settings.port} is not heard, its process ended (${detail})`;
      if (link?.up !== false) take({ type: 'board-link', atNs: nowNs(), up: false, detail: sentence });
      return Promise.resolve();
    },
  });
  supervisor.start();
  return {
    lamp: (next) => {
      if (next === state) return;
      state = next;
      supervisor.send({ type: 'lamp', state });
    },
    repeat: () => {
      if (link !== null) onInput({ ...link, atNs: nowNs() });
    },
    stop: () => supervisor.stop({ type: 'stop' }, STOP_MS),
  };
}
