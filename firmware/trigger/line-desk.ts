/** The trigger's lines as its main thread sees them, whatever the driver. */
import type { OutputLineName } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { openOnoffLines, type EdgeListener } from '../drivers/onoff-lines.js';
import { openFileLine } from '../drivers/output-lines.js';
import { SimulatedLines } from '../drivers/simulated-lines.js';
import type { LineSettings } from './messages.js';
import type { WorkerLine } from './thread-messages.js';

export interface LineDesk {
  /** What the worker needs to write the outputs. */
  readonly workerLines: readonly WorkerLine[];
  /** Inputs are reported from here on; where the driver knows it, the present value first. */
  watchInputs(): void;
  /** The worker has changed a line that it does not write itself. */
  changed(line: OutputLineName, value: 0 | 1, atNs: MonotonicNs): void;
  lowerOutputs(): void;
  close(): Promise<void>;
}

/** @throws KerbsideError 'gpio-missing' or 'line-failed' */
export async function openLineDesk(settings: LineSettings, onEdge: EdgeListener): Promise<LineDesk> {
  if (settings.driver === 'simulated') return openSimulated(settings.socket, onEdge);
  if (settings.driver === 'file') return openFiles(settings);
  const lines = await openOnoffLines(settings);
  const workerLines = Object.entries(lines.outputPaths).map(([name, path]) => ({ name: name as OutputLineName, path }));
  return {
    workerLines,
    watchInputs: () => lines.watchInputs(onEdge),
    changed: () => undefined,
    lowerOutputs: () => lines.lowerOutputs(),
    close: async () => lines.close(),
  };
}

async function openSimulated(socket: string, onEdge: EdgeListener): Promise<LineDesk> {
  const names: readonly OutputLineName[] = ['shutter', 'flash'];
  const early: Parameters<EdgeListener>[] = [];
  let listener: EdgeListener = (...edge) => void early.push(edge);
  const lines = await SimulatedLines.serve(socket, names, (...edge) => listener(...edge));
  return {
    workerLines: names.map((name) => ({ name, path: null })),
    watchInputs: () => {
      listener = onEdge;
      early.splice(0).forEach((edge) => onEdge(...edge));
    },
    changed: (line, value, atNs) => lines.set(line, value, atNs),
    lowerOutputs: () => lines.lowerOutputs(),
    close: () => lines.close(),
  };
}

function openFiles(settings: Extract<LineSettings, { driver: 'file' }>): LineDesk {
  const workerLines: { name: OutputLineName; path: string }[] = [{ name: 'shutter', path: settings.shutter }];
  if (settings.flash !== null) workerLines.push({ name: 'flash', path: settings.flash });
  const lines = workerLines.map(({ name, path }) => openFileLine(name, path));
  return {
    workerLines,
    watchInputs: () => undefined,
    changed: () => undefined,
    lowerOutputs: () => lines.forEach((line) => line.set(0)),
    close: async () => lines.forEach((line) => line.close()),
  };
}
