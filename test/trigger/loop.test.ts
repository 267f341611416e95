/** The loop on a made-up clock: what it does in which order, without threads. */
import assert from 'node:assert/strict';
import { LineSchedule } from '../../firmware/trigger/line-schedule.js';
import { monotonicNs, plusNs } from '../../src/units.js';
import { MS, notice, World } from './loop-world.js';

describe('trigger loop', () => {
  it('blocks for bytes while nothing is due, and looks in short slices when something is', () => {
    const world = new World();
    const loop = world.connected();
    loop.pass();
    assert.deepEqual(world.deeds, ['block']);
    world.log.length = 0;
    world.deadlineNs = plusNs(world.atNs, 50 * MS);
    loop.pass();
    assert.deepEqual(world.deeds, ['look', 'sleep 0.25']);
  });

  it('gives a life sign every second, with a radar and without', () => {
    for (const connect of [true, false]) {
      const world = new World();
      const loop = connect ? world.connected() : world.loop();
      for (const untilNs = plusNs(world.atNs, 5000 * MS); world.atNs < untilNs;) loop.pass();
      const signs = world.log.filter((entry) => entry === 'alive').length;
      assert.ok(signs === 4 || signs === 5, `${signs} life signs in 5 s`);
    }
  });

  it('writes lines before radar commands, and both before anything is posted', () => {
    const world = new World();
    const loop = world.connected();
    world.onInput = (input, out) => {
      if (input.type !== 'radar-bytes') return;
      const { atNs } = input;
      out.push(notice(atNs), { type: 'radar-command', bytes: Buffer.from('*SN?') });
      out.push({ type: 'line', atNs, line: 'shutter', value: 1 });
    };
    world.bytes.push('frame');
    loop.pass();
    assert.deepEqual(world.deeds, ['block', 'bytes frame', 'shutter 1', 'write *SN?', 'posted']);
  });

  it('raises a line while the controller is still at work', () => {
    const world = new World();
    const loop = world.connected();
    world.onInput = (input, out) => {
      if (input.type !== 'radar-bytes') return;
      out.push({ type: 'line', atNs: input.atNs, line: 'shutter', value: 1 });
      world.log.push('facts computed');
    };
    world.bytes.push('frame');
    loop.pass();
    assert.deepEqual(world.deeds, ['block', 'bytes frame', 'shutter 1', 'facts computed']);
  });

  it('keeps the flash lead and the pulse width when it is late itself', () => {
    const world = new World();
    const loop = world.connected();
    const changes: { entry: string; atNs: number }[] = [];
    world.onInput = (input, out) => {
      if (input.type !== 'radar-bytes') return;
      world.advance(7);
      out.push({ type: 'line', atNs: input.atNs, line: 'flash', value: 1 });
      out.push({ type: 'line', atNs: plusNs(input.atNs, 2 * MS), line: 'shutter', value: 1 });
    };
    world.bytes.push('frame');
    for (let index = 0; index < 60; index += 1) {
      const before = world.log.length;
      loop.pass();
      for (const entry of world.log.slice(before)) {
        if (/^(flash|shutter)/.test(entry)) changes.push({ entry, atNs: world.atNs });
      }
    }
    assert.deepEqual(
      changes.map(({ entry }) => entry),
      ['flash 1', 'shutter 1'],
    );
    assert.ok((changes[1]?.atNs ?? 0) - (changes[0]?.atNs ?? 0) >= 1.9 * MS);
  });

  it('gives a tick when the controller wants one, and about every 100 ms beside that', () => {
    const world = new World();
    const loop = world.connected();
    const ticks: number[] = [];
    world.onInput = (input) => {
      if (input.type !== 'tick') return;
      ticks.push(input.atNs);
      world.deadlineNs = null;
    };
    const wantedNs = plusNs(world.atNs, 30 * MS);
    world.deadlineNs = wantedNs;
    for (let index = 0; index < 200 && ticks.length === 0; index += 1) loop.pass();
    assert.ok((ticks[0] ?? 0) >= wantedNs && (ticks[0] ?? 0) < wantedNs + 0.5 * MS);
    for (let index = 0; index < 4; index += 1) loop.pass();
    assert.equal(ticks.length, 5);
  });

  it('does not run hot for a controller whose deadline stays in the past', () => {
    const world = new World();
    const loop = world.connected();
    world.deadlineNs = plusNs(world.atNs, -1);
    for (let index = 0; index < 100; index += 1) loop.pass();
    assert.ok(world.log.filter((entry) => entry === 'tick').length <= 2);
  });

  it('drops a command for which there is no link, and tells the controller once of a loss', () => {
    const world = new World();
    const loop = world.connected();
    world.bytes.push('gone');
    world.onInput = (input, out) => {
      if (input.type === 'radar-link') out.push({ type: 'radar-command', bytes: Buffer.from('stale') });
    };
    loop.pass();
    loop.pass();
    assert.deepEqual(world.deeds, ['block', 'close', 'link-lost', 'radar-link', 'sleep 100.00']);
  });

  it('gives up a link whose name leads elsewhere, and one that is silent too long', () => {
    const elsewhere = new World();
    const loop = elsewhere.connected();
    elsewhere.same = false;
    for (let index = 0; index < 12; index += 1) loop.pass();
    assert.ok(elsewhere.log.includes('link-lost'));

    const silent = new World();
    silent.silenceNs = 3000 * MS;
    const other = silent.connected();
    for (let index = 0; index < 25; index += 1) other.pass();
    assert.ok(!silent.log.includes('link-lost'));
    for (let index = 0; index < 15; index += 1) other.pass();
    assert.ok(silent.log.includes('link-lost'));
  });

  it('takes a flood of messages without waiting in between, the radar every 64', () => {
    const world = new World();
    const loop = world.connected();
    const input = { type: 'command', atNs: world.atNs, command: 'sync' } as const;
    for (let index = 0; index < 150; index += 1) world.messages.push({ type: 'input', input });
    const startNs = world.atNs;
    for (let index = 0; index < 3; index += 1) loop.pass();
    assert.equal(world.messages.length, 0);
    assert.deepEqual(
      world.deeds.filter((entry) => entry !== 'command'),
      ['block', 'look', 'look'],
    );
    assert.ok(world.atNs - startNs < 110 * MS);
  });

  it('leaves the lines low when it starts, when it is stopped and when the controller throws', () => {
    const world = new World();
    const loop = world.loop();
    assert.deepEqual(world.log, ['shutter 0', 'flash 0']);
    world.messages.push({ type: 'stop' });
    loop.run();
    assert.deepEqual(world.deeds.slice(-2), ['shutter 0', 'flash 0']);

    const failing = new World();
    failing.messages.push({ type: 'port', path: '/dev/radar', devicePath: '/dev/pts/1' });
    failing.onInput = () => {
      throw new Error('controller');
    };
    const next = failing.loop();
    assert.throws(() => next.run(), /controller/);
    assert.deepEqual(failing.log.slice(-3), ['shutter 0', 'flash 0', 'close']);
  });

  it('looks and rehearses instead of waiting while the next frame may fire', () => {
    const world = new World();
    const loop = world.connected();
    world.mayFireSoon = true;
    loop.pass();
    loop.pass();
    world.bytes.push('x');
    loop.pass();
    assert.deepEqual(world.deeds, ['look', 'rehearse', 'look', 'rehearse', 'look', 'bytes x']);
    world.mayFireSoon = false;
    world.log.length = 0;
    loop.pass();
    assert.deepEqual(world.deeds, ['block']);
  });
});

describe('line schedule', () => {
  it('keeps the order of times, and of adding for equal times', () => {
    const schedule = new LineSchedule();
    const done: string[] = [];
    for (const [line, value, atNs] of [
      ['shutter', 0, 30],
      ['flash', 1, 10],
      ['shutter', 1, 20],
      ['flash', 0, 20],
    ] as const) {
      schedule.add({ type: 'line', line, value, atNs: monotonicNs(atNs) });
    }
    schedule.run(monotonicNs(20), (line, value) => done.push(`${line} ${value}`));
    assert.deepEqual(done, ['flash 1', 'shutter 1', 'flash 0']);
    assert.equal(schedule.nextNs, 30);
  });

  it('refuses to hold ever more changes', () => {
    const schedule = new LineSchedule();
    const fill = (): void => {
      for (let index = 0; index < 65; index += 1)
        schedule.add({ type: 'line', line: 'flash', value: 1, atNs: monotonicNs(index) });
    };
    assert.throws(fill, { kind: 'line-failed' });
  });
});
