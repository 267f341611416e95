/** A terminal that remembers what it was told, and a way to run the real program. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Terminal } from '../../firmware/cli/frame.js';
import { runCli } from '../../firmware/cli/program.js';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** In this process: quick, and enough for everything but signals and closed pipes. */
export async function kerbside(words: readonly string[], env: Terminal['env'] = {}): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await runCli(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    showsColor: false,
    env,
    ownSignals: () => undefined,
  });
  return { code, out, err };
}

/** The program itself: compiled where these tests are compiled, through tsx where they run as TypeScript. */
export function startKerbside(words: readonly string[]): ChildProcessWithoutNullStreams {
  const compiled = fileURLToPath(new URL('../../firmware/cli/kerbside.js', import.meta.url));
  const entry = existsSync(compiled) ? [compiled] : ['--import=tsx', compiled.replace(/js$/, 'ts')];
  return spawn(process.execPath, [...entry, ...words]);
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number>((resolve) => {
    child.on('close', (exit) => {
      resolve(exit ?? -1);
    });
  });
  return { code, out, err };
}
