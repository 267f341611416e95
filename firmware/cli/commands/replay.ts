/** `kerbside replay`: would this software decide the same again, and why did it decide so? */
import { writeFileSync } from 'node:fs';
import { createColors } from 'picocolors';
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import { explain, momentOf, type Explanation } from '../../../src/recording/explain.js';
import type { Story, Wanted } from '../../../src/recording/story.js';
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
  readonly life: number | null;
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
  const story = wanted === null ? null : storyOf(wanted, replayed, path);
  const explanation = story === null ? null : explained(story, options.icn, replayed);
  if (plot !== null && story !== null) draw(context, story, plot);
  const code = exitCodeOf(replayed, options.strict);
  if (context.json) context.printJson(replayDocument(replayed, explanation, code));
  else context.print(replayText(createColors(context.color), replayed, explanation));
  for (const { sentence } of replayed.damages) context.warn(sentence);
  return code;
};

function wantedOf({ icn, pass, life }: ReplayOptions): Wanted | null {
  if (icn !== null && pass !== null) {
    throw new KerbsideError('usage', 'kerbside replay: --icn and --pass were given, expected one of them.');
  }
  if (life !== null && pass === null) {
    throw new KerbsideError(
      'usage',
      'kerbside replay: --life says in which controller a pass was, expected --pass with it.',
    );
  }
  if (icn !== null) {
    if (/^\d{9}$/.test(icn)) return { type: 'icn', icn };
    throw new KerbsideError('usage', `kerbside replay: --icn is ${icn}, expected nine digits.`);
  }
  return pass === null ? null : { type: 'pass', passId: pass, life };
}

/** @throws KerbsideError 'icn-unknown', 'pass-unknown'; 'usage' where several lives had such a pass */
function storyOf(wanted: Wanted, { stories, cut }: Replayed, path: string): Story {
  const [story] = stories;
  if (story === undefined) {
    const inLife = wanted.type === 'pass' && wanted.life !== null ? ` of life ${String(wanted.life)}` : '';
    const which = wanted.type === 'icn' ? `Number ${wanted.icn}` : `Pass ${String(wanted.passId)}${inLife}`;
    const expected = wanted.type === 'icn' ? 'leased, fired or measured' : 'fired or measured';
    const where = `what could be replayed of ${path}${cut === 'until' ? ' up to --until' : ''}`;
    throw new KerbsideError(
      wanted.type === 'icn' ? 'icn-unknown' : 'pass-unknown',
      `${which} is not in ${where}, expected one that was ${expected} there.`,
    );
  }
  if (wanted.type === 'pass' && stories.length > 1) {
    const lives = stories.map((each) => {
      const atNs = each.pass?.firstNs ?? each.fired?.atNs ?? each.head.atNs;
      return `life ${String(each.head.life)} (${momentOf(each, atNs)})`;
    });
    throw new KerbsideError(
      'usage',
      `kerbside replay: --pass ${String(wanted.passId)} is in ${lives.join(', ')}, expected --life with one of them.`,
    );
  }
  return story;
}

function explained(story: Story, icn: string | null, { report }: Replayed): Explanation {
  const life = report.lives.find(({ head }) => head === story.head);
  return explain(story, icn, { state: life?.state ?? 'until-gap' });
}

function draw(context: CliContext, story: Story, file: string): void {
  const svg = plotPass(story);
  if (svg === null) {
    const passId = story.fired?.passId ?? story.concluded?.passId ?? null;
    const why =
      passId === null ? 'no vehicle was measured for this number' : `pass ${String(passId)} was not complete there`;
    throw new KerbsideError('pass-unknown', `${file} is not drawn: ${why}, expected one with a pass.`);
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
