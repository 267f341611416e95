/**
 * The imported packs as the van uses them: sites and reference data in memory, read again when the folder changes. A pack
 * is imported by rename, so what is seen is whole; what cannot be read leaves the last good reading in force and is said.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_REFERENCE, type Reference } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';

export interface Shelved {
  readonly reference: Reference;
  readonly sites: readonly Site[];
  /** Packs that lie there and are not used, a sentence each. */
  readonly problems?: readonly string[];
}

export interface ShelfOptions {
  readonly folder: string;
  /** Reads all packs. @throws KerbsideError for what cannot be read or is not to be believed */
  readonly load: () => Promise<Shelved>;
  readonly onChange: (shelved: Shelved) => void;
  readonly onProblem: (sentence: string) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 2000;
const MOST_FILES = 1000;

export class Shelf {
  #shelved: Shelved = { reference: NO_REFERENCE, sites: [] };
  #seen = '';
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #problems: readonly string[] = [];
  #isRead = false;
  #stopped = false;

  constructor(private readonly options: ShelfOptions) {}

  get shelved(): Shelved {
    return this.#shelved;
  }

  /** Resolves after the first reading. */
  async start(): Promise<void> {
    await this.look();
    if (this.#stopped) return;
    const everyMs = this.options.everyMs ?? EVERY_MS;
    this.#timer = setInterval(() => void (this.#waiting === 0 ? this.look() : null), everyMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Reads again what has changed by now; one look at a time. */
  look(): Promise<void> {
    this.#waiting += 1;
    this.#last = this.#last
      .then(() => this.#look())
      .finally(() => {
        this.#waiting -= 1;
      });
    return this.#last;
  }

  async #look(): Promise<void> {
    const seen = await fingerprint(this.options.folder);
    if (seen === this.#seen) return;
    this.#seen = seen;
    let read: Shelved;
    try {
      read = await this.options.load();
    } catch (error) {
      // What hindered it may pass without another change of the folder.
      this.#seen = '';
      this.#tell([error instanceof Error ? error.message : String(error)]);
      return;
    }
    this.#tell(read.problems ?? []);
    const before = inForce(this.#shelved);
    this.#shelved = read;
    if (!this.#isRead || inForce(read) !== before) this.options.onChange(read);
    this.#isRead = true;
  }

  #tell(problems: readonly string[]): void {
    for (const problem of problems) if (!this.#problems.includes(problem)) this.options.onProblem(problem);
    this.#problems = problems;
  }
}

/** The folder holds a log, too: only another set of packs is a change. */
const inForce = ({ reference, sites }: Shelved): string =>
  JSON.stringify([reference, sites.map(({ code, version }) => [code, version])]);

/** Names, sizes and times of what lies there, not of the history below; empty where there is no folder. */
async function fingerprint(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const lines = await Promise.all(
    names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) =>
        stat(join(folder, name)).then(
          ({ ino, size, mtimeMs }) => `${name} ${ino} ${size} ${mtimeMs}`,
          () => `${name} gone`,
        ),
      ),
  );
  return `folder\n${lines.join('\n')}`;
}
