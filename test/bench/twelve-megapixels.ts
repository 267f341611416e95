/**
 * `make bench`, second part: 12-megapixel images at 2 a second through the real folder watch, workshop, office and store,
 * each stage timed; and beside it, for the whole time, the trigger latency bench with its C floor (`latency-rig.ts`), in
 * interleaved blocks, after the same rigs were measured on the idle machine. So "unchanged" is read from one run.
 *
 * usage: twelve-megapixels [--minutes N] [--per-second N] [--idle-samples N] [--json] [--write FILE]
 * --write puts the figures into a manual (docs/performance.md). Exit 1 when an image was late.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { ImageRun } from './image-run.js';
import { markdownReport, terminalReport, withReport, type ImageReport, type LatencyRow } from './image-tables.js';
import { asTheyAre, atFifo, compilerFound, fifoPermitted, LatencyRig, type ReaderName } from './latency-rig.js';
import { latencyFigures } from './percentiles.js';

const BLOCK = 10;
const READERS = ['trigger', 'floor'] as const;

/** One rig with what it was asked under one condition after the other. */
class Series {
  readonly #name: string;
  readonly #rig: LatencyRig;
  #taken: Record<ReaderName, number[]> = { trigger: [], floor: [] };
  #unanswered = 0;

  constructor(name: string, rig: LatencyRig) {
    this.#name = name;
    this.#rig = rig;
  }

  get samples(): number {
    return this.#taken.trigger.length;
  }

  async block(goesOn: () => boolean): Promise<void> {
    for (const reader of READERS) {
      for (let index = 0; index < BLOCK && goesOn(); index += 1) {
        const latencyNs = await this.#rig.play(reader);
        if (latencyNs !== null) this.#taken[reader].push(latencyNs);
        else this.#unanswered += 1;
      }
    }
  }

  /** The row so far; what follows counts anew. Null when there was no time for a sample. */
  row(condition: string): LatencyRow | null {
    const [{ trigger, floor }, unanswered] = [this.#taken, this.#unanswered];
    this.#taken = { trigger: [], floor: [] };
    this.#unanswered = 0;
    if (trigger.length === 0 || floor.length === 0) return null;
    const name = this.#name === '' ? condition : `${condition}, ${this.#name}`;
    return { condition: name, trigger: latencyFigures(trigger), floor: latencyFigures(floor), unanswered };
  }

  close(): Promise<void> {
    return this.#rig.close();
  }
}

async function allSeries(say: (text: string) => void): Promise<Series[]> {
  const series = [new Series('', await LatencyRig.build(asTheyAre))];
  if (fifoPermitted()) series.push(new Series('SCHED_FIFO', await LatencyRig.build(atFifo)));
  else say('real-time scheduling is not permitted here: no SCHED_FIFO row');
  return series;
}

interface Options {
  readonly minutes: number;
  readonly perSecond: number;
  readonly idleSamples: number;
}

function thisMachine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, Linux ${release()}, Node ${process.version}`;
}

async function measure(
  { minutes, perSecond, idleSamples }: Options,
  say: (text: string) => void,
): Promise<ImageReport> {
  const all = await allSeries(say);
  const latency: LatencyRow[] = [];
  const note = (condition: string): void => {
    latency.push(...all.flatMap((series) => series.row(condition) ?? []));
  };
  let run: ImageRun | null = null;
  try {
    say(`idle: ${idleSamples} vehicles each`);
    while (all.some(({ samples }) => samples < idleSamples)) for (const series of all) await series.block(() => true);
    note('idle');
    say(`${perSecond} images of 12 megapixels a second for ${minutes} minutes`);
    const images = (run = new ImageRun({ minutes, perSecond }, say));
    await images.ready;
    while (images.running) for (const series of all) await series.block(() => images.running);
    note('beside the images');
    return { machine: thisMachine(), images: await images.done, latency };
  } finally {
    await run?.stop();
    for (const series of all) await series.close();
  }
}

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}: expected a number above 0`);
  return value;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: process.env['MINUTES'] ?? '10' },
      'per-second': { type: 'string', default: '2' },
      'idle-samples': { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      write: { type: 'string' },
    },
  });
  if (!compilerFound()) throw new Error('no C compiler found; expected cc (Debian package gcc)');
  const options = {
    minutes: positive('minutes', values.minutes),
    perSecond: positive('per-second', values['per-second']),
    idleSamples: positive('idle-samples', values['idle-samples']),
  };
  const report = await measure(options, (text) => void process.stderr.write(`${text}\n`));
  process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : terminalReport(report)}\n`);
  if (values.write !== undefined) {
    writeFileSync(values.write, withReport(readFileSync(values.write, 'utf8'), markdownReport(report)));
  }
  if (report.images.late > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
