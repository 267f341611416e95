/**
 * Command-line tools that serve as oracles. Where one is missing the test is skipped and says so on stderr; with CI=true
 * it fails instead, because a check that silently never runs is none.
 */
import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Debian package of each tool that is not in every installation (.ci/packages). */
const PACKAGES: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  nbdfuse: 'libnbd-bin',
  fusermount3: 'fuse3',
  'mkfs.ext4': 'e2fsprogs',
  losetup: 'mount',
  cjpeg: 'libjpeg-turbo-progs',
  djpeg: 'libjpeg-turbo-progs',
  jpegtran: 'libjpeg-turbo-progs',
  exiftool: 'libimage-exiftool-perl',
  exiv2: 'exiv2',
  openssl: 'openssl',
};

const present = new Map<string, boolean>();

function isPresent(tool: string): boolean {
  const known = present.get(tool) ?? spawnSync('which', [tool]).status === 0;
  present.set(tool, known);
  return known;
}

/** Call it first in a test or a `before` hook, with its `this`. Does not return where it skips. */
export function requireTools(context: Context, tools: readonly string[]): void {
  const missing = tools.filter((tool) => !isPresent(tool));
  if (missing.length > 0) giveUp(context, missing);
}

/** Debian's own Python, whatever other one stands before it in the path: its modules come with it. */
export const PYTHON = '/usr/bin/python3';

/** The same for a module of Debian's Python, named as its package without `python3-`. */
export function requirePythonModule(context: Context, module: string): void {
  if (spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0) giveUp(context, [`python3-${module}`]);
}

function giveUp(context: Context, missing: readonly string[]): void {
  const title = context.currentTest?.fullTitle() ?? context.test?.fullTitle() ?? 'a test';
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool] ?? tool))].join(', ');
  const sentence = `${missing.join(', ')} not found; install ${packages}`;
  if (process.env['CI'] === 'true') throw new Error(`${title}: ${sentence}`);
  process.stderr.write(`SKIPPED ${title}: ${sentence}\n`);
  context.skip();
}
