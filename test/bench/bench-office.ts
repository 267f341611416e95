/**
 * Plays the office for a trigger process with the real controller: position, clock, numbers, and an image for each
 * exposure, so that the camera enforces and is ready for the next vehicle as soon as may be.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { nowNs } from '../../firmware/drivers/clock.js';
import type { FromTrigger, RadarPortSettings, ToTrigger } from '../../firmware/trigger/messages.js';
import type { Input, Output } from '../../src/timeline.js';
import { utcMs } from '../../src/units.js';
import { VAN_POSITION } from '../support/outside-site.js';
import { eventually } from '../support/pty.js';
import { arrival, controllerConfig } from '../support/virtual-van.js';

const PROGRAM = new URL('../../firmware/trigger/main.js', import.meta.url);

/** Any camera that delivers at once: it counts, has no feedback line and no clock to compare with. */
const CAMERA = { hasStrobe: false, flash: 'never', deadTimeMs: 0, shutterPulseMs: 50, imageTimeoutMs: 5000 } as const;

/** A program and its arguments, as they are to be started. */
export type Wrap = (program: string, args: string[]) => readonly [string, string[]];

export class BenchOffice {
  readonly child: ChildProcess;
  fired = 0;
  concluded = 0;
  state = 'closed';
  reasons = '';
  fault = '';
  readonly #timer: NodeJS.Timeout;
  #nextIcn = 1001;
  #images = 0;

  /** @param wrapped a command line, with what it is to be started by (chrt) before it */
  constructor(port: RadarPortSettings, shutter: string, wrapped: Wrap) {
    const [program, execArgv] = wrapped(process.execPath, []);
    this.child = fork(PROGRAM, {
      serialization: 'advanced',
      execPath: program,
      execArgv,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (message) => this.#take(message as FromTrigger));
    const config = controllerConfig({ camera: CAMERA });
    this.#send({ type: 'start', config, port, lines: { driver: 'file', shutter, flash: null } });
    this.#timer = setInterval(() => this.#second(), 500);
  }

  /** @throws when the controller does not begin to enforce */
  async enforcing(): Promise<void> {
    try {
      await eventually('enforcing', () => this.state === 'enforcing', 20_000);
    } catch (cause) {
      throw new Error(`bench: not enforcing: ${this.state} ${this.reasons} ${this.fault}`, { cause });
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.#send({ type: 'stop' });
    await ended;
  }

  #send(message: ToTrigger): void {
    if (this.child.connected) this.child.send(message);
  }

  #input(input: Input): void {
    this.#send({ type: 'input', input });
  }

  #second(): void {
    const atNs = nowNs();
    const utc = utcMs(Date.now());
    const { latitude, longitude, eph } = VAN_POSITION;
    const place = { latitude, longitude, altitudeM: 20, speedMs: 0, horizontalErrorM: eph };
    this.#input({ type: 'clock', atNs, utcMs: utc, disciplined: true, uncertaintyMs: 1 });
    this.#input({ type: 'gps-link', atNs, up: true, detail: 'bench' });
    this.#input({ type: 'gps-fix', atNs, fix: { mode: 3, status: 1, utcMs: utc, ...place } });
  }

  #take(message: FromTrigger): void {
    if (message.type === 'outputs') for (const output of message.outputs) this.#react(output);
    if (message.type === 'fault') this.fault = message.sentence;
  }

  #react(output: Output): void {
    if (output.type === 'request-lease') {
      const icns = Array.from({ length: output.count }, () => String(this.#nextIcn++).padStart(9, '0'));
      this.#input({ type: 'lease', atNs: nowNs(), icns });
    } else if (output.type === 'fire') {
      this.fired += 1;
      this.#images += 1;
      const image = { ...arrival(`IMG_${this.#images}.JPG`, this.#images, 0), cameraClockMs: null };
      this.#input({ type: 'image', atNs: nowNs(), image });
    } else if (output.type === 'conclude') this.concluded += 1;
    else if (output.type === 'state') {
      this.state = output.state;
      this.reasons = output.reasons.map(({ sentence }) => sentence).join(' ');
    }
  }
}
