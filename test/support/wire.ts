/** Protobuf on the wire, read by field numbers alone, to take out one field at a time at every level of a record. */
import { schema } from '../../proto/generated/evidence.schema.js';

export interface WireField {
  /** As a refusal may name it: with the index among its siblings, and without. */
  readonly names: readonly string[];
  /** The record without this occurrence of the field; all lengths around it are right. */
  readonly without: Uint8Array;
}

interface Piece {
  readonly number: number;
  readonly tag: Uint8Array;
  /** Without the length of a field of bytes. */
  readonly content: Uint8Array;
  readonly hasLength: boolean;
}

function varint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

function toVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

function cut(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length;) {
    const [key, behind] = varint(bytes, at);
    const tag = bytes.subarray(at, behind);
    const wire = key % 8;
    if (wire === 2) {
      const [length, from] = varint(bytes, behind);
      pieces.push({ number: Math.floor(key / 8), tag, content: bytes.subarray(from, from + length), hasLength: true });
      at = from + length;
    } else {
      const end = wire === 1 ? behind + 8 : varint(bytes, behind)[1];
      pieces.push({ number: Math.floor(key / 8), tag, content: bytes.subarray(behind, end), hasLength: false });
      at = end;
    }
  }
  return pieces;
}

const join = (pieces: readonly Piece[]): Uint8Array =>
  Buffer.concat(
    pieces.flatMap(({ tag, content, hasLength }) =>
      hasLength ? [tag, toVarint(content.length), content] : [tag, content],
    ),
  );

/** Every occurrence of every field, inner ones included. */
export function* fieldsOf(
  bytes: Uint8Array,
  message: string,
  path: readonly string[] = [''],
  wrap: (inner: Uint8Array) => Uint8Array = (inner) => inner,
): Generator<WireField> {
  const pieces = cut(bytes);
  const byNumber = new Map(
    Object.entries(schema[message] ?? {}).map(([name, field]) => [field.id, { name, ...field }]),
  );
  for (const [i, piece] of pieces.entries()) {
    const field = byNumber.get(piece.number)!;
    const index = pieces.slice(0, i).filter(({ number }) => number === piece.number).length;
    const own = path.map((prefix) => `${prefix}${field.name}`);
    const text = Buffer.from(piece.content).toString('latin1');
    const isList = path[0] === '' && (field.name === 'absent' || field.name === 'counts');
    const names = isList ? [text.split('=')[0] ?? ''] : own;
    yield { names, without: wrap(join(pieces.filter((_, other) => other !== i))) };
    if (schema[field.type] === undefined) continue;
    const prefixes = own.flatMap((name) =>
      field.rule === 'repeated' ? [`${name}[${index}].`, `${name}.`] : [`${name}.`],
    );
    const around = (inner: Uint8Array): Uint8Array =>
      wrap(join(pieces.map((other, at) => (at === i ? { ...other, content: inner } : other))));
    yield* fieldsOf(piece.content, field.type, prefixes, around);
  }
}
