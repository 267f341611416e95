/** What every command gets: where to write and how. Results go to stdout, progress and messages to stderr. */
import type { ExitCode } from '../../src/errors.js';

export interface CliContext {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** From --config; null: the default places. */
  readonly configPath: string | null;
  /** One result line (or block) on stdout. */
  print(text: string): void;
  /** In the place of all that stands on the screen; only where `color` is true. */
  redraw(text: string): void;
  /** The one JSON document on stdout. */
  printJson(value: unknown): void;
  /** Progress on stderr; nothing with --quiet. */
  progress(text: string): void;
  /** A message on stderr that --quiet does not silence. */
  warn(text: string): void;
}

/** A command: plain async function of the context and its parsed options; throws KerbsideError for refusals. */
export type CommandAction<Options> = (context: CliContext, options: Options) => Promise<ExitCode>;
