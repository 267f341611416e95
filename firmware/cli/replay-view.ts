/** How a replay is told: the JSON document, and sentences for people. */
import type { createColors } from 'picocolors';
import type { Explanation } from '../../src/recording/explain.js';
import type { LifeReport, ReplayDifference } from '../../src/recording/replay.js';
import type { Cut, Replayed } from '../replay/replay.js';

type Colors = ReturnType<typeof createColors>;

const MOST_SHOWN = 10;

export function replayDocument(replayed: Replayed, explanation: Explanation | null, exitCode: number) {
  const { report, damages, sameSoftware, softwareSha256, seconds, cut } = replayed;
  const isCompared = report.lives.every(({ state }) => state === 'whole' || state === 'until');
  const hasInputs = report.lives.some(({ inputs }) => inputs > 0);
  return {
    // Of what was asked for: `cut` says whether that was all.
    identical: report.differenceCount === 0 && isCompared && hasInputs && exitCode === 0,
    exitCode,
    cut,
    sameSoftware,
    softwareSha256,
    seconds: Number(seconds.toFixed(3)),
    lives: report.lives.map(({ head, state, inputs, outputs, gap }) => ({
      ...{ life: head.life, deployment: head.deployment, state, inputs, outputs, gap },
      software: head.software,
    })),
    differenceCount: report.differenceCount,
    differences: report.differences.map((difference) => ({
      life: difference.life,
      atNs: difference.atNs,
      input: difference.input.type,
      output: difference.expectedType ?? difference.gotType,
      path: difference.path,
      expected: difference.expected,
      got: difference.got,
    })),
    damages,
    ...(explanation === null ? {} : { explanation }),
  };
}

export function replayText(colors: Colors, replayed: Replayed, explanation: Explanation | null): string {
  const { report, sameSoftware, seconds, cut } = replayed;
  const inputs = report.lives.reduce((sum, life) => sum + life.inputs, 0);
  const outputs = report.lives.reduce((sum, life) => sum + life.outputs, 0);
  return [
    ...(explanation === null
      ? []
      : [colors.bold(explanation.title), ...explanation.sentences.map((each) => `  ${each}`), '']),
    `${String(inputs)} inputs of ${(seconds / 60).toFixed(1)} min were fed to this software, ${String(outputs)} outputs compared.`,
    ...(sameSoftware
      ? []
      : [colors.yellow('Another version recorded it: what differs is what this one would do differently.')]),
    ...report.lives.flatMap(lifeLine),
    ...(cut === null ? [] : [CUT_LINES[cut]]),
    verdictLine(colors, report.differenceCount, inputs),
    ...report.differences.slice(0, MOST_SHOWN).flatMap((difference) => differenceLines(difference, report.lives)),
    ...(report.differenceCount > MOST_SHOWN ? [`… and ${String(report.differenceCount - MOST_SHOWN)} more.`] : []),
  ].join('\n');
}

const CUT_LINES: Readonly<Record<Cut, string>> = {
  until: 'It was fed up to --until; what follows was not looked at.',
  told: 'It was fed up to where all that was asked for is told; what follows was not looked at.',
};

function verdictLine(colors: Colors, differences: number, inputs: number): string {
  if (differences > 0) return colors.red(`${String(differences)} inputs were answered differently.`);
  if (inputs === 0) return colors.yellow('Nothing was compared.');
  return colors.green('Every output that could be compared is the same, byte for byte.');
}

function lifeLine({ head, state, gap }: LifeReport): string[] {
  // What was cut on request is told once, below.
  if (state === 'whole' || state === 'until') return [];
  const what = state === 'headless' ? 'cannot be replayed' : 'could be compared only up to a gap';
  return [
    `Controller ${String(head.life)} of deployment ${head.deployment} ${what}: ${(gap ?? '').replace(/\.$/, '')}.`,
  ];
}

function differenceLines(difference: ReplayDifference, lives: readonly LifeReport[]): string[] {
  const head = lives.find((life) => life.head.life === difference.life)?.head;
  const at = ((difference.atNs - (head?.atNs ?? difference.atNs)) / 1e9).toFixed(3);
  const output = difference.expectedType ?? difference.gotType ?? 'nothing';
  return [
    `  ${at} s, controller ${String(difference.life)}, input ${difference.input.type}, output ${output}${difference.path === '' ? '' : `, ${difference.path}`}`,
    `    expected ${difference.expected}`,
    `    got      ${difference.got}`,
  ];
}
