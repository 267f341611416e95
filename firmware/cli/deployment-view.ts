/** How deployments are shown: a stable JSON document, and a table for people. */
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { DeploymentRow } from '../store/deployment-reader.js';

/** One element of `deployment list --json`. */
export const toDeploymentEntry = (row: DeploymentRow) => ({
  number: row.number,
  siteCode: row.siteCode,
  cameraId: row.cameraId,
  operator: row.operator,
  opened: iso(row.openedUtcMs),
  closed: row.closedUtcMs === null ? null : iso(row.closedUtcMs),
  state: stateOf(row),
  images: row.images,
  accounted: row.accounted,
  demo: row.demo,
});

/** While it is open the session's own state; afterwards how it ended. */
export const stateOf = ({ ended, lastState }: DeploymentRow): string => ended ?? lastState ?? 'open';

export function deploymentTable(rows: readonly DeploymentRow[], color: boolean): string {
  const colors = createColors(color);
  const table = new Table({
    head: ['number', 'site', 'operator', 'opened (UTC)', 'closed (UTC)', 'state', 'images'],
    colAligns: ['left', 'left', 'left', 'left', 'left', 'left', 'right'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
  });
  for (const row of rows) {
    table.push([
      row.number,
      row.siteCode,
      row.operator ?? '',
      readable(row.openedUtcMs),
      row.closedUtcMs === null ? '' : readable(row.closedUtcMs),
      stateOf(row),
      String(row.images),
    ]);
  }
  const demo = rows.some((row) => row.demo);
  return demo ? `${table.toString()}\n${colors.yellow('DEMO – NOT EVIDENCE')}` : table.toString();
}

const iso = (utcMs: number): string => new Date(utcMs).toISOString();

const readable = (utcMs: number): string => iso(utcMs).slice(0, 19).replace('T', ' ');
