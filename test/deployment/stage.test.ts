/** Where the deployment stands, and what leads from one state to the next. */
import assert from 'node:assert/strict';
import { Stage } from '../../src/deployment/stage.js';

const FINE = { refused: false, resumes: true, closing: false, closed: false };
const REFUSED = { ...FINE, refused: true };
const FOR_GOOD = { ...REFUSED, resumes: false };

function walk(stage: Stage, ...steps: ((stage: Stage) => unknown)[]): string[] {
  return steps.map((step) => {
    step(stage);
    return stage.state;
  });
}
const fine = (stage: Stage): unknown => stage.advance(FINE);
const refused = (stage: Stage): unknown => stage.advance(REFUSED);
const forGood = (stage: Stage): unknown => stage.advance(FOR_GOOD);
const start = (stage: Stage): unknown => stage.start();

describe('stage of a deployment', () => {
  it('begins to enforce from ready alone, on the operator’s word', () => {
    const stage = new Stage('operator');
    assert.deepEqual(walk(stage, refused, fine, fine, start, fine), [
      'checking',
      'ready',
      'ready',
      'ready',
      'enforcing',
    ]);
  });

  it('refuses a start in every other state, and says which state it is', () => {
    const stage = new Stage('operator');
    stage.advance(REFUSED);
    assert.match(stage.start() ?? '', /state is checking, expected ready/);
    stage.advance(FINE);
    assert.equal(stage.start(), null);
    stage.advance(FINE);
    assert.match(stage.start() ?? '', /enforces already/);
    stage.advance(FOR_GOOD);
    assert.match(stage.start() ?? '', /state is suspended/);
    assert.deepEqual(walk(stage, fine), ['ready'], 'a refused start leaves nothing behind');
  });

  it('a start that a check overtakes does not count later', () => {
    const stage = new Stage('operator');
    assert.deepEqual(walk(stage, fine, start, refused, fine, fine), ['ready', 'ready', 'checking', 'ready', 'ready']);
  });

  it('goes on by itself only where everything that failed allows it', () => {
    const resuming = new Stage('operator');
    assert.deepEqual(walk(resuming, fine, start, fine, refused, fine).slice(2), [
      'enforcing',
      'suspended',
      'enforcing',
    ]);
    const anew = new Stage('operator');
    // The one that does not allow it came and went while another still refused.
    assert.deepEqual(walk(anew, fine, start, fine, refused, forGood, refused, fine, fine).slice(3), [
      'suspended',
      'suspended',
      'suspended',
      'ready',
      'ready',
    ]);
    assert.deepEqual(walk(anew, start, fine, refused, fine).slice(1), ['enforcing', 'suspended', 'enforcing']);
  });

  it('a static site begins by itself, but not again after what asks for a person', () => {
    const stage = new Stage('automatic');
    assert.deepEqual(walk(stage, refused, fine, fine, refused, fine), [
      'checking',
      'ready',
      'enforcing',
      'suspended',
      'enforcing',
    ]);
    assert.deepEqual(walk(stage, forGood, fine, fine), ['suspended', 'ready', 'ready']);
  });

  it('a static site that waits for its first check begins when that passes, however often it failed before', () => {
    const stage = new Stage('automatic');
    assert.deepEqual(walk(stage, forGood, fine, refused, fine, fine), [
      'checking',
      'ready',
      'checking',
      'ready',
      'enforcing',
    ]);
  });

  it('a static site that a person starts anew does not begin later by itself where a check was faster', () => {
    const stage = new Stage('automatic');
    walk(stage, fine, fine, forGood, fine);
    assert.equal(stage.start(), null);
    assert.deepEqual(walk(stage, refused, fine, fine), ['checking', 'ready', 'ready']);
  });

  it('a bench enforces whenever nothing refuses', () => {
    const stage = new Stage('bench');
    assert.deepEqual(walk(stage, refused, fine, forGood, fine), ['checking', 'enforcing', 'suspended', 'enforcing']);
  });

  it('closing is the end: nothing leads back', () => {
    const stage = new Stage('bench');
    stage.advance(FINE);
    assert.equal(stage.advance({ ...FINE, closing: true }), 'enforcing');
    assert.equal(stage.advance({ ...FINE, closing: true }), null);
    stage.advance({ ...FINE, closing: true, closed: true });
    assert.equal(stage.state, 'closed');
  });
});
