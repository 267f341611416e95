/**
 * The I/O board's serial port. One object a connection: serialport delivers what was written to a dead port after it is
 * opened again. HUPCL stays on, so that the lines drop when this process ends and a board with an auto-reset starts afresh.
 */
import { realpathSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { KerbsideError } from '../../src/errors.js';
import type { IoBoardSettings } from './messages.js';

/** @throws KerbsideError 'link-missing', 'link-unreadable'; a missing device costs no port object */
export async function openBoardPort({ port: path, baudRate }: IoBoardSettings): Promise<SerialPort> {
  const port = new SerialPort({ path: resolveDevice(path), baudRate, lock: true, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(openError(path, error))));
  });
  return port;
}

/** The device behind the stable name: what is opened is not what the name means later. */
function resolveDevice(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const found = code === 'ENOENT' ? 'does not exist' : `cannot be looked up (${code ?? String(cause)})`;
    throw new KerbsideError(
      'link-missing',
      `ioBoard.port: ${path} ${found}; expected the serial device of the I/O board (is its cable in?)`,
      { cause },
    );
  }
}

const FOUND: readonly (readonly [RegExp, string])[] = [
  [/lock port/i, 'is in use by another program; expected it free'],
  [/permission denied/i, 'may not be opened by this user; expected read and write permission (group dialout)'],
  [/no such (file|device)/i, 'has no device behind it; expected the I/O board'],
  [/inappropriate ioctl/i, 'is no serial port; expected a serial device'],
];

function openError(path: string, cause: Error): KerbsideError {
  const found = FOUND.find(([text]) => text.test(cause.message))?.[1] ?? `cannot be opened (${cause.message})`;
  return new KerbsideError('link-unreadable', `ioBoard.port: ${path} ${found}`, { cause });
}
