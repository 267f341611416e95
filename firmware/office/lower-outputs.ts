/**
 * Output lines after the death of the trigger process. The kernel's GPIO sysfs keeps a line as it was left, so a process
 * that is killed within a pulse leaves shutter or flash high; the office writes the zero then. Best effort: after an
 * orderly end the lines are given back and their files are gone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gpioNumber, readGpioChips } from '../drivers/gpio-lookup.js';
import type { LineSettings } from '../trigger/messages.js';

/** Only where a line outlives its process: driver onoff. */
export function lowerOutputs(lines: LineSettings): void {
  if (lines.driver !== 'onoff') return;
  const { gpioRoot } = lines;
  for (const name of ['shutter', 'flash'] as const) {
    const pin = lines[name];
    if (pin === null) continue;
    try {
      const number = gpioNumber(readGpioChips(gpioRoot), name, pin);
      writeFileSync(join(gpioRoot, `gpio${String(number)}`, 'value'), '0', { flag: 'r+' });
    } catch {
      // Given back already, or the GPIO itself is gone: nothing is left that could be lowered.
    }
  }
}
