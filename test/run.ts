/**
 * What `make test` runs: mocha under c8. The coverage figure comes first and mocha's closing lines last, so that a
 * person and a script both find the outcome at the end: `812 passed, 0 failed, 3 skipped`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const COVERAGE = 'coverage';
const C8 = [
  'c8',
  '--reporter=json-summary',
  '--reporter=lcovonly',
  `--reports-dir=${COVERAGE}`,
  '--exclude-after-remap',
  ...['src/**', 'firmware/**', 'hw-sim/**'].map((glob) => `--include=${glob}`),
];

interface Counts {
  passing: number;
  failing: number;
  pending: number;
}

/** Copies mocha's words through, but keeps its closing lines back. @returns its exit code, counts and closing lines */
async function runMocha(args: readonly string[]): Promise<{ code: number; counts: Counts; closing: string[] }> {
  const child = spawn('npx', [...C8, 'mocha', '--color', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const counts: Counts = { passing: 0, failing: 0, pending: 0 };
  const closing: string[] = [];
  const ended = new Promise<number>((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const plain = line.replace(/\u001b\[[0-9;]*m/g, '');
    const match = /^\s*(\d+) (passing|failing|pending)\b/.exec(plain);
    if (match?.[2] === 'passing' || closing.length > 0) {
      if (match) counts[match[2] as keyof Counts] = Number(match[1]);
      closing.push(process.stdout.isTTY ? line : plain);
    } else console.log(process.stdout.isTTY ? line : plain);
  }
  return { code: await ended, counts, closing };
}

function coverageLine(): string {
  try {
    const { total } = JSON.parse(readFileSync(`${COVERAGE}/coverage-summary.json`, 'utf8')) as {
      total: Record<'lines' | 'branches' | 'functions', { pct: number }>;
    };
    return `coverage: ${total.lines.pct} % of lines, ${total.branches.pct} % of branches, ${total.functions.pct} % of functions`;
  } catch {
    return 'coverage: no figure, since the run did not come to its end';
  }
}

rmSync(COVERAGE, { recursive: true, force: true });
const { code, counts, closing } = await runMocha(process.argv.slice(2));
console.log(coverageLine());
console.log(closing.join('\n'));
// A run that broke off before mocha could count has failed, whatever the numbers say.
const failed = code === 0 ? counts.failing : Math.max(counts.failing, 1);
const skipped = counts.pending > 0 ? `, ${counts.pending} skipped` : '';
console.log(`${counts.passing} passed, ${failed} failed${skipped}`);
process.exitCode = code;
