/**
 * Entries in, bytes of files out: the one place that decides where a block and where a file ends. It knows no clock but
 * the entries' own times, so the same entries give the same bytes, in real time, in virtual time and years later.
 */
import { KerbsideError } from '../../src/errors.js';
import type { Entry, EntryEncoder, RecordingHead } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import { NS_PER_MS, NS_PER_S, utcMs, type MonotonicNs, type UtcMs } from '../../src/units.js';
import { encodeBlock, FLAGS, MOST_PAYLOAD_BYTES } from './block.js';

export interface StreamOptions {
  readonly encoder: EntryEncoder;
  /** A file ends with the block that brings it to this size. */
  readonly partBytes: number;
  /** Whole blocks, in order. `part`: number of the file that they belong to, which only grows. */
  readonly emit: (bytes: Buffer, part: number) => void;
  /** Both clocks, for the head of a further file; left out: the first head's, carried on by the entry's own time. */
  readonly clocks?: () => { readonly atNs: MonotonicNs; readonly utcMs: UtcMs };
}

/**
 * When power fails no more is lost than what was not in a closed block. Shorter ones would cost much more room: each begins
 * with all checks again.
 */
const BLOCK_NS = 5 * NS_PER_S;
const BLOCK_BYTES = 64 * 1024;
/** What led to them goes to the disk at once: a court may ask for it. */
const URGENT: ReadonlySet<Output['type']> = new Set(['fire', 'conclude']);
const MB = 1_000_000;

export const partBytesOf = (partMb: number): number => partMb * MB;

export class RecordingStream {
  readonly #options: StreamOptions;
  #entries: Uint8Array[] = [];
  #bytes = 0;
  #beganNs = 0;
  #part = 1;
  #partBytes = 0;
  #sequence = 0;
  #head: RecordingHead | null = null;
  /** Entries of this life so far, its heads not among them. */
  #count = 0;
  #ended = false;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** A controller begins its life. */
  begin(head: RecordingHead): void {
    this.#closeBlock();
    this.#head = head;
    this.#count = 0;
    if (this.#isFull) this.#endPart();
    this.#openBlock({ ...head, entriesBefore: 0 });
  }

  /** An input and what the controller made of it: they stay in one block, so that damage costs whole steps. */
  step(input: Input, outputs: readonly Output[]): void {
    this.#makeRoom(input.atNs);
    this.#add({ type: 'input', input });
    for (const output of outputs) this.#add({ type: 'output', output });
    if (outputs.some(({ type }) => URGENT.has(type))) this.#closeBlock();
  }

  /** So many inputs could not be kept. */
  lost(atNs: MonotonicNs, inputs: number): void {
    this.#makeRoom(atNs);
    this.#add({ type: 'lost', atNs, inputs });
  }

  /** What came so far becomes a block now. Whoever calls it at other times gets another file. */
  flush(): void {
    this.#closeBlock();
  }

  /** The clean end. A stream that was never begun gives nothing at all. */
  end(): void {
    if (this.#ended || this.#head === null) return;
    this.#closeBlock();
    this.#mark(FLAGS.ends);
    this.#ended = true;
  }

  #makeRoom(atNs: MonotonicNs): void {
    if (this.#head === null || this.#ended) throw new Error('recording: an entry outside of any life');
    if (this.#entries.length > 0) {
      if (this.#bytes < BLOCK_BYTES && atNs - this.#beganNs < BLOCK_NS) return;
      this.#closeBlock();
    }
    if (this.#isFull) {
      this.#endPart();
      this.#openBlock(this.#headAgain(this.#head, atNs), atNs);
    } else this.#openBlock(null, atNs);
  }

  get #isFull(): boolean {
    return this.#partBytes > 0 && this.#partBytes >= this.#options.partBytes;
  }

  #endPart(): void {
    this.#mark(FLAGS.carriesOn);
    this.#part += 1;
    this.#partBytes = 0;
  }

  #headAgain(head: RecordingHead, atNs: MonotonicNs): RecordingHead {
    const sinceMs = Math.round((atNs - head.atNs) / NS_PER_MS);
    const now = this.#options.clocks?.() ?? { atNs, utcMs: utcMs(head.utcMs + sinceMs) };
    return { ...head, ...now, entriesBefore: this.#count };
  }

  #openBlock(head: RecordingHead | null, beganNs: MonotonicNs | null = null): void {
    this.#options.encoder.restart();
    this.#beganNs = beganNs ?? head?.atNs ?? 0;
    if (head !== null) this.#put({ type: 'head', head });
  }

  #add(entry: Entry): void {
    this.#put(entry);
    this.#count += 1;
  }

  #put(entry: Entry): void {
    const bytes = this.#options.encoder.encode(entry);
    // Its length takes four bytes at most.
    if (this.#bytes + bytes.length + 4 > MOST_PAYLOAD_BYTES) {
      const found = `${entry.type} of ${bytes.length} bytes`;
      throw new KerbsideError(
        'recording-unreadable',
        `Recording: ${found} in a block; expected ${MOST_PAYLOAD_BYTES} at most.`,
      );
    }
    this.#entries.push(bytes);
    this.#bytes += bytes.length + 4;
  }

  #closeBlock(): void {
    if (this.#entries.length === 0) return;
    const begins = this.#partBytes === 0 ? FLAGS.begins : 0;
    this.#emit(encodeBlock({ flags: begins, part: this.#part, sequence: this.#sequence }, this.#entries));
    this.#entries = [];
    this.#bytes = 0;
  }

  #mark(flags: number): void {
    this.#emit(encodeBlock({ flags, part: this.#part, sequence: this.#sequence }, []));
  }

  #emit(block: Buffer): void {
    this.#sequence += 1;
    this.#partBytes += block.length;
    this.#options.emit(block, this.#part);
  }
}
