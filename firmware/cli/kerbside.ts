#!/usr/bin/env node
/**
 * `kerbside`: the one program of the van. This file ties the command line to the real terminal: exit codes, Ctrl-C,
 * and readers that stop reading (`kerbside evidence list | head`).
 */
import { EXIT } from '../../src/errors.js';
import { reportFailure, type Terminal } from './frame.js';
import { runCli } from './program.js';

let commandOwnsSignals = false;

const interrupted = (): void => {
  process.exit(EXIT.interrupted);
};

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  // isTTY is undefined, not false, on a pipe.
  showsColor: [process.stdout, process.stderr].every(({ isTTY }) => isTTY) && process.env['TERM'] !== 'dumb',
  env: process.env,
  ownSignals: () => {
    commandOwnsSignals = true;
    process.off('SIGINT', interrupted);
  },
};

process.on('SIGINT', interrupted);

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has seen enough. A controller must not die of that: its deployment is still open.
  if (error.code === 'EPIPE' && commandOwnsSignals) return;
  process.exit(error.code === 'EPIPE' ? EXIT.good : EXIT.internal);
});
process.stderr.on('error', () => undefined); // nobody is left to be told

const crash = (error: unknown): void => {
  process.exit(reportFailure(terminal, error));
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

// Writes to pipes and terminals are synchronous on Linux, so nothing is lost by leaving at once; handles that a
// library keeps open must not keep a finished command alive.
process.exit(await runCli(process.argv.slice(2), terminal));
