/**
 * Program of the rig of failing calls, started with the shim: runs sessions in each of which one storage call fails, and
 * opens each folder again afterwards. Says one JSON line a session that ended wrongly, and one with the figures at the end.
 *
 * Arguments: folder, fault, first call, step, last call (0: go on until a session ends without the fault), how many calls
 * in a row fail.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Acknowledgement } from './acknowledgements.js';
import { CallShim, type Fault } from './call-shim.js';
import { findLosses } from './checker.js';
import { runSession, whatWentWrong } from './session.js';
import { readSupplies, type Supplies } from './supplies.js';

export interface FaultReport {
  readonly fault: Fault;
  readonly at: number;
  readonly call: string;
  readonly wrong: readonly string[];
}

export interface FaultFigures {
  readonly sessions: number;
  /** The fault came and the session went on to its orderly end. */
  readonly wentOn: number;
  readonly refused: number;
  /** The first session that ended without the fault, i.e. one more than there are calls. */
  readonly beyond: number;
}

/** Errors that nobody caught: in the real program each of them would be the end of a process. */
const uncaught: string[] = [];
process.on('uncaughtException', (error: unknown) => {
  uncaught.push(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
});

const say = (what: FaultReport | FaultFigures): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

async function runOne(shim: CallShim, root: string, supplies: Supplies, fault: Fault, at: number, figures: Counts) {
  mkdirSync(root);
  const acknowledged: Acknowledgement[] = [];
  shim.watch(root);
  shim.arm(fault, at, Number(inARow));
  const end = await runSession(root, supplies, {
    acknowledge: (what) => acknowledged.push(what),
    asCamera: (work) => shim.asCamera(work),
  });
  const triggered = shim.failed > 0;
  const call = shim.failedCall.replace(root, '');
  shim.disarm();
  shim.watch('');
  const wrong = [
    whatWentWrong(end) ?? [],
    await findLosses(root, supplies.keys, acknowledged),
    uncaught.splice(0),
  ].flat();
  if (wrong.length > 0) say({ fault, at, call, wrong });
  rmSync(root, { recursive: true });
  figures.sessions += 1;
  if (triggered) figures[end.went === 'well' ? 'wentOn' : 'refused'] += 1;
  return triggered;
}

type Counts = { -readonly [Key in keyof FaultFigures]: FaultFigures[Key] };

const [folder = '', fault = 'EIO', first = '1', step = '1', last = '0', inARow = '1'] = process.argv.slice(2);
const shim = CallShim.attach();
const supplies = readSupplies(folder);
const figures: Counts = { sessions: 0, wentOn: 0, refused: 0, beyond: 0 };
for (let at = Number(first); Number(last) === 0 || at <= Number(last); at += Number(step)) {
  const triggered = await runOne(shim, join(folder, `van-${fault}-${at}`), supplies, fault as Fault, at, figures);
  if (triggered) continue;
  figures.beyond = at;
  break;
}
say(figures);
shim.close();
