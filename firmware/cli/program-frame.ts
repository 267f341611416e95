/** What the files that wire nouns and verbs share. */
import type { CommandAction } from './context.js';

/** Wraps a command's function for commander: context from the options, code to the frame. */
export type Bind = <Options extends object>(
  load: () => Promise<CommandAction<Options>>,
  toOptions: (own: Readonly<Record<string, unknown>>, words: readonly string[]) => Options,
  ownsSignals?: 'owns-signals',
) => (...args: unknown[]) => Promise<void>;

export const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
