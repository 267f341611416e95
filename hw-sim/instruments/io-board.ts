/**
 * A pretend I/O board: an Uno with StandardFirmata (protocol 2.6) on a pty, wired as `firmware/board/io-board` says.
 * Modelled as the firmware does it, the unpleasant parts, too:
 *   - after a start every pin is an output, nothing is reported, and a pin that is no input is told as 0;
 *   - a digital port is told when it changes and when its report is asked for, never otherwise;
 *   - a write to a port switches the pull-up of its INPUT pins on, and leaves PULLUP pins alone;
 *   - it announces itself after a start.
 * An input without a pull-up reads 0 when nothing drives it; on a real board it floats.
 */
import type { Clock } from '../../src/ports/index.js';
import { systemClock } from '../clock.js';
import { PtyWire } from './pty-wire.js';

const INPUT = 0;
const OUTPUT = 1;
const ANALOG = 2;
const PWM = 3;
const PULLUP = 11;

const PIN_COUNT = 20;
const FIRST_ANALOG_PIN = 14;
const FIRST_DIGITAL_PIN = 2;
const PWM_PINS = new Set([3, 5, 6, 9, 10, 11]);

/** The documented wiring. */
const WIRING = {
  tailgateOpen: 2,
  tailgateClosed: 3,
  parkLights: 4,
  tamperLoopWhole: 5,
  flashReady: 6,
  armKey: 7,
} as const;
const LAMP_PIN = 8;
const BATTERY_CHANNEL = 0;
const CABINET_CHANNEL = 1;
const REFERENCE_V = 5;
const BATTERY_DIVIDER = 5;
const TMP36_ZERO_V = 0.5;
const FULL_SCALE = 1023;

const SYSEX = 0xf0;
const SYSEX_END = 0xf7;
const VERSION = 0xf9;
const RESET = 0xff;
const MOST_REMEMBERED = 2000;

export type IoBoardInput = keyof typeof WIRING;

export interface IoBoardOptions {
  /** The device name that the controller opens. */
  readonly devicePath: string;
  readonly clock?: Clock;
  readonly baudRate?: number;
  /** Told by REPORT_VERSION. */
  readonly protocol?: readonly [major: number, minor: number];
  /** The boot loader's time after the port was opened: nothing is heard or said. */
  readonly bootMs?: number;
}

export class IoBoard {
  readonly #options: IoBoardOptions;
  readonly #wire: PtyWire;
  readonly #modes: number[] = [];
  /** What was written to a pin; for INPUT 1: its pull-up is on. */
  readonly #written: number[] = [];
  readonly #grounded = new Set<number>();
  readonly #volts = new Map<number, number>();
  readonly #reportedPorts = new Map<number, number>();
  readonly #reportedChannels = new Set<number>();
  #command: number[] = [];
  #samplingMs = 19;
  #sampling: NodeJS.Timeout | null = null;
  #booting: NodeJS.Timeout | null = null;
  #started = false;
  /** Stays plugged, does nothing. */
  silent = false;
  /** Complete commands since it was plugged in, oldest first. */
  heard: (readonly number[])[] = [];
  /** Levels of the lamp's pin since it was plugged in, each change. */
  lampLevels: (0 | 1)[] = [];

  constructor(options: IoBoardOptions) {
    this.#options = options;
    this.#wire = new PtyWire({
      devicePath: options.devicePath,
      baudRate: options.baudRate ?? 57_600,
      parity: 'none',
      clock: options.clock ?? systemClock,
      onBytes: (bytes) => {
        this.#receive(bytes);
      },
    });
    this.#forget();
    this.set('tamperLoopWhole', true);
    this.set('tailgateClosed', true);
    this.setBatteryV(12.6);
    this.setCabinetC(25);
  }

  /** Open file descriptors that no child process may inherit. */
  get descriptors(): readonly number[] {
    return this.#wire.descriptors;
  }

  get lamp(): boolean {
    return this.#modes[LAMP_PIN] === OUTPUT && this.#written[LAMP_PIN] === 1;
  }

  /** Power comes with the cable. @throws SimulationProblem where this machine gives no pty */
  plug(): void {
    this.#forget();
    this.heard = [];
    this.lampLevels = [];
    this.#started = false;
    this.#wire.plug();
  }

  unplug(): void {
    this.#wire.unplug();
    if (this.#booting !== null) clearTimeout(this.#booting);
    this.#booting = null;
    this.#stopSampling();
  }

  /** Power dips, the cable stays: it forgets everything. @param announce a real one says so */
  restart(announce = true): void {
    this.#forget();
    if (announce) this.#announce();
  }

  /** @param active closes the contact to ground */
  set(input: IoBoardInput, active: boolean): void {
    const pin = WIRING[input];
    if (active) this.#grounded.add(pin);
    else this.#grounded.delete(pin);
    this.#tellChange(pin >> 3);
  }

  /** Half way, no switch is made. */
  setTailgate(position: 'open' | 'closed' | 'between'): void {
    this.set('tailgateOpen', position === 'open');
    this.set('tailgateClosed', position === 'closed');
  }

  setBatteryV(volts: number): void {
    this.#volts.set(BATTERY_CHANNEL, volts / BATTERY_DIVIDER);
  }

  /** A TMP36. */
  setCabinetC(celsius: number): void {
    this.#volts.set(CABINET_CHANNEL, TMP36_ZERO_V + celsius / 100);
  }

  #forget(): void {
    for (let pin = 0; pin < PIN_COUNT; pin += 1) {
      this.#modes[pin] = pin >= FIRST_ANALOG_PIN ? ANALOG : OUTPUT;
      this.#written[pin] = 0;
    }
    this.#command = [];
    this.#reportedPorts.clear();
    this.#reportedChannels.clear();
    this.#stopSampling();
  }

  #announce(): void {
    this.#sendVersion();
    this.#sendFirmware();
  }

  #send(...bytes: number[]): void {
    if (!this.silent) this.#wire.send(Uint8Array.from(bytes));
  }

  #receive(bytes: Uint8Array): void {
    if (this.silent || this.#booting !== null) return;
    const { bootMs = 0 } = this.#options;
    if (!this.#started && bootMs > 0) {
      this.#booting = setTimeout(() => {
        this.#booting = null;
        this.#started = true;
        this.#announce();
      }, bootMs);
      return;
    }
    this.#started = true;
    for (const byte of bytes) this.#take(byte);
  }

  #take(byte: number): void {
    // A command byte ends whatever was unfinished; only the end of a SysEx does not begin something.
    if (byte >= 0x80 && byte !== SYSEX_END) this.#command = [];
    this.#command.push(byte);
    const first = this.#command[0] ?? 0;
    const complete = first === SYSEX ? byte === SYSEX_END : this.#command.length === lengthOf(first);
    if (!complete) return;
    const command = this.#command;
    this.#command = [];
    this.heard.push(command);
    if (this.heard.length > MOST_REMEMBERED) this.heard.shift();
    this.#obey(command);
  }

  #obey([first = 0, a = 0, b = 0, c = 0]: readonly number[]): void {
    if (first === SYSEX) this.#obeySysex(a, b, c);
    else if (first === VERSION) this.#sendVersion();
    else if (first === RESET) this.#forget();
    else if (first === 0xf4) this.#setMode(a, b);
    else if ((first & 0xf0) === 0xd0) this.#reportPort(first & 0x0f, a);
    else if ((first & 0xf0) === 0xc0) this.#reportChannel(first & 0x0f, a);
    else if ((first & 0xf0) === 0x90) this.#writePort(first & 0x0f, a | (b << 7));
    else if ((first & 0xf0) === 0xe0 && this.#modes[first & 0x0f] === PWM) this.#written[first & 0x0f] = a | (b << 7);
  }

  #obeySysex(kind: number, a: number, b: number): void {
    if (kind === 0x79) this.#sendFirmware();
    else if (kind === 0x6b) this.#send(SYSEX, 0x6c, ...capabilities(), SYSEX_END);
    else if (kind === 0x69) {
      const channels = Array.from({ length: PIN_COUNT }, (_, pin) =>
        pin >= FIRST_ANALOG_PIN ? pin - FIRST_ANALOG_PIN : 0x7f,
      );
      this.#send(SYSEX, 0x6a, ...channels, SYSEX_END);
    } else if (kind === 0x6d) {
      const written = this.#written[a] ?? 0;
      this.#send(
        SYSEX,
        0x6e,
        a,
        this.#modes[a] ?? 0x7f,
        written & 0x7f,
        ...(written > 0x7f ? [written >> 7] : []),
        SYSEX_END,
      );
    } else if (kind === 0x7a) {
      this.#samplingMs = a | (b << 7);
      this.#sample();
    }
  }

  #setMode(pin: number, mode: number): void {
    this.#modes[pin] = mode;
    this.#written[pin] = mode === PULLUP ? 1 : 0;
  }

  #writePort(port: number, value: number): void {
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = port * 8 + bit;
      const mode = this.#modes[pin];
      if (mode !== OUTPUT && mode !== INPUT) continue;
      const level = ((value >> bit) & 1) as 0 | 1;
      if (pin === LAMP_PIN && mode === OUTPUT && level !== (this.lampLevels.at(-1) ?? 0)) this.lampLevels.push(level);
      this.#written[pin] = level;
    }
  }

  #reportPort(port: number, on: number): void {
    if (on === 0) this.#reportedPorts.delete(port);
    else this.#sendPort(port, this.#levels(port));
  }

  #reportChannel(channel: number, on: number): void {
    if (on === 0) this.#reportedChannels.delete(channel);
    else {
      this.#reportedChannels.add(channel);
      this.#sendChannel(channel);
      this.#sample();
    }
  }

  /** Pins that are no inputs are told as 0. */
  #levels(port: number): number {
    let levels = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = port * 8 + bit;
      const pulledUp = this.#modes[pin] === PULLUP || (this.#modes[pin] === INPUT && this.#written[pin] === 1);
      if (pulledUp && !this.#grounded.has(pin)) levels |= 1 << bit;
    }
    return levels;
  }

  #tellChange(port: number): void {
    const told = this.#reportedPorts.get(port);
    if (told === undefined) return;
    const levels = this.#levels(port);
    if (levels !== told) this.#sendPort(port, levels);
  }

  #sendPort(port: number, levels: number): void {
    this.#reportedPorts.set(port, levels);
    this.#send(0x90 | port, levels & 0x7f, levels >> 7);
  }

  #sendChannel(channel: number): void {
    const volts = Math.min(REFERENCE_V, Math.max(0, this.#volts.get(channel) ?? 0));
    const count = Math.round((volts / REFERENCE_V) * FULL_SCALE);
    this.#send(0xe0 | channel, count & 0x7f, count >> 7);
  }

  #sample(): void {
    this.#stopSampling();
    this.#sampling = setInterval(() => {
      for (const channel of this.#reportedChannels) this.#sendChannel(channel);
    }, this.#samplingMs);
  }

  #stopSampling(): void {
    if (this.#sampling !== null) clearInterval(this.#sampling);
    this.#sampling = null;
  }

  #sendVersion(): void {
    const [major, minor] = this.#options.protocol ?? [2, 6];
    this.#send(VERSION, major, minor);
  }

  #sendFirmware(): void {
    const name = [...Buffer.from('StandardFirmata.ino')].flatMap((code) => [code & 0x7f, code >> 7]);
    this.#send(SYSEX, 0x79, 2, 5, ...name, SYSEX_END);
  }
}

/** Bytes of a command that is no SysEx. */
function lengthOf(first: number): number {
  if (first >= 0xf8) return 1;
  if (first === 0xf4) return 3;
  return (first & 0xf0) === 0xc0 || (first & 0xf0) === 0xd0 ? 2 : 3;
}

/** Mode and bits of resolution, pin by pin; the two of the serial port can do nothing. */
function capabilities(): number[] {
  return Array.from({ length: PIN_COUNT }, (_, pin) => {
    if (pin < FIRST_DIGITAL_PIN) return [0x7f];
    const modes = [INPUT, 1, PULLUP, 1, OUTPUT, 1];
    if (pin >= FIRST_ANALOG_PIN) modes.push(ANALOG, 10);
    if (PWM_PINS.has(pin)) modes.push(PWM, 8);
    return [...modes, 0x7f];
  }).flat();
}
