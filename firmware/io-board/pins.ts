/** What the configuration says of the pins against what the board says of itself. */
import type Firmata from 'firmata';
import type { IoBoardPins } from './messages.js';

export const DIGITAL_INPUTS = [
  'tailgateOpen',
  'tailgateClosed',
  'parkLights',
  'tamperLoop',
  'flashReady',
  'armKey',
] as const satisfies readonly (keyof IoBoardPins)[];

export const ANALOG_INPUTS = ['battery', 'cabinet'] as const satisfies readonly (keyof IoBoardPins)[];

/** `A0` is channel 0. */
export const channelOf = (pin: string): number => Number(pin.slice(1));

/** @returns a sentence about the first pin that this board cannot serve so, else null */
export function objectToPins(io: Firmata, pins: IoBoardPins): string | null {
  const owners = new Map<number, string>();
  const wired: (readonly [name: keyof IoBoardPins, pin: number | undefined, mode: number, what: string])[] = [];
  for (const name of DIGITAL_INPUTS) {
    if (pins[name] !== null) wired.push([name, pins[name], io.MODES.PULLUP, 'a digital input with a pull-up']);
  }
  if (pins.lamp !== null) wired.push(['lamp', pins.lamp, io.MODES.OUTPUT, 'a digital output']);
  for (const name of ANALOG_INPUTS) {
    const pin = pins[name];
    if (pin !== null) wired.push([name, io.analogPins[channelOf(pin)], io.MODES.ANALOG, 'an analog input']);
  }
  for (const [name, pin, mode, what] of wired) {
    const key = `ioBoard.pins.${name}: ${String(pins[name])}`;
    if (pin === undefined || io.pins[pin]?.supportedModes.includes(mode) !== true) {
      return `${key} is not ${what} of this board; expected one`;
    }
    const owner = owners.get(pin);
    if (owner !== undefined) return `${key} is the pin of ${owner} already; expected a pin of its own`;
    owners.set(pin, name);
  }
  return null;
}
