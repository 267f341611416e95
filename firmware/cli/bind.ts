/** What every noun of the command line is wired with. */
import type { CommandAction } from './context.js';

/** Wraps a command's function for commander: context from the options, code to the frame. */
export type Bind = <Options extends object>(
  load: () => Promise<CommandAction<Options>>,
  toOptions: (own: Readonly<Record<string, unknown>>, words: readonly string[]) => Options,
  ownsSignals?: 'owns-signals',
) => (...args: unknown[]) => Promise<void>;

export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** An option that was left out is null. */
export const textOf = (own: Readonly<Record<string, unknown>>, key: string): string | null =>
  (own[key] as string | undefined) ?? null;

/** For a command without options of its own. */
export const bindless = (): object => ({});
