/**
 * Garbage for the decoders, by the megabyte: noise, frames that are nearly right (their CRC is), frames that were cut, in
 * chunks of any size. A burst ends with a good frame, and all that came of it is compared with what an independent parser,
 * which has the whole burst at once, finds in the same bytes: how many, in which order, every value.
 *
 * The first good frame after garbage is read, and where garbage ends is the protocol's matter:
 * - agd350: at the good frame's own first byte. 02h stands in no frame but at its beginning, so nothing precedes it.
 * - ops243: likewise, although it is a protocol of lines: a brace stands in no line but at its beginning, and an object
 *   that reaches from the last brace to the line's end is taken. The good line has no line end before it.
 * - gpsd: at the first line end. Reports nest, so an object inside a broken line proves nothing, and TCP loses no bytes:
 *   the line that the garbage began is lost as a whole, and the next one is read.
 */
import { createRandom, type Random } from '../../hw-sim/prng.js';
import { PROTOCOLS, type GarbageProtocol } from './garbage-protocols.js';

export interface GarbageResult {
  readonly bytes: number;
  /** Frames among the garbage and good ones that both accepted. */
  readonly accepted: number;
  readonly bursts: number;
  readonly seconds: number;
}

const MOST_NOISE_BYTES = 4096;
const BURST_BYTES = 64 * 1024;
const MOST_FRAMES = 12;

/** xorshift128 of Marsaglia: fresh noise for every chunk, at a gigabyte a second. */
export class Noise {
  readonly #words = new Uint32Array(MOST_NOISE_BYTES / 4);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #state: [number, number, number, number];

  constructor(random: Random) {
    const word = (): number => Math.floor(random.uniform() * 0x100000000);
    this.#state = [word() | 1, word(), word(), word()];
  }

  /** Overwritten by the next call. */
  next(length: number): Uint8Array {
    let [x, y, z, w] = this.#state;
    for (let at = 0; at * 4 < length; at += 1) {
      const t = x ^ (x << 11);
      [x, y, z] = [y, z, w];
      w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
      this.#words[at] = w;
    }
    this.#state = [x, y, z, w];
    return this.#bytes.subarray(0, length);
  }
}

/** What was sent in one burst, in one piece. */
class Burst {
  readonly #bytes = new Uint8Array(BURST_BYTES * 3);
  length = 0;

  /** @returns the copy, which nobody overwrites before the next burst */
  add(chunk: Uint8Array): Uint8Array {
    this.#bytes.set(chunk, this.length);
    this.length += chunk.length;
    return this.#bytes.subarray(this.length - chunk.length, this.length);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

/** Angles of a Cartesian frame come of different formulas, which differ in the last bits. */
const NEARLY = 1e-9;

/** Member by member; a member that only one of them has is a difference. */
function isSame(one: object | undefined, other: object | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const others = new Map<string, unknown>(Object.entries(other));
  const own = Object.entries(one) as [string, unknown][];
  return (
    own.length === others.size && own.every(([name, value]) => others.has(name) && isEqual(value, others.get(name)))
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number' && Number.isFinite(one)) {
    return Math.abs(one - other) <= NEARLY * Math.max(1, Math.abs(one));
  }
  return Object.is(one, other);
}

function compare(name: string, burst: number, found: readonly object[], expected: readonly object[]): void {
  for (let at = 0; at < Math.max(found.length, expected.length); at += 1) {
    if (isSame(found[at], expected[at])) continue;
    const told = [found[at], expected[at]].map((each) => (each === undefined ? 'nothing' : JSON.stringify(each)));
    throw new Error(`${name}, burst ${burst}, frame ${at}: read ${told[0] ?? ''}, expected ${told[1] ?? ''}`);
  }
}

/** @throws Error where a value differs from the independent parser's, a frame too many or too few is read, or the good one is not */
export function feedGarbage(name: keyof typeof PROTOCOLS, wantedBytes: number, seed: number): GarbageResult {
  const protocol: GarbageProtocol = PROTOCOLS[name];
  const random = createRandom(seed, `garbage for ${name}`);
  const noise = new Noise(random);
  const reader = protocol.open();
  const startMs = performance.now();
  let [bytes, accepted, bursts] = [0, 0, 0];
  while (bytes < wantedBytes) {
    const burst = new Burst();
    while (burst.length < BURST_BYTES) {
      reader.push(burst.add(noise.next(1 + Math.floor(random.uniform() * (MOST_NOISE_BYTES - 1)))));
      for (let frames = Math.floor(random.uniform() * MOST_FRAMES); frames > 0; frames -= 1) {
        const frame = protocol.almost(random);
        const isCut = random.uniform() < 0.25;
        reader.push(burst.add(isCut ? frame.subarray(0, Math.floor(random.uniform() * frame.length)) : frame));
      }
    }
    if (protocol.garbageEnd !== '') reader.push(burst.add(Buffer.from(protocol.garbageEnd)));
    const good = protocol.good(random);
    const cut = 1 + Math.floor(random.uniform() * (good.bytes.length - 1));
    reader.push(burst.add(good.bytes.subarray(0, cut)));
    reader.push(burst.add(good.bytes.subarray(cut)));
    bursts += 1;
    bytes += burst.length;
    const { found, expected } = reader.judge(burst.bytes);
    compare(name, bursts, found, expected);
    accepted += found.length;
    if (!good.isRead(found.at(-1))) throw new Error(`${name}: the good frame after burst ${bursts} was not read`);
  }
  return { bytes, accepted, bursts, seconds: (performance.now() - startMs) / 1000 };
}
