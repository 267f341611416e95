/**
 * The radar's serial port as the trigger's main thread sees it: serialport opens, locks and configures it and is never
 * asked to read. The bytes are read by the loop's own descriptor (`tty-link.ts`).
 *
 * What surprised, all of it seen in serialport 13 (bindings-cpp 13.0.1):
 * - Opening starts no read: its stream reads only for a `data` or `readable` listener, `resume`, `pipe` or `read`. None of
 *   these may ever be added here, or bytes vanish from the loop.
 * - `hupcl: false` only refrains from setting HUPCL; the kernel's default for a UART has it set. stty clears it, so that
 *   closing never drops DTR and resets a radar.
 * - Parity is generated but not checked, since INPCK stays off: damaged bytes come through as good ones. stty turns it
 *   on; with IGNPAR, which serialport sets, the kernel then drops them and the frame's check fails.
 * - tcsetattr reports success when it could do any part of what was asked, so the settings are read back. A pty keeps its
 *   speed but refuses parity, which has no meaning there: it is accepted.
 * - Each opened port leaves some half a kilobyte behind for good: the binding's poller and its own callback hold each other
 *   (its `destroy` gives up the wrong reference). A link that is cut a thousand times costs half a megabyte.
 * - How many bytes were dropped is kept by the kernel (TIOCGICOUNT), which cannot be reached from Node: parity errors show
 *   as missing bytes, and a wrong parity or baud rate as bytes that never make a valid frame.
 */
import { execFile } from 'node:child_process';
import { realpathSync, statSync, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { SerialPort } from 'serialport';
import { KerbsideError } from '../../src/errors.js';

const run = promisify(execFile);
const STTY_TIMEOUT_MS = 3000;
/** Major numbers of the slave side of Unix98 ptys. */
const PTY_MAJORS: readonly [number, number] = [136, 143];

export interface SerialSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'odd' | 'even';
}

/** An opened, locked and configured port. One object a connection: never opened again. */
export interface OpenPort {
  /** The device itself, all symlinks resolved: what the loop opens. */
  readonly devicePath: string;
  close(): Promise<void>;
}

/** @throws KerbsideError 'link-missing', 'link-unreadable' or 'link-settings' */
export async function openRadarPort(settings: SerialSettings): Promise<OpenPort> {
  const { devicePath, isPty } = resolveDevice(settings.path);
  const port = new SerialPort({
    path: devicePath,
    baudRate: settings.baudRate,
    parity: settings.parity,
    dataBits: 8,
    stopBits: 1,
    hupcl: false,
    lock: true,
    vmin: 0,
    vtime: 1,
    autoOpen: false,
  });
  // An error event without a listener would end the process; what matters of it is seen by the reading side.
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(openError(settings, error))));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (port.isOpen) port.close(() => resolve());
      else resolve();
    });
  try {
    await settle(devicePath, settings, isPty);
  } catch (error) {
    await close();
    throw error;
  }
  return { devicePath, close };
}

function resolveDevice(path: string): { devicePath: string; isPty: boolean } {
  let devicePath: string;
  let stats: Stats;
  try {
    devicePath = realpathSync(path);
    stats = statSync(devicePath);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new KerbsideError(
        'link-missing',
        `radar.port: ${path} does not exist; expected the radar's serial device (is its cable in?)`,
        { cause },
      );
    }
    throw new KerbsideError('link-unreadable', `radar.port: ${path} cannot be looked up (${reasonOf(cause)})`, {
      cause,
    });
  }
  if (!stats.isCharacterDevice()) {
    throw new KerbsideError(
      'link-unreadable',
      `radar.port: ${path} is ${stats.isDirectory() ? 'a directory' : 'no device'}; expected a serial device`,
    );
  }
  const major = (stats.rdev >> 8) & 0xfff;
  return { devicePath, isPty: major >= PTY_MAJORS[0] && major <= PTY_MAJORS[1] };
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** One sentence of ours for each way in which opening fails; the binding's own text is kept as the cause. */
export function openError(settings: SerialSettings, cause: Error): KerbsideError {
  const { path } = settings;
  const text = cause.message;
  if (/lock port/i.test(text)) {
    return new KerbsideError('link-unreadable', `radar.port: ${path} is in use by another program; expected it free`, {
      cause,
    });
  }
  if (/permission denied/i.test(text)) {
    return new KerbsideError(
      'link-unreadable',
      `radar.port: ${path} may not be opened by this user; expected read and write permission (group dialout)`,
      { cause },
    );
  }
  if (/no such (file|device)/i.test(text)) {
    return new KerbsideError('link-missing', `radar.port: ${path} has no device behind it; expected the radar`, {
      cause,
    });
  }
  if (/inappropriate ioctl/i.test(text)) {
    return new KerbsideError('link-unreadable', `radar.port: ${path} is no serial port; expected a serial device`, {
      cause,
    });
  }
  if (/cannot open/i.test(text)) {
    return new KerbsideError('link-unreadable', `radar.port: ${path} cannot be opened (${text})`, { cause });
  }
  return new KerbsideError('link-settings', `radar.port: ${path} refuses ${describe(settings)} (${text})`, { cause });
}

const describe = (settings: SerialSettings): string => `${settings.baudRate} baud with parity ${settings.parity}`;

async function settle(devicePath: string, settings: SerialSettings, isPty: boolean): Promise<void> {
  const wanted = settings.parity === 'none' ? ['-hupcl'] : ['-hupcl', 'inpck'];
  let report: string;
  try {
    await run('stty', ['-F', devicePath, ...wanted], { timeout: STTY_TIMEOUT_MS });
    report = (await run('stty', ['-F', devicePath, '-a'], { timeout: STTY_TIMEOUT_MS })).stdout;
  } catch (cause) {
    throw new KerbsideError(
      'link-settings',
      `radar.port: the settings of ${settings.path} cannot be read back (${reasonOf(cause).trim()}); expected stty to show them`,
      { cause },
    );
  }
  const found = readSettings(report);
  const parityHolds = isPty || found.parity === settings.parity;
  if (found.baudRate !== settings.baudRate || !parityHolds) {
    throw new KerbsideError(
      'link-settings',
      `radar.port: ${settings.path} runs at ${found.baudRate} baud with parity ${found.parity}; expected ${describe(settings)}`,
    );
  }
}

/** What `stty -a` says of a port. */
export function readSettings(report: string): { baudRate: number; parity: SerialSettings['parity'] } {
  const words = new Set(report.split(/[\s;]+/));
  const parity = !words.has('parenb') ? 'none' : words.has('parodd') ? 'odd' : 'even';
  return { baudRate: Number(/speed (\d+) baud/.exec(report)?.[1] ?? Number.NaN), parity };
}
