/** A recording from disk through this version's controller: report, stories, and how far it could be trusted. */
import { existsSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { Replay, type ReplayReport } from '../../src/recording/replay.js';
import { StoryTeller, type Story, type Wanted } from '../../src/recording/story.js';
import type { Entry } from '../../src/recording/types.js';
import { softwareIdentity } from '../config/software.js';
import type { DamageItem } from '../recording/reader.js';
import { readEntries, type ReadItem } from './read-entries.js';
import { Course, type Until } from './until.js';

export interface ReplayPlan {
  readonly path: string;
  readonly until: Until | null;
  readonly wanted: Wanted | null;
  /** Told now and then: seconds of the recording so far. */
  readonly onProgress?: (seconds: number) => void;
}

export interface Damage {
  readonly kind: DamageItem['kind'];
  readonly sentence: string;
}

/** Why reading ended before the end: the moment that was asked for, or all that was wanted is told. */
export type Cut = 'until' | 'told';

export interface Replayed {
  readonly report: ReplayReport;
  /** As far as was read. */
  readonly damages: readonly Damage[];
  /** Of a number at most one; of a pass one for each life that had it. */
  readonly stories: readonly Story[];
  /** null: all of it was read. */
  readonly cut: Cut | null;
  /** Every life that was read was recorded by the software that replays it now. */
  readonly sameSoftware: boolean;
  readonly softwareSha256: string;
  /** Of the inputs that were fed, without what lies between two lives. */
  readonly seconds: number;
}

/** Between two looks at the clock. */
const ENTRIES_A_TURN = 5000;

/** @throws KerbsideError 'recording-unreadable' where there is nothing to replay; 'usage' where `until` is outside of it */
export async function replayRecording(plan: ReplayPlan): Promise<Replayed> {
  const { path, until, onProgress } = plan;
  if (!existsSync(path)) {
    throw new KerbsideError(
      'recording-unreadable',
      `Recording ${path} is not there, expected a file recording.kbr or the folder of a deployment.`,
    );
  }
  const run = new Run(plan);
  let count = 0;
  for (const item of readEntries(path)) {
    if (!run.take(item)) break;
    count += 1;
    if (count % ENTRIES_A_TURN !== 0) continue;
    onProgress?.(run.course.seconds);
    await new Promise(setImmediate);
  }
  const replayed = run.end();
  if (replayed.report.lives.length === 0) {
    const found = replayed.damages[0]?.sentence ?? 'it is empty';
    throw new KerbsideError('recording-unreadable', `Recording ${path} holds nothing that can be replayed: ${found}`);
  }
  if (until !== null && replayed.cut === null) run.course.refuseAfter(until);
  return replayed;
}

const CUT_SENTENCES: Readonly<Record<Cut, string>> = {
  until: 'what follows lies behind --until and was not looked at',
  told: 'all that was asked for is told by then, and what follows was not looked at',
};

class Run {
  readonly course = new Course();
  readonly #until: Until | null;
  readonly #teller: StoryTeller | null;
  readonly #replay: Replay;
  readonly #damages: Damage[] = [];
  readonly #sha256 = softwareIdentity().sha256;
  #sameSoftware = true;
  #hasBegun = false;
  #cut: Cut | null = null;

  constructor({ until, wanted }: ReplayPlan) {
    this.#until = until;
    this.#teller = wanted === null ? null : new StoryTeller(wanted);
    const teller = this.#teller;
    this.#replay = new Replay(teller === null ? {} : { onlooker: teller.onlooker, onStep: teller.onStep });
  }

  /** @returns false: nothing that follows is asked for */
  take(item: ReadItem): boolean {
    if (item.type === 'damage') {
      this.#damage(item);
      return true;
    }
    const { entry } = item;
    this.#cut = this.#cutBefore(entry);
    if (this.#cut !== null) {
      // A life in front of the head of the next one was fed to its end.
      if (entry.type !== 'head') this.#replay.stop(CUT_SENTENCES[this.#cut]);
      return false;
    }
    if (entry.type === 'head') {
      if (!this.#hasBegun && this.#until !== null) this.course.refuseBefore(this.#until, entry.head);
      this.#hasBegun = true;
      this.course.begin(entry.head);
      this.#sameSoftware &&= entry.head.software.sha256 === this.#sha256;
    }
    if (this.#hasBegun) this.#replay.take(entry);
    if (entry.type === 'input') this.course.input(entry.input.atNs);
    return true;
  }

  end(): Replayed {
    const report = this.#replay.end();
    return {
      report,
      damages: this.#damages,
      stories: this.#teller?.stories ?? [],
      ...{ cut: this.#cut, sameSoftware: this.#sameSoftware, softwareSha256: this.#sha256 },
      seconds:
        report.lives.reduce((sum, { head, inputs, lastNs }) => sum + (inputs > 0 ? lastNs - head.atNs : 0), 0) / 1e9,
    };
  }

  #damage({ kind, sentence }: Damage): void {
    this.#damages.push({ kind, sentence });
    // What is cut off at the end leaves nothing behind it to be misjudged; an unclosed end loses nothing.
    if (kind !== 'unclosed' && this.#hasBegun) this.#replay.gap(sentence);
  }

  /** The answers to the last input that was fed stand before the next input, and are all there by then. */
  #cutBefore(entry: Entry): Cut | null {
    if (entry.type === 'head') {
      if (this.#until !== null && this.#hasBegun && this.course.isHeadBehind(this.#until, entry.head)) return 'until';
      return this.course.isNewLife(entry.head) && this.#teller?.isToldWithLife === true ? 'told' : null;
    }
    if (entry.type !== 'input') return null;
    if (this.#until !== null && this.course.isBehind(this.#until, entry.input.atNs)) return 'until';
    return this.#teller?.isTold === true ? 'told' : null;
  }
}
