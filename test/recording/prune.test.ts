/** How much is kept of recordings: never less than an exhibit needs, and else the newest. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pruneRecordings, type PruneOptions } from '../../firmware/recording/prune.js';
import { folderFor } from './samples.js';

describe('recording: what is kept', () => {
  let dataDir = '';
  const folderOf = (number: number): string => join(dataDir, 'evidence', String(number).padStart(6, '0'));
  const put = (number: number, bytes: number, name = 'recording.kbr'): void => {
    mkdirSync(folderOf(number), { recursive: true });
    writeFileSync(join(folderOf(number), name), Buffer.alloc(bytes));
  };
  const has = (number: number, name = 'recording.kbr'): boolean => existsSync(join(folderOf(number), name));
  const prune = (keepBytes: number, changes: Partial<PruneOptions> = {}) =>
    pruneRecordings({
      ...{ dataDir, keepBytes, current: 9 },
      deployments: { all: new Set([1, 2, 3, 4, 9]), withExhibits: new Set() },
      ...changes,
    });

  beforeEach(() => (dataDir = folderFor('prune')));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('deletes whole recordings, the oldest first, until all together are small enough', async () => {
    for (const number of [1, 2, 3, 9]) put(number, 100);
    put(1, 100, 'recording-0002.kbr');
    put(1, 5, '000001001.record');
    assert.deepEqual(await prune(310), { deleted: ['000001'], bytes: 300 });
    assert.deepEqual([has(1), has(1, 'recording-0002.kbr'), has(2), has(3), has(9)], [false, false, true, true, true]);
    assert.equal(has(1, '000001001.record'), true, 'nothing but the recording');
    assert.deepEqual(await prune(310), { deleted: [], bytes: 300 });
  });

  it('never touches the recording of an exhibit, of the running session, or of a deployment that nobody knows', async () => {
    for (const number of [1, 2, 3, 7, 9]) put(number, 100);
    const deployments = { all: new Set([1, 2, 3, 9]), withExhibits: new Set([1, 3]) };
    assert.deepEqual(await prune(0, { deployments }), { deleted: ['000002'], bytes: 400 });
    assert.deepEqual(
      [1, 2, 3, 7, 9].map((number) => has(number)),
      [true, false, true, true, true],
    );
  });

  it('has nothing to do where nothing was ever recorded', async () => {
    assert.deepEqual(await prune(0), { deleted: [], bytes: 0 });
  });
});
