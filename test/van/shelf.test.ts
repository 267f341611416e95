import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
        const operators = loads < 4 ? [] : reference().operators;
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
    // Tried again with each look, since the cause may pass; told once.
    assert.deepEqual([loads, changes.length, problems], [3, 1, ['Pack is old.', 'Pack sites is altered.']]);
    assert.equal(shelf.shelved.sites.length, 1);
    broken = false;
    writeFileSync(join(folder, 'sites.kbp'), 'whole again');
    await shelf.look();
    assert.equal(changes.length, 2);
    // A line in the log of imports changes the folder, but not what is in force.
    writeFileSync(join(folder, 'imports.jsonl'), 'refused');
    await shelf.look();
    assert.deepEqual([loads, changes.length], [5, 2]);
    shelf.stop();
  });

  it('what was imported while it reads is seen by who asks afterwards', async () => {
    const sizes: number[] = [];
    let finish = (): void => undefined;
    const load = async (): Promise<Shelved> => {
      sizes.push(statSync(join(folder, 'sites.pack')).size);
      await new Promise<void>((resolve) => {
        finish = resolve;
        if (sizes.length > 1) resolve();
      });
      return { sites: [], reference: reference() };
    };
    writeFileSync(join(folder, 'sites.pack'), 'old');
    const shelf = new Shelf({ folder, load, onChange: () => undefined, onProblem: () => undefined });
    const first = shelf.look();
    while (sizes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(folder, 'sites.pack'), 'newer');
    const second = shelf.look();
    finish();
    await Promise.all([first, second]);
    assert.deepEqual(sizes, [3, 5]);
  });

  it('sees a new pack however many are in the history, and nothing new there', async () => {
    let loads = 0;
    const load = () => Promise.resolve({ sites: [], reference: reference({ operators: [] }), loads: (loads += 1) });
    const shelf = new Shelf({ folder, load, onChange: () => undefined, onProblem: () => undefined });
    mkdirSync(join(folder, 'history'));
    for (let serial = 1; serial <= 1001; serial += 1) writeFileSync(join(folder, 'history', `b-${serial}.pack`), '');
    writeFileSync(join(folder, 'sites.pack'), 'old');
    await shelf.look();
    writeFileSync(join(folder, 'sites.pack'), 'newer');
    await shelf.look();
    assert.equal(loads, 2);
    writeFileSync(join(folder, 'history', 'b-1.pack'), 'longer');
    await shelf.look();
    assert.equal(loads, 2);
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
