/** The radar on its wire in virtual time: which frames are worked out, and when their bytes arrive. */
import assert from 'node:assert/strict';
import type { RadarInstrument } from '../../../hw-sim/instruments/radar.js';
import { createRandom } from '../../../hw-sim/prng.js';
import { Agenda } from '../../../hw-sim/virtual/agenda.js';
import { VirtualRadar } from '../../../hw-sim/virtual/radar.js';
import { START_NS, START_UTC_MS } from '../../../hw-sim/virtual/start.js';
import type { VanEvent } from '../../../src/ports/pretend.js';

interface Bench {
  readonly radar: VirtualRadar;
  readonly events: VanEvent[];
  /** When frames were worked out, milliseconds from the start. */
  readonly framesMs: number[];
  runUntil(ms: number): void;
  ownMs: number;
  echoMs: number;
  answers: Uint8Array[];
  messages: Uint8Array[];
  restarts: number;
}

function bench(baudRate = 921_600): Bench {
  const agenda = new Agenda();
  const ms = (atNs: number): number => (atNs - START_NS) / 1e6;
  const instrument: RadarInstrument = {
    framePeriodS: 0.02,
    frame: (_timeS, utcMs) => {
      made.framesMs.push(utcMs - START_UTC_MS);
      return made.messages;
    },
    nextOwnUtcMs: () => (Number.isFinite(made.ownMs) ? START_UTC_MS + made.ownMs : made.ownMs),
    receive: () => made.answers,
    holdFork: () => undefined,
    restart: () => {
      made.restarts += 1;
    },
  };
  const events: VanEvent[] = [];
  const radar = new VirtualRadar({
    ...{ instrument, agenda, random: createRandom(1, 'x'), link: { baudRate, parity: 'odd' } },
    tell: (event) => events.push(event),
    timeOf: ms,
    utcAt: (atNs) => START_UTC_MS + ms(atNs),
    nextEchoNs: (atNs) => Math.max(atNs, START_NS + made.echoMs * 1e6),
  });
  const made: Bench = {
    ...{ radar, events, framesMs: [], ownMs: Infinity, echoMs: Infinity, answers: [], messages: [], restarts: 0 },
    runUntil: (untilMs) => {
      for (;;) {
        const nextNs = Math.min(agenda.nextNs, radar.nextNs);
        if (ms(nextNs) > untilMs) return;
        if (agenda.nextNs <= nextNs) agenda.takeNext()?.act(nextNs);
        else radar.frame();
      }
    },
  };
  return made;
}

const bytesOf = (events: readonly VanEvent[]) => events.filter((event) => event.type === 'radar-bytes');

describe('hw-sim virtual: radar', () => {
  it('works out no frame while nobody is near and it has nothing to say', () => {
    const made = bench();
    made.radar.plug(START_NS);
    made.runUntil(60_000);
    assert.deepEqual(made.framesMs, []);
    assert.equal(made.radar.nextNs, Infinity);
  });

  it('keeps to its grid: a heartbeat and echoes come with the first frame that is due', () => {
    const made = bench();
    made.radar.plug(START_NS);
    made.ownMs = 1011;
    made.radar.wake(START_NS);
    made.runUntil(1030);
    assert.deepEqual(made.framesMs, [1020]);
    made.ownMs = Infinity;
    made.echoMs = 5000;
    made.radar.wake(START_NS + 1030e6);
    made.runUntil(5050);
    assert.deepEqual(
      made.framesMs,
      [1020, 1040, 5000, 5020, 5040].filter((at) => at !== 1040),
    );
  });

  it('delivers the frames of one instant as one chunk when its last byte is over the wire', () => {
    const made = bench();
    made.echoMs = 100;
    made.messages = [Buffer.alloc(55), Buffer.alloc(25)];
    made.radar.plug(START_NS);
    made.runUntil(119);
    const [chunk] = bytesOf(made.events);
    assert.equal(chunk?.bytes.length, 80);
    assert.equal(chunk.atNs, START_NS + 100e6 + Math.ceil((80 * 11 * 1e9) / 921_600));
  });

  it('a slow wire queues, and what it cannot take within a second is lost', () => {
    const made = bench(1200);
    made.echoMs = 0;
    made.messages = [Buffer.alloc(60)];
    made.radar.plug(START_NS);
    made.runUntil(20_000);
    const chunks = bytesOf(made.events);
    const byteNs = (11 * 1e9) / 1200;
    for (const [index, { atNs }] of chunks.entries()) {
      const before = chunks[index - 1]?.atNs;
      if (before !== undefined) assert.ok(atNs - before >= 60 * byteNs - 2);
    }
    assert.ok(chunks.length >= 35 && chunks.length <= 37, String(chunks.length));
  });

  it('answers a command after its bytes, and not while it is unplugged', () => {
    const made = bench();
    made.radar.plug(START_NS);
    made.answers = [Buffer.from('#SU=K\r')];
    made.radar.command(Buffer.from('*SU=K\r'), START_NS);
    made.runUntil(50);
    const [answer] = bytesOf(made.events);
    assert.equal(Buffer.from(answer?.bytes ?? []).toString(), '#SU=K\r');
    assert.ok((answer?.atNs ?? 0) > START_NS + 2e6);
    made.radar.unplug(START_NS + 60e6);
    made.radar.command(Buffer.from('*SU=K\r'), START_NS + 61e6);
    made.runUntil(1000);
    assert.equal(bytesOf(made.events).length, 1);
  });

  it('forgets its settings with its cable', () => {
    const made = bench();
    made.radar.plug(START_NS);
    made.radar.unplug(START_NS + 1e9);
    made.radar.plug(START_NS + 2e9);
    assert.equal(made.restarts, 2);
    const links = made.events.map((event) => (event.type === 'radar-link' ? event.up : null));
    assert.deepEqual(links, [true, false, true]);
  });
});
