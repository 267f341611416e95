/** gpsd's lines in virtual time. */
import assert from 'node:assert/strict';
import { createRandom } from '../../../hw-sim/prng.js';
import { Agenda } from '../../../hw-sim/virtual/agenda.js';
import { Receiver } from '../../../hw-sim/virtual/receiver.js';
import { START_NS, START_UTC_MS } from '../../../hw-sim/virtual/start.js';
import type { VanEvent } from '../../../src/ports/pretend.js';
import { readTpv } from '../../../firmware/drivers/gpsd.js';

const place = { latitude: -40.2, longitude: 175.4, altitudeM: 40 };

function bench() {
  const agenda = new Agenda();
  const events: VanEvent[] = [];
  const utcAt = (atNs: number): number => START_UTC_MS + (atNs - START_NS) / 1e6;
  const parts = { agenda, place, utcAt, random: createRandom(1, 'gps') };
  const receiver = new Receiver({ ...parts, tell: (event) => events.push(event) });
  const run = (untilS: number): void => {
    while (agenda.nextNs <= START_NS + untilS * 1e9) {
      const next = agenda.takeNext();
      next?.act(next.atNs);
    }
  };
  receiver.begin(START_NS);
  return { receiver, events, run, utcAt };
}

const lines = (events: readonly VanEvent[], word: string) =>
  events
    .filter((event) => event.type === 'gps-line')
    .map(({ line, atNs }) => ({ atNs, report: JSON.parse(line) as Record<string, unknown> }))
    .filter(({ report }) => report['class'] === word);

describe('hw-sim virtual: receiver', () => {
  it('reports each second shortly after it, at its place', () => {
    const { events, run, utcAt } = bench();
    run(30.5);
    const fixes = lines(events, 'TPV');
    assert.equal(fixes.length, 31);
    for (const { report, atNs } of fixes) {
      const fix = readTpv(report);
      const lateMs = utcAt(atNs) - (fix.utcMs ?? 0);
      assert.ok(lateMs >= 80 && lateMs < 200, String(lateMs));
      assert.equal((fix.utcMs ?? 0) % 1000, 0);
      assert.ok(Math.abs((fix.latitude ?? 0) - place.latitude) < 1e-5);
      assert.equal(fix.mode, 3);
    }
    assert.equal(lines(events, 'SKY').length, 4);
  });

  it('a covered sky leaves mode 1 and no place', () => {
    const { receiver, events, run } = bench();
    receiver.set('no-fix', START_NS);
    run(3.5);
    const fix = readTpv(lines(events, 'TPV').at(-1)?.report ?? {});
    assert.deepEqual([fix.mode, fix.latitude, fix.utcMs], [1, null, null]);
  });

  it('silence is a lost link after five seconds, and the link is back with the first line', () => {
    const { receiver, events, run } = bench();
    run(2.5);
    receiver.set('silent', START_NS + 2.5e9);
    run(20);
    receiver.set('fix', START_NS + 20e9);
    run(22);
    const told = events.filter(({ atNs }) => atNs > START_NS + 2.5e9).map((event) => event.type);
    assert.deepEqual(told.slice(0, 3), ['gps-link', 'gps-link', 'gps-line']);
    const [down, up] = events.filter((event) => event.type === 'gps-link').slice(1);
    assert.deepEqual([down?.up, up?.up], [false, true]);
    const afterS = ((down?.atNs ?? 0) - START_NS) / 1e9 - 2.5;
    assert.ok(afterS >= 5 && afterS < 6.5, String(afterS));
  });
});
