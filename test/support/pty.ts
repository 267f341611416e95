/**
 * A real pty pair whose master plays an instrument. node-pty's native `open` is used because its JavaScript one reads the
 * slave and steals bytes. The slave is kept open, unread, so that the pair lives until `close`: closing hangs it up.
 *
 * What surprised: node-pty opens without close-on-exec, so every process started meanwhile inherits the pair, and a closed
 * master hangs nothing up as long as such a process lives. Start programs with `stdioWithoutPtys`.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, renameSync, symlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

const require = createRequire(import.meta.url);

const loadNative = (): NativePty =>
  (require('node-pty/lib/utils.js') as { loadNativeModule(name: string): { module: NativePty } }).loadNativeModule(
    'pty',
  ).module;

const held = new Set<number>();

/** `stdio` for a program that is to get none of the open ptys: their descriptors lead to /dev/null there. */
export function stdioWithoutPtys(
  first: readonly ('ignore' | 'pipe' | 'ipc')[],
): ('ignore' | 'pipe' | 'ipc' | number)[] {
  const stdio: ('ignore' | 'pipe' | 'ipc' | number)[] = [...first];
  for (const descriptor of held) {
    while (stdio.length < descriptor) stdio.push('ignore');
    stdio[descriptor] = nowhere();
  }
  return stdio;
}

let nowhereDescriptor: number | null = null;
const nowhere = (): number => (nowhereDescriptor ??= openSync('/dev/null', 'r+'));

export interface Pty {
  /** What the code under test opens. */
  readonly slavePath: string;
  /** Descriptor of the instrument's end, non-blocking. */
  readonly master: number;
  /** @throws when the slave's buffer is full (about 14 kB unread) */
  write(bytes: Uint8Array | string): void;
  /** What has arrived from the other side; empty when nothing has. */
  read(): Buffer;
  /** Hangs the line up, as an unplugged USB adapter does. */
  close(): void;
}

/** The line is raw and echoes nothing. */
export function openPty(): Pty {
  const { master, slave, pty } = loadNative().open(80, 24);
  held.add(master).add(slave);
  execFileSync('stty', ['-F', pty, 'raw', '-echo']);
  let open = true;
  return {
    slavePath: pty,
    master,
    write(bytes) {
      const data = Buffer.from(bytes as string);
      for (let sent = 0; sent < data.length;) sent += writeSync(master, data, sent);
    },
    read() {
      const buffer = Buffer.alloc(65_536);
      try {
        return buffer.subarray(0, readSync(master, buffer));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return Buffer.alloc(0);
        throw error;
      }
    },
    close() {
      if (!open) return;
      open = false;
      held.delete(master);
      held.delete(slave);
      closeSync(slave);
      closeSync(master);
    },
  };
}

/** Points the stable device name `link` at `target` in one step, as udev does. */
export function pointAt(link: string, target: string): void {
  const temporary = `${link}.new`;
  symlinkSync(target, temporary);
  renameSync(temporary, link);
}

/** Waits until `found` gives something, looking every few milliseconds. @throws with `what` after `mostMs` */
export async function eventually<Found>(
  what: string,
  found: () => Found | undefined | null | false,
  mostMs = 15_000,
): Promise<Found> {
  const endMs = performance.now() + mostMs;
  for (;;) {
    const value = found();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > endMs) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
