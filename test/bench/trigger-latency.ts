/**
 * `make bench`: trigger latency from the deciding radar frame to the line write, in interleaved blocks beside a C program
 * that does the same reads and writes on the same kind of pty and the same line (`latency-rig.ts`). Idle, while images
 * are being stamped in another process, and that again with real-time scheduling where it is permitted.
 *
 * usage: trigger-latency [--samples N] [--json]; N samples a reader and condition (200 unless given)
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Wrap } from './bench-office.js';
import { asTheyAre, atFifo, compilerFound, fifoPermitted, LatencyRig, type ReaderName } from './latency-rig.js';
import { latencyFigures, type LatencyFigures } from './percentiles.js';

const BLOCK = 10;
const AIM_P50 = 1.5;
const AIM_P99_FIFO = 2;

interface Condition {
  readonly name: string;
  readonly load: boolean;
  readonly wrap: Wrap;
}

interface Row {
  readonly condition: string;
  readonly fifo: boolean;
  readonly trigger: LatencyFigures;
  readonly floor: LatencyFigures;
  readonly ratioP50: number;
  readonly ratioP99: number;
  readonly unanswered: number;
  readonly imagesMeanwhile: number;
}

async function measure(condition: Condition, samples: number): Promise<Row> {
  const taken: Record<ReaderName, number[]> = { trigger: [], floor: [] };
  let unanswered = 0;
  let images = 0;
  const load = condition.load ? fork(new URL('./image-load.js', import.meta.url)) : null;
  load?.on('message', () => (images += 1));
  const rig = await LatencyRig.build(condition.wrap);
  try {
    while (taken.trigger.length < samples) {
      for (const reader of ['trigger', 'floor'] as const) {
        for (let index = 0; index < Math.min(BLOCK, samples); index += 1) {
          const latencyNs = await rig.play(reader);
          if (latencyNs !== null) taken[reader].push(latencyNs);
          else if ((unanswered += 1) > samples) throw new Error(`bench: ${reader} does not answer`);
        }
      }
    }
  } finally {
    await rig.close();
    load?.disconnect();
  }
  const [trigger, floor] = [latencyFigures(taken.trigger), latencyFigures(taken.floor)];
  const ratio = (one: number, other: number): number => Math.round((one / other) * 100) / 100;
  return {
    condition: condition.name,
    fifo: condition.wrap === atFifo,
    trigger,
    floor,
    ratioP50: ratio(trigger.p50, floor.p50),
    ratioP99: ratio(trigger.p99, floor.p99),
    unanswered,
    imagesMeanwhile: images,
  };
}

function tableOf(rows: readonly Row[]): string {
  const head = ['condition', 'reader', 'samples', 'p50', 'p90', 'p99', 'p99.9', 'max'];
  const table = new Table({ head, style: { head: [], border: [] } });
  const cells = ({ samples, p50, p90, p99, p999, max }: LatencyFigures): string[] =>
    [samples, p50, p90, p99, p999, max].map(String);
  for (const { condition, trigger, floor, ratioP50, ratioP99 } of rows) {
    const ratios = [trigger.p90 / floor.p90, ratioP99, trigger.p999 / floor.p999, trigger.max / floor.max];
    table.push([condition, 'trigger', ...cells(trigger)], ['', 'C floor', ...cells(floor)]);
    table.push(['', 'ratio', '', ...[ratioP50, ...ratios].map((one) => one.toFixed(2))]);
  }
  return table.toString();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { samples: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
  });
  const samples = Number(values.samples);
  if (!Number.isInteger(samples) || samples < 1) throw new Error(`--samples ${values.samples}: expected 1 or more`);
  if (!compilerFound()) throw new Error('no C compiler found; expected cc (Debian package gcc)');
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const fifo = fifoPermitted();
  const conditions: Condition[] = [
    { name: 'idle', load: false, wrap: asTheyAre },
    { name: 'stamping images', load: true, wrap: asTheyAre },
  ];
  if (fifo) conditions.push({ name: 'stamping images, SCHED_FIFO', load: true, wrap: atFifo });
  else say('real-time scheduling is not permitted here: no SCHED_FIFO row');
  const rows: Row[] = [];
  for (const condition of conditions) {
    say(`${condition.name}: ${samples} samples each, in blocks of ${BLOCK}`);
    rows.push(await measure(condition, samples));
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const notes = [
    'Microseconds from just before the write of the deciding frame to the level on the line.',
    `Aim: p50 at most ${AIM_P50}x the floor; p99 at most ${AIM_P99_FIFO}x with SCHED_FIFO.`,
  ];
  if (samples < 1000) notes.push('With fewer than 1000 samples p99.9 is the largest of them: see --samples.');
  process.stdout.write(`${tableOf(rows)}\n${notes.join('\n')}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
