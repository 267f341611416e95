/** `kerbside replay`: would this software decide the same again, and why did it decide so? */
import { writeFileSync } from 'node:fs';
import { createColors } from 'picocolors';
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import { explain } from '../../../src/recording/explain.js';
import type { Wanted } from '../../../src/recording/story.js';
import { plotPass } from '../../replay/plot.js';
import { replayRecording, type Replayed } from '../../replay/replay.js';
import { parseUntil } from '../../replay/until.js';
import type { CliContext, CommandAction } from '../context.js';
import { replayDocument, replayText } from '../replay-view.js';

export interface ReplayOptions {
  readonly path: string;
  readonly until: string | null;
  readonly icn: string | null;
  readonly pass: number | null;
  readonly plot: string | null;
  readonly strict: boolean;
}

const PROGRESS_EVERY_MS = 1000;

/**
 * @returns 0 the same; 5 differences, or damage that keeps some of it from being compared (except a cut tail); for a
 *   recording of another version 0 unless --strict
 * @throws KerbsideError 'usage', 'recording-unreadable', 'icn-unknown', 'pass-unknown'
 */
export const replay: CommandAction<ReplayOptions> = async (context, options) => {
  const { path, until, plot } = options;
  const wanted = wantedOf(options);
  if (plot !== null && wanted === null) {
    throw new KerbsideError('usage', 'kerbside replay: --plot draws one pass, expected --icn or --pass with it.');
  }
  let told = performance.now();
  const replayed = await replayRecording({
    ...{ path, wanted, until: until === null ? null : parseUntil(until) },
    onProgress: (seconds) => {
      if (performance.now() - told < PROGRESS_EVERY_MS) return;
      told = performance.now();
      context.progress(`${(seconds / 60).toFixed(0)} min of the recording …`);
    },
  });
  const explanation = explained(wanted, replayed, options.path);
  if (plot !== null) draw(context, replayed, plot);
  const code = exitCodeOf(replayed, options.strict);
  if (context.json) context.printJson(replayDocument(replayed, explanation, code));
  else context.print(replayText(createColors(context.color), replayed, explanation));
  for (const { sentence } of replayed.damages) context.warn(sentence);
  return code;
};

function wantedOf({ icn, pass }: ReplayOptions): Wanted | null {
  if (icn !== null && pass !== null) {
    throw new KerbsideError('usage', 'kerbside replay: --icn and --pass were given, expected one of them.');
  }
  if (icn !== null) {
    if (/^\d{9}$/.test(icn)) return { type: 'icn', icn };
    throw new KerbsideError('usage', `kerbside replay: --icn is ${icn}, expected nine digits.`);
  }
  return pass === null ? null : { type: 'pass', passId: pass };
}

function explained(wanted: Wanted | null, { story }: Replayed, path: string): ReturnType<typeof explain> | null {
  if (wanted === null) return null;
  if (story !== null) return explain(story);
  const which = wanted.type === 'icn' ? `Number ${wanted.icn}` : `Pass ${String(wanted.passId)}`;
  const sentence = `${which} is not in what could be replayed of ${path}, expected one that was fired or measured there.`;
  throw new KerbsideError(wanted.type === 'icn' ? 'icn-unknown' : 'pass-unknown', sentence);
}

function draw(context: CliContext, { story }: Replayed, file: string): void {
  const svg = story === null ? null : plotPass(story);
  if (svg === null) {
    throw new KerbsideError(
      'pass-unknown',
      `${file} is not drawn: no vehicle was measured for this number, expected one with a pass.`,
    );
  }
  try {
    writeFileSync(file, svg);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('usage', `--plot ${file} cannot be written (${reason}).`, { cause: error });
  }
  context.progress(`Drawn: ${file}`);
}

function exitCodeOf({ report, damages, sameSoftware }: Replayed, strict: boolean): ExitCode {
  const isDamaged = damages.some(({ kind }) => kind !== 'tail' && kind !== 'unclosed');
  if (isDamaged) return EXIT.integrity;
  const differs = report.differenceCount > 0;
  return differs && (sameSoftware || strict) ? EXIT.integrity : EXIT.good;
}
