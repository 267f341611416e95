/** Which processes of a run are alive, by a mark in their environment that children inherit: an orphan cannot hide. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MARK = 'KERBSIDE_KILL_RIG';

/** Environment of a run that is found again by `processesOf`. */
export const marked = (mark: string): NodeJS.ProcessEnv => ({ ...process.env, [MARK]: mark });

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // ended between the listing and the look
  }
}

/** A process that has ended and is not yet reaped does nothing any more; its environment is empty, so it is not found. */
export function processesOf(mark: string): { readonly pid: number; readonly command: string }[] {
  const wanted = `${MARK}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && readOf(name, 'environ').split('\0').includes(wanted))
    .map((name) => ({ pid: Number(name), command: readOf(name, 'cmdline').replaceAll('\0', ' ') }));
}

/** Process id of the child that runs `<room>/main.js`. */
export const childOf = (mark: string, room: 'trigger' | 'workshop'): number | null =>
  processesOf(mark).find(({ command }) => command.includes(`${room}/main.js`))?.pid ?? null;

/** @returns milliseconds until the last of them was gone; null when one still goes on after `mostMs` */
export async function goneWithin(mark: string, mostMs: number): Promise<number | null> {
  const begin = performance.now();
  while (processesOf(mark).length > 0) {
    if (performance.now() - begin > mostMs) return null;
    await sleep(20);
  }
  return performance.now() - begin;
}
