/**
 * A pretend AGD 350 (domain/radar-protocols.md): tracked targets as message 04 at the frame rate, heartbeats,
 * commands with their answers, the self-test in both directions. It free-runs from switching on.
 * The angle field is measured from the boresight and grows clockwise seen from above, so for a beam turned to the left
 * a vehicle that is farther along the road (a smaller angle to the road) has a positive one.
 */
import type { Random } from '../prng.js';
import { echoes, type Echo } from '../road/beam.js';
import type { Road } from '../road/road.js';
import type { TargetFormat, TrackedTarget } from './agd350-frames.js';
import { heartbeatFrame, trackedTargetFrame } from './agd350-frames.js';
import type { ResolutionCell, TrackedEcho } from './agd350-tracker.js';
import { DEFAULT_CELL, Tracker } from './agd350-tracker.js';
import type { RadarInstrument } from './radar.js';

export interface Agd350Options {
  readonly road: Road;
  readonly random: Random;
  /** What is in the beam at an instant; default: every vehicle of the road that is. */
  readonly see?: (timeS: number) => readonly Echo[];
  readonly framesPerS?: number;
  readonly cell?: ResolutionCell;
  /** Standard deviations of the instrument's own errors. */
  readonly noise?: { readonly speedKmh: number; readonly rangeM: number; readonly angleDeg: number };
}

/** The simulated target of the self-test: constant, and the same in both directions. */
export const SELF_TEST_TARGET = { speedKmh: 80, rangeM: 25, frames: 25 } as const;

/** Before the antenna; a track number far from those of the road. */
const FORK = { track: 90, rangeM: 0.3, strengthDb: 70, speedNoiseKmh: 0.05 } as const;

const DEFAULT_NOISE = { speedKmh: 0.1, rangeM: 0.03, angleDeg: 0.08 };
const FACTORY = { SU: 'M', CT: 'P', DIR: 'B', LS: '010', HBP: '005' };
const FIXED_ANSWERS: Readonly<Record<string, string>> = {
  SN: 'DEMO-350-0001',
  TEMP: '+31.5',
  CRC32: '5EEDC0DE',
  CD: '01/03/2026,DEMO-CAL-0001',
};
const ACCEPTED: Readonly<Record<keyof typeof FACTORY, RegExp>> = {
  SU: /^[KM]$/,
  CT: /^[PC]$/,
  DIR: /^[ARB]$/,
  LS: /^\d{1,3}(\.\d)?$/,
  HBP: /^\d{1,3}$/,
};
const isSetting = (name: string): name is keyof typeof FACTORY => Object.hasOwn(FACTORY, name);
/** No command is longer; a line that never ends is thrown away. */
const LONGEST_COMMAND = 40;

const secondsOfDay = (utcMs: number): number => (utcMs / 1000) % 86400;

export class Agd350 implements RadarInstrument {
  readonly framePeriodS: number;
  readonly #road: Road;
  readonly #random: Random;
  readonly #tracker: Tracker;
  readonly #see: (timeS: number) => readonly Echo[];
  readonly #noise: { readonly speedKmh: number; readonly rangeM: number; readonly angleDeg: number };
  #settings: Record<keyof typeof FACTORY, string> = { ...FACTORY };
  #partial = '';
  #selfTest: { direction: 'X' | 'Y'; framesLeft: number } | null = null;
  #nextHeartbeatMs = -Infinity;
  #forkKmh: number | null = null;

  constructor(options: Agd350Options) {
    this.#road = options.road;
    this.#random = options.random;
    this.#see = options.see ?? ((timeS) => echoes(options.road, timeS));
    this.framePeriodS = 1 / (options.framesPerS ?? 50);
    this.#tracker = new Tracker(options.random, options.cell ?? DEFAULT_CELL);
    this.#noise = options.noise ?? DEFAULT_NOISE;
  }

  restart(): void {
    this.#settings = { ...FACTORY };
    this.#partial = '';
    this.#selfTest = null;
  }

  frame(timeS: number, utcMs: number): Uint8Array[] {
    const messages: Uint8Array[] = [];
    if (utcMs >= this.#nextHeartbeatMs) {
      messages.push(heartbeatFrame(secondsOfDay(utcMs)));
      this.#nextHeartbeatMs = utcMs + Math.max(1, Number(this.#settings.HBP)) * 1000;
    }
    if (this.#selfTest) messages.push(...this.#selfTestFrame(utcMs));
    if (this.#forkKmh !== null) messages.push(this.#forkFrame(this.#forkKmh, utcMs));
    // Real targets go on being tracked during a self-test; they are what its marks must be told apart from.
    for (const tracked of this.#tracker.update(this.#see(timeS))) {
      const target = this.#target(tracked, utcMs);
      if (this.#wanted(target)) messages.push(trackedTargetFrame(target, this.#format()));
    }
    return messages;
  }

  nextOwnUtcMs(): number {
    return this.#selfTest !== null || this.#forkKmh !== null ? -Infinity : this.#nextHeartbeatMs;
  }

  holdFork(speedKmh: number | null): void {
    this.#forkKmh = speedKmh;
  }

  receive(bytes: Uint8Array): Uint8Array[] {
    this.#partial += Buffer.from(bytes).toString('latin1');
    const commands = this.#partial.split(/[\r\n]/);
    this.#partial = (commands.pop() ?? '').slice(-LONGEST_COMMAND);
    return commands.filter((command) => command !== '').map((command) => Buffer.from(`${this.#answer(command)}\r`));
  }

  #answer(command: string): string {
    const match = /^\*([A-Z0-9]+)(?:=([^?!]*)|(\?)|!)$/.exec(command);
    if (!match) return '#ERROR:SYNTAX';
    const [, name = '', value, query] = match;
    if (name === 'TS' && value !== undefined) return this.#startSelfTest(value);
    if (query !== undefined && FIXED_ANSWERS[name] !== undefined) return `#${name}?${FIXED_ANSWERS[name]}`;
    if (!isSetting(name)) return `#ERROR:${name}`;
    if (value !== undefined) {
      if (!ACCEPTED[name].test(value)) return `#ERROR:${name}`;
      this.#settings[name] = value;
      if (name === 'HBP') this.#nextHeartbeatMs = -Infinity;
    }
    // A command is echoed; a question is answered with a question mark (page 12 of the printed 342 manual).
    return `#${name}${query === undefined ? '=' : '?'}${this.#settings[name]}`;
  }

  #startSelfTest(value: string): string {
    const match = /^1,([AR])$/.exec(value);
    if (!match) return '#ERROR:TS';
    this.#selfTest = { direction: match[1] === 'A' ? 'X' : 'Y', framesLeft: SELF_TEST_TARGET.frames };
    return `#TS=${value}`;
  }

  #selfTestFrame(utcMs: number): Uint8Array[] {
    const test = this.#selfTest;
    if (!test) return [];
    if (test.framesLeft === 0) {
      this.#selfTest = null;
      return [Buffer.from('#TS:COMPLETE\r')];
    }
    test.framesLeft -= 1;
    const target: TrackedTarget = {
      timeOfDayS: secondsOfDay(utcMs),
      track: 1,
      direction: test.direction,
      speedKmh: SELF_TEST_TARGET.speedKmh,
      rangeM: SELF_TEST_TARGET.rangeM,
      angleDeg: 0,
      bearingDeg: test.direction === 'X' ? 180 : 0,
      strengthDb: 60,
    };
    return [trackedTargetFrame(target, this.#format())];
  }

  /** Prongs that swing both ways: the direction is as good as a coin. */
  #forkFrame(speedKmh: number, utcMs: number): Uint8Array {
    const target: TrackedTarget = {
      timeOfDayS: secondsOfDay(utcMs),
      track: FORK.track,
      direction: this.#random.gaussian(1) > 0 ? 'A' : 'R',
      speedKmh: speedKmh + this.#random.gaussian(FORK.speedNoiseKmh),
      rangeM: FORK.rangeM,
      angleDeg: 0,
      bearingDeg: 180,
      strengthDb: FORK.strengthDb,
    };
    return trackedTargetFrame(target, this.#format());
  }

  #target({ track, echo, strengthDb }: TrackedEcho, utcMs: number): TrackedTarget {
    const away = echo.radialKmh > 0;
    const { side, facing } = this.#road.geometry;
    const angleDeg = this.#road.beamAngleDeg;
    // The road lies to the right of a van on the left; a beam that looks back sees it on its left.
    const turnedLeft = (side === 'left') === (facing === 'rear');
    const turn = turnedLeft ? -1 : 1;
    const bearing = (away ? 0 : 180) - turn * angleDeg;
    return {
      timeOfDayS: secondsOfDay(utcMs),
      track,
      direction: away ? 'R' : 'A',
      speedKmh: Math.abs(echo.radialKmh) + this.#random.gaussian(this.#noise.speedKmh),
      rangeM: echo.rangeM + this.#random.gaussian(this.#noise.rangeM),
      angleDeg: turn * (echo.sightAngleDeg - angleDeg) + this.#random.gaussian(this.#noise.angleDeg),
      bearingDeg: (bearing + 360) % 360,
      strengthDb,
    };
  }

  #wanted(target: TrackedTarget): boolean {
    const { DIR, LS, SU } = this.#settings;
    const lowKmh = Number(LS) * (SU === 'M' ? 1.609344 : 1);
    return (DIR === 'B' || DIR === target.direction) && target.speedKmh >= lowKmh;
  }

  #format(): TargetFormat {
    return { unit: this.#settings.SU === 'K' ? 'K' : 'M', coordinates: this.#settings.CT === 'C' ? 'C' : 'P' };
  }
}
