/**
 * Program of the I/O board's process, forked by the office (`messages.ts`). It ends when the board is lost, on `stop`, or
 * when the office is gone. SIGINT and SIGTERM are the office's business.
 */
import { EXIT, type ExitCode } from '../../src/errors.js';
import { nowNs } from '../drivers/clock.js';
import { IoBoardProcess } from './io-board-process.js';
import type { FromIoBoard, ToIoBoard } from './messages.js';

/** The channel may be clogged, or a dead port never drained: the end comes after this all the same. */
const LAST_WORD_MS = 500;

function end(code: ExitCode): void {
  const leave = (): void => process.exit(code);
  setTimeout(leave, LAST_WORD_MS);
  if (process.connected) process.send?.({ type: 'stopped' } satisfies FromIoBoard, leave);
  else leave();
}

function serve(): void {
  const board = new IoBoardProcess({
    send: (message: FromIoBoard) => {
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    end,
    nowNs,
  });
  const stop = (): void => {
    setTimeout(() => process.exit(EXIT.good), LAST_WORD_MS);
    void board.stop();
  };
  process.on('message', (message) => {
    if ((message as ToIoBoard).type === 'stop') stop();
    else board.take(message as ToIoBoard);
  });
  process.on('disconnect', stop);
  process.on('uncaughtException', (error) => board.fail(error));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

if (process.send === undefined) {
  process.stderr.write('io-board: started by hand; it is a part of `kerbside run` and is started by it\n');
  process.exitCode = EXIT.usage;
} else {
  serve();
}
