/**
 * The chain's second copy (`src/evidence/chain.ts`): a text file that only grows. A line is on the disk before the store
 * commits its record, so after a crash it may be one line ahead of the store, never behind. Written at a known offset,
 * not in append mode: a write that failed half way is written over by the next attempt, never followed by it.
 */
import { constants, type FileHandle, open } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { chainLine, parseChainText, type ChainEntry, type ChainLine } from '../../src/evidence/chain.js';
import { storeError } from './database.js';
import { syncFolder } from './files.js';

export const CHAIN_FILE = 'chain.sha256';

export class ChainFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #lines: ChainLine[];
  /** Offset of each line, and where the next one goes. */
  readonly #offsets: number[];

  private constructor(path: string, file: FileHandle, lines: readonly ChainLine[]) {
    this.path = path;
    this.#file = file;
    this.#lines = [...lines];
    this.#offsets = [0];
    for (const line of lines) this.#offsets.push((this.#offsets.at(-1) ?? 0) + chainLine(line).length);
  }

  /**
   * Opens or makes the file. `torn`: bytes of a line that was never finished; they are cut off.
   *
   * @throws KerbsideError 'chain-broken' when it is no chain file; 'store-failed', 'disk-full'
   */
  static async open(path: string): Promise<{ readonly chain: ChainFile; readonly torn: string }> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
      try {
        const text = await file.readFile('latin1');
        const { lines, torn } = parseChainText(text);
        const chain = new ChainFile(path, file, lines);
        if (torn !== '') await file.truncate(text.length - torn.length);
        await file.sync();
        await syncFolder(dirname(path));
        await syncFolder(dirname(dirname(path)));
        return { chain, torn };
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
    const at = this.#offsets.at(-1) ?? 0;
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
    this.#offsets.push(at + bytes.length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
