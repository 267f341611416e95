/** The end of a run in virtual time: the contract's object, and sentences for people. */
import { createColors } from 'picocolors';
import type { CliContext } from '../context.js';
import type { WorldEnd } from './simulate-world.js';

export interface VirtualFacts {
  readonly seed: number;
  readonly scenario: string;
  readonly wallSeconds: number;
  readonly dataDir: string;
}

/** Exactly the keys of the contract ("Simulation summary"). */
export function virtualDocument({ seed, scenario, wallSeconds, dataDir }: VirtualFacts, end: WorldEnd) {
  const { verdict } = end;
  return {
    seed,
    scenario,
    virtual: true,
    simulatedSeconds: end.simulatedSeconds,
    wallSeconds: Number(wallSeconds.toFixed(1)),
    passes: verdict.passes,
    enforced: verdict.enforced,
    observed: verdict.observed,
    voided: verdict.voided,
    falseEnforcements: verdict.falseEnforcements,
    missedOffenders: verdict.missedOffenders,
    maxSpeedErrorKmh: Number(verdict.maxSpeedErrorKmh.toFixed(3)),
    invariantViolations: verdict.violations.length,
    recordingSha256: end.recordingSha256,
    dataDir,
  };
}

/** What was wrong without being a violation is said, too. */
function toleratedLine(tolerated: Readonly<Record<string, number>>): string[] {
  const told = Object.entries(tolerated).map(([what, count]) => `${String(count)} ${what}`);
  return told.length === 0 ? [] : [`Wrong, and no camera with these instruments could know: ${told.join('; ')}.`];
}

export function virtualText(context: CliContext, facts: VirtualFacts, end: WorldEnd): string {
  const colors = createColors(context.color);
  const { verdict, truth, simulatedSeconds } = end;
  const { violations } = verdict;
  const document = virtualDocument(facts, end);
  const times = simulatedSeconds / facts.wallSeconds;
  const causes = Object.entries(verdict.missesByCause).sort(([, a], [, b]) => b - a);
  return [
    `${(simulatedSeconds / 3600).toFixed(2)} h in ${facts.wallSeconds.toFixed(1)} s, ${times.toFixed(0)} times real time.`,
    `${String(truth.vehicles.length)} vehicles, ${String(document.passes)} passes: ${String(document.enforced)} enforced, ` +
      `${String(document.observed)} observed, ${String(document.voided)} void; ` +
      `largest error of an enforced speed ${document.maxSpeedErrorKmh.toFixed(2)} km/h.`,
    `${String(end.records)} records, ${String(end.images)} images; ${String(truth.faults.length)} faults.`,
    `${String(verdict.cleanOffenders)} offenders with nothing in their way, ${String(document.missedOffenders)} of them missed.`,
    ...(causes.length === 0
      ? []
      : [`Offenders not enforced: ${causes.map(([cause, count]) => `${String(count)} ${cause}`).join(', ')}.`]),
    ...toleratedLine(verdict.tolerated),
    violations.length === 0
      ? colors.green('No invariant is violated.')
      : colors.red(`${String(violations.length)} violations of invariants.`),
    `Recording: ${end.recordingSha256 ?? 'none'} (SHA-256)`,
    `Everything is in ${facts.dataDir} (${colors.yellow('DEMO – NOT EVIDENCE')}).`,
  ].join('\n');
}
