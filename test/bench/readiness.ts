/**
 * What a look at all readiness checks costs, beside taking in one radar frame: both run on the thread that fires, the checks
 * some ten to thirty times a second, the frames fifty times.
 */
import { createController } from '../../src/controller.js';
import { evaluate, ReadinessBook } from '../../src/deployment/checks/index.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_MS, utcMs } from '../../src/units.js';
import { factsOf } from '../deployment/checks/world.js';
import { agdFrame } from '../support/agd-feed.js';
import { schoolSite } from '../support/full-deployment.js';
import { controllerConfig } from '../support/virtual-van.js';

const ROUNDS = 20_000;
const BLOCKS = 9;

/** Microseconds each, the median of some blocks. */
function costUs(work: (index: number) => void): number {
  const blocks = Array.from({ length: BLOCKS }, () => {
    const begin = process.hrtime.bigint();
    for (let index = 0; index < ROUNDS; index += 1) work(index);
    return Number(process.hrtime.bigint() - begin) / ROUNDS / 1000;
  });
  return blocks.sort((a, b) => a - b)[BLOCKS >> 1] ?? NaN;
}

const worlds = [factsOf({ site: schoolSite() }), factsOf({ site: schoolSite() })];
type Facts = Parameters<typeof evaluate>[0];
/** Ten looks a second, at a new moment each; once a second there is a new fix. */
const LOOK_MS = 100;
let van: Facts['van'] = null;
function factsAt(base: Facts, index: number): Facts {
  if (index % 10 === 0) van = base.van === null ? null : { ...base.van };
  const aheadMs = (index % ROUNDS) * LOOK_MS;
  const utc = base.utcMs === null ? null : utcMs(base.utcMs + aheadMs);
  return { ...base, van, utcMs: utc, nowNs: monotonicNs(base.nowNs + aheadMs * NS_PER_MS) };
}
const checks = costUs((index) => evaluate(factsAt(worlds[Math.floor(index / 10) % 2]!, index)));

const book = new ReadinessBook();
const kept = costUs((index) => book.look(factsAt(worlds[0]!, index)));

const controller = createController(controllerConfig());
const out: Output[] = [];
controller.handle({ type: 'radar-link', atNs: monotonicNs(0), up: true, detail: 'bench' }, out);
const bytes = agdFrame('04,43200.00,07,A,055.0,K,013.7,+00.0,157.5,P,061.5');
let atNs = 0;
const frame = costUs(() => {
  atNs += 20_000_000;
  controller.handle({ type: 'radar-bytes', atNs: monotonicNs(atNs), bytes }, out);
  out.length = 0;
});

const line = `Readiness: ${checks.toFixed(1)} µs to ask all checks, ${kept.toFixed(1)} µs a look that keeps answers, ${frame.toFixed(1)} µs a radar frame (housekeeping in every fifth), ratio ${(kept / frame).toFixed(2)}.`;
process.stdout.write(`${line}\n`);
