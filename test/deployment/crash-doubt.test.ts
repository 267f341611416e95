/** A crash leaves no test at the end: what was exposed since the last good one is in doubt. */
import assert from 'node:assert/strict';
import { doubtsOfCrash } from '../../src/deployment/crash-doubt.js';
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

describe('doubts of a crash', () => {
  it('cover the incidents since the last good test of each kind that was made', () => {
    const events = [opened({}, ['F-1']), test('radar', 1), test('fork', 2), test('alignment', 3), test('radar', 7)];
    const numbers = [
      fired('000001001', 2.5, 'sync'),
      fired('000001002', 3, 'alignment'),
      fired('000001003', 5),
      fired('000001004', 8),
    ];
    const doubts = doubtsOfCrash(events, numbers);
    assert.deepEqual(
      doubts.map(({ test: name, fromIcn, untilIcn }) => [name, fromIcn, untilIcn]),
      [
        ['fork', '000001003', '000001004'],
        ['radar', '000001004', '000001004'],
      ],
    );
  });

  it('cover everything where the fork was never heard, and nothing where a good test came last', () => {
    assert.equal(doubtsOfCrash([opened({}, ['F-1']), test('fork', 1, false)], [fired('000001001', 2)]).length, 1);
    assert.deepEqual(doubtsOfCrash([opened({}, ['F-1']), test('fork', 3)], [fired('000001001', 2)]), []);
  });

  it('are none at a bench, nor where no fork is carried', () => {
    assert.deepEqual(doubtsOfCrash([opened(null, ['F-1'])], [fired('000001001', 2)]), []);
    assert.deepEqual(doubtsOfCrash([opened({}, [])], [fired('000001001', 2)]), []);
    assert.deepEqual(doubtsOfCrash([], [fired('000001001', 2)]), []);
  });
});
