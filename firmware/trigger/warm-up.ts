/**
 * Dummy traffic for a controller that is thrown away afterwards, so that the first real offender meets compiled code: the
 * first pass that fires costs some 3 ms cold, the hundredth 0.1 ms, the five-hundredth 0.04 ms, and the camera may see
 * only a few an hour. The warm-up plays a whole session in made-up time: a straight road, clock and position, leased
 * numbers, a camera that answers at once, and speeders approaching until enough have been fired at.
 */
import type { ControllerConfig } from '../../src/controller-config.js';
import type { Controller } from '../../src/controller.js';
import type { Input, Output } from '../../src/timeline.js';
import { degrees, kmh, metres, monotonicNs, NS_PER_MS, NS_PER_S, plusNs, utcMs } from '../../src/units.js';
import { EagerOutputs } from './eager-outputs.js';

const ENOUGH_FIRES = 600;
const MOST_VEHICLES = 900;
/** The start of a session must not hang on it, even on a slow board. */
const MOST_MS = 2000;
const FRAME_EVERY_NS = 10 * NS_PER_MS;
const TICK_EVERY_NS = 50 * NS_PER_MS;
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
    demo: true,
  };
}

/** @returns how many dummies were fired at */
export function warmUp(controller: Controller, protocol: 'agd350' | 'ops243'): number {
  const session = new DummySession(controller);
  const stopMs = performance.now() + MOST_MS;
  session.input({ type: 'gps-link', atNs: session.atNs, up: true, detail: 'warm-up' });
  session.input({ type: 'radar-link', atNs: session.atNs, up: true, detail: 'warm-up' });
  session.pass(8 * NS_PER_S);
  if (protocol === 'ops243') session.bytes('{"Units":"km-per-hr"}\r\n');
  for (let vehicle = 0; vehicle < MOST_VEHICLES && session.fires < ENOUGH_FIRES; vehicle += 1) {
    if (performance.now() > stopMs) break;
    const frames = protocol === 'agd350' ? agdVehicle(1 + (vehicle % 99), session.atNs) : opsVehicle();
    for (const frame of frames) {
      session.atNs = plusNs(session.atNs, FRAME_EVERY_NS);
      session.bytes(frame);
    }
    session.pass(0.4 * NS_PER_S);
  }
  return session.fires;
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

  bytes(text: string): void {
    this.input({ type: 'radar-bytes', atNs: this.atNs, bytes: Buffer.from(text, 'latin1') });
  }

  /** Lets time go by without traffic. */
  pass(durationNs: number): void {
    for (let leftNs = durationNs; leftNs > 0; leftNs -= TICK_EVERY_NS) {
      this.atNs = plusNs(this.atNs, TICK_EVERY_NS);
      if (this.atNs >= this.#nextSecondNs) this.#second();
      this.input({ type: 'tick', atNs: this.atNs });
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
      counter: null,
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
function agdVehicle(track: number, atNs: number): string[] {
  const timeS = ((atNs / NS_PER_S) % 86_400).toFixed(2).padStart(8, '0');
  return Array.from(approach(), ({ rangeM, sightRad, speedKmh }) => {
    const angleDeg = 22.5 - (sightRad * 180) / Math.PI;
    const angle = `${angleDeg < 0 ? '-' : '+'}${Math.abs(angleDeg).toFixed(1).padStart(4, '0')}`;
    const [speed, range] = [speedKmh, rangeM].map((value) => value.toFixed(1).padStart(5, '0'));
    const number = String(track).padStart(2, '0');
    return agdFrame(`\x0204,${timeS},${number},A,${speed},K,${range},${angle},157.5,P,061.5*`);
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
