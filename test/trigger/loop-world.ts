/** A loop on a made-up clock, with everything around it as plain objects that keep a log. */
import { TriggerLoop, type RadarLink } from '../../firmware/trigger/loop.js';
import { RecordingRing, type RecordedBatch, type RingLimits } from '../../firmware/trigger/recording-ring.js';
import type { FromLoop, ToLoop } from '../../firmware/trigger/thread-messages.js';
import type { Controller } from '../../src/controller.js';
import { KerbsideError } from '../../src/errors.js';
import type { Input, Output } from '../../src/timeline.js';
import { monotonicNs, plusNs, type MonotonicNs } from '../../src/units.js';

export const MS = 1e6;

export class World {
  atNs = monotonicNs(1e12);
  readonly log: string[] = [];
  readonly messages: ToLoop[] = [];
  readonly recorded: RecordedBatch[] = [];
  limits: RingLimits | undefined;
  readonly bytes: string[] = [];
  deadlineNs: MonotonicNs | null = null;
  mayFireSoon = false;
  same = true;
  silenceNs = Number.POSITIVE_INFINITY;
  onInput: (input: Input, out: Output[]) => void = () => undefined;

  readonly link: RadarLink = {
    readInto: (buffer) => this.#read(buffer, 'block', 100),
    readNow: (buffer) => this.#read(buffer, 'look', 0.01),
    write: (bytes) => void this.log.push(`write ${Buffer.from(bytes).toString()}`),
    flush: () => undefined,
    isSameDevice: () => this.same,
    close: () => void this.log.push('close'),
  };

  readonly controller: Controller = {
    handle: (input, out) => {
      this.log.push(input.type === 'radar-bytes' ? `bytes ${Buffer.from(input.bytes).toString()}` : input.type);
      this.onInput(input, out);
    },
    nextDeadlineNs: () => this.deadlineNs,
    mayFireSoon: () => this.mayFireSoon,
  };

  loop(): TriggerLoop {
    return new TriggerLoop({
      controller: this.controller,
      lines: (['shutter', 'flash'] as const).map((name) => ({
        name,
        set: (value) => void this.log.push(`${name} ${value}`),
      })),
      now: () => this.atNs,
      take: () => this.messages.shift(),
      post: (message: FromLoop) => {
        if (message.type === 'recorded') this.recorded.push(message.batch);
        else this.log.push(message.type === 'outputs' ? 'posted' : message.type);
      },
      ring: new RecordingRing(this.limits),
      sleep: (milliseconds) => {
        this.log.push(`sleep ${milliseconds.toFixed(2)}`);
        this.advance(milliseconds);
      },
      rehearse: () => {
        this.log.push('rehearse');
        this.advance(0.03);
      },
      openLink: () => this.link,
      silenceNs: this.silenceNs,
    });
  }

  /** A loop with its link up and a clean log. */
  connected(): TriggerLoop {
    const loop = this.loop();
    this.messages.push({ type: 'port', path: '/dev/radar', devicePath: '/dev/pts/1' });
    loop.pass();
    this.log.length = 0;
    this.recorded.length = 0;
    return loop;
  }

  advance(milliseconds: number): void {
    this.atNs = plusNs(this.atNs, milliseconds * MS);
  }

  /** What was done apart from housekeeping. */
  get deeds(): string[] {
    return this.log.filter((entry) => entry !== 'tick');
  }

  #read(buffer: Uint8Array, how: string, milliseconds: number): number {
    const next = this.bytes.shift();
    this.log.push(how);
    if (next === 'gone') throw new KerbsideError('link-lost', 'radar link: gone');
    if (next === undefined) this.advance(milliseconds);
    return next === undefined ? 0 : Buffer.from(next).copy(buffer);
  }
}

export const notice = (atNs: MonotonicNs): Output => ({
  type: 'notice',
  atNs,
  level: 'info',
  code: 'x',
  sentence: 'x',
});
