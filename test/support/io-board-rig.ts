/** The real process of the I/O board under its desk, against the pretend board on a pty. */
import { openSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';
import { nowNs } from '../../firmware/drivers/clock.js';
import type { BoardInput, FromIoBoard, IoBoardSettings, ToIoBoard } from '../../firmware/io-board/messages.js';
import { forkChild, type Child } from '../../firmware/office/child.js';
import { startIoBoard, type IoBoardDesk } from '../../firmware/office/io-board-desk.js';
import type { IoBoard } from '../../hw-sim/instruments/io-board.js';
import type { BoardReport } from '../../src/timeline.js';
import { eventually } from './pty.js';

const PROGRAM = new URL('../../firmware/io-board/main.js', import.meta.url);

export const BOARD_SETTINGS: Omit<IoBoardSettings, 'port'> = {
  baudRate: 57_600,
  pins: {
    tailgateOpen: 2,
    tailgateClosed: 3,
    parkLights: 4,
    tamperLoop: 5,
    flashReady: 6,
    armKey: 7,
    lamp: 8,
    battery: 'A0',
    cabinet: 'A1',
  },
  batteryDivider: 5,
  referenceV: 5,
  temperatureSensor: 'tmp36',
  debounceMs: 50,
};

let nowhere: number | null = null;

export class IoBoardRig {
  readonly desk: IoBoardDesk;
  readonly #board: IoBoard;
  #inputs: BoardInput[] = [];
  starts = 0;
  child: Child<ToIoBoard> | null = null;

  constructor(board: IoBoard, settings: IoBoardSettings, restartMs: readonly number[] = [20]) {
    this.#board = board;
    const start = forkChild<ToIoBoard, FromIoBoard>(PROGRAM, () => this.#stdio());
    this.desk = startIoBoard({
      settings,
      startChild: (events) => {
        this.starts += 1;
        return (this.child = start(events));
      },
      onInput: (input) => this.#inputs.push(input),
      nowNs,
      restartMs,
    });
  }

  get inputs(): readonly BoardInput[] {
    return this.#inputs;
  }

  get reports(): readonly Extract<BoardInput, { type: 'board' }>[] {
    return this.#inputs.filter((input) => input.type === 'board');
  }

  get links(): readonly Extract<BoardInput, { type: 'board-link' }>[] {
    return this.#inputs.filter((input) => input.type === 'board-link');
  }

  get report(): BoardReport | undefined {
    return this.reports.at(-1)?.report;
  }

  forget(): void {
    this.#inputs = [];
  }

  /** A report from now on that says so. */
  async told(what: string, says: (report: BoardReport) => boolean): Promise<void> {
    const sinceNs = nowNs();
    await eventually(what, () => this.reports.some(({ atNs, report }) => atNs > sinceNs && says(report)));
  }

  /** The link's next word. */
  link(up: boolean, detail: RegExp = /./, mostMs?: number): Promise<true> {
    return eventually(
      `link ${up ? 'up' : 'down'} with ${String(detail)}`,
      () => {
        const last = this.links.at(-1);
        return last?.up === up && detail.test(last.detail);
      },
      mostMs,
    );
  }

  /** A process that holds the far end of its own cable never sees it pulled. */
  #stdio(): StdioOptions {
    const stdio: (number | 'ignore' | 'inherit' | 'ipc')[] = ['ignore', 'inherit', 'inherit', 'ipc'];
    nowhere ??= openSync('/dev/null', 'r+');
    for (const descriptor of this.#board.descriptors) {
      while (stdio.length < descriptor) stdio.push('ignore');
      stdio[descriptor] = nowhere;
    }
    return stdio;
  }
}
