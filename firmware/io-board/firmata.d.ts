/** The part of firmata 2.3.0 that this folder uses; the package brings no types. */
declare module 'firmata' {
  import type { EventEmitter } from 'node:events';

  export interface FirmataOptions {
    /** Milliseconds until it asks for the version itself. */
    reportVersionTimeout?: number;
    /** Milliseconds between two analog reports that nobody asked for. */
    samplingInterval?: number;
  }

  export interface FirmataPin {
    /** undefined until it is set or told. */
    mode: number | undefined;
    supportedModes: number[];
    value: number;
  }

  export default class Firmata extends EventEmitter {
    constructor(port: object, options?: FirmataOptions);
    readonly MODES: Readonly<Record<'INPUT' | 'OUTPUT' | 'ANALOG' | 'PWM' | 'PULLUP', number>>;
    readonly RESOLUTION: { readonly ADC: number | null };
    readonly pins: FirmataPin[];
    /** Pin number of each analog channel. */
    readonly analogPins: number[];
    /** Of the protocol; empty until it is told. */
    readonly version: { readonly major?: number; readonly minor?: number };
    readonly isReady: boolean;
    pinMode(pin: number, mode: number): void;
    reportVersion(heard: () => void): void;
    queryFirmware(heard: () => void): void;
    queryPinState(pin: number, heard: () => void): void;
    /** Any pin of the port stands for all eight. */
    reportDigitalPin(pin: number, value: 0 | 1): void;
    reportAnalogPin(channel: number, value: 0 | 1): void;
  }
}
