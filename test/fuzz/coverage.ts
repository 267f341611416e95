/**
 * Which characters of the product's compiled code were run, as V8 counts its blocks. A block that runs exactly as often
 * as the one around it is not told of by name, so that a set of blocks would say less than a map of characters does: what
 * counts is what is not told to be zero. V8 puts counters only into what it compiles from then on, so the counting begins
 * before the product is loaded.
 */
import { Session, type Profiler } from 'node:inspector';

/** The planted readers count, too, so that the search itself can be tested; the mutators' own random numbers do not. */
const PRODUCT = /dist\/(src\/|firmware\/|hw-sim\/(?!prng)|test\/fuzz\/planted\.)/;

/** Script to the characters of it that were run: 1, or 0. */
export type Reached = ReadonlyMap<string, Uint8Array>;

export class Coverage {
  readonly #session = new Session();
  readonly #known = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  close(): void {
    this.#session.disconnect();
  }

  /** What was run since it was asked last. */
  take(): Reached {
    const reached = new Map<string, Uint8Array>();
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
      if (error !== null) throw error;
      for (const { url, functions } of result) {
        if (!PRODUCT.test(url)) continue;
        const map = mapOf(functions);
        if (map !== null) reached.set(url, map);
      }
    });
    return reached;
  }

  /** From now on these are nothing new. @returns how many of them were */
  learn(reached: Reached): number {
    let count = 0;
    for (const [url, map] of reached) {
      const known = this.#known.get(url);
      const grown = new Uint8Array(Math.max(map.length, known?.length ?? 0));
      if (known !== undefined) grown.set(known);
      for (let at = 0; at < map.length; at += 1) {
        if (map[at] !== 1 || grown[at] === 1) continue;
        grown[at] = 1;
        count += 1;
      }
      this.#known.set(url, grown);
    }
    return count;
  }

  /** Those that are not known yet; an empty map when there are none. */
  fresh(reached: Reached): Reached {
    const fresh = new Map<string, Uint8Array>();
    for (const [url, map] of reached) {
      const known = this.#known.get(url);
      const rest = known === undefined ? map : map.map((bit, at) => (bit === 1 && known[at] !== 1 ? 1 : 0));
      if (rest.includes(1)) fresh.set(url, rest);
    }
    return fresh;
  }

  forget(): void {
    this.take();
    this.#known.clear();
  }
}

/** Outer functions and blocks come first, and those inside them say it better. */
function mapOf(functions: readonly Profiler.FunctionCoverage[]): Uint8Array | null {
  const length = Math.max(0, ...functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset)));
  const map = new Uint8Array(length);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) map.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return map.includes(1) ? map : null;
}

/** Of these characters, those that are in both. */
export function both(a: Reached, b: Reached): Reached {
  const common = new Map<string, Uint8Array>();
  for (const [url, map] of a) {
    const other = b.get(url);
    if (other === undefined) continue;
    const bits = map.map((bit, at) => (bit === 1 && other[at] === 1 ? 1 : 0));
    if (bits.includes(1)) common.set(url, bits);
  }
  return common;
}

/** Of the first, those that are not in the second. */
export function without(a: Reached, b: Reached): Reached {
  const left = new Map<string, Uint8Array>();
  for (const [url, map] of a) {
    const other = b.get(url);
    const bits = other === undefined ? map : map.map((bit, at) => (bit === 1 && other[at] !== 1 ? 1 : 0));
    if (bits.includes(1)) left.set(url, bits);
  }
  return left;
}

/** Does the second hold all of the first? */
export const holds = (a: Reached, b: Reached): boolean => without(a, b).size === 0;
