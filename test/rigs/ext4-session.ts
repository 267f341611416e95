/**
 * The session program of the real power cuts: says `READY`, waits for a line with the folder of the van, runs one session,
 * says each acknowledgement at once, and how it ended. It is killed at the cut. Argument: folder of the supplies.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { toLine } from './acknowledgements.js';
import { runSession, whatWentWrong } from './session.js';
import { readSupplies } from './supplies.js';

const [folder = ''] = process.argv.slice(2);
const supplies = readSupplies(folder);
/** Straight into the pipe: nothing of it may wait in this process. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
say('READY');
const root = await lines.next();
if (root.done !== true) {
  const end = await runSession(root.value, supplies, {
    acknowledge: (what) => say(toLine(what)),
    asCamera: (work) => work(),
  });
  say(`END ${whatWentWrong(end) ?? end.went}`);
}
process.exit();
