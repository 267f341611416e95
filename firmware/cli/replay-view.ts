/** How a replay is told: the JSON document, and sentences for people. */
import type { createColors } from 'picocolors';
import type { Explanation } from '../../src/recording/explain.js';
import type { LifeReport, ReplayDifference } from '../../src/recording/replay.js';
import type { Replayed } from '../replay/replay.js';

type Colors = ReturnType<typeof createColors>;

const MOST_SHOWN = 10;

export function replayDocument(replayed: Replayed, explanation: Explanation | null, exitCode: number) {
  const { report, damages, sameSoftware, softwareSha256, seconds } = replayed;
  return {
    identical: report.differenceCount === 0 && report.lives.every(({ state }) => state === 'whole') && exitCode === 0,
    exitCode,
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
  const { report, sameSoftware, seconds } = replayed;
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
    report.differenceCount === 0
      ? colors.green('Every output that could be compared is the same, byte for byte.')
      : colors.red(`${String(report.differenceCount)} inputs were answered differently.`),
    ...report.differences.slice(0, MOST_SHOWN).flatMap((difference) => differenceLines(difference, report.lives)),
    ...(report.differenceCount > MOST_SHOWN ? [`… and ${String(report.differenceCount - MOST_SHOWN)} more.`] : []),
  ].join('\n');
}

function lifeLine({ head, state, gap }: LifeReport): string[] {
  if (state === 'whole') return [];
  const what = state === 'headless' ? 'cannot be replayed' : 'could be compared only up to a gap';
  return [`Controller ${String(head.life)} of deployment ${head.deployment} ${what}: ${gap ?? ''}.`];
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
