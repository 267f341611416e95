/**
 * Program of the store model: builds the states that power cuts during a traced session could leave, opens each of them
 * and says what is lost. One JSON line a state with a loss, and one with the figures at the end.
 *
 * Arguments: folder, what is kept (none, all or a seed), random states for each call, which share of how many, and
 * which syncs are ignored (none, folders or wal).
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Acknowledgement } from './acknowledgements.js';
import { findLosses } from './checker.js';
import { DiskModel, hashOf, materialise, type DiskState, type IgnoredSync, type Keep } from './disk-model.js';
import type { PlacedAcknowledgement } from './model-session.js';
import { random } from './random.js';
import { readSupplies } from './supplies.js';
import { readTrace } from './trace.js';

export interface StateReport {
  /** The cut comes after so many calls. */
  readonly calls: number;
  readonly kept: string;
  readonly losses: readonly string[];
}

export interface ModelFigures {
  readonly calls: number;
  readonly states: number;
  readonly lossy: number;
}

const IGNORED: Readonly<Record<string, IgnoredSync>> = {
  none: () => false,
  folders: (path, isFolder) => isFolder && path.includes('/data/evidence'),
  wal: (path) => path.endsWith('-wal'),
};

/** Some states keep nearly all, some nearly nothing. */
function keepSome(seed: number): Keep {
  const draw = random(seed);
  const share = draw();
  return () => draw() < share;
}

const [folder = '', kept = 'none', perCall = '1', share = '0/1', ignored = 'none'] = process.argv.slice(2);
const [mine = 0, shares = 1] = share.split('/').map(Number);
const root = join(folder, 'van');
const { keys } = readSupplies(folder);
const calls = readTrace(readFileSync(join(folder, 'trace')));
const acknowledged = JSON.parse(readFileSync(join(folder, 'acknowledged.json'), 'utf8')) as PlacedAcknowledgement[];
const model = new DiskModel(root, IGNORED[ignored]);
const seen = new Set<string>();
/** The last state that has not been checked; a list, of one or none. */
const waiting: { readonly state: DiskState; readonly hash: string; readonly calls: number }[] = [];
let [states, lossy, changes] = [0, 0, 0];

const promisesAfter = (made: number): Acknowledgement[] =>
  acknowledged.filter((placed) => placed.calls <= made).map(({ what }) => what);

async function check(state: DiskState, made: number, name: string): Promise<void> {
  const copy = join(folder, `state-${process.pid}`);
  mkdirSync(copy);
  materialise(state, copy);
  const losses = await findLosses(copy, keys, promisesAfter(made), kept === 'none' || states % 8 === 0);
  rmSync(copy, { recursive: true });
  states += 1;
  if (losses.length === 0) return;
  lossy += 1;
  const report: StateReport = { calls: made, kept: name, losses };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** Calls that change nothing on the disk share a state; it is held to what was promised last. */
async function checkIfChanged(made: number, keep: Keep): Promise<void> {
  const state = model.state(keep);
  const hash = hashOf(state);
  if (waiting[0]?.hash !== hash) await checkWaiting();
  waiting[0] = { state, hash, calls: made };
}

async function checkWaiting(): Promise<void> {
  for (const { state, calls: made } of waiting.splice(0))
    if (changes++ % shares === mine) await check(state, made, kept);
}

async function checkRandom(made: number): Promise<void> {
  for (let number = 0; number < Number(perCall); number++) {
    const seed = Number(kept) * 1_000_003 + made * 101 + number;
    const state = model.state(keepSome(seed));
    const hash = hashOf(state) + String(promisesAfter(made).length);
    if (seen.has(hash)) continue;
    seen.add(hash);
    await check(state, made, String(seed));
  }
}

for (const [index, call] of calls.entries()) {
  model.apply(call);
  const made = index + 1;
  if (kept === 'none') await checkIfChanged(made, () => false);
  else if (kept === 'all') await checkIfChanged(made, () => true);
  else if (made % shares === mine) await checkRandom(made);
}
await checkWaiting();
const figures: ModelFigures = { calls: calls.length, states, lossy };
process.stdout.write(`${JSON.stringify(figures)}\n`);
