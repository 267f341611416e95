/**
 * The loop that runs the controller (design: hot path). One pass: read the radar, hand over what came, take waiting
 * messages, do what is due. Outputs are carried out in one order: lines, even while the controller is still at work
 * (`eager-outputs.ts`), then radar commands, then everything else is posted.
 *
 * How it waits (docs/decisions/0009): a blocking read is the quickest way to learn of a byte but returns only after 100 ms
 * when none comes. So it blocks while nothing else is due sooner; else it looks, and sleeps in short slices until a
 * message wakes it or the time has come. While a frame may fire any moment (a speeder in the beam, some tenths of a
 * second) it does not wait at all: it looks and rehearses, since code that has slept for 20 ms takes five times as long.
 * Messages that come during a blocking read wait for at most 100 ms; their inputs carry the time at which they were
 * taken, so only the reaction is late, never the time.
 */
import { KerbsideError } from '../../src/errors.js';
import type { Controller } from '../../src/controller.js';
import type { ByteLink, OutputLine } from '../../src/ports/index.js';
import type { Input, Output, OutputLineName } from '../../src/timeline.js';
import { NS_PER_MS, plusNs, type MonotonicNs } from '../../src/units.js';
import { EagerOutputs } from './eager-outputs.js';
import { LineSchedule, type LineChange } from './line-schedule.js';
import { RecordingRing } from './recording-ring.js';
import type { FromLoop, ToLoop } from './thread-messages.js';

/** Longest blocking read, with the kernel's rounding. */
const BLOCK_NS = 105 * NS_PER_MS;
/** Between two looks at the tty while something is due soon. */
const SLICE_NS = 0.25 * NS_PER_MS;
/** A sleep may last this much longer than asked for: the rest is waited out awake. */
const SPIN_NS = 0.3 * NS_PER_MS;
/** Without a link nothing but messages and deadlines is waited for. */
const IDLE_NS = 100 * NS_PER_MS;
/** A controller whose deadline stays in the past is asked no more often than this. */
const TICK_EVERY_NS = 1 * NS_PER_MS;
/** Without a deadline it gets a tick this often, give or take a blocking read. */
const HOUSEKEEPING_NS = 100 * NS_PER_MS;
/** How often an idle link's path is looked at. */
const LOOK_EVERY_NS = 1000 * NS_PER_MS;
/** The office takes a loop that says nothing for ten times as long for dead. */
const LIFE_SIGN_NS = 1000 * NS_PER_MS;
/** Nothing is handed over to the recording when something is due sooner than this. */
const BEFORE_DUE_NS = 3 * NS_PER_MS;
const NO_OUTPUTS: readonly Output[] = [];
const MOST_MESSAGES = 64;
const READ_BYTES = 4096;

export interface RadarLink extends ByteLink {
  /** Writes what the far end has not taken yet. */
  flush(): void;
  isSameDevice(path: string): boolean;
}

export interface LoopParts {
  readonly controller: Controller;
  readonly lines: readonly OutputLine[];
  readonly now: () => MonotonicNs;
  /** The next waiting message, if any. */
  readonly take: () => ToLoop | undefined;
  readonly post: (message: FromLoop) => void;
  /** Returns after about this long, or at once when a message has come since the last `take`. */
  readonly sleep: (milliseconds: number) => void;
  /** Keeps the code of a decision warm; some microseconds, no effect. */
  readonly rehearse: () => void;
  readonly openLink: (devicePath: string) => RadarLink;
  /** A link silent for this long is opened anew; Infinity where a radar may be silent. */
  readonly silenceNs: number;
  readonly ring?: RecordingRing;
}

export class TriggerLoop {
  readonly #parts: LoopParts;
  readonly #lines = new Map<OutputLineName, OutputLine>();
  readonly #schedule = new LineSchedule();
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #outputs: EagerOutputs;
  readonly #ring: RecordingRing;
  #lateNs = -1;
  #link: RadarLink | null = null;
  #path = '';
  #lastBytesNs = 0;
  #lastLookNs = 0;
  #lastTickNs = 0;
  #lastLifeSignNs: MonotonicNs;
  #stopped = false;
  /** More messages than one pass takes: the next pass must not wait. */
  #backlog = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#lastLifeSignNs = parts.now();
    for (const line of parts.lines) this.#lines.set(line.name, line);
    this.#outputs = new EagerOutputs(this.#onLine);
    this.#ring = parts.ring ?? new RecordingRing();
    this.lowerLines();
  }

  /** Runs until a stop message; leaves the lines low and the link closed, whatever happens. */
  run(): void {
    try {
      while (!this.#stopped) this.pass();
    } finally {
      this.#schedule.clear();
      this.lowerLines();
      this.#link?.close();
      this.#link = null;
      while (!this.#ring.isEmpty) this.#postRecorded(this.#parts.now());
    }
  }

  lowerLines(): void {
    for (const line of this.#lines.values()) line.set(0);
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  pass(): void {
    const count = this.#link === null ? this.#waitWithoutLink() : this.#read(this.#link);
    if (count > 0) {
      const atNs = this.#parts.now();
      this.#lastBytesNs = atNs;
      this.#handle({ type: 'radar-bytes', atNs, bytes: this.#buffer.slice(0, count) });
    }
    this.#takeMessages();
    this.#doWhatIsDue();
    this.#watchLink();
    this.#record();
  }

  /** Bytes read, having waited for them for as long as nothing else is due. */
  #read(link: RadarLink): number {
    const dueNs = this.#backlog ? 0 : this.#dueNs() - this.#parts.now();
    try {
      link.flush();
      if (this.#parts.controller.mayFireSoon()) {
        const count = link.readNow(this.#buffer);
        if (count === 0 && !this.#backlog) this.#parts.rehearse();
        return count;
      }
      if (dueNs > BLOCK_NS) return link.readInto(this.#buffer);
      const count = link.readNow(this.#buffer);
      if (count === 0) this.#sleepUntilDue(dueNs, SLICE_NS);
      return count;
    } catch (error) {
      this.#lose(error);
      return 0;
    }
  }

  #waitWithoutLink(): number {
    if (!this.#backlog) this.#sleepUntilDue(this.#dueNs() - this.#parts.now(), IDLE_NS);
    return 0;
  }

  #sleepUntilDue(dueNs: number, sliceNs: number): void {
    const sleepNs = Math.min(dueNs - SPIN_NS, sliceNs);
    if (sleepNs > 0) this.#parts.sleep(sleepNs / NS_PER_MS);
  }

  #dueNs(): number {
    return Math.min(this.#parts.controller.nextDeadlineNs() ?? Number.POSITIVE_INFINITY, this.#schedule.nextNs);
  }

  #doWhatIsDue(): void {
    const atNs = this.#parts.now();
    if (this.#schedule.nextNs <= atNs) this.#schedule.run(atNs, this.#setLine);
    if (atNs - this.#lastLifeSignNs >= LIFE_SIGN_NS) {
      this.#lastLifeSignNs = atNs;
      this.#parts.post({ type: 'alive' });
    }
    const deadlineNs = this.#parts.controller.nextDeadlineNs();
    const everyNs = deadlineNs !== null && deadlineNs <= atNs ? TICK_EVERY_NS : HOUSEKEEPING_NS;
    if (atNs - this.#lastTickNs < everyNs) return;
    this.#lastTickNs = atNs;
    this.#handle({ type: 'tick', atNs });
  }

  #takeMessages(): void {
    this.#backlog = false;
    for (let taken = 0; taken < MOST_MESSAGES && !this.#stopped; taken += 1) {
      const message = this.#parts.take();
      if (message === undefined) return;
      if (message.type === 'input') this.#handle(message.input);
      else if (message.type === 'port') this.#openLink(message.path, message.devicePath);
      else this.#stopped = true;
    }
    this.#backlog = true;
  }

  #handle(input: Input): void {
    const outputs = this.#outputs;
    this.#lateNs = -1;
    try {
      this.#parts.controller.handle(input, outputs);
    } finally {
      // Before commands are written, which may make the controller speak again; and whatever it died of is kept, too.
      this.#ring.add(input, outputs.length === 0 ? NO_OUTPUTS : outputs.slice());
    }
    if (outputs.length === 0) return;
    // A link that is lost while a command is written makes the controller speak again: take this round's list away first.
    const told = outputs.filter(({ type }) => type !== 'line' && type !== 'radar-command');
    const commands = outputs.flatMap((output) => (output.type === 'radar-command' ? [output.bytes] : []));
    outputs.length = 0;
    for (const bytes of commands) this.#command(bytes);
    if (told.length > 0) this.#parts.post({ type: 'outputs', outputs: told });
  }

  /**
   * Never while a frame may fire any moment, nor just before a line changes: then it waits in the ring. A deadline of the
   * controller is waited for only while there is room.
   */
  #record(): void {
    const atNs = this.#parts.now();
    if (!this.#ring.isDue(atNs)) return;
    const dueNs = this.#ring.isHalfFull ? this.#schedule.nextNs : this.#dueNs();
    if (dueNs - atNs < BEFORE_DUE_NS) return;
    if (!this.#parts.controller.mayFireSoon()) this.#postRecorded(atNs);
  }

  #postRecorded(atNs: MonotonicNs): void {
    const batch = this.#ring.take(atNs);
    if (batch !== null) this.#parts.post({ type: 'recorded', batch });
  }

  /** A late first change pushes the rest of its round back: the flash keeps its lead, the pulse its width. */
  readonly #onLine = (change: LineChange): void => {
    const nowNs = this.#parts.now();
    if (this.#lateNs < 0) this.#lateNs = Math.max(0, nowNs - change.atNs);
    const atNs = plusNs(change.atNs, this.#lateNs);
    if (atNs <= nowNs) this.#setLine(change.line, change.value);
    else this.#schedule.add({ ...change, atNs });
  };

  readonly #setLine = (name: OutputLineName, value: 0 | 1): void => {
    const line = this.#lines.get(name);
    if (line === undefined) {
      throw new KerbsideError('line-failed', `lines.${name}: to be set to ${value} but not configured`);
    }
    line.set(value);
  };

  /** Without a link a command is void: it must never reach a radar that is plugged in later. */
  #command(bytes: Uint8Array): void {
    if (this.#link === null) return;
    try {
      this.#link.write(bytes);
    } catch (error) {
      this.#lose(error);
    }
  }

  #openLink(path: string, devicePath: string): void {
    try {
      this.#link = this.#parts.openLink(devicePath);
    } catch (error) {
      this.#parts.post({ type: 'link-lost', detail: lostDetail(error) });
      return;
    }
    const atNs = this.#parts.now();
    this.#path = path;
    this.#lastBytesNs = atNs;
    this.#lastLookNs = atNs;
    this.#parts.post({ type: 'link-up' });
    this.#handle({ type: 'radar-link', atNs, up: true, detail: `${path} opened` });
  }

  /** @throws what is no lost link: only that may be survived */
  #lose(error: unknown): void {
    const detail = lostDetail(error);
    this.#link?.close();
    this.#link = null;
    this.#parts.post({ type: 'link-lost', detail });
    this.#handle({ type: 'radar-link', atNs: this.#parts.now(), up: false, detail });
  }

  /** An unplugged idle port may give no sign at all: its path then leads elsewhere, or its radar is silent too long. */
  #watchLink(): void {
    if (this.#link === null) return;
    const atNs = this.#parts.now();
    const idleNs = atNs - this.#lastBytesNs;
    if (idleNs < LOOK_EVERY_NS || atNs - this.#lastLookNs < LOOK_EVERY_NS) return;
    this.#lastLookNs = atNs;
    if (!this.#link.isSameDevice(this.#path)) {
      this.#lose(new KerbsideError('link-lost', `radar link: ${this.#path} leads to another device now, or to none`));
    } else if (idleNs >= this.#parts.silenceNs) {
      const seconds = (idleNs / NS_PER_MS / 1000).toFixed(1);
      this.#lose(
        new KerbsideError('link-lost', `radar link: ${this.#path} silent for ${seconds} s; expected heartbeats`),
      );
    }
  }
}

function lostDetail(error: unknown): string {
  if (error instanceof KerbsideError && error.kind === 'link-lost') return error.message;
  throw error;
}
