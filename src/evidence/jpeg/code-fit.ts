/**
 * Fits a block to the codes that exist. A camera that optimises its Huffman tables gives codes only to the symbols of its
 * own picture, and the strip may want others. Then the nearest block that can be written is looked for: the sequence of
 * existing (run, size) symbols with the least squared error in the pixels. Since the photo's own blocks were written
 * with the same table, at least one such sequence always exists.
 */
import { magnitudeBits, type EncodeTable } from './huffman.js';

const EOB = 0x00;
const ZRL = 0xf0;
/** AC coefficients of an 8-bit picture have at most 10 bits, DC differences 11. */
const MOST_AC_BITS = 10;
const MOST_DC_BITS = 11;

/** The value of exactly `size` bits that is nearest to `wanted`. */
function nearestOfSize(wanted: number, size: number): number {
  if (size === 0) return 0;
  const magnitude = Math.min(Math.max(Math.abs(wanted), 1 << (size - 1)), (1 << size) - 1);
  return wanted < 0 ? -magnitude : magnitude;
}

/** @returns the DC difference nearest to `wanted` whose size has a code */
export function fitDc(wanted: number, table: EncodeTable): number {
  const own = magnitudeBits(wanted);
  if ((table.lengths[own] ?? 0) > 0) return wanted;
  let best = 0;
  let bestError = Infinity;
  for (let size = 0; size <= MOST_DC_BITS; size++) {
    if ((table.lengths[size] ?? 0) === 0) continue;
    const value = nearestOfSize(wanted, size);
    const error = Math.abs(value - wanted);
    if (error < bestError) [best, bestError] = [value, error];
  }
  return best;
}

/** A block that cannot say where it ends, or cannot pass a long run of zeros, loses everything. */
const STRUCTURE_LOSS = 1e9;

function note(symbol: number, loss: number, table: EncodeTable, lack: Float64Array): void {
  if (table.lengths[symbol] === 0) lack[symbol] = (lack[symbol] ?? 0) + loss;
}

/** Adds to `lack`, by symbol, what a missing code would cost in the pixels. */
export function noteLackingDc(difference: number, steps: Uint16Array, table: EncodeTable, lack: Float64Array): void {
  note(magnitudeBits(difference), (difference * (steps[0] as number)) ** 2 + 1, table, lack);
}

/**
 * The same for a block's AC coefficients.
 * @param last index of the last coefficient that is not zero
 */
export function noteLackingAc(
  block: Int16Array,
  last: number,
  steps: Uint16Array,
  table: EncodeTable,
  lack: Float64Array,
): void {
  let run = 0;
  for (let k = 1; k <= last; k++) {
    const value = block[k] as number;
    if (value === 0) {
      run += 1;
      continue;
    }
    if (run > 15) note(ZRL, STRUCTURE_LOSS, table, lack);
    note(((run & 15) << 4) | magnitudeBits(value), (value * (steps[k] as number)) ** 2, table, lack);
    run = 0;
  }
  if (last < 63) note(EOB, STRUCTURE_LOSS, table, lack);
}

/**
 * @param last index of the last coefficient that is not zero
 * @returns whether every AC symbol of the block has a code
 */
export function acFits(block: Int16Array, last: number, table: EncodeTable): boolean {
  const { lengths } = table;
  let run = 0;
  for (let k = 1; k <= last; k++) {
    const value = block[k] as number;
    if (value === 0) {
      run += 1;
      continue;
    }
    if (run > 15 && lengths[ZRL] === 0) return false;
    const size = magnitudeBits(value);
    if (size > MOST_AC_BITS || lengths[((run & 15) << 4) | size] === 0) return false;
    run = 0;
  }
  return last === 63 || lengths[EOB] !== 0;
}

/** The sizes that have a code behind each run of 0 to 15 zeros. */
function sizesByRun(table: EncodeTable): number[][] {
  const sizes = Array.from({ length: MOST_AC_BITS }, (_, i) => i + 1);
  return Array.from({ length: 16 }, (_, run) => sizes.filter((size) => (table.lengths[(run << 4) | size] ?? 0) > 0));
}

/**
 * @param steps quantisation steps in zigzag order: the weight of an error
 * @returns a function that changes block[1..63] to the nearest values that the table can write: shortest path over the
 *   places of the last non-zero coefficient. It returns the index of the last one.
 */
export function acFitter(steps: Uint16Array, table: EncodeTable): (block: Int16Array) => number {
  const sizes = sizesByRun(table);
  const hasZrl = table.lengths[ZRL] !== 0;
  const hasEob = table.lengths[EOB] !== 0;
  const zeroCost = new Float64Array(64); // of making all coefficients up to k zero
  const cost = new Float64Array(64);
  const before = new Uint8Array(64);
  const value = new Int16Array(64);

  const reach = (k: number, wanted: number): void => {
    const step = steps[k] as number;
    for (let last = k - 1; last >= 0; last--) {
      const run = k - last - 1;
      if (run > 15 && !hasZrl) return;
      const base = (cost[last] as number) + (zeroCost[k - 1] as number) - (zeroCost[last] as number);
      if (base >= (cost[k] as number)) continue;
      for (const size of sizes[run & 15] as number[]) {
        const candidate = nearestOfSize(wanted, size);
        const total = base + ((candidate - wanted) * step) ** 2;
        if (total >= (cost[k] as number)) continue;
        cost[k] = total;
        before[k] = last;
        value[k] = candidate;
      }
    }
  };

  return (block) => {
    cost.fill(Infinity);
    cost[0] = 0;
    for (let k = 1; k < 64; k++) {
      const wanted = block[k] as number;
      zeroCost[k] = (zeroCost[k - 1] as number) + (wanted * (steps[k] as number)) ** 2;
      reach(k, wanted);
    }
    const total = (k: number): number => (cost[k] as number) + (zeroCost[63] as number) - (zeroCost[k] as number);
    let end = 63;
    if (hasEob) for (let k = 62; k >= 0; k--) if (total(k) < total(end)) end = k;
    block.fill(0, 1);
    for (let k = end; k > 0; k = before[k] as number) block[k] = value[k] as number;
    return end;
  };
}
