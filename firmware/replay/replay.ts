/** A recording from disk through this version's controller: report, story, and how far it could be trusted. */
import { existsSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { Replay, type ReplayReport } from '../../src/recording/replay.js';
import { StoryTeller, type Story, type Wanted } from '../../src/recording/story.js';
import type { RecordingHead } from '../../src/recording/types.js';
import { softwareIdentity } from '../config/software.js';
import type { DamageItem } from '../recording/reader.js';
import { readEntries } from './read-entries.js';
import { untilNsOf, type Until } from './until.js';

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

export interface Replayed {
  readonly report: ReplayReport;
  readonly damages: readonly Damage[];
  readonly story: Story | null;
  /** Every life was recorded by the software that replays it now. */
  readonly sameSoftware: boolean;
  readonly softwareSha256: string;
  readonly seconds: number;
}

/** Between two looks at the clock. */
const ENTRIES_A_TURN = 5000;

/** @throws KerbsideError 'recording-unreadable' where there is nothing to replay; 'usage' */
export async function replayRecording({ path, until, wanted, onProgress }: ReplayPlan): Promise<Replayed> {
  if (!existsSync(path)) {
    throw new KerbsideError(
      'recording-unreadable',
      `Recording ${path} is not there, expected a file recording.kbr or the folder of a deployment.`,
    );
  }
  const teller = wanted === null ? null : new StoryTeller(wanted);
  const damages: Damage[] = [];
  const { sha256 } = softwareIdentity();
  let running: { readonly replay: Replay; readonly first: RecordingHead } | null = null;
  let sameSoftware = true;
  let atNs = 0;
  let count = 0;
  const begin = (first: RecordingHead) => ({
    first,
    replay: new Replay({
      ...(until === null ? {} : { untilNs: untilNsOf(until, first) }),
      ...(teller === null ? {} : { onlooker: teller.onlooker, onStep: teller.onStep }),
    }),
  });
  for (const item of readEntries(path)) {
    if (item.type === 'damage') {
      damages.push({ kind: item.kind, sentence: item.sentence });
      // What is cut off at the end leaves nothing behind it to be misjudged; an unclosed end loses nothing.
      if (item.kind !== 'unclosed') running?.replay.gap(item.sentence);
      continue;
    }
    const { entry } = item;
    if (entry.type === 'head') {
      running ??= begin(entry.head);
      sameSoftware &&= entry.head.software.sha256 === sha256;
    }
    running?.replay.take(entry);
    if (entry.type === 'input') atNs = entry.input.atNs;
    count += 1;
    if (count % ENTRIES_A_TURN !== 0) continue;
    onProgress?.((atNs - (running?.first.atNs ?? atNs)) / 1e9);
    await new Promise(setImmediate);
  }
  if (running === null) {
    const found = damages[0]?.sentence ?? 'it is empty';
    throw new KerbsideError('recording-unreadable', `Recording ${path} holds nothing that can be replayed: ${found}`);
  }
  const seconds = Math.max(0, (atNs - running.first.atNs) / 1e9);
  return {
    report: running.replay.end(),
    damages,
    story: teller?.story ?? null,
    sameSoftware,
    softwareSha256: sha256,
    seconds,
  };
}
