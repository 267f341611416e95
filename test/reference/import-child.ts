/** Imports the packs that are named one after the other, and says each one that is in force; to be killed meanwhile. */
import { readFileSync, writeSync } from 'node:fs';
import { importPack } from '../../firmware/reference/import-pack.js';
import { PACK_KINDS } from '../../src/site/reference.js';

const [folder = '', rootFile = '', ...files] = process.argv.slice(2);
const roots = { pib: [Uint8Array.from(readFileSync(rootFile))], calibration: [] };
for (const file of files) {
  const request = { folder, file, roots, kinds: PACK_KINDS, by: 'child', nowMs: Date.now() };
  const { head, result } = await importPack(request);
  writeSync(1, `${head.serial} ${result}\n`);
}
