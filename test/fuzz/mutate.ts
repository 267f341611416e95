/** Inputs made of others: flipped, cut, joined, with the words of the format in wrong places. Everything from one seed. */
import type { Random } from '../../hw-sim/prng.js';

/** Of a sealed picture and a little more. */
const MOST_BYTES = 65_536;
const INTERESTING = [
  0, 1, 2, 3, 0x0a, 0x0d, 0x20, 0x22, 0x2a, 0x2c, 0x30, 0x7b, 0x7f, 0x80, 0xd8, 0xd9, 0xda, 0xff,
] as const;

const index = (random: Random, length: number): number => Math.floor(random.uniform() * length);

const cutTo = (bytes: Uint8Array): Uint8Array => (bytes.length > MOST_BYTES ? bytes.slice(0, MOST_BYTES) : bytes);

/** Every mutator leaves its parent alone: `slice` of a Buffer would be a view of it. */
type Mutator = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const flipBit: Mutator = (bytes, random) => {
  const made = Uint8Array.from(bytes);
  const at = index(random, made.length);
  if (made.length > 0) made[at] = (made[at] ?? 0) ^ (1 << index(random, 8));
  return made;
};

const setByte: Mutator = (bytes, random) => {
  const made = Uint8Array.from(bytes);
  if (made.length > 0) made[index(random, made.length)] = random.pick(INTERESTING);
  return made;
};

/** Lengths and counts are where readers stumble. */
const setWord: Mutator = (bytes, random) => {
  const made = Uint8Array.from(bytes);
  if (made.length < 4) return made;
  const at = index(random, made.length - 3);
  const value = random.pick([0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, bytes.length]);
  new DataView(made.buffer, made.byteOffset).setUint32(at, value, random.uniform() < 0.5);
  return made;
};

const remove: Mutator = (bytes, random) => {
  const from = index(random, bytes.length);
  const to = Math.min(bytes.length, from + 1 + index(random, 24));
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const repeat: Mutator = (bytes, random) => {
  const from = index(random, bytes.length);
  const to = Math.min(bytes.length, from + 1 + index(random, 40));
  const part = bytes.subarray(from, to);
  return Buffer.concat([
    bytes.subarray(0, to),
    part,
    ...(random.uniform() < 0.2 ? [part, part] : []),
    bytes.subarray(to),
  ]);
};

const insert: Mutator = (bytes, random) => {
  const at = index(random, bytes.length + 1);
  const junk = Uint8Array.from({ length: 1 + index(random, 8) }, () => random.uniform() * 256);
  return Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
};

const splice: Mutator = (bytes, random, others) => {
  const other = random.pick(others);
  return Buffer.concat([
    bytes.subarray(0, index(random, bytes.length + 1)),
    other.subarray(index(random, other.length + 1)),
  ]);
};

const cut: Mutator = (bytes, random) => bytes.slice(0, index(random, bytes.length + 1));

/** A number in a text becomes another: huge, negative, no number at all. */
const renumber: Mutator = (bytes, random) => {
  const text = Buffer.from(bytes).toString('latin1');
  const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
  const one = numbers[index(random, numbers.length)];
  if (one === undefined) return bytes;
  const value = random.pick([
    '0',
    '-1',
    '1e999',
    '999999999',
    '0.0000001',
    '-0',
    'NaN',
    '""',
    '1'.repeat(40),
    '[]',
    'null',
  ]);
  return Buffer.from(text.slice(0, one.index) + value + text.slice(one.index + one[0].length), 'latin1');
};

const MUTATORS: readonly Mutator[] = [
  flipBit,
  flipBit,
  setByte,
  setWord,
  remove,
  repeat,
  insert,
  splice,
  cut,
  renumber,
];

/** @param corpus not empty */
export function mutate(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = random.pick(corpus);
  for (let rounds = 1 + index(random, 4); rounds > 0; rounds -= 1) bytes = random.pick(MUTATORS)(bytes, random, corpus);
  return cutTo(bytes);
}
