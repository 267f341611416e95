/**
 * What surrounds every command: where its words go, and how its end becomes an exit code (contract, "Command line").
 * Results on stdout, everything else on stderr. An error of the house is one sentence and its own exit code; any other
 * is a defect of the program: exit 70, with the trace only where KERBSIDE_DEBUG=1 asks for it.
 */
import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { EXIT, KerbsideError, type ExitCode } from '../../src/errors.js';
import type { CliContext } from './context.js';
import { printable, visible } from './visible.js';

const CLEAR = '\u001b[2J\u001b[H';

/** The world of one call, replaceable in tests. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Both streams are a terminal that shows colours. */
  readonly showsColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command takes SIGINT and a closed stdout into its own hands: it has something to close in good order. */
  ownSignals(): void;
}

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

export function makeContext(terminal: Terminal, options: GlobalOptions): CliContext {
  const quiet = options.quiet ?? false;
  const color = wantsColor(terminal, options.color ?? true);
  const out = (text: string): void => {
    terminal.out(`${printable(text, color)}\n`);
  };
  const err = (text: string): void => {
    terminal.err(`${printable(text, color)}\n`);
  };
  return {
    json: options.json ?? false,
    quiet,
    color,
    configPath: options.config ?? null,
    print: out,
    redraw: (text) => {
      if (color) terminal.out(CLEAR);
      out(text);
    },
    printJson: (value) => {
      out(JSON.stringify(value, null, 2));
    },
    progress: (text) => {
      if (!quiet) err(text);
    },
    warn: err,
  };
}

/** https://no-color.org: the variable counts when it is not empty. */
const wantsColor = (terminal: Terminal, asked: boolean): boolean =>
  asked && terminal.showsColor && (terminal.env['NO_COLOR'] ?? '') === '';

/** Tells the person what went wrong, in one line. @returns the exit code of the process */
export function reportFailure(terminal: Terminal, error: unknown): ExitCode {
  const colors = createColors(wantsColor(terminal, !process.argv.includes('--no-color')));
  const say = (sentence: string, mark = ''): void => {
    // A sentence that says itself which command it is of has the name of the program once, too.
    const whose = /^kerbside( [a-z]+)*: /.exec(sentence)?.[0].trimEnd() ?? 'kerbside:';
    const rest = sentence.startsWith(whose) ? sentence.slice(whose.length).trimStart() : sentence;
    terminal.err(`${colors.red(whose)} ${visible(rest)}${mark === '' ? '' : ` ${colors.dim(mark)}`}\n`);
  };
  if (isOurs(error)) {
    say(inOneLine(error.message), `[${error.code} ${error.kind}]`);
    if (debug(terminal)) terminal.err(`${printable(error.stack ?? '', false)}\n`);
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.good; // help and version were asked for
    say(usageSentence(error));
    return EXIT.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  const trace = debug(terminal) ? '' : '; KERBSIDE_DEBUG=1 shows where';
  say(`internal error, a defect of this program: ${inOneLine(message).replace(/\.$/, '')}${trace}.`);
  if (debug(terminal) && error instanceof Error) terminal.err(`${printable(error.stack ?? '', false)}\n`);
  return EXIT.internal;
}

/** By name as well as by class: a loader that keeps CommonJS and ES copies of one file has the class twice. */
const isOurs = (error: unknown): error is KerbsideError =>
  error instanceof KerbsideError || (error instanceof Error && error.name === 'KerbsideError' && 'exitCode' in error);

const debug = (terminal: Terminal): boolean => terminal.env['KERBSIDE_DEBUG'] === '1';

const inOneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');

/** commander says `error: unknown option '--x'` and its guess on a second line. */
function usageSentence({ message }: CommanderError): string {
  const [first = '', ...guesses] = message.trim().split('\n');
  const guess = guesses.join(' ').replace(/^\(Did you mean (.*)\?\)$/, ', did you mean $1');
  const clause = first.replace(/^error: /, '').replace(/\.$/, '');
  return `${clause}${guess}; kerbside help shows what is known.`;
}
