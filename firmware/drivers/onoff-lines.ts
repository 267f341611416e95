/**
 * Lines of the kernel's GPIO sysfs through onoff: export, direction and input edges, on the main thread only (its epoll
 * crashes in worker threads). Outputs start low by the direction word `low`, which sets direction and value in one step,
 * without a glitch. The loop writes the value files itself: 1.5 us a write, and it must not wait for another thread.
 *
 * What surprised: onoff knows only /sys/class/gpio; another `gpioRoot` serves the look-up of line numbers and the value
 * files. Sysfs keeps no queue of edges, so quick ones merge: count nothing on them.
 */
import { join } from 'node:path';
import type { BinaryValue, Direction, Edge } from 'onoff';
import { KerbsideError } from '../../src/errors.js';
import type { InputLineName, OutputLineName } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { nowNs } from './clock.js';
import { gpioNumber, readGpioChips } from './gpio-lookup.js';

export interface OnoffSettings {
  readonly gpioRoot: string;
  readonly shutter: number;
  readonly flash: number | null;
  readonly strobe: number | null;
  readonly tamper: number | null;
  readonly ready: number | null;
}

/** What is used of onoff's Gpio. */
export interface GpioLine {
  readSync(): BinaryValue;
  writeSync(value: BinaryValue): void;
  watch(callback: (error: Error | null | undefined, value: BinaryValue) => void): void;
  unexport(): void;
}
export type GpioFactory = (number: number, direction: Direction, edge?: Edge) => GpioLine;

export type EdgeListener = (line: InputLineName, value: 0 | 1, atNs: MonotonicNs) => void;

export interface OnoffLines {
  /** Value file of each output, for the loop. */
  readonly outputPaths: Readonly<Partial<Record<OutputLineName, string>>>;
  /**
   * Reports each input's present value, then its edges. An input that can no longer be watched is a KerbsideError
   * 'line-failed', thrown into the event loop: a dead tamper line must end the session and not look like a quiet one.
   */
  watchInputs(listener: EdgeListener): void;
  lowerOutputs(): void;
  close(): void;
}

/** onoff is loaded only where lines are wanted: its native part has no business on a machine without GPIO. */
async function loadOnoff(): Promise<GpioFactory> {
  const { Gpio } = await import('onoff');
  return (number, direction, edge) => new Gpio(number, direction, edge);
}

/** @throws KerbsideError 'gpio-missing' or 'line-failed' */
export async function openOnoffLines(settings: OnoffSettings, factory?: GpioFactory): Promise<OnoffLines> {
  const chips = readGpioChips(settings.gpioRoot);
  const make = factory ?? (await loadOnoff());
  const opened: GpioLine[] = [];
  const outputs: GpioLine[] = [];
  const inputs: (readonly [InputLineName, GpioLine])[] = [];
  const outputPaths: Partial<Record<OutputLineName, string>> = {};
  const open = (name: OutputLineName | InputLineName, pin: number, direction: Direction, edge?: Edge) => {
    const number = gpioNumber(chips, name, pin);
    try {
      const line = make(number, direction, edge);
      opened.push(line);
      return { line, valuePath: join(settings.gpioRoot, `gpio${number}`, 'value') };
    } catch (cause) {
      throw new KerbsideError('line-failed', exportSentence(name, pin, number, cause), { cause });
    }
  };
  const close = (): void => opened.splice(0).forEach((line) => line.unexport());
  try {
    for (const name of ['shutter', 'flash'] as const) {
      const pin = settings[name];
      if (pin === null) continue;
      const { line, valuePath } = open(name, pin, 'low');
      outputs.push(line);
      outputPaths[name] = valuePath;
    }
    for (const name of ['strobe', 'tamper', 'ready'] as const) {
      const pin = settings[name];
      if (pin !== null) inputs.push([name, open(name, pin, 'in', 'both').line]);
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    outputPaths,
    watchInputs: (listener) => inputs.forEach(([name, line]) => watchInput(name, line, listener)),
    lowerOutputs: () => outputs.forEach((line) => line.writeSync(0)),
    close,
  };
}

function watchInput(name: InputLineName, line: GpioLine, listener: EdgeListener): void {
  listener(name, line.readSync(), nowNs());
  line.watch((error, value) => {
    if (error === null || error === undefined) {
      listener(name, value, nowNs());
      return;
    }
    // Nobody awaits an edge: the process's handler of uncaught errors lowers the lines and reports the fault.
    const sentence = `lines.${name}: the line cannot be watched any more (${error.message}); expected its edges`;
    throw new KerbsideError('line-failed', sentence, { cause: error });
  });
}

function exportSentence(name: string, pin: number, number: number, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const hints: Record<string, string> = {
    EBUSY: 'another program or driver holds it',
    EACCES: 'this user may not use it, expected group gpio',
    EINVAL: 'the kernel knows no such line',
  };
  const label = number === pin ? `GPIO ${pin}` : `GPIO ${pin} (number ${number} in sysfs)`;
  return `lines.${name}: ${label} cannot be used (${hints[code] ?? code}); expected a free line`;
}
