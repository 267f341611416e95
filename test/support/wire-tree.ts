/**
 * A record taken to pieces and put together again by the layout alone: a second, small reading of protobuf's wire form
 * that shares no code with the one under test, and writes whatever it is told to.
 */
import assert from 'node:assert/strict';
import { schema, type SchemaField } from '../../proto/generated/evidence.schema.js';

export interface WireNode {
  readonly name: string;
  readonly field: SchemaField;
  /** The value as it stands on the wire, for all that is no message. */
  readonly bytes: Buffer;
  /** The fields of a message; null for anything else. */
  readonly children: WireNode[] | null;
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = at, scale = 1; ; i += 1, scale *= 128) {
    const byte = bytes[i] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, end: i + 1 };
  }
}

export function takeApart(bytes: Buffer, message: string): WireNode[] {
  const nodes: WireNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const found = Object.entries(schema[message] ?? {}).find(([, { id }]) => id === tag.value >> 3);
    assert.ok(found !== undefined, `${message} has no field ${tag.value >> 3}`);
    const [name, field] = found;
    let from = tag.end;
    let end = from + 8;
    if (tag.value % 8 === 0) end = readVarint(bytes, from).end;
    if (tag.value % 8 === 2) {
      const length = readVarint(bytes, from);
      from = length.end;
      end = from + length.value;
    }
    const value = bytes.subarray(from, end);
    nodes.push({ name, field, bytes: value, children: field.type in schema ? takeApart(value, field.type) : null });
    at = end;
  }
  return nodes;
}

export function field(id: number, wireType: number, value: Buffer): Buffer {
  const length = wireType === 2 ? varint(value.length) : Buffer.alloc(0);
  return Buffer.concat([varint(id * 8 + wireType), length, value]);
}

const wireType = ({ type }: SchemaField): number => (type === 'double' ? 1 : ['uint32', 'bool'].includes(type) ? 0 : 2);

export function putTogether(nodes: readonly WireNode[]): Buffer {
  return Buffer.concat(
    nodes.map((node) =>
      field(node.field.id, wireType(node.field), node.children === null ? node.bytes : putTogether(node.children)),
    ),
  );
}

/** Where a node stands: an index at every level, e.g. [18, 3]. */
export type Place = readonly number[];

export function places(nodes: readonly WireNode[], above: Place = []): Place[] {
  return nodes.flatMap((node, i) => [[...above, i], ...places(node.children ?? [], [...above, i])]);
}

/** The same with the nodes of one level changed. */
export function changeLevel(
  nodes: readonly WireNode[],
  above: Place,
  change: (level: WireNode[]) => WireNode[],
): WireNode[] {
  const [first, ...rest] = above;
  if (first === undefined) return change([...nodes]);
  return nodes.map((node, i) =>
    i === first ? { ...node, children: changeLevel(node.children ?? [], rest, change) } : node,
  );
}

/** The names down to a place, e.g. ['facts', 'lane']. */
export function namesOf(nodes: readonly WireNode[], [first = 0, ...rest]: Place): string[] {
  const node = nodes[first];
  assert.ok(node !== undefined);
  return rest.length === 0 ? [node.name] : [node.name, ...namesOf(node.children ?? [], rest)];
}

export function nodeAt(nodes: readonly WireNode[], [first = 0, ...rest]: Place): WireNode {
  const node = nodes[first];
  assert.ok(node !== undefined);
  return rest.length === 0 ? node : nodeAt(node.children ?? [], rest);
}
