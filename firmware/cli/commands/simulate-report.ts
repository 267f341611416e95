/** The end of a simulation in words: the contract's object, and a table of truth against verdict for people. */
import { relative } from 'node:path';
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { CliContext } from '../context.js';
import type { ListedEvidence } from '../simulation/records.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Judgement = ReturnType<PretendWorld['judge']>;
type Judged = Judgement['rows'][number];
type SeenPass = Parameters<PretendWorld['judge']>[2][number];

export interface RunFacts {
  readonly seed: number;
  readonly scenario: string;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly dataDir: string;
  /** Of the recording; null: nothing was recorded. */
  readonly recordingSha256: string | null;
}

/** Exactly the keys of the contract ("Simulation summary"). */
export function summaryDocument(
  facts: RunFacts,
  judgement: Judgement,
  passes: readonly SeenPass[],
  evidence: readonly ListedEvidence[],
) {
  return {
    seed: facts.seed,
    scenario: facts.scenario,
    virtual: false,
    simulatedSeconds: facts.simulatedSeconds,
    wallSeconds: Number(facts.wallSeconds.toFixed(1)),
    passes: passes.length,
    enforced: evidence.filter((entry) => entry.kind === 'incident').length,
    observed: passes.filter((pass) => pass.verdict === 'observe').length,
    voided: passes.filter((pass) => pass.verdict === 'void').length,
    falseEnforcements: judgement.falseEnforcements,
    missedOffenders: judgement.missedOffenders,
    maxSpeedErrorKmh: Number(judgement.maxSpeedErrorKmh.toFixed(3)),
    invariantViolations: judgement.violations.length,
    recordingSha256: facts.recordingSha256,
    dataDir: facts.dataDir,
  };
}

export function summaryText(
  context: CliContext,
  facts: RunFacts,
  judgement: Judgement,
  passes: readonly SeenPass[],
  evidence: readonly ListedEvidence[],
): string {
  const colors = createColors(context.color);
  const table = new Table({
    head: ['s', 'plate', 'vehicle', 'true km/h', 'lane', 'expected', 'verdict', 'km/h', 'ICN', ''],
    colAligns: ['right', 'left', 'left', 'right', 'left', 'left', 'left', 'right', 'left', 'left'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: context.color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
  });
  for (const row of judgement.rows) table.push(cells(row, colors));
  const document = summaryDocument(facts, judgement, passes, evidence);
  const images = evidence.filter((entry) => entry.kind === 'incident' && entry.files['image']);
  const here = relative(process.cwd(), facts.dataDir);
  const folder = here === '' || here.startsWith('..') ? facts.dataDir : here;
  const wrong = judgement.violations.length;
  return [
    table.toString(),
    `${String(document.passes)} passes: ${String(document.enforced)} enforced, ${String(document.observed)} observed, ${String(document.voided)} void; ` +
      `largest error of a speed ${document.maxSpeedErrorKmh.toFixed(2)} km/h; ${document.wallSeconds.toFixed(0)} s.`,
    wrong === 0
      ? colors.green('The controller was right about every vehicle.')
      : colors.red(
          `${String(wrong)} things are wrong: ${String(document.falseEnforcements)} false enforcements, ${String(document.missedOffenders)} missed offenders.`,
        ),
    `Images (${colors.yellow('DEMO – NOT EVIDENCE')}):`,
    ...images.map(
      (entry) =>
        `  ${entry.icn}  ${String(entry.speedKmh ?? '–')} km/h  ${shortened(entry.files['image'] ?? '', facts.dataDir, folder)}`,
    ),
    `Look around with: npx kerbside evidence list --config ${folder}/kerbside.yaml`,
  ].join('\n');
}

const shortened = (path: string, dataDir: string, folder: string): string => path.replace(dataDir, folder);

function cells(row: Judged, colors: ReturnType<typeof createColors>): (string | number)[] {
  const { vehicle, expected, outcome, pass, right } = row;
  const verdict = outcome === 'observed' || outcome === 'void' ? `${outcome}, ${pass?.reason ?? ''}` : outcome;
  return [
    vehicle.atS.toFixed(1),
    vehicle.plate,
    vehicle.kind,
    vehicle.speedKmh.toFixed(1),
    vehicle.laneId,
    expected.outcome,
    outcome === 'enforced' ? colors.green(verdict) : verdict,
    pass?.truncatedKmh ?? '–',
    pass?.icn ?? '',
    right ? colors.green('right') : colors.red('WRONG'),
  ];
}
