/** The trace that `shim/calls.c` writes: every file call of a session that succeeded, in the order in which it took effect. */

const OPERATIONS = [
  'none',
  'open',
  'write',
  'sync',
  'truncate',
  'rename',
  'unlink',
  'mkdir',
  'rmdir',
  'link',
  'close',
] as const;

export interface TracedCall {
  readonly operation: (typeof OPERATIONS)[number];
  /** Descriptor; -1 where the call names paths only. */
  readonly file: number;
  /** Of open. */
  readonly flags: number;
  readonly path: string;
  /** Where a rename or a link leads to. */
  readonly second: string;
  /** Of a write; the new size of a truncation. */
  readonly offset: number;
  readonly data: Buffer;
}

/** Size of `struct frame`. */
const HEAD_BYTES = 32;

export function readTrace(bytes: Buffer): TracedCall[] {
  const calls: TracedCall[] = [];
  let at = 0;
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const head = take(HEAD_BYTES);
    const [pathBytes, secondBytes, dataBytes] = [12, 16, 20].map((offset) => head.readUInt32LE(offset));
    calls.push({
      operation: OPERATIONS[head.readUInt32LE(0)] ?? 'none',
      file: head.readInt32LE(4),
      flags: head.readUInt32LE(8),
      offset: Number(head.readBigUInt64LE(24)),
      path: take(pathBytes!).toString(),
      second: take(secondBytes!).toString(),
      data: take(dataBytes!),
    });
  }
  return calls;
}
