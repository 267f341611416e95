/** The packs of a van, read in a thread: the same as read here, and the office goes on meanwhile. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KerbsideConfig } from '../../firmware/config/schema.js';
import { importPack } from '../../firmware/reference/import-pack.js';
import { DEMO_ONLY } from '../../firmware/reference/roots.js';
import { signDemoPack } from '../../firmware/reference/sign-pack.js';
import { readShelf, readShelfAside } from '../../firmware/van/packs.js';
import { ALL_KINDS, contentOf, NOW_MS, PackFolder } from '../reference/packs.js';

describe('packs of the van, read in a thread', () => {
  let van: PackFolder;
  beforeEach(() => {
    van = new PackFolder();
  });
  afterEach(() => van.remove());

  const config = (): KerbsideConfig =>
    ({ dataDir: van.top, reference: { folder: van.reference }, trust: {} }) as KerbsideConfig;
  const take = async (content: string): Promise<void> => {
    const file = join(van.top, 'update.pack');
    writeFileSync(file, await signDemoPack('sites', content, NOW_MS));
    await importPack({ folder: van.reference, file, roots: DEMO_ONLY, kinds: ALL_KINDS, by: 'tester', nowMs: NOW_MS });
  };

  it('SITE-3: hold the same sites and reference data, and the same problems', async () => {
    await take(contentOf('sites'));
    mkdirSync(join(van.reference, 'operators.pack'));
    const aside = await readShelfAside(config());
    assert.deepEqual(aside, await readShelf(config()));
    assert.ok(aside.sites.length > 0);
    assert.match(aside.problems?.join() ?? '', /operators\.pack: is a folder/);
  });

  it('hold up nothing while they are read and judged', async () => {
    await take(contentOf('sites', 1, (text) => `${text}\n#${' '.repeat(8_000_000)}\n`));
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await readShelfAside(config());
    const aside = turns;
    turns = 0;
    await readShelf(config());
    clearInterval(turning);
    assert.ok(aside > 10 && turns <= 1, `${aside} turns of the loop aside, ${turns} if read here`);
  });
});
