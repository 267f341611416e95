/** Starts the programs of the rigs and collects the JSON lines that they say. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compileShim, shimEnvironment } from './call-shim.js';
import { makeRigFolder } from './rig-folder.js';
import { makeSupplies } from './supplies.js';

/** A folder with what sessions need. Needs cjpeg. */
export async function prepareRig(name: string): Promise<string> {
  const folder = makeRigFolder(name);
  await makeSupplies(folder);
  return folder;
}

/** Environment of a program that runs with the shim. Needs gcc. */
export const withShim = (folder: string, name: string): NodeJS.ProcessEnv =>
  shimEnvironment(compileShim(), folder, name);

/** Broken code on purpose, many times over: its coverage says nothing. */
function withoutCoverage(): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _dropped, ...env } = process.env;
  return env;
}

/** @returns what the program said, line by line @throws Error with its stderr when it ends badly */
export async function runProgram(name: string, args: readonly string[], env = withoutCoverage()): Promise<unknown[]> {
  const script = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complaints]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0)
    throw new Error(`${name} ${args.join(' ')} ended with ${String(code)}: ${Buffer.concat(complaints).toString()}`);
  const lines = Buffer.concat(said).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as unknown);
}
