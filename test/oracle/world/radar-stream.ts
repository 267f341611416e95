/**
 * The readings in a radar's bytes while they come, chunk by chunk: AGD frames or OPS243 lines, whichever the first good one
 * is. Meaning of a frame or line: `../agd-frames.ts`, `../ops-lines.ts`; that cutting them out of chunks loses nothing is
 * tested against the readers of whole streams.
 */
import { bitwiseCrc8, type OracleReading } from '../agd-frames.js';
import { opsAtStart, opsReadingsOf } from '../ops-lines.js';
import { agdTarget } from './agd-fields.js';

/** @param fromEnd bytes of the chunk from the first of the reading on; more than the chunk where it began before */
export type Hear = (reading: OracleReading, fromEnd: number) => void;

const STX = 0x02;
const ETX = 0x03;
const STAR = 0x2a;
const HASH = 0x23;
/** 02h, body of at most 91 bytes, asterisk, two digits, 03h. */
const LONGEST_FRAME = 96;
const LONGEST_LINE = 4096;
const HEARTBEAT = /^HB,(\d{1,5}\.\d{1,3})$/;
const LONGEST_HEARTBEAT = 20;

/** One byte's share of the check, by eight steps of the long division of `bitwiseCrc8`. */
const STEP = Uint8Array.from({ length: 256 }, (_, byte) => bitwiseCrc8(String.fromCharCode(byte)));

function crcOf(bytes: Buffer, from: number, to: number): number {
  let crc = 0;
  for (let index = from; index < to; index += 1) crc = STEP[crc ^ (bytes[index] ?? 0)] ?? 0;
  return crc;
}

/** NaN where it is no digit, in either case of letters. */
function hexOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & ~0x20;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x41 + 10 : Number.NaN;
}

/** Where a frame that begins here ends: index of its 03h; -1: it is none; -2: more bytes are needed. */
function endOfFrame(bytes: Buffer, start: number): number {
  const last = Math.min(bytes.length, start + LONGEST_FRAME);
  let star = -1;
  for (let index = start + 1; index < last; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === ETX) return star === index - 3 ? index : -1;
    if (byte < 0x20 || byte > 0x7e || byte === HASH || (byte === STAR && star >= 0)) return -1;
    if (byte === STAR) star = index;
  }
  return last === bytes.length && bytes.length < start + LONGEST_FRAME ? -2 : -1;
}

class AgdStream {
  #rest = Buffer.alloc(0);
  /** A frame with a good check has been seen. */
  proven = false;

  constructor(readonly onHeartbeat: (timeS: number) => void) {}

  push(chunk: Uint8Array, hear: Hear): void {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    for (let start = bytes.indexOf(STX); start >= 0;) {
      const end = endOfFrame(bytes, start);
      if (end === -2) {
        this.#rest = Buffer.from(bytes.subarray(start));
        return;
      }
      const good = end > 0 && this.#take(bytes, start, end, hear);
      start = bytes.indexOf(STX, good ? end + 1 : start + 1);
    }
  }

  reset(): void {
    this.#rest = Buffer.alloc(0);
  }

  #take(bytes: Buffer, start: number, end: number, hear: Hear): boolean {
    const check = hexOf(bytes[end - 2]) * 16 + hexOf(bytes[end - 1]);
    if (check !== crcOf(bytes, start, end - 2)) return false;
    this.proven = true;
    const beat = HEARTBEAT.exec(bytes.toString('latin1', start + 1, Math.min(end - 3, start + LONGEST_HEARTBEAT)));
    if (beat !== null) this.onHeartbeat(Number(beat[1]));
    const reading = agdTarget(bytes, start + 1, end - 3);
    if (reading !== null) hear(reading, bytes.length - start);
    return true;
  }
}

class OpsStream {
  #rest = '';
  readonly #known = opsAtStart();
  proven = false;

  push(chunk: Uint8Array, hear: Hear): void {
    const text = this.#rest + Buffer.from(chunk).toString('latin1');
    let start = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code !== 10 && code !== 13) continue;
      if (index > start) this.#line(text.slice(start, index), text.length - index, hear);
      start = index + 1;
    }
    this.#rest = text.slice(start).slice(-LONGEST_LINE);
  }

  reset(): void {
    this.#rest = '';
  }

  #line(line: string, behind: number, hear: Hear): void {
    if (/"(Product|speed|SamplingRate|OutputFeature)"/.test(line)) this.proven = true;
    // Rubbish before the brace is no part of it.
    for (const reading of opsReadingsOf(line, this.#known)) hear(reading, behind + reading.raw.length);
  }
}

export class RadarStream {
  readonly #agd: AgdStream;
  readonly #ops = new OpsStream();

  /** @param onHeartbeat with the radar's time of day, s */
  constructor(onHeartbeat: (timeS: number) => void = () => undefined) {
    this.#agd = new AgdStream(onHeartbeat);
  }

  get kind(): 'agd350' | 'ops243' | null {
    return this.#agd.proven ? 'agd350' : this.#ops.proven ? 'ops243' : null;
  }

  push(chunk: Uint8Array, hear: Hear): void {
    if (!this.#ops.proven) this.#agd.push(chunk, hear);
    if (!this.#agd.proven) this.#ops.push(chunk, hear);
  }

  /** The link was lost: half a frame has no other half. */
  reset(): void {
    this.#agd.reset();
    this.#ops.reset();
  }
}
