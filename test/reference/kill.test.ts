/** kill -9 in the middle of imports: the pack in force is an old or a new one and never half of one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { importPack } from '../../firmware/reference/import-pack.js';
import { loadReference } from '../../firmware/reference/load.js';
import { packPath } from '../../firmware/reference/pack-store.js';
import { PACK_KINDS } from '../../src/site/reference.js';
import { issuers, NOW_MS, PackFolder } from './packs.js';

const PACKS = 60;
const KILLS = 5;
const COMPILED = fileURLToPath(new URL('./import-child.js', import.meta.url));

describe('an import that is killed', function () {
  this.timeout(30_000);
  const van = new PackFolder();
  const own = issuers();
  const bytes: Uint8Array[] = [];
  const files: string[] = [];
  const root = join(van.top, 'root.der');

  before(async () => {
    writeFileSync(root, own.of.pib.root);
    for (let serial = 1; serial <= PACKS; serial += 1) {
      const pack = await own.sign('bulletin', serial);
      const file = join(van.top, `${serial}.pack`);
      writeFileSync(file, pack);
      bytes.push(pack);
      files.push(file);
    }
  });

  after(() => van.remove());

  /**
   * Kills in one of the imports after the first `imports`, so that a busy machine changes nothing.
   * @returns the serials that the child said were in force before
   */
  async function killAfter(imports: number, ms: number, from: number): Promise<number[]> {
    const entry = existsSync(COMPILED) ? [COMPILED] : ['--import=tsx', COMPILED.replace(/js$/, 'ts')];
    const child = spawn(process.execPath, [...entry, van.reference, root, ...files.slice(from)]);
    let out = '';
    const said = (): number[] => [...out.matchAll(/^(\d+) imported$/gm)].map(([, serial]) => Number(serial));
    const underWay = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (said().length >= imports) resolve();
      });
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    await Promise.race([underWay, closed]);
    await delay(ms);
    child.kill('SIGKILL');
    await closed;
    return said();
  }

  it('leaves an old or a new pack in force, never less than was acknowledged, and the next import works', async () => {
    let serial = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const said = await killAfter(1 + (kill % 3), 1.7 * kill, serial);
      assert.ok(said.length > 0 && !said.includes(PACKS), `kill ${kill} hit no import`);
      const { reference, problems } = await loadReference(van.reference, own.roots);
      assert.deepEqual(problems, []);
      const found = reference.heads.bulletin?.serial ?? 0;
      assert.ok(found >= Math.max(serial, ...said), `kill ${kill}: ${found} after ${said.join(', ')}`);
      if (found > 0)
        assert.deepEqual(readFileSync(packPath(van.reference, 'bulletin')), Buffer.from(bytes[found - 1]!));
      serial = found;
    }
    const request = { folder: van.reference, roots: own.roots, kinds: PACK_KINDS, by: 'tester', nowMs: NOW_MS };
    const { result } = await importPack({ ...request, file: files.at(-1)! });
    assert.equal(result, 'imported');
  });
});
