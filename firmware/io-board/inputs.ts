/**
 * The inputs of the board as johnny-five components, and what they say as a report.
 *
 * Two properties of StandardFirmata shape this:
 * - It tells a digital port only when it changes, so silence may mean all is well or nothing is. But it answers each
 *   REPORT_DIGITAL and REPORT_ANALOG at once with the present value: asking again is the life sign and the new reading.
 * - A pin that is not set up as an input is told as 0, which here means active. A board that has restarted by itself
 *   would say: tailgate shut, loop whole, key pressed. So each question ends with the state of one pin: its mode shows
 *   whether the board still knows its inputs, and, since answers keep their order, that everything before it is new.
 *
 * johnny-five sets inputs to INPUT and writes a 1 for the pull-up, which a later write to the same port undoes or does to
 * others. PULLUP is a mode of its own that writes leave alone.
 */
import type Firmata from 'firmata';
import five, { type Board, type Sensor, type Switch } from 'johnny-five';
import type { BoardReport } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { celsiusOf, voltsOf } from './analog.js';
import { Debounce } from './debounce.js';
import type { IoBoardSettings } from './messages.js';
import { ANALOG_INPUTS, channelOf, DIGITAL_INPUTS } from './pins.js';

type DigitalName = (typeof DIGITAL_INPUTS)[number];
type AnalogName = (typeof ANALOG_INPUTS)[number];

/** johnny-five collects samples between two of its own events, which nobody hears here. */
const SENSOR_EVENTS_MS = 1000;
const FULL_SCALE_10_BIT = 1023;

export class Inputs {
  readonly #io: Firmata;
  readonly #settings: IoBoardSettings;
  readonly #switches = new Map<DigitalName, Switch>();
  readonly #sensors = new Map<AnalogName, Sensor>();
  readonly #key: Debounce;
  /** Pins and channels that have answered since they were asked. */
  readonly #heardPins = new Set<number>();
  readonly #heardChannels = new Set<number>();
  /** TAM-1: a break that is over again when the board is asked must be reported, too. */
  #loopBroke = false;
  #turn = 0;

  /** Only for pins that `objectToPins` accepts. */
  constructor(board: Board, io: Firmata, settings: IoBoardSettings, nowNs: () => MonotonicNs) {
    this.#io = io;
    this.#settings = settings;
    this.#key = new Debounce(settings.debounceMs);
    const { pins } = settings;
    io.on('digital-read', ({ pin, value }: { pin: number; value: number }) => {
      this.#heardPins.add(pin);
      if (pin === pins.armKey) this.#key.feed(value === 0, nowNs());
      if (pin === pins.tamperLoop && value !== 0) this.#loopBroke = true;
    });
    io.on('analog-read', ({ pin }: { pin: number }) => this.#heardChannels.add(pin));
    for (const name of DIGITAL_INPUTS) {
      const pin = pins[name];
      if (pin === null) continue;
      this.#switches.set(name, new five.Switch({ board, pin, type: 'NO' }));
      io.pinMode(pin, io.MODES.PULLUP);
    }
    for (const name of ANALOG_INPUTS) {
      const pin = pins[name];
      if (pin !== null) this.#sensors.set(name, new five.Sensor({ board, pin, freq: SENSOR_EVENTS_MS }));
    }
  }

  /** Asks for everything anew. @param done the last answer is there; everything asked before has been answered or never is */
  ask(done: (restarted: boolean) => void): void {
    const { pins } = this.#settings;
    this.#heardPins.clear();
    this.#heardChannels.clear();
    const digital = this.#digitalPins();
    for (const pin of new Map(digital.map((one) => [one >> 3, one])).values()) this.#io.reportDigitalPin(pin, 1);
    for (const channel of this.#channels()) this.#io.reportAnalogPin(channel, 1);
    const witness =
      digital[this.#turn % digital.length] ?? pins.lamp ?? this.#io.analogPins[this.#channels()[0] ?? 0] ?? 0;
    this.#turn += 1;
    this.#io.queryPinState(witness, () => {
      done(digital.length > 0 && this.#io.pins[witness]?.mode !== this.#io.MODES.PULLUP);
    });
  }

  /**
   * What the answers say, once `ask` is done.
   * @param askedNs when it was asked: the board was read no earlier
   * @returns a sentence where an answer is missing
   */
  read(askedNs: MonotonicNs): BoardReport | string {
    const pin = this.#digitalPins().find((one) => !this.#heardPins.has(one));
    if (pin !== undefined) return `does not tell pin ${pin} when asked; expected StandardFirmata 2.5 or later`;
    const channel = this.#channels().find((one) => !this.#heardChannels.has(one));
    if (channel !== undefined) return `does not tell A${channel} when asked; expected StandardFirmata 2.5 or later`;
    const armKey = this.#switches.has('armKey') ? this.#key.settled(askedNs) : null;
    if (this.#switches.has('armKey') && armKey === null) return 'has an arm key that never comes to rest';
    const loop = this.#closed('tamperLoop');
    const batteryV = this.#volts('battery');
    const cabinetV = this.#volts('cabinet');
    const report: BoardReport = {
      tailgateOpen: this.#closed('tailgateOpen'),
      tailgateClosed: this.#closed('tailgateClosed'),
      parkLights: this.#closed('parkLights'),
      tamperLoopWhole: loop === null ? null : loop && !this.#loopBroke,
      batteryV: batteryV === null ? null : batteryV * this.#settings.batteryDivider,
      cabinetC: cabinetV === null ? null : celsiusOf(cabinetV, this.#settings.temperatureSensor),
      flashReady: this.#closed('flashReady'),
      armKey,
    };
    this.#loopBroke = false;
    return report;
  }

  #closed(name: DigitalName): boolean | null {
    return this.#switches.get(name)?.isClosed ?? null;
  }

  #volts(name: AnalogName): number | null {
    const count = this.#sensors.get(name)?.raw ?? null;
    return count === null
      ? null
      : voltsOf(count, this.#io.RESOLUTION.ADC ?? FULL_SCALE_10_BIT, this.#settings.referenceV);
  }

  #digitalPins(): number[] {
    return DIGITAL_INPUTS.map((name) => this.#settings.pins[name]).filter((pin) => pin !== null);
  }

  #channels(): number[] {
    return ANALOG_INPUTS.map((name) => this.#settings.pins[name])
      .filter((pin) => pin !== null)
      .map(channelOf);
  }
}
