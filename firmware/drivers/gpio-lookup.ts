/**
 * From the line number of the configuration to the number that the kernel's GPIO sysfs wants. Since Linux 6.6 a
 * Raspberry Pi's numbers no longer start at 0 (pin 17 is 529, on a Pi 5 588), and a plain 17 gives EINVAL.
 *
 * The rule, in this order:
 * 1. the chip behind the pin header, known by its label (Raspberry Pi): number = base + pin;
 * 2. the only chip there is: number = base + pin;
 * 3. several chips, none known: the number must already be the kernel's own, within one chip's range.
 * In 1 and 2 a number past the chip's last line is taken as the kernel's own if it lies within that chip.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';

/** Labels of chips that carry the pin header: Pi 1 to 3 (bcm2835), Pi 4 (bcm2711), Pi 5 (rp1). */
const HEADER_LABELS = [/^pinctrl-bcm2835/, /^pinctrl-bcm2711/, /^pinctrl-rp1/];

export interface GpioChip {
  readonly label: string;
  readonly base: number;
  readonly lines: number;
}

/** @throws KerbsideError 'gpio-missing' when the machine shows no GPIO under `gpioRoot` */
export function readGpioChips(gpioRoot: string): GpioChip[] {
  let names: string[];
  try {
    names = readdirSync(gpioRoot).filter((name) => /^gpiochip\d+$/.test(name));
  } catch (cause) {
    throw new KerbsideError('gpio-missing', missing(gpioRoot), { cause });
  }
  if (names.length === 0) throw new KerbsideError('gpio-missing', missing(gpioRoot));
  const read = (name: string, file: string): string => readFileSync(join(gpioRoot, name, file), 'utf8').trim();
  return names
    .map((name) => ({
      label: read(name, 'label'),
      base: Number(read(name, 'base')),
      lines: Number(read(name, 'ngpio')),
    }))
    .sort((one, other) => one.base - other.base);
}

const missing = (gpioRoot: string): string =>
  `lines: this machine shows no GPIO under ${gpioRoot}; expected a kernel with sysfs GPIO (or lines.driver: simulated)`;

const holds = (chip: GpioChip, number: number): boolean => number >= chip.base && number < chip.base + chip.lines;

/** @throws KerbsideError 'gpio-missing' when no line fits the number */
export function gpioNumber(chips: readonly GpioChip[], lineName: string, configured: number): number {
  const known = chips.filter((chip) => HEADER_LABELS.some((label) => label.test(chip.label)));
  const candidates = known.length > 0 ? known : chips;
  const [chip] = candidates;
  if (chip !== undefined && candidates.length === 1) {
    if (configured < chip.lines) return chip.base + configured;
    if (holds(chip, configured)) return configured;
  } else if (candidates.some((one) => holds(one, configured))) {
    return configured;
  }
  const found = chips.map((one) => `${one.label} ${one.base} to ${one.base + one.lines - 1}`).join(', ');
  const expected =
    candidates.length === 1
      ? `a pin of ${candidates[0]?.label ?? 'the chip'}`
      : "the kernel's own number of one of them";
  throw new KerbsideError(
    'gpio-missing',
    `lines.${lineName}: no GPIO ${configured} here (${found}); expected ${expected}`,
  );
}
