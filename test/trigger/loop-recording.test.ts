/** What the loop keeps for the recording, and when it has time to hand it over. */
import assert from 'node:assert/strict';
import { KerbsideError } from '../../src/errors.js';
import { plusNs } from '../../src/units.js';
import { MS, notice, World } from './loop-world.js';

describe('trigger loop: what it keeps for the recording', () => {
  const recordedOf = ({ recorded }: World) => recorded.flatMap(({ steps }) => steps);

  it('records each input with all that came of it, lines and radar commands too, in the order of handling', () => {
    const world = new World();
    const loop = world.connected();
    world.onInput = (input, out) => {
      if (input.type !== 'radar-bytes') return;
      const { atNs } = input;
      out.push(
        { type: 'line', atNs, line: 'shutter', value: 1 },
        { type: 'radar-command', bytes: Buffer.from('*SN?') },
      );
      out.push(notice(atNs));
    };
    world.bytes.push('frame');
    for (let pass = 0; pass < 5; pass += 1) loop.pass();
    const steps = recordedOf(world);
    assert.equal(steps.filter(({ input }) => input.type === 'tick').length, 4);
    const frame = steps.find(({ input }) => input.type === 'radar-bytes');
    assert.deepEqual(
      frame?.outputs.map(({ type }) => type),
      ['line', 'radar-command', 'notice'],
    );
    assert.equal(frame.outputs.constructor, Array, 'a plain list');
  });

  it('records an input before the one that its own radar command has caused', () => {
    const world = new World();
    const loop = world.connected();
    world.onInput = (input, out) => {
      if (input.type === 'radar-bytes') out.push({ type: 'radar-command', bytes: Buffer.from('*SN?') });
    };
    world.link.write = () => {
      throw new KerbsideError('link-lost', 'radar link: gone');
    };
    world.bytes.push('frame');
    for (let pass = 0; pass < 5; pass += 1) loop.pass();
    const types = recordedOf(world).map(({ input }) => (input.type === 'radar-link' ? `link ${input.up}` : input.type));
    assert.deepEqual(
      types.filter((type) => type !== 'tick'),
      ['radar-bytes', 'link false'],
    );
  });

  it('hands nothing over while a frame may fire, nor just before a line changes', () => {
    const world = new World();
    const loop = world.connected();
    world.mayFireSoon = true;
    for (let pass = 0; pass < 20; pass += 1) {
      world.bytes.push('x');
      loop.pass();
      world.advance(50);
    }
    assert.deepEqual(world.recorded, []);
    world.mayFireSoon = false;
    world.onInput = (input, out) => {
      const atNs = plusNs(input.atNs, 2 * MS);
      if (input.type === 'radar-bytes') out.push({ type: 'line', atNs, line: 'shutter', value: 1 });
    };
    world.bytes.push('fire');
    loop.pass();
    assert.deepEqual(world.recorded, []);
    while (world.recorded.length === 0) loop.pass();
    assert.ok(world.log.includes('shutter 1'));
    assert.equal(recordedOf(world).filter(({ input }) => input.type === 'radar-bytes').length, 21);
  });

  it('lets a deadline of the controller go first, unless the ring is half full', () => {
    for (const [steps, handed] of [
      [1000, false],
      [10, true],
    ] as const) {
      const world = new World();
      world.limits = { steps, bytes: 1000 };
      const loop = world.connected();
      for (let pass = 0; pass < 12; pass += 1) {
        world.deadlineNs = plusNs(world.atNs, 2 * MS);
        world.bytes.push('x');
        loop.pass();
        world.advance(50);
      }
      assert.equal(world.recorded.length > 0, handed, `room for ${steps}`);
    }
  });

  it('loses inputs instead of time when the ring is full, and says how many', () => {
    const world = new World();
    world.limits = { steps: 5, bytes: 1000 };
    const loop = world.connected();
    world.mayFireSoon = true;
    for (let pass = 0; pass < 20; pass += 1) {
      world.bytes.push('x');
      loop.pass();
    }
    world.mayFireSoon = false;
    world.advance(200);
    loop.pass();
    assert.equal(world.recorded.length, 1);
    assert.equal(recordedOf(world).length, 5);
    assert.ok((world.recorded[0]?.lost?.inputs ?? 0) >= 15);
  });

  it('gives out all that is left when it ends, also the input of which the controller died', () => {
    const world = new World();
    world.messages.push({ type: 'port', path: '/dev/radar', devicePath: '/dev/pts/1' });
    world.onInput = (input, out) => {
      if (input.type !== 'radar-link') return;
      out.push(notice(input.atNs));
      throw new Error('controller');
    };
    assert.throws(() => world.loop().run(), /controller/);
    const last = recordedOf(world).at(-1);
    assert.equal(last?.input.type, 'radar-link');
    assert.equal(last.outputs.length, 1);
  });
});
