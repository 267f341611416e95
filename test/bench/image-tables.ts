/** The figures of the image bench as a table for the terminal and as Markdown for docs/performance.md. */
import Table from 'cli-table3';
import type { ImageFigures } from './image-messages.js';
import type { LatencyFigures } from './percentiles.js';

/** Trigger and floor under one condition; microseconds. */
export interface LatencyRow {
  readonly condition: string;
  readonly trigger: LatencyFigures;
  readonly floor: LatencyFigures;
  readonly unanswered: number;
}

export interface ImageReport {
  /** Of the machine, for the reader. */
  readonly machine: string;
  readonly images: ImageFigures;
  readonly latency: readonly LatencyRow[];
}

interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const ratio = (one: number, other: number): string => (one / other).toFixed(2);

const stageGrid = ({ stages }: ImageFigures): Grid => ({
  head: ['stage', 'images', 'p50 ms', 'p99 ms', 'max ms'],
  rows: stages.map(({ stage, images, p50, p99, max }) => [stage, ...[images, p50, p99, max].map(String)]),
});

const latencyGrid = (rows: readonly LatencyRow[]): Grid => ({
  head: ['condition', 'reader', 'vehicles', 'p50 us', 'p99 us', 'max us'],
  rows: rows.flatMap(({ condition, trigger, floor }) => [
    [condition, 'trigger', ...[trigger.samples, trigger.p50, trigger.p99, trigger.max].map(String)],
    ['', 'C floor', ...[floor.samples, floor.p50, floor.p99, floor.max].map(String)],
    ['', 'ratio', '', ratio(trigger.p50, floor.p50), ratio(trigger.p99, floor.p99), ratio(trigger.max, floor.max)],
  ]),
});

/** What the figures amount to, in sentences. */
export function findings({ images, latency, machine }: ImageReport): string[] {
  const { minutes, perSecond, meanBytes, delivered, committed, late, lateMs, longestQueue } = images;
  const unanswered = latency.reduce((sum, row) => sum + row.unanswered, 0);
  const size = (meanBytes / 1e6).toFixed(1);
  return [
    `${machine}.`,
    `${delivered} images of 12 megapixels (${size} MB each), ${perSecond} a second for ${minutes} minutes; ${committed} committed.`,
    `Late (not committed within ${lateMs} ms of their delivery): ${late}. Most under way at once: ${longestQueue}.`,
    `Vehicles that a reader did not answer: ${unanswered}.`,
  ];
}

function terminalTable({ head, rows }: Grid): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Columns in line, as the formatter of the house wants them. */
function markdownTable({ head, rows }: Grid): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function terminalReport(report: ImageReport): string {
  const tables = [stageGrid(report.images), latencyGrid(report.latency)].map(terminalTable);
  return [...tables, ...findings(report)].join('\n');
}

export function markdownReport(report: ImageReport): string {
  const tables = [stageGrid(report.images), latencyGrid(report.latency)].map(markdownTable);
  return [
    findings(report)
      .map((sentence) => `- ${sentence}`)
      .join('\n'),
    ...tables,
  ].join('\n\n');
}

/** Puts the report between its two marks in a manual. @throws when the manual has no such marks */
export function withReport(manual: string, markdown: string): string {
  const [begin, end] = ['<!-- begin: image bench -->', '<!-- end: image bench -->'];
  const [from, to] = [manual.indexOf(begin), manual.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the manual has no ${begin} … ${end}`);
  return `${manual.slice(0, from + begin.length)}\n\n${markdown}\n\n${manual.slice(to)}`;
}
