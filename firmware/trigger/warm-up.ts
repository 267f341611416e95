/**
 * Dummy traffic for a controller that is thrown away afterwards, so that the first real offender meets compiled code: the
 * first pass that fires costs some 3 ms cold, the hundredth 0.1 ms, the five-hundredth 0.04 ms, and the camera may see
 * only a few an hour. The warm-up plays a whole session in made-up time: a straight road, clock and position, leased
 * numbers, a camera that answers at once, and speeders approaching until enough have been fired at.
 */
import type { ControllerConfig } from '../../src/controller-config.js';
import type { Controller } from '../../src/controller.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { NOT_SURVEYED } from '../../src/site/types.js';
import type { Input, Output } from '../../src/timeline.js';
import { degrees, kmh, metres, monotonicNs, NS_PER_MS, NS_PER_S, plusNs, utcMs } from '../../src/units.js';
import { EagerOutputs } from './eager-outputs.js';

const ENOUGH_FIRES = 600;
const MOST_VEHICLES = 900;
/** The start of a session must not hang on it, even on a slow board. */
const MOST_MS = 2000;
const FRAME_EVERY_NS = 10 * NS_PER_MS;
const TICK_EVERY_NS = 50 * NS_PER_MS;
/** Longer than the gap that ends a pass. */
const PAUSE_NS = 300 * NS_PER_MS;
/** Frames and ticks of one vehicle, generously. */
const PIECES_PER_VEHICLE = 60;
const SPEED_KMH = 150;
const LATERAL_M = 5.25;
const SESSION_UTC_MS = Date.UTC(2026, 0, 1);
const VAN = { latitude: -36.8928, longitude: 174.7999 };

/** The configuration under which the dummies are fired at: the real radar and camera, at a made-up site. */
export function warmUpConfig(real: ControllerConfig): ControllerConfig {
  return {
    ...real,
    camera: {
      ...real.camera,
      serialNumber: null,
      deadTimeMs: 0,
      imageTimeoutMs: 10_000,
      hasStrobe: false,
      hasReadyLine: false,
    },
    radar: { ...real.radar, requireReadback: false, selfTest: false, angleReference: 'boresight' },
    mounting: {
      facing: 'rear',
      side: 'left',
      antennaAheadM: metres(0),
      antennaOffsetM: metres(0),
      angleDeg: degrees(22.5),
      beamWidthDeg: degrees(5),
    },
    site: {
      code: '0000',
      road: 'warm-up',
      locality: null,
      version: null,
      ...NOT_SURVEYED,
      limitSource: null,
      zone: 'Pacific/Auckland',
      centreline: [
        { latitude: -36.9, longitude: 174.8 },
        { latitude: -36.885, longitude: 174.8 },
      ],
      lanes: [
        { id: '1', direction: 'increasing', widthM: metres(3.5), monitored: true },
        { id: '2', direction: 'decreasing', widthM: metres(3.5), monitored: true },
      ],
      limitKmh: kmh(50),
      threshold: { speedKmh: kmh(60), authority: 'warm-up', date: '2026-01-01' },
      limitDrops: [],
      merges: [],
      temporaryLimit: false,
      school: null,
      deployment: { vanHeading: 'increasing', lateralM: metres(LATERAL_M) },
    },
    lines: ['shutter', 'flash'],
    installation: 'mobile',
    plan: null,
    reference: NO_REFERENCE,
    equipment: { radarSerial: null, forks: [], selfTestEveryMinutes: null },
    hasIoBoard: false,
    demo: true,
  };
}

/**
 * A session of dummies on a controller that is thrown away. `warmUp` plays it until the code is compiled; `step` plays
 * one small piece of it, so that code and caches are still warm when the deciding frame of a real offender comes.
 */
export class Rehearsal {
  readonly #session: DummySession;
  readonly #pieces: Iterator<undefined, never>;

  constructor(controller: Controller, protocol: 'agd350' | 'ops243') {
    this.#session = new DummySession(controller);
    this.#pieces = this.#session.play(protocol);
  }

  /** @returns how many dummies were fired at */
  warmUp(): number {
    const stopMs = performance.now() + MOST_MS;
    const mostPieces = MOST_VEHICLES * PIECES_PER_VEHICLE;
    for (let piece = 0; piece < mostPieces && this.#session.fires < ENOUGH_FIRES; piece += 1) {
      if (performance.now() > stopMs) break;
      this.step();
    }
    return this.#session.fires;
  }

  /** One frame or tick: some 10 to 40 microseconds once warm. */
  step(): void {
    this.#pieces.next();
  }
}

class DummySession {
  atNs = monotonicNs(NS_PER_S);
  fires = 0;
  readonly #controller: Controller;
  #nextSecondNs = 0;
  #nextIcn = 1;

  constructor(controller: Controller) {
    this.#controller = controller;
  }

  /** Vehicle after vehicle, for ever; each step is one input. */
  *play(protocol: 'agd350' | 'ops243'): Generator<undefined, never> {
    this.input({ type: 'gps-link', atNs: this.atNs, up: true, detail: 'warm-up' });
    this.input({ type: 'radar-link', atNs: this.atNs, up: true, detail: 'warm-up' });
    yield* this.#timeGoesBy(8 * NS_PER_S);
    if (protocol === 'ops243') this.#bytes(Buffer.from('{"Units":"km-per-hr"}\r\n'));
    const frames = (protocol === 'agd350' ? agdVehicle() : opsVehicle()).map((text) => Buffer.from(text, 'latin1'));
    for (;;) {
      const before = this.fires;
      for (const frame of frames) {
        this.atNs = plusNs(this.atNs, FRAME_EVERY_NS);
        this.#bytes(frame);
        yield;
        if (this.fires > before) break;
      }
      yield* this.#timeGoesBy(PAUSE_NS);
    }
  }

  #bytes(bytes: Uint8Array): void {
    this.input({ type: 'radar-bytes', atNs: this.atNs, bytes });
  }

  *#timeGoesBy(durationNs: number): Generator<undefined> {
    for (let leftNs = durationNs; leftNs > 0; leftNs -= TICK_EVERY_NS) {
      this.atNs = plusNs(this.atNs, TICK_EVERY_NS);
      if (this.atNs >= this.#nextSecondNs) this.#second();
      this.input({ type: 'tick', atNs: this.atNs });
      yield;
    }
  }

  input(input: Input): void {
    // The same kind of list as in the loop: compiled code is compiled for it.
    const outputs = new EagerOutputs(() => undefined);
    this.#controller.handle(input, outputs);
    for (const output of outputs) this.#react(output);
  }

  #second(): void {
    this.#nextSecondNs = this.atNs + NS_PER_S;
    const atNs = this.atNs;
    const utc = utcMs(SESSION_UTC_MS + atNs / NS_PER_MS);
    this.input({ type: 'clock', atNs, utcMs: utc, disciplined: true, uncertaintyMs: 1 });
    const fix = { mode: 3, status: 1, utcMs: utc, ...VAN, altitudeM: 20, speedMs: 0, horizontalErrorM: metres(3) };
    this.input({ type: 'gps-fix', atNs, fix });
  }

  #react(output: Output): void {
    if (output.type === 'request-lease') {
      const icns = Array.from({ length: output.count }, () => String(this.#nextIcn++).padStart(9, '0'));
      this.input({ type: 'lease', atNs: this.atNs, icns });
    } else if (output.type === 'fire') {
      this.fires += 1;
      this.#deliver(`warm-up ${this.fires}`);
    }
  }

  #deliver(imageId: string): void {
    const image = {
      imageId,
      fileName: imageId,
      sha256: imageId,
      bytes: 1,
      problem: null,
      counter: this.fires,
      cameraClockMs: null,
      cameraClockResolutionMs: 1000,
      serialNumber: null,
      duplicate: false,
    };
    this.input({ type: 'image', atNs: this.atNs, image });
  }
}

/** Ranges of a front that crosses the beam from its far edge (20 degrees) to its near one (25 degrees). */
function* approach(): Generator<{ rangeM: number; sightRad: number; speedKmh: number }> {
  const farM = LATERAL_M / Math.tan((20 * Math.PI) / 180);
  const nearM = LATERAL_M / Math.tan((25 * Math.PI) / 180);
  const stepM = (SPEED_KMH / 3.6) * (FRAME_EVERY_NS / NS_PER_S);
  for (let movedM = 0; movedM < farM - nearM + 4.5; movedM += stepM) {
    const aheadM = Math.max(nearM, farM - movedM);
    const sightRad = Math.atan2(LATERAL_M, aheadM);
    yield { rangeM: Math.hypot(aheadM, LATERAL_M), sightRad, speedKmh: SPEED_KMH * Math.cos(sightRad) };
  }
}

/** AGD message 04 (domain/radar-protocols.md). */
function agdVehicle(): string[] {
  return Array.from(approach(), ({ rangeM, sightRad, speedKmh }) => {
    const angleDeg = 22.5 - (sightRad * 180) / Math.PI;
    const angle = `${angleDeg < 0 ? '-' : '+'}${Math.abs(angleDeg).toFixed(1).padStart(4, '0')}`;
    const [speed, range] = [speedKmh, rangeM].map((value) => value.toFixed(1).padStart(5, '0'));
    return agdFrame(`\x0204,43200.00,01,A,${speed},K,${range},${angle},157.5,P,061.5*`);
  });
}

function agdFrame(body: string): string {
  let crc = 0;
  for (let index = 0; index < body.length; index += 1) {
    crc ^= body.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return `${body}${crc.toString(16).toUpperCase().padStart(2, '0')}\x03`;
}

const opsVehicle = (): string[] =>
  Array.from(approach(), ({ speedKmh }) => `{"unit":"kmph","magnitude":"467.7","speed":"${speedKmh.toFixed(2)}"}\r\n`);
