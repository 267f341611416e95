/**
 * The chain's second copy (`src/evidence/chain.ts`): a text file that only grows. A line is on the disk before the store
 * commits its record, so after a crash it may be one line ahead of the store, never behind. Written at a known offset,
 * not in append mode: a write that failed half way is written over by the next attempt, never followed by it.
 */
import { constants, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import {
  chainLine,
  parseChainText,
  type ChainEntry,
  type ChainLine,
  type ChainText,
} from '../../src/evidence/chain.js';
import { storeError } from './database.js';
import { makeFolder, syncFolder } from './files.js';

export const CHAIN_FILE = 'chain.sha256';

export class ChainFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #lines: ChainLine[];
  /** Where the next line goes. */
  #end: number;
  /** Bytes of a line that was never finished; '' once they are cut off. */
  #torn: string;

  private constructor(path: string, file: FileHandle, { lines, torn }: ChainText) {
    this.path = path;
    this.#file = file;
    this.#lines = [...lines];
    this.#end = lines.reduce((length, line) => length + chainLine(line).length, 0);
    this.#torn = torn;
  }

  /**
   * Opens or makes the file; changes nothing in it.
   *
   * @throws KerbsideError 'chain-broken' when it is no chain file; 'store-failed', 'disk-full'
   */
  static async open(path: string): Promise<ChainFile> {
    try {
      await makeFolder(dirname(path));
      const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
      try {
        const chain = new ChainFile(path, file, parseChainText(await file.readFile('latin1')));
        await file.sync();
        await syncFolder(dirname(path));
        await syncFolder(dirname(dirname(path)));
        return chain;
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      throw storeError(error, path);
    }
  }

  get lines(): readonly ChainLine[] {
    return this.#lines;
  }

  /** What stands behind the last whole line. */
  get torn(): string {
    return this.#torn;
  }

  /** Cuts off the line that was never finished. @throws KerbsideError 'store-failed', 'disk-full' */
  async cutTorn(): Promise<void> {
    try {
      await this.#file.truncate(this.#end);
      await this.#file.sync();
      this.#torn = '';
    } catch (error) {
      throw storeError(error, this.path);
    }
  }

  /**
   * Resolves when the line is on the disk. The last line once more is no new line: its commit failed and is tried again.
   *
   * @throws KerbsideError 'chain-broken' when the entry is not the next one; 'store-failed', 'disk-full'
   */
  async append(entry: Pick<ChainEntry, 'sequence' | 'sha256' | 'name'>): Promise<void> {
    const known = this.#lines[entry.sequence - 1];
    const again = known !== undefined && known.sha256 === entry.sha256 && known.name === entry.name;
    if (entry.sequence !== this.#lines.length + 1 && !(again && entry.sequence === this.#lines.length)) {
      const sentence = `Chain file ${this.path} has ${this.#lines.length} lines; found sequence ${entry.sequence} (${entry.name}), expected the next one.`;
      throw new KerbsideError('chain-broken', sentence);
    }
    if (again) return;
    if (this.#torn !== '') await this.cutTorn();
    const at = this.#end;
    const bytes = Buffer.from(chainLine(entry), 'latin1');
    try {
      for (let done = 0; done < bytes.length;) {
        done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
      await this.#file.datasync();
    } catch (error) {
      throw storeError(error, this.path);
    }
    this.#lines.push({ sha256: entry.sha256, name: entry.name });
    this.#end = at + bytes.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
