/** The register in the terminal: the sections of the paper, as tables. */
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import { registerSections } from '../../src/deployment/register-rows.js';
import type { Register } from '../../src/deployment/register-shape.js';

/** Widest column of running text before it wraps. */
const WIDE = 60;

export function registerText(register: Register, color: boolean): string {
  const colors = createColors(color);
  const parts = registerSections(register).map(({ title, head, rows, none }) => {
    const heading = colors.bold(title);
    if (rows.length === 0) return `${heading}\n${none}`;
    const columns = Math.max(head.length, 2);
    const table = new Table({
      ...(head.length === 0 ? {} : { head: [...head] }),
      colWidths: Array.from({ length: columns }, (_, i) => widthOf([head, ...rows], i)),
      wordWrap: true,
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
      style: color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
    });
    table.push(...rows.map((row) => [...row]));
    return `${heading}\n${table.toString()}`;
  });
  const demo = register.demo ? [colors.yellow('DEMO – NOT EVIDENCE')] : [];
  const { verified, findings } = register.signature;
  const outcome = verified
    ? colors.green('All records that this register rests on verified.')
    : colors.red(`NOT in order: ${findings.join(' ')}`);
  return [`Deployment register ${register.deployment}`, ...parts, ...demo, outcome].join('\n\n');
}

/** A hash is never broken; sentences are. */
function widthOf(rows: readonly (readonly string[])[], column: number): number {
  const cells = rows.map((row) => row[column] ?? '');
  const longest = Math.max(...cells.map((cell) => cell.length));
  const word = Math.max(...cells.flatMap((cell) => cell.split(' ').map((each) => each.length)));
  return Math.max(Math.min(longest, WIDE), word) + 2;
}
