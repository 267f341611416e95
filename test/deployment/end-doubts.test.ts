/** A controller that was cut off leaves doubts that nobody told: those since the last good test. */
import assert from 'node:assert/strict';
import { doubtsAtEnd } from '../../src/deployment/end-doubts.js';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { monotonicNs, utcMs } from '../../src/units.js';

const event = (type: DeploymentEvent['type'], code: string, at: number, detail: object): DeploymentEvent => ({
  type,
  code,
  atNs: monotonicNs(at),
  utcMs: utcMs(at),
  by: 'controller',
  sentence: '',
  detail: { ...detail },
});
const opened = (plan: object | null, forks: readonly string[]) => event('opened', 'opened', 0, { plan, forks });
const test = (code: string, at: number, passed = true) => event('test', code, at, { passed });
const fired = (icn: string, at: number, kind: 'incident' | 'sync' | 'alignment' = 'incident') => ({
  icn,
  kind,
  atNs: monotonicNs(at),
});

describe('doubts at the end', () => {
  it('cover the incidents since the last good test of each kind that was made', () => {
    const events = [opened({}, ['F-1']), test('radar', 1), test('fork', 2), test('alignment', 3), test('radar', 7)];
    const numbers = [
      fired('000001001', 2.5, 'sync'),
      fired('000001002', 3, 'alignment'),
      fired('000001003', 5),
      fired('000001004', 8),
    ];
    const doubts = doubtsAtEnd(events, numbers);
    assert.deepEqual(
      doubts.map(({ test: name, fromIcn, untilIcn }) => [name, fromIcn, untilIcn]),
      [
        ['fork', '000001003', '000001004'],
        ['radar', '000001004', '000001004'],
      ],
    );
  });

  it('cover everything where the fork was never heard, and nothing where a good test came last', () => {
    assert.equal(doubtsAtEnd([opened({}, ['F-1']), test('fork', 1, false)], [fired('000001001', 2)]).length, 1);
    assert.deepEqual(doubtsAtEnd([opened({}, ['F-1']), test('fork', 3)], [fired('000001001', 2)]), []);
  });

  it('are none where the controller has told them, and told where it was cut off before a test failed', () => {
    const events = [opened({}, ['F-1']), test('fork', 1), test('fork', 5, false), test('fork', 7)];
    const numbers = [fired('000001001', 2), fired('000001002', 4), fired('000001003', 9)];
    const range = ({ fromIcn, untilIcn }: { fromIcn: string; untilIcn: string }) => [fromIcn, untilIcn];
    const both = [
      ['000001001', '000001002'],
      ['000001003', '000001003'],
    ];
    assert.deepEqual(doubtsAtEnd(events, numbers).map(range), both);
    // A controller that began after the first number knows of the second one only.
    const told = (fromIcn: string) => event('doubt', 'fork', 6, { test: 'fork', fromIcn, untilIcn: '000001002' });
    assert.deepEqual(doubtsAtEnd([...events, told('000001002')], numbers).map(range), both);
    assert.deepEqual(doubtsAtEnd([...events, told('000001001')], numbers).map(range), both.slice(1));
  });

  it('are none at a bench, nor where no fork is carried', () => {
    assert.deepEqual(doubtsAtEnd([opened(null, ['F-1'])], [fired('000001001', 2)]), []);
    assert.deepEqual(doubtsAtEnd([opened({}, [])], [fired('000001001', 2)]), []);
    assert.deepEqual(doubtsAtEnd([], [fired('000001001', 2)]), []);
  });
});
