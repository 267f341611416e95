/**
 * Adds codes to a photo's Huffman tables for symbols they lack. A camera that optimises its tables gives codes only to
 * what its own picture holds; white letters below a dark night photo would then be written with whatever is nearest,
 * and could not be read. Codes are canonical, so symbols that are listed behind all others get codes behind all others:
 * every code of the camera keeps its bits, and the photo decodes as before. The code of all ones stays unused, as T.81
 * demands, so there is room only where the camera's longest code is shorter than 16 bits; what finds no room is left to
 * `code-fit.ts`. The camera's own tables are kept with its header (private-data.ts).
 */
import { MARKER, type FrameComponent, type HuffmanSpec } from './structure.js';

const CODE_BITS = 16;

/** All symbols a picture of 8 bits can have; after those that are missed the generally most useful: short runs, small sizes. */
const DC_SYMBOLS = Array.from({ length: 12 }, (_, size) => size);
const AC_SYMBOLS = [
  0x00,
  0xf0,
  ...Array.from({ length: 160 }, (_, i) => ({ run: i % 16, size: 1 + Math.floor(i / 16) }))
    .sort((a, b) => a.run + a.size - b.run - b.size)
    .map(({ run, size }) => (run << 4) | size),
];

/**
 * @param lack by symbol, how much it is missed: those come first
 * @returns the table with as many of its missing symbols as there is room for; the same object where none is added
 */
export function extendSpec(spec: HuffmanSpec, lack: Float64Array): HuffmanSpec {
  const usual = spec.selector < 0x10 ? DC_SYMBOLS : AC_SYMBOLS;
  const missing = usual
    .filter((symbol) => !spec.symbols.includes(symbol))
    .sort((a, b) => (lack[b] as number) - (lack[a] as number));
  let longest = CODE_BITS;
  while (longest > 1 && spec.counts[longest - 1] === 0) longest -= 1;
  let free = 1;
  for (let length = 1; length <= longest; length++) free = free * 2 - (spec.counts[length - 1] ?? 0);
  return addSymbols(spec, missing, longest, free);
}

/** @param free codes of `longest` bits that are not taken, that of all ones among them */
function addSymbols(spec: HuffmanSpec, missing: readonly number[], longest: number, free: number): HuffmanSpec {
  let length = longest;
  const room = (): number => free * 2 ** (length - longest) - 1;
  while (length < CODE_BITS && room() < missing.length) length += 1;
  const added = missing.slice(0, Math.max(0, room()));
  if (added.length === 0) return spec;
  const counts = new Uint8Array(spec.counts);
  counts[length - 1] = (counts[length - 1] ?? 0) + added.length;
  return { selector: spec.selector, counts, symbols: new Uint8Array([...spec.symbols, ...added]) };
}

/** What each component misses. */
export interface Lack {
  readonly lackDc: Float64Array;
  readonly lackAc: Float64Array;
}

/** The components with extended tables; a table that two of them share stays shared and serves both. */
export function extendTables(components: readonly FrameComponent[], lacks: readonly Lack[]): FrameComponent[] {
  const bySpec = new Map<HuffmanSpec, Float64Array>();
  components.forEach(({ dc, ac }, i) => {
    const { lackDc, lackAc } = lacks[i] as Lack;
    for (const [spec, lack] of [
      [dc, lackDc],
      [ac, lackAc],
    ] as const) {
      const sum = bySpec.get(spec);
      bySpec.set(spec, sum === undefined ? lack : sum.map((value, symbol) => value + (lack[symbol] as number)));
    }
  });
  const extended = new Map([...bySpec].map(([spec, lack]) => [spec, extendSpec(spec, lack)]));
  return components.map((component) => ({
    ...component,
    dc: extended.get(component.dc) ?? component.dc,
    ac: extended.get(component.ac) ?? component.ac,
  }));
}

/** One DHT segment for each table in use. */
export function tableSegments(components: readonly FrameComponent[]): Uint8Array[] {
  const specs = new Set(components.flatMap(({ dc, ac }) => [dc, ac]));
  return [...specs].map(({ selector, counts, symbols }) => {
    const length = 2 + 1 + counts.length + symbols.length;
    return new Uint8Array([0xff, MARKER.DHT, length >> 8, length & 0xff, selector, ...counts, ...symbols]);
  });
}
