/** How readiness is shown: failing checks first, each with value, unit, limit, rule and age; stable JSON for scripts. */
import { createColors } from 'picocolors';
import type { CheckStatus, Finding } from '../../src/deployment/readiness.js';
import type { SessionState } from '../../src/timeline.js';

/** What was judged, and by whom. */
export interface Readiness {
  /** The running controller judged an open deployment; else the same checks were asked without one. */
  readonly live: boolean;
  readonly controllerRuns: boolean;
  readonly deployment: string | null;
  readonly state: SessionState;
  readonly siteCode: string | null;
  readonly operatorId: string | null;
  readonly demo: boolean;
  readonly findings: readonly Finding[];
}

/** A check that keeps the camera from enforcing. What is attested by nobody keeps it from that, too. */
export const stopsIt = ({ status, force }: Finding): boolean => status === 'fail' && force !== 'advisory';

/**
 * As the controller sees it: a check that fails forbids enforcement, and so does one of which nothing is known while no
 * failure explains why. Nothing judged is nothing good.
 */
export const forbids = (findings: readonly Finding[]): boolean =>
  findings.length === 0 ||
  findings.some(({ status, force }) => status !== 'pass' && status !== 'not-applicable' && force !== 'advisory');

export const isReady = ({ live, findings }: Readiness): boolean => live && !forbids(findings);

const ORDER: readonly CheckStatus[] = ['fail', 'unknown', 'pass', 'not-applicable'];

/** Failing first, and among these the ones that stop the camera. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    (a, b) =>
      ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
      Number(a.force === 'advisory') - Number(b.force === 'advisory'),
  );

/** `check --json`. */
export const checkDocument = (readiness: Readiness) => ({
  live: readiness.live,
  controller: readiness.controllerRuns ? 'running' : 'absent',
  deployment: readiness.deployment,
  state: readiness.state,
  siteCode: readiness.siteCode,
  operatorId: readiness.operatorId,
  demo: readiness.demo,
  ready: isReady(readiness),
  checks: inOrder(readiness.findings).map(
    ({ id, rule, title, force, source, status, value, unit, limit, ageMs, sentence }) => ({
      ...{ id, rule, title, force, source, status, value, unit, limit, ageMs, sentence },
    }),
  ),
});

const MARKS: Readonly<Record<CheckStatus, string>> = {
  fail: 'FAIL',
  unknown: '?',
  pass: 'ok',
  'not-applicable': '-',
};

export function headline(readiness: Readiness): string {
  const { live, controllerRuns, deployment, state, siteCode, operatorId, findings } = readiness;
  const failing = findings.filter(stopsIt).length;
  const place = siteCode === null ? '' : ` at site ${siteCode}`;
  const who = operatorId === null ? '' : `, operator ${operatorId}`;
  if (live) {
    const verdict =
      failing === 0 ? 'nothing forbids enforcement' : `${failing} of ${findings.length} checks forbid enforcement`;
    return `Deployment ${deployment ?? ''}${place}${who}: ${state}, ${verdict}.`;
  }
  const why = controllerRuns ? 'No deployment is open' : 'No controller runs';
  return `${why}: judged is what is known without one${place}${who}.`;
}

export function checkLines(readiness: Readiness, color: boolean): string[] {
  const colors = createColors(color);
  const tone = { fail: colors.red, unknown: colors.yellow, pass: colors.green, 'not-applicable': colors.dim };
  const rows = inOrder(readiness.findings);
  const idWidth = Math.max(0, ...rows.map(({ id }) => id.length));
  const ruleWidth = Math.max(0, ...rows.map(({ rule }) => rule.length));
  const lines = rows.map((finding) => {
    const mark = tone[finding.status](MARKS[finding.status].padEnd(4));
    return `${mark}  ${finding.rule.padEnd(ruleWidth)}  ${finding.id.padEnd(idWidth)}  ${figures(finding)}${finding.sentence}`;
  });
  return [headline(readiness), ...lines];
}

/** Value and limit as `12 m (limit 15 m), 0.4 s old: `; empty where nothing was measured. */
function figures({ value, unit, limit, ageMs, force, status }: Finding): string {
  const parts: string[] = [];
  const measured = unit === null ? '' : ` ${unit}`;
  // A plain yes or no is in the sentence already.
  const bound = limit === null || typeof limit === 'boolean' ? null : `limit ${shown(limit)}${measured}`;
  if (value !== null && typeof value !== 'boolean') {
    parts.push(`${shown(value)}${measured}${bound === null ? '' : ` (${bound})`}`);
  } else if (bound !== null) parts.push(bound);
  if (ageMs !== null) parts.push(`${(ageMs / 1000).toFixed(1)} s old`);
  if (status === 'fail' && force !== 'mandatory') parts.push(force === 'attestable' ? 'to be attested' : 'advice');
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

function shown(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2).replace(/\.?0+$/, '') : String(value);
}

/** What a watcher who reads lines needs: those checks whose status is another one now. */
export function changedLines(before: readonly Finding[], now: readonly Finding[]): string[] {
  const old = new Map(before.map(({ id, status }) => [id, status]));
  return inOrder(now)
    .filter(({ id, status }) => old.get(id) !== status)
    .map(({ id, status, sentence }) => `${MARKS[status].padEnd(4)}  ${id}: ${sentence}`);
}
