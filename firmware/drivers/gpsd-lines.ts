/**
 * What gpsd says, from characters to reports: one JSON object a line (gpsd_json(5)). Whoever holds the socket can send
 * anything, so a report is looked up by its class and never becomes the name of an event or of a method.
 */
import { LineReader } from '../control/lines.js';

export type GpsdReport = Readonly<Record<string, unknown>>;

const LONGEST_LINE = 65_536;

export interface GpsdSaid {
  /** Something came that was more than empty lines. */
  readonly spoke: boolean;
  readonly reports: readonly GpsdReport[];
}

export class GpsdLines {
  readonly #lines = new LineReader(LONGEST_LINE);

  /** Whole lines, whatever the chunks. A line that is too long, or is no JSON object, costs itself. */
  push(chunk: string): GpsdSaid {
    const lines = this.#lines.push(chunk);
    return { spoke: lines.length > 0, reports: lines.flatMap((line) => (line === null ? [] : objectsIn(line))) };
  }
}

/** Objects of a line; two that were glued together on the way are parted. */
function objectsIn(line: string): GpsdReport[] {
  const whole = objectOf(line);
  if (whole !== null) return [whole];
  return line
    .replaceAll('}{', '}\n{')
    .split('\n')
    .map(objectOf)
    .filter((object) => object !== null);
}

function objectOf(text: string): GpsdReport | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as GpsdReport) : null;
  } catch {
    return null;
  }
}
