/**
 * The chain of records as the office keeps it: the file and the store's table together (`src/evidence/chain.ts`). The
 * file's line is on the disk before the store commits, so a crash leaves the file one line ahead at most. Every other
 * difference between the two is somebody's or something's doing: it is named, recorded, and recovered only where the
 * records on the disk prove what is right.
 */
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import {
  compareChains,
  nextLink,
  type ChainComparison,
  type ChainEntry,
  type ChainHead,
  type ChainLine,
} from '../../src/evidence/chain.js';
import type { ChainLink } from '../../src/evidence/record-envelope.js';
import { chainName, type RecordWork } from '../../src/evidence/record-work.js';
import type { UtcMs } from '../../src/units.js';
import { CHAIN_FILE, ChainFile } from '../store/chain-file.js';
import { sha256OfFile } from '../store/files.js';
import type { SealedFiles } from '../store/rows.js';
import type { Store } from '../store/store.js';
import { bySequence, strayRecords } from './stray-records.js';
import { evidenceRoot, findRecord, type FoundRecord } from './sealed-files.js';

/** What was found at the start and what became of it; goes into the log of events. */
export interface Finding {
  readonly level: 'info' | 'warning' | 'alarm';
  readonly code: string;
  readonly sentence: string;
}

export class RecordChain {
  readonly #store: Store;
  readonly #file: ChainFile;
  #head: ChainHead;

  private constructor(store: Store, file: ChainFile, head: ChainHead) {
    this.#store = store;
    this.#file = file;
    this.#head = head;
  }

  /**
   * Opens both copies, compares them, and recovers what the records on the disk prove.
   *
   * @throws KerbsideError 'chain-broken' when they contradict each other, or a record that one of them names is not there
   */
  static async open(
    store: Store,
    utcMs: UtcMs,
  ): Promise<{ readonly chain: RecordChain; readonly findings: Finding[] }> {
    const file = await ChainFile.open(join(evidenceRoot(store.dataDir), CHAIN_FILE));
    try {
      const findings: Finding[] = [];
      const entries = await store.chainEntries();
      const chain = new RecordChain(store, file, await store.chainHead());
      const compared = compareChains(entries, file.lines);
      await chain.#prove(compared, entries);
      if (file.torn !== '') {
        const sentence = `Chain file: its last line was not whole, found ${file.torn.length} bytes of one; they were removed.`;
        findings.push({ level: 'warning', code: 'chain-torn', sentence });
        await file.cutTorn();
      }
      if (compared.state === 'ahead') await chain.#adopt(compared.lines, utcMs, findings);
      if (compared.state === 'behind') await chain.#restore(entries.slice(file.lines.length), findings);
      await chain.#takeInStrays(utcMs, findings);
      return { chain, findings };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Where the next record hangs. */
  get next(): ChainLink {
    return nextLink(this.#head);
  }

  /** Acknowledges a record: the file first, then everything that the store holds of it. May be tried again. */
  async commit(work: RecordWork, files: SealedFiles, utcMs: UtcMs): Promise<void> {
    const entry = this.#nextEntry(work, files);
    await this.#file.append(entry);
    await this.#store.commit(work, files, entry, utcMs);
    this.#head = entry;
  }

  #nextEntry(work: RecordWork, files: SealedFiles): ChainEntry {
    return { ...this.next, type: work.type, name: chainName(work), sha256: files.record.sha256 };
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Refuses what the disk does not prove. First of all, and of every line, so that a refusal leaves all as it was. */
  async #prove(compared: ChainComparison, entries: readonly ChainEntry[]): Promise<void> {
    const { path } = this.#file;
    if (compared.state === 'differs') {
      const { sequence, file, store } = compared;
      throw new KerbsideError(
        'chain-broken',
        `Chain of records, sequence ${sequence}: the file ${path} says ${file.name} with SHA-256 ${file.sha256}, the store says ${store.name} with SHA-256 ${store.sha256}; expected the same. Nothing was changed.`,
      );
    }
    if (compared.state === 'ahead') {
      let head = this.#head;
      for (const line of compared.lines) {
        await this.#findLine(line, nextLink(head));
        head = { sequence: head.sequence + 1, sha256: line.sha256 };
      }
    }
    if (compared.state === 'behind') {
      for (const entry of entries.slice(this.#file.lines.length)) await this.#findEntry(entry);
    }
  }

  /** The record of a line that the store does not know. */
  async #findLine({ name, sha256 }: ChainLine, { sequence, previousSha256 }: ChainLink): Promise<FoundRecord> {
    const found = await findRecord(this.#store.dataDir, name);
    const hangsOn = found?.link.sequence === sequence && found.link.previousSha256 === previousSha256;
    if (found?.files.record.sha256 === sha256 && hangsOn) return found;
    throw new KerbsideError(
      'chain-broken',
      `Chain file ${this.#file.path}, line ${sequence}: ${name} with SHA-256 ${sha256} is not on the disk as it was sealed, and the store does not know it; expected record, signature and image. Nothing was changed.`,
    );
  }

  /** The record of an entry that the file does not know. */
  async #findEntry({ name, sha256, sequence }: ChainEntry): Promise<void> {
    const path = join(evidenceRoot(this.#store.dataDir), name);
    const found = await sha256OfFile(path).catch(() => null);
    if (found === sha256) return;
    throw new KerbsideError(
      'chain-broken',
      `Chain file ${this.#file.path} lacks line ${sequence}, and ${path} has SHA-256 ${found ?? 'none, it cannot be read'}; expected ${sha256} as in the store. Nothing was changed.`,
    );
  }

  /** The store does not know what was committed to the file. One line: a crash came between the two. More: an older store. */
  async #adopt(lines: readonly ChainLine[], utcMs: UtcMs, findings: Finding[]): Promise<void> {
    for (const line of lines) {
      const { work, files } = await this.#findLine(line, this.next);
      const entry = this.#nextEntry(work, files);
      await this.#store.adopt(work, utcMs);
      await this.#store.commit(work, files, entry, utcMs);
      this.#head = entry;
    }
    if (lines.length === 1) {
      const sentence = `Record ${lines[0]?.name ?? ''} was sealed and not committed; it is committed now.`;
      findings.push({ level: 'info', code: 'chain-committed', sentence });
      return;
    }
    const sentence = `The store had forgotten ${lines.length} records from ${lines[0]?.name ?? ''} on: an older copy of it was put back. They were taken in again from the records on the disk.`;
    findings.push({ level: 'alarm', code: 'chain-adopted', sentence });
  }

  /** Both copies were lost, or are older than the disk: the records' own links lead on, or the start is refused. */
  async #takeInStrays(utcMs: UtcMs, findings: Finding[]): Promise<void> {
    const { strays, waiting } = await strayRecords(this.#store, this.#file.lines);
    if (strays.length === 0) return;
    const left = new Set(strays);
    const places = await bySequence(this.#store, [...strays, ...waiting]);
    for (;;) {
      const { sequence, previousSha256 } = this.next;
      const name = places.get(sequence);
      const found = name === undefined ? null : await findRecord(this.#store.dataDir, name);
      if (name === undefined || found?.link.sequence !== sequence || found.link.previousSha256 !== previousSha256)
        break;
      await this.#store.adopt(found.work, utcMs);
      await this.commit(found.work, found.files, utcMs);
      left.delete(name);
    }
    if (left.size > 0) {
      const [first = ''] = [...left].sort();
      throw new KerbsideError(
        'chain-broken',
        `${evidenceRoot(this.#store.dataDir)} holds ${left.size} records that neither the store nor the chain file knows and that do not hang on the end of the chain (${first}); expected none: put back the newest copies of both, or move the records away and keep them.`,
      );
    }
    const sentence = `Store and chain file did not know ${strays.length} records on the disk: both were lost, or older copies put back. They were taken in again, each by the hash of the one before it.`;
    findings.push({ level: 'alarm', code: 'chain-rebuilt', sentence });
  }

  /** The file has lost lines: no crash does that. They come back only if every record is there as the store knows it. */
  async #restore(missing: readonly ChainEntry[], findings: Finding[]): Promise<void> {
    for (const entry of missing) await this.#file.append(entry);
    const sentence = `Chain file: its last ${missing.length} lines were missing; they were written again from the store, after every record was found as it was sealed.`;
    findings.push({ level: 'alarm', code: 'chain-restored', sentence });
  }
}
