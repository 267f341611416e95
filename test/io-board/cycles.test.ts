/**
 * Plugged and unplugged, over and over: memory and descriptors of the office's side stay flat. BOARD_CYCLES says how
 * often (`make soak`: 1000).
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IoBoard } from '../../hw-sim/instruments/io-board.js';
import { BOARD_SETTINGS, IoBoardRig } from '../support/io-board-rig.js';

const CYCLES = Number(process.env['BOARD_CYCLES'] ?? 3);
const WARM_UP = Math.min(50, Math.max(2, Math.floor(CYCLES / 5)));
const REPORT_EVERY = 50;
const MOST_HEAP_MB = 3;
const MOST_RSS_MB = 30;
const CYCLE_MS = 30_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Usage {
  readonly rssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  readonly children: number;
}

function usage(): Usage {
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo();
  return {
    rssMb: rss / 1e6,
    heapMb: heapUsed / 1e6,
    descriptors: readdirSync('/proc/self/fd').length,
    children: handles.filter((kind) => kind === 'ProcessWrap').length,
  };
}

const told = ({ rssMb, heapMb, descriptors, children }: Usage): string =>
  `RSS ${rssMb.toFixed(1)} MB, heap ${heapMb.toFixed(2)} MB, ${descriptors} descriptors, ${children} child`;

describe('I/O board, plugged and unplugged', () => {
  let folder: string;
  let board: IoBoard;
  let rig: IoBoardRig;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-board-'));
    board = new IoBoard({ devicePath: join(folder, 'ioboard') });
    rig = new IoBoardRig(board, { port: join(folder, 'ioboard'), ...BOARD_SETTINGS });
  });
  after(async () => {
    await rig.desk.stop();
    board.unplug();
    rmSync(folder, { recursive: true });
  });

  it(`${CYCLES} times: memory and descriptors stay flat, and each time it comes back`, async function () {
    this.timeout(CYCLES * CYCLE_MS);
    const startMs = performance.now();
    let before: Usage | null = null;
    const say = (cycle: number): void => {
      if (CYCLES < REPORT_EVERY) return;
      process.stderr.write(
        `cycle ${cycle}, ${((performance.now() - startMs) / 1000).toFixed(0)} s: ${told(usage())}\n`,
      );
    };
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      board.set('parkLights', cycle % 2 === 0);
      board.plug();
      await rig.link(true, /answers/, CYCLE_MS);
      assert.equal(rig.report?.parkLights ?? cycle % 2 === 0, cycle % 2 === 0, 'the report is of this board');
      board.unplug();
      await rig.link(false, /unplugged|failed|silent/, CYCLE_MS);
      rig.forget();
      await rig.link(false, /does not exist/, CYCLE_MS);
      if (cycle === WARM_UP) before = usage();
      if (cycle % REPORT_EVERY === 0) say(cycle);
    }
    const after = usage();
    const figures = `before: ${told(before!)}; after: ${told(after)}`;
    assert.equal(after.descriptors, before!.descriptors, figures);
    assert.equal(after.children, before!.children, figures);
    assert.ok(after.heapMb - before!.heapMb < MOST_HEAP_MB, figures);
    assert.ok(after.rssMb - before!.rssMb < MOST_RSS_MB, figures);
    assert.equal(rig.starts, CYCLES + 1, 'one process a connection');
    if (CYCLES >= REPORT_EVERY) process.stderr.write(`${figures}\n`);
  });
});
