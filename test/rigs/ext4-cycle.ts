/** One power cut on a real ext4: a session runs on the disk, the power goes, the file system is mounted and opened again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromLines } from './acknowledgements.js';
import { findLosses } from './checker.js';
import type { Ext4Disk } from './ext4-disk.js';

export interface CutPlan {
  /** Before this write of the disk. */
  readonly write: number;
  /** Of the sectors that were not flushed, this share survives. */
  readonly keptShare: number;
  readonly seed: number;
  /** Of the mount; 'nobarrier' is the control: then no flush ever reaches the disk. */
  readonly options: string;
}

export interface CutOutcome {
  readonly losses: readonly string[];
  readonly acknowledged: number;
  /** The cut came after the session had ended. */
  readonly late: boolean;
  /** Writes until the cut. */
  readonly writes: number;
}

/** A session program that waits for its folder, so that no cut waits for a start of Node. */
export class WaitingSession {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #said = '';
  #complaints = '';

  constructor(supplies: string) {
    const script = fileURLToPath(new URL('ext4-session.js', import.meta.url));
    const { NODE_V8_COVERAGE: _dropped, ...env } = process.env;
    const child = spawn(process.execPath, [script, supplies], { env, stdio: 'pipe' });
    child.stdout.on('data', (bytes: Buffer) => (this.#said += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (this.#complaints += bytes.toString()));
    child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => child.on('close', () => resolve()));
    this.#child = child;
  }

  begin(root: string): void {
    this.#child.stdin?.write(`${root}\n`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  get said(): string {
    return this.#said;
  }

  /** What it said of itself that it should not have; a session whose disk has died may be refused. */
  get wrong(): string[] {
    const end = /^END (.*)/m.exec(this.#said)?.[1];
    const untyped = end === undefined || end === 'well' || end === 'refused' ? [] : [end];
    return [...untyped, ...(this.#complaints === '' ? [] : [this.#complaints])];
  }
}

export async function cutOnce(
  disk: Ext4Disk,
  session: WaitingSession,
  keys: string,
  plan: CutPlan,
): Promise<CutOutcome> {
  const { write, keptShare, seed, options } = plan;
  const root = join(disk.mountPoint, 'van');
  await disk.insert();
  await disk.mount(options);
  const { cut } = await disk.planCut(write, keptShare, seed);
  session.begin(root);
  const late = await Promise.race([cut.then(() => false), session.ended.then(() => true)]);
  const writes = await disk.cutNow();
  await session.kill();
  await disk.unmount();
  await disk.revive();
  await disk.mount('defaults');
  const acknowledged = fromLines(session.said);
  const losses = await findLosses(root, keys, acknowledged, true);
  await disk.unmount();
  return { losses: [...losses, ...session.wrong], acknowledged: acknowledged.length, late, writes };
}
