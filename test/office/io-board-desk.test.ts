/** The office's side of the I/O board: what becomes of the process's words, and how the office uses it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import type { BoardInput, FromIoBoard, ToIoBoard } from '../../firmware/io-board/messages.js';
import type { ChildEvents } from '../../firmware/office/child.js';
import { startIoBoard, type IoBoardDesk } from '../../firmware/office/io-board-desk.js';
import { Office } from '../../firmware/office/office.js';
import type { OfficeParts } from '../../firmware/office/parts.js';
import type { Input } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { BOARD_SETTINGS } from '../support/io-board-rig.js';
import { makeVan, until } from './fakes.js';

const UP: BoardInput = { type: 'board-link', atNs: monotonicNs(1e9), up: true, detail: 'answers' };

describe('I/O board desk', () => {
  let processes: ChildEvents<FromIoBoard>[];
  let sent: ToIoBoard[];
  let inputs: BoardInput[];
  let desk: IoBoardDesk;
  const kill = sinon.stub();

  const open = (): void => {
    [processes, sent, inputs] = [[], [], []];
    kill.reset();
    desk = startIoBoard({
      settings: { port: '/dev/ioboard', ...BOARD_SETTINGS },
      startChild: (events) => {
        processes.push(events);
        return { send: (message) => sent.push(message) > 0, kill };
      },
      onInput: (input) => inputs.push(input),
      nowNs: () => monotonicNs(5e9),
      restartMs: [0],
    });
  };
  const stop = async (): Promise<void> => {
    const stopped = desk.stop();
    processes.at(-1)?.onExit('exit code 0');
    await stopped;
  };

  it('a process that dies without a word is a link that is down; one that said why is not contradicted', async () => {
    open();
    processes[0]?.onMessage({ type: 'input', input: UP });
    processes[0]?.onExit('signal SIGKILL');
    assert.equal(inputs.length, 2);
    assert.deepEqual(inputs[1], {
      type: 'board-link',
      atNs: 5e9,
      up: false,
      detail: 'ioBoard.port: /dev/ioboard is not heard, its process ended (signal SIGKILL)',
    });
    await until(() => processes.length === 2);
    processes[1]?.onMessage({ type: 'input', input: { ...UP, up: false, detail: 'was unplugged' } as BoardInput });
    processes[1]?.onExit('exit code 4');
    assert.equal(inputs.length, 3);
    await stop();
  });

  it('a new process is told the settings and what the lamp shows', async () => {
    open();
    desk.lamp('enforcing');
    desk.lamp('enforcing');
    processes[0]?.onExit('exit code 4');
    await until(() => processes.length === 2);
    assert.deepEqual(
      sent.map((message) => (message.type === 'lamp' ? message.state : message.type)),
      ['start', 'closed', 'enforcing', 'start', 'enforcing'],
    );
    await stop();
  });

  it('a process that hangs is ended', async () => {
    const clock = sinon.useFakeTimers();
    open();
    await clock.tickAsync(9000);
    processes[0]?.onMessage({ type: 'alive' });
    await clock.tickAsync(8000);
    sinon.assert.notCalled(kill);
    await clock.tickAsync(2000);
    sinon.assert.called(kill);
    const stopped = stop();
    await clock.tickAsync(10);
    clock.restore();
    await stopped;
  });
});

describe('Office with an I/O board', () => {
  it('feeds its inputs to the controller, shows states on its lamp, tells a new controller the link, stops it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'kerbside-office-'));
    const van = makeVan(root);
    const lamp: string[] = [];
    let say: (input: Input) => void = () => undefined;
    const stop = sinon.stub().resolves();
    const repeat = sinon.stub();
    const parts: OfficeParts = {
      ...van.parts,
      startIoBoard: (onInput) => {
        say = onInput;
        repeat.callsFake(() => {
          onInput(UP);
        });
        return { lamp: (state) => lamp.push(state), repeat, stop };
      },
    };
    const office = await Office.start(parts);
    try {
      sinon.assert.notCalled(repeat);
      say(UP);
      await until(() => van.trigger.ofType('board-link').length === 1);
      van.trigger.put({ type: 'state', atNs: monotonicNs(2e9), state: 'enforcing', reasons: [] });
      assert.deepEqual(lamp, ['enforcing']);
      van.trigger.die('signal SIGSEGV');
      await until(() => van.trigger.ofType('board-link').length === 2);
      assert.deepEqual(lamp, ['enforcing', 'suspended']);
    } finally {
      await office.close();
      await rm(root, { recursive: true });
    }
    sinon.assert.called(stop);
  });
});
