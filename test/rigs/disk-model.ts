/**
 * A disk that keeps its promises and nothing more. It is fed the calls of a session and says which states a power cut could
 * leave: data of a file is kept once the file was synced since it was written; a name is kept once its folder was synced
 * since it was made, moved or removed. Whatever else there is may be kept or not, each change for itself, and written
 * data in sectors of 512 bytes. A rename is one change, never a half, as every journalling file system has it.
 */
import { createHash } from 'node:crypto';
import { constants, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TracedCall } from './trace.js';

const SECTOR_BYTES = 512;

/** Decides about one change that was not synced. */
export type Keep = () => boolean;

interface Write {
  readonly offset: number;
  readonly data: Buffer;
}
interface Truncation {
  readonly bytes: number;
}
type DataChange = Write | Truncation;

class File {
  readonly kind = 'file';
  /** What is on the disk for certain. */
  durable: Buffer = Buffer.alloc(0);
  /** Since the last sync, oldest first. */
  pending: DataChange[] = [];

  sync(): void {
    this.durable = this.content(() => true);
    this.pending = [];
  }

  content(keep: Keep): Buffer {
    let bytes = this.durable;
    if (this.pending.length === 0) return bytes;
    let whole = bytes.length;
    for (const change of this.pending) {
      if ('bytes' in change) {
        whole = change.bytes;
        if (keep()) bytes = resized(bytes, change.bytes);
      } else {
        whole = Math.max(whole, change.offset + change.data.length);
        bytes = written(bytes, change, keep);
      }
    }
    // The size is metadata: it may be on the disk although the data is not.
    return bytes.length < whole && keep() ? resized(bytes, whole) : bytes;
  }
}

class Folder {
  readonly kind = 'folder';
  readonly durable = new Map<string, Node>();
  readonly entries = new Map<string, Node>();
}

type Node = File | Folder;

/** One call's changes of names: all of them happen or none. */
type NameChange = readonly { readonly folder: Folder; readonly name: string; readonly node: Node | null }[];

function resized(bytes: Buffer, length: number): Buffer {
  const result = Buffer.alloc(length);
  bytes.copy(result, 0, 0, Math.min(length, bytes.length));
  return result;
}

function written(bytes: Buffer, { offset, data }: Write, keep: Keep): Buffer {
  let result: Buffer | null = null;
  for (let from = 0; from < data.length;) {
    const to = Math.min(data.length, from + SECTOR_BYTES - ((offset + from) % SECTOR_BYTES));
    if (keep()) {
      if (result === null || result.length < offset + to)
        result = resized(result ?? bytes, Math.max((result ?? bytes).length, offset + to));
      data.copy(result, offset + from, from, to);
    }
    from = to;
  }
  return result ?? bytes;
}

/** A disk that breaks promises on purpose: syncs of these paths do nothing. */
export type IgnoredSync = (path: string, isFolder: boolean) => boolean;

export class DiskModel {
  readonly #root = new Folder();
  readonly #rootPath: string;
  readonly #ignored: IgnoredSync;
  readonly #open = new Map<number, { readonly node: Node; readonly path: string }>();
  #pending: NameChange[] = [];

  /** @param rootPath a folder that is there from the beginning */
  constructor(rootPath: string, ignored: IgnoredSync = () => false) {
    this.#rootPath = rootPath;
    this.#ignored = ignored;
  }

  apply(call: TracedCall): void {
    const { operation, file, path, second, offset, data } = call;
    if (operation === 'open') this.#openFile(call);
    else if (operation === 'write') this.#file(file).pending.push({ offset, data });
    else if (operation === 'truncate') this.#file(file).pending.push({ bytes: offset });
    else if (operation === 'sync') this.#sync(file);
    else if (operation === 'close') this.#open.delete(file);
    else if (operation === 'mkdir') this.#rename([[path, new Folder()]]);
    else if (operation === 'unlink' || operation === 'rmdir') this.#rename([[path, null]]);
    else if (operation === 'link') this.#rename([[second, this.#find(path)]]);
    else if (operation === 'rename') {
      this.#rename([
        [path, null],
        [second, this.#find(path)],
      ]);
    }
  }

  /** What is on the disk when of the unsynced changes only those are kept that `keep` says. Paths are relative. */
  state(keep: Keep): DiskState {
    const tree = new Map<Folder, Map<string, Node>>();
    const entriesOf = (folder: Folder): Map<string, Node> => {
      const entries = tree.get(folder) ?? new Map(folder.durable);
      tree.set(folder, entries);
      return entries;
    };
    for (const change of this.#pending) {
      if (!keep()) continue;
      for (const { folder, name, node } of change) {
        if (node === null) entriesOf(folder).delete(name);
        else entriesOf(folder).set(name, node);
      }
    }
    const state: DiskState = new Map();
    const walk = (folder: Folder, path: string): void => {
      for (const [name, node] of entriesOf(folder)) {
        const below = join(path, name);
        if (node.kind === 'file') state.set(below, node.content(keep));
        else {
          state.set(below, null);
          walk(node, below);
        }
      }
    };
    walk(this.#root, '');
    return state;
  }

  #openFile({ file, flags, path }: TracedCall): void {
    let node = this.#lookUp(path);
    if (node === null && (flags & constants.O_CREAT) !== 0) this.#rename([[path, (node = new File())]]);
    if (node === null) throw new Error(`the trace opens ${path}, which the model does not have`);
    if ((flags & constants.O_TRUNC) !== 0 && node.kind === 'file') node.pending.push({ bytes: 0 });
    this.#open.set(file, { node, path });
  }

  #sync(file: number): void {
    const { node, path } = this.#opened(file);
    if (this.#ignored(path, node.kind === 'folder')) return;
    if (node.kind === 'file') node.sync();
    else this.#syncNames(node);
  }

  /** A change of two folders is one change; what came before it under the same names comes with it. */
  #syncNames(folder: Folder): void {
    const isDue = this.#pending.map((change) => change.some((part) => part.folder === folder));
    for (let at = this.#pending.length - 1; at >= 0; at--) {
      if (!isDue[at]) continue;
      for (let before = 0; before < at; before++)
        isDue[before] ||= touchTheSame(this.#pending[before]!, this.#pending[at]!);
    }
    for (const [at, change] of this.#pending.entries()) {
      if (!isDue[at]) continue;
      for (const part of change) {
        if (part.node === null) part.folder.durable.delete(part.name);
        else part.folder.durable.set(part.name, part.node);
      }
    }
    this.#pending = this.#pending.filter((_change, at) => !isDue[at]);
  }

  #rename(changes: readonly (readonly [path: string, node: Node | null])[]): void {
    const change = changes.map(([path, node]) => ({ folder: this.#folderOf(path), name: basename(path), node }));
    for (const { folder, name, node } of change) {
      if (node === null) folder.entries.delete(name);
      else folder.entries.set(name, node);
    }
    this.#pending.push(change);
  }

  #folderOf(path: string): Folder {
    const node = this.#find(dirname(path));
    if (node.kind !== 'folder') throw new Error(`the trace has ${path} below a file`);
    return node;
  }

  #find(path: string): Node {
    const node = this.#lookUp(path);
    if (node === null) throw new Error(`the trace names ${path}, which the model does not have`);
    return node;
  }

  #lookUp(path: string): Node | null {
    if (path === this.#rootPath) return this.#root;
    const above = this.#lookUp(dirname(path));
    return above?.kind === 'folder' ? (above.entries.get(basename(path)) ?? null) : null;
  }

  #opened(file: number): { readonly node: Node; readonly path: string } {
    const opened = this.#open.get(file);
    if (opened === undefined) throw new Error(`the trace uses descriptor ${file}, which is not open`);
    return opened;
  }

  #file(file: number): File {
    const { node } = this.#opened(file);
    if (node.kind !== 'file') throw new Error(`the trace writes into a folder`);
    return node;
  }
}

const touchTheSame = (one: NameChange, other: NameChange): boolean =>
  one.some((a) => other.some((b) => a.folder === b.folder && a.name === b.name));

/** Files with their bytes, folders with null; a folder comes before what is in it. */
export type DiskState = Map<string, Buffer | null>;

export function hashOf(state: DiskState): string {
  const hash = createHash('sha1');
  for (const path of [...state.keys()].sort()) {
    const bytes = state.get(path) ?? null;
    hash.update(`${path}\n${bytes === null ? 'folder' : bytes.length}\n`);
    if (bytes !== null) hash.update(bytes);
  }
  return hash.digest('hex');
}

/** @param root an empty folder */
export function materialise(state: DiskState, root: string): void {
  for (const [path, bytes] of state) {
    if (bytes === null) mkdirSync(join(root, path));
    else writeFileSync(join(root, path), bytes);
  }
}
