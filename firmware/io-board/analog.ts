/** From counts of the converter to volts and degrees (TMP36: 0.5 V at 0 C; LM35: 0 V at 0 C; both 10 mV a degree). */
import type { IoBoardSettings } from './messages.js';

/** Voltage at the pin. @param fullScale the converter's largest count */
export const voltsOf = (count: number, fullScale: number, referenceV: number): number =>
  (count / fullScale) * referenceV;

const ZERO_V = { tmp36: 0.5, lm35: 0 } as const;

export const celsiusOf = (volts: number, sensor: IoBoardSettings['temperatureSensor']): number =>
  (volts - ZERO_V[sensor]) * 100;
