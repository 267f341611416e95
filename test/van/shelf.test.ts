import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Shelf, type Shelved } from '../../firmware/van/shelf.js';
import { reference, site } from './fake-van.js';

describe('Shelf', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-shelf-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads again only what has changed, and keeps the last good reading when a new one fails', async () => {
    let loads = 0;
    let broken = false;
    const changes: Shelved[] = [];
    const problems: string[] = [];
    const shelf = new Shelf({
      folder,
      load: () => {
        loads += 1;
        if (broken) return Promise.reject(new Error('Pack sites is altered.'));
        const operators = loads < 3 ? [] : reference().operators;
        return Promise.resolve({ sites: [site()], reference: reference({ operators }), problems: ['Pack is old.'] });
      },
      onChange: (shelved) => changes.push(shelved),
      onProblem: (sentence) => problems.push(sentence),
      everyMs: 100_000,
    });
    await shelf.start();
    await shelf.look();
    assert.equal(loads, 1);
    broken = true;
    writeFileSync(join(folder, 'sites.kbp'), 'altered');
    await shelf.look();
    await shelf.look();
    assert.deepEqual([loads, changes.length, problems], [2, 1, ['Pack is old.', 'Pack sites is altered.']]);
    assert.equal(shelf.shelved.sites.length, 1);
    broken = false;
    writeFileSync(join(folder, 'sites.kbp'), 'whole again');
    await shelf.look();
    assert.equal(changes.length, 2);
    // A line in the log of imports changes the folder, but not what is in force.
    writeFileSync(join(folder, 'imports.jsonl'), 'refused');
    await shelf.look();
    assert.deepEqual([loads, changes.length], [4, 2]);
    shelf.stop();
  });

  it('takes a folder that is not there for one without packs', async () => {
    const shelf = new Shelf({
      folder: join(folder, 'none'),
      load: () => Promise.resolve({ sites: [], reference: reference() }),
      onChange: () => undefined,
      onProblem: (sentence) => {
        throw new Error(sentence);
      },
      everyMs: 100_000,
    });
    await shelf.start();
    shelf.stop();
    assert.deepEqual(shelf.shelved.sites, []);
  });
});
