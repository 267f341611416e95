/** Takes the C2PA segment of a JPEG apart into its boxes and puts it together again, for tests that alter one of them. */
import assert from 'node:assert/strict';

export interface BoxNode {
  type: string;
  /** Of a superbox and of a description with a private box; else empty. */
  readonly children: BoxNode[];
  /** What stands before the children. */
  data: Buffer;
}

const SUPERBOX = 'jumb';
const SEGMENT_HEAD = Buffer.from('4a50021100000001', 'hex');

function readBoxes(bytes: Buffer): BoxNode[] {
  const nodes: BoxNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = Buffer.from(bytes.subarray(at + 8, at + length));
    const children = type === SUPERBOX ? readBoxes(content) : [];
    nodes.push({ type, children, data: type === SUPERBOX ? Buffer.alloc(0) : content });
    at += length;
  }
  return nodes;
}

function writeBox({ type, children, data }: BoxNode): Buffer {
  const content = Buffer.concat([data, ...children.map(writeBox)]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Of the first C2PA segment: from its marker to its end. */
export function segmentPlace(jpeg: Buffer): Place {
  const found = jpeg.indexOf(SEGMENT_HEAD);
  assert.ok(found > 4, 'there is no C2PA segment');
  return { start: found - 4, end: found - 2 + jpeg.readUInt16BE(found - 2) };
}

export function writeSegment(payload: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xeb, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

export function replaceSegment(jpeg: Buffer, ...segments: Buffer[]): Buffer {
  const { start, end } = segmentPlace(jpeg);
  return Buffer.concat([jpeg.subarray(0, start), ...segments, jpeg.subarray(end)]);
}

/** Alters the tree of boxes; all lengths fit afterwards. */
export function alterBoxes(jpeg: Buffer, alter: (store: BoxNode) => void): Buffer {
  const { start, end } = segmentPlace(jpeg);
  const [store] = readBoxes(jpeg.subarray(start + 4 + SEGMENT_HEAD.length, end));
  assert.ok(store !== undefined);
  alter(store);
  return replaceSegment(jpeg, writeSegment(Buffer.concat([SEGMENT_HEAD, writeBox(store)])));
}

const labelOf = ({ children }: BoxNode): string => children[0]?.data.toString('latin1', 17).split('\0')[0] ?? '';

/** Depth first. */
export function findSuperbox(root: BoxNode, label: string): BoxNode {
  const search = (node: BoxNode): BoxNode | undefined =>
    node.type !== SUPERBOX || labelOf(node).startsWith(label)
      ? node
      : node.children
          .filter(({ type }) => type === SUPERBOX)
          .map(search)
          .find((one) => one && labelOf(one).startsWith(label));
  const found = search(root);
  assert.ok(found !== undefined, `there is no superbox ${label}`);
  return found;
}

/** Description and content of the superbox with this label. */
export function partsOf(root: BoxNode, label: string): { readonly description: BoxNode; readonly content: BoxNode } {
  const [description, content] = findSuperbox(root, label).children;
  assert.ok(description !== undefined && content !== undefined);
  return { description, content };
}
