/** How an open deployment is shown: stable JSON, and words for people. */
import { exportAge } from '../../src/deployment/export-age.js';
import type { Status } from '../office/status.js';

/** `deployment status --json`. */
export function statusDocument(status: Status, nowMs = Date.now()) {
  const { camera, demo, deployment, state, reasons, plan, siteCode, road, limitKmh, counts, storage, sites } = status;
  return {
    camera,
    demo,
    open: deployment !== null && state !== 'closed',
    deployment,
    state,
    reasons,
    site: siteCode === null ? null : { code: siteCode, road, limitKmh },
    plan,
    counts,
    storage,
    recording: status.recording,
    failing: status.checks.filter((check) => check.status === 'fail').map(({ id }) => id),
    /** EXP-1. */
    exportAge: exportAge(status.oldestUnexportedUtcMs, nowMs),
    sites,
  };
}

const SHOWN_SITES = 20;

export function statusWords(status: Status, nowMs = Date.now()): string {
  const { deployment, state, reasons, plan, siteCode, road, limitKmh, counts, storage, sites } = status;
  const exported = `Export: ${exportAge(status.oldestUnexportedUtcMs, nowMs).sentence}`;
  const lines = [`State: ${state}${status.demo ? ' (DEMO, not evidence)' : ''}`];
  for (const { sentence } of reasons) lines.push(`  ${sentence}`);
  if (!storage.usable) lines.push(`  ${storage.detail}`);
  if (deployment === null) {
    lines.push(sites.length === 0 ? 'No site is known: kerbside site import' : 'Sites:');
    for (const each of sites.slice(0, SHOWN_SITES)) {
      const place = each.locality === null ? '' : `, ${each.locality}`;
      lines.push(`  ${each.code}  ${each.road}${place}, ${each.limitKmh} km/h`);
    }
    if (sites.length > SHOWN_SITES) lines.push(`  and ${sites.length - SHOWN_SITES} more`);
    return [...lines, exported].join('\n');
  }
  lines.push(`Deployment: ${deployment} at site ${siteCode ?? ''}, ${road ?? ''}, limit ${limitKmh ?? ''} km/h`);
  if (plan !== null) {
    const who =
      plan.operatorId === null ? 'nobody on board' : `operator ${plan.operatorId}, vehicle ${plan.vehicle ?? ''}`;
    lines.push(`Plan: ${who}, lanes ${plan.lanes.join(', ')}, facing ${plan.vanHeading}, lateral ${plan.lateralM} m`);
  }
  const { passes, enforced, observed, voided } = counts;
  lines.push(`Vehicles: ${passes}, enforced ${enforced}, observed ${observed}, void ${voided}`);
  return [...lines, ...recordingWords(status.recording), exported].join('\n');
}

function recordingWords(recording: Status['recording']): string[] {
  if (recording === null) return [];
  const { file, bytes, error } = recording;
  if (error !== null) return [`Recording: FAILED. ${error}`];
  return [`Recording: ${(bytes / 1e6).toFixed(1)} MB, now in ${file ?? 'no file yet'}`];
}
