import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Supervisor } from '../../firmware/office/supervisor.js';
import type { ChildEvents } from '../../firmware/office/child.js';

describe('Supervisor', () => {
  let clock: sinon.SinonFakeTimers;
  let children: ChildEvents<string>[];
  let deaths: string[];
  let supervisor: Supervisor<string, string>;

  beforeEach(() => {
    clock = sinon.useFakeTimers();
    children = [];
    deaths = [];
    supervisor = new Supervisor<string, string>({
      start: (events) => {
        children.push(events);
        return {
          send: () => true,
          kill: () => {
            events.onExit('signal SIGKILL');
          },
        };
      },
      restartMs: [1],
      onMessage: () => undefined,
      onStart: () => undefined,
      onDeath: (detail) => {
        deaths.push(detail);
        return Promise.resolve();
      },
    });
    supervisor.start();
  });
  afterEach(async () => {
    const stopped = supervisor.stop('stop', 10);
    await clock.tickAsync(100);
    await stopped;
    clock.restore();
  });

  it('ends a child that was expected to speak and says nothing', async () => {
    await clock.tickAsync(60_000);
    assert.deepEqual(deaths, [], 'nothing is expected before it has started');
    supervisor.expectLifeSigns(10_000);
    await clock.tickAsync(9900);
    assert.deepEqual(deaths, []);
    await clock.tickAsync(100);
    assert.deepEqual(deaths, ['no life sign for 10 s']);
  });

  it('lets a child live that speaks, whatever it says', async () => {
    supervisor.expectLifeSigns(10_000);
    for (let second = 0; second < 60; second += 1) {
      await clock.tickAsync(1000);
      children[0]?.onMessage('alive');
    }
    assert.deepEqual(deaths, []);
  });

  it('an own end does not explain a later death', async () => {
    supervisor.end('it hangs');
    children[0]?.onExit('exit code 1');
    assert.equal(deaths[0], 'it hangs');
    supervisor.end('nobody there');
    supervisor.start();
    children[1]?.onExit('exit code 70');
    await clock.tickAsync(0);
    assert.equal(deaths.at(-1), 'exit code 70');
  });
});
