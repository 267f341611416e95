/** Entries of a recording out of its files; what cannot be read is told in its place. */
import { KerbsideError } from '../../src/errors.js';
import { createEntryDecoder, type Entry } from '../../src/recording/index.js';
import { readRecording, type DamageItem } from '../recording/reader.js';

export type ReadItem =
  | { readonly type: 'entry'; readonly entry: Entry }
  | { readonly type: 'damage'; readonly kind: DamageItem['kind']; readonly sentence: string };

/**
 * @param path a file, or the folder of a deployment
 * @throws KerbsideError 'recording-unreadable'
 */
export function* readEntries(path: string): Generator<ReadItem, void, undefined> {
  const decoder = createEntryDecoder();
  for (const item of readRecording(path)) {
    if (item.type === 'damage') {
      yield { type: 'damage', kind: item.kind, sentence: item.sentence };
      continue;
    }
    if (item.startsBlock) decoder.restart();
    try {
      yield { type: 'entry', entry: decoder.decode(item.bytes) };
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      // Its block's checksum held: another program wrote it, or this one wrote it wrongly.
      yield { type: 'damage', kind: 'block', sentence: `${item.file}: ${error.message}` };
    }
  }
}
