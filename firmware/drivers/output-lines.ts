/**
 * Output lines as the loop's thread writes them: one open descriptor a line, one synchronous write a change. A sysfs value
 * file wants its byte at offset 0; a pipe or tty (the bench's stand-ins) has no offsets.
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import type { OutputLine } from '../../src/ports/index.js';
import type { OutputLineName } from '../../src/timeline.js';

const LEVELS = [Buffer.from('0'), Buffer.from('1')] as const;

export interface ClosableLine extends OutputLine {
  close(): void;
}

/** @throws KerbsideError 'line-failed' when the file cannot be opened, or later by `set` when it refuses the write */
export function openFileLine(name: OutputLineName, path: string): ClosableLine {
  const failed = (what: string, cause: unknown): KerbsideError => {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    return new KerbsideError('line-failed', `lines.${name}: ${path} cannot be ${what} (${code})`, { cause });
  };
  let descriptor: number;
  let position: number | null;
  try {
    // Read and write: a pipe opened so never waits for its reader. Non-blocking: nor does writing to it.
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    position = fstatSync(descriptor).isFile() ? 0 : null;
  } catch (cause) {
    throw failed('opened', cause);
  }
  return {
    name,
    set(value) {
      try {
        writeSync(descriptor, LEVELS[value], 0, 1, position);
      } catch (cause) {
        throw failed(`set to ${value}`, cause);
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** A line whose changes are told to someone else, who owns the outside of it (`simulated-lines.ts`). */
export function reportingLine(name: OutputLineName, report: (value: 0 | 1) => void): ClosableLine {
  return { name, set: report, close: () => undefined };
}
