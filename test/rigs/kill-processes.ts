/** Which processes of a run are alive, by a mark in their environment that children inherit: an orphan cannot hide. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MARK = 'KERBSIDE_KILL_RIG';

/**
 * Environment of a run that is found again by `processesOf`. Without coverage: a killed process has none to give, and its
 * children would spend their last moments on writing theirs.
 */
export function marked(mark: string): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _none, ...environment } = process.env;
  return { ...environment, [MARK]: mark };
}

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

/** Milliseconds that a thread has run, and that it was ready to run and had no processor. */
function threadTimes(pid: number, thread: string): { readonly ranMs: number; readonly waitedMs: number } {
  const [ran = 0, waited = 0] = readOf(String(pid), `task/${thread}/schedstat`).split(' ').map(Number);
  return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
}

/** Of a process, the threads that run JavaScript: the busiest ones. */
function waitedMs(pid: number, threads: number): number {
  try {
    const times = readdirSync(`/proc/${pid}/task`).map((thread) => threadTimes(pid, thread));
    const busiest = times.sort((one, other) => other.ranMs - one.ranMs).slice(0, threads);
    return busiest.reduce((sum, thread) => sum + thread.waitedMs, 0);
  } catch {
    return 0; // ended meanwhile
  }
}

/**
 * How long what a start waits for (the office, then main thread and worker of the trigger process, one after the other)
 * was kept from a processor by whatever else the machine does.
 */
export function keptWaitingMs(mark: string): number {
  return processesOf(mark).reduce((sum, { pid, command }) => {
    if (command.includes('kerbside.js run')) return sum + waitedMs(pid, 1);
    return command.includes('trigger/main.js') ? sum + waitedMs(pid, 2) : sum;
  }, 0);
}

/** @returns milliseconds until the last of them was gone; null when one still goes on after `mostMs` */
export async function goneWithin(mark: string, mostMs: number): Promise<number | null> {
  const begin = performance.now();
  while (processesOf(mark).length > 0) {
    if (performance.now() - begin > mostMs) return null;
    await sleep(20);
  }
  return performance.now() - begin;
}
