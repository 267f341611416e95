/** A small recording for tests: entries as JSON, which is all that blocks and files need to know of them. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecording, type BlockItem, type DamageItem } from '../../firmware/recording/reader.js';
import { createSyncRecordingWriter } from '../../firmware/recording/sync-writer.js';
import type { Entry, EntryEncoder, RecordingHead } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_MS, utcMs } from '../../src/units.js';

export const jsonEncoder = (): EntryEncoder => ({ restart: () => undefined, encode });

export const encode = (entry: Entry): Uint8Array => Buffer.from(JSON.stringify(entry));

/** A head without the bulk of a controller's settings. */
export function head(life = 1, atMs = 1000): RecordingHead {
  const software = { version: '0.1.0', commit: null, sha256: 'ab'.repeat(32) };
  const config = { demo: true } as unknown as RecordingHead['config'];
  const atNs = monotonicNs(atMs * NS_PER_MS);
  return {
    layout: 1,
    ...{ life, entriesBefore: 0, atNs, utcMs: utcMs(1_800_000_000_000 + atMs) },
    ...{ deployment: '000001', software, config },
  };
}

export const tick = (atMs: number): Input => ({ type: 'tick', atNs: monotonicNs(atMs * NS_PER_MS) });

export const command = (text: string): Output => ({ type: 'radar-command', bytes: Buffer.from(text) });

export const folderFor = (what: string): string => mkdtempSync(join(tmpdir(), `kerbside-${what}-`));

/** Every `everyMs` a step from second 1 on; a block holds five seconds. */
export function writeSample(to: string, { steps = 40, everyMs = 1250, partMb = 32, close = true } = {}): string[] {
  const writer = createSyncRecordingWriter({ to, encoder: jsonEncoder(), partMb });
  writer.begin(head());
  for (let step = 0; step < steps; step += 1) {
    writer.step(tick(1000 + step * everyMs), step % 3 === 0 ? [command(`command ${step}`)] : []);
  }
  if (close) writer.close();
  return [...writer.paths];
}

export interface WhatIsRead {
  readonly entries: readonly Entry[];
  readonly damage: readonly DamageItem[];
  readonly items: readonly BlockItem[];
}

export function readAll(path: string): WhatIsRead {
  const items = [...readRecording(path)];
  const entries = items.flatMap((item) =>
    item.type === 'entry' ? [JSON.parse(Buffer.from(item.bytes).toString()) as Entry] : [],
  );
  return { items, entries, damage: items.filter((item) => item.type === 'damage') };
}

export const bytesOf = (path: string): Buffer => readFileSync(path);
