/** Program of the store model, started with the shim: one session whose calls are traced. Argument: folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Acknowledgement } from './acknowledgements.js';
import { CallShim } from './call-shim.js';
import { runSession, whatWentWrong } from './session.js';
import { readSupplies } from './supplies.js';

/** An acknowledgement, and how many calls of the trace had been made when it was given. */
export interface PlacedAcknowledgement {
  readonly what: Acknowledgement;
  readonly calls: number;
}

const [folder = ''] = process.argv.slice(2);
const root = join(folder, 'van');
const shim = CallShim.attach();
const acknowledged: PlacedAcknowledgement[] = [];
mkdirSync(root);
shim.watch(root);
const end = await runSession(root, readSupplies(folder), {
  acknowledge: (what) => acknowledged.push({ what, calls: shim.traced }),
  asCamera: (work) => work(),
});
shim.watch('');
writeFileSync(join(folder, 'acknowledged.json'), JSON.stringify(acknowledged));
const wrong = whatWentWrong(end) ?? (end.went === 'well' ? null : `the session was refused: ${end.went}`);
if (wrong !== null) {
  process.stderr.write(`${wrong}\n`);
  process.exitCode = 1;
}
