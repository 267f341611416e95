/** What the I/O board reports, and when. */
import assert from 'node:assert/strict';
import { Agenda } from '../../../hw-sim/virtual/agenda.js';
import { Board } from '../../../hw-sim/virtual/board.js';
import { START_NS } from '../../../hw-sim/virtual/start.js';
import type { VanEvent } from '../../../src/ports/pretend.js';
import { BOARD_STALE_NS } from '../../../src/deployment/checks/board-stale.js';

function bench() {
  const agenda = new Agenda();
  const events: VanEvent[] = [];
  const board = new Board(agenda, (event) => events.push(event));
  const run = (untilS: number): void => {
    while (agenda.nextNs <= START_NS + untilS * 1e9) {
      const next = agenda.takeNext();
      next?.act(next.atNs);
    }
  };
  return { board, events, run };
}

const reports = (events: readonly VanEvent[]) => events.filter((event) => event.type === 'board');

describe('hw-sim virtual: I/O board', () => {
  it('never lets a report grow old', () => {
    const { board, events, run } = bench();
    board.plug(START_NS);
    run(60);
    const times = reports(events).map(({ atNs }) => atNs);
    assert.ok(times.length > 50);
    for (const [index, atNs] of times.entries()) assert.ok(atNs - (times[index - 1] ?? atNs) < BOARD_STALE_NS);
  });

  it('tells a change at once', () => {
    const { board, events, run } = bench();
    board.plug(START_NS);
    run(5.1);
    board.set({ armKey: true }, START_NS + 5.1e9);
    const last = reports(events).at(-1);
    assert.deepEqual([last?.report.armKey, last?.atNs], [true, START_NS + 5.1e9]);
  });

  it('says nothing while it is unplugged, and what has changed meanwhile when it is back', () => {
    const { board, events, run } = bench();
    board.plug(START_NS);
    run(10);
    board.unplug(START_NS + 10e9);
    const before = reports(events).length;
    board.set({ armKey: true }, START_NS + 11e9);
    run(20);
    assert.equal(reports(events).length, before);
    board.plug(START_NS + 20e9);
    run(30);
    assert.equal(reports(events).at(-1)?.report.armKey, true);
    const links = events.filter((event) => event.type === 'board-link').map(({ up }) => up);
    assert.deepEqual(links, [true, false, true]);
    const gaps = reports(events).slice(before);
    for (const [index, { atNs }] of gaps.entries()) assert.ok(atNs - (gaps[index - 1]?.atNs ?? 0) > 0.7e9);
  });
});
