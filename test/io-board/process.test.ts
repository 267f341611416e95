/** The process of the I/O board against the pretend board: every input, the lamp, silence, loss, restarts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../firmware/drivers/clock.js';
import type { IoBoardSettings } from '../../firmware/io-board/messages.js';
import { IoBoard, type IoBoardOptions } from '../../hw-sim/instruments/io-board.js';
import { BOARD_SETTINGS, IoBoardRig } from '../support/io-board-rig.js';
import { eventually } from '../support/pty.js';

const VERSION_QUERY = 0xf9;
const WRITE_PORT_1 = 0x91;

describe('I/O board process', () => {
  let folder: string;
  let board: IoBoard;
  let rig: IoBoardRig;

  const make = (options: Partial<IoBoardOptions> = {}): void => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-board-'));
    board = new IoBoard({ devicePath: join(folder, 'ioboard'), ...options });
  };
  const begin = (settings: Partial<IoBoardSettings> = {}): void => {
    rig = new IoBoardRig(board, { port: join(folder, 'ioboard'), ...BOARD_SETTINGS, ...settings });
  };
  const end = async (): Promise<void> => {
    await rig.desk.stop();
    board.unplug();
    rmSync(folder, { recursive: true });
  };

  describe('while the board answers', () => {
    before(async () => {
      make();
      board.plug();
      begin();
      await rig.link(true);
    });
    after(end);

    it('DEP-5: tells tailgate open, closed and half way apart', async () => {
      board.setTailgate('open');
      await rig.told('open', (report) => report.tailgateOpen === true && report.tailgateClosed === false);
      board.setTailgate('between');
      await rig.told('neither', (report) => report.tailgateOpen === false && report.tailgateClosed === false);
      board.setTailgate('closed');
      await rig.told('closed', (report) => report.tailgateOpen === false && report.tailgateClosed === true);
    });

    it('DEP-2: tells whether the park lights are lit, and whether the flash is ready', async () => {
      await rig.told('dark', (report) => report.parkLights === false && report.flashReady === false);
      board.set('parkLights', true);
      await rig.told('park lights', (report) => report.parkLights === true && report.flashReady === false);
      board.set('flashReady', true);
      await rig.told('flash ready', (report) => report.flashReady === true);
    });

    it('TAM-1: a loop that breaks for a moment between two questions is reported once', async () => {
      await rig.told('whole', (report) => report.tamperLoopWhole === true);
      rig.forget();
      board.set('tamperLoopWhole', false);
      board.set('tamperLoopWhole', true);
      await rig.told('whole again', (report) => report.tamperLoopWhole === true);
      assert.equal(rig.reports.filter(({ report }) => report.tamperLoopWhole === false).length, 1);
      board.set('tamperLoopWhole', false);
      await rig.told('cut', (report) => report.tamperLoopWhole === false);
      board.set('tamperLoopWhole', true);
    });

    it('measures battery and cabinet through divider and sensor', async () => {
      board.setBatteryV(11.4);
      board.setCabinetC(-7);
      await rig.told('values', ({ batteryV, cabinetC }) => {
        return Math.abs((batteryV ?? 0) - 11.4) < 0.03 && Math.abs((cabinetC ?? 0) + 7) < 0.5;
      });
    });

    it('the arm key counts once it was held for 50 ms: short touches do not', async () => {
      rig.forget();
      // What this machine made of 15 ms is looked at: a touch that became a press proves nothing.
      let longestMs = 0;
      for (let touch = 0; touch < 8 && longestMs < 45; touch += 1) {
        const startMs = performance.now();
        board.set('armKey', true);
        await sleep(15);
        board.set('armKey', false);
        longestMs = Math.max(longestMs, performance.now() - startMs);
        if (longestMs < 45) await sleep(15);
      }
      await rig.told('a report after it', () => true);
      assert.ok(rig.reports.length >= 2, 'reports came meanwhile');
      if (longestMs < 45) assert.ok(rig.reports.every(({ report }) => report.armKey === false));
      board.set('armKey', true);
      await rig.told('pressed', (report) => report.armKey === true);
      board.set('armKey', false);
      await rig.told('released', (report) => report.armKey === false);
    });

    it('reports at least every 250 ms, each read later than the one before and just now', async () => {
      rig.forget();
      await sleep(350);
      const times = rig.reports.map(({ atNs }) => atNs / 1e6);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      assert.ok(times.length >= 2, `${times.length} reports`);
      assert.ok(Math.min(...gaps) > 0 && nowNs() / 1e6 - (times.at(-1) ?? 0) < 1000);
      gaps.sort((a, b) => a - b);
      const middle = gaps[Math.floor(gaps.length / 2)] ?? Infinity;
      assert.ok(middle <= 250, `half of the gaps are longer than ${middle} ms`);
    });

    it('the lamp is on while the camera enforces, blinks between and is out when nothing is open', async () => {
      rig.desk.lamp('enforcing');
      await eventually('on', () => board.lamp);
      board.lampLevels = [1];
      rig.desk.lamp('suspended');
      await eventually('blinks', () => board.lampLevels.length >= 4);
      rig.desk.lamp('enforcing');
      await eventually('steady', () => board.lamp);
      await sleep(20);
      board.lampLevels = [1];
      // Longer than half a period of the blinking before.
      await sleep(200);
      assert.deepEqual(board.lampLevels, [1]);
      rig.desk.lamp('closed');
      await eventually('out', () => !board.lamp);
    });

    it('a controller that was started again is told the state of the link', () => {
      rig.forget();
      rig.desk.repeat();
      assert.deepEqual(
        rig.links.map(({ up }) => up),
        [true],
      );
    });
  });

  describe('when the board goes', () => {
    // One after the other on the same board: each loss ends a process, and the next test begins with its successor.
    before(() => {
      make();
      begin();
    });
    after(end);
    beforeEach(() => {
      rig.forget();
    });

    it('a board that is missing at the start is waited for by one process', async () => {
      await rig.link(false, /ioboard does not exist; expected the serial device of the I\/O board/);
      // It looks for the board every 250 ms.
      await sleep(280);
      assert.equal(rig.links.length, 1);
      board.plug();
      await rig.link(true);
      assert.equal(rig.starts, 1);
    });

    it('unplugged it is down at once, plugged back it is up with the present state, lamp included', async () => {
      await rig.told('the board answers', () => true);
      rig.desk.lamp('enforcing');
      await eventually('on', () => board.lamp);
      board.unplug();
      await rig.link(false, /unplugged|failed/);
      rig.forget();
      board.set('parkLights', true);
      await sleep(120);
      assert.equal(rig.reports.length, 0);
      board.plug();
      await rig.link(true);
      const { report: first } = await eventually('a report', () => rig.reports[0]);
      assert.equal(first.parkLights, true);
      assert.equal(first.armKey, false);
      await eventually('on again', () => board.lamp);
    });

    it('silent for a second it is down, and no old value is told as a new one', async () => {
      await rig.told('a report', () => true);
      board.silent = true;
      const silentNs = nowNs();
      await rig.link(false, /has been silent for 1 s/);
      const late = rig.reports.filter(({ atNs }) => atNs > silentNs + 20e6);
      assert.equal(late.length, 0);
      assert.ok(nowNs() - silentNs > 0.8e9);
      board.silent = false;
      await rig.link(true);
    });

    it('what was to be written to a lost board never reaches the next one', async () => {
      await rig.told('the board answers', () => true);
      board.silent = true;
      for (let turn = 0; turn < 200; turn += 1) rig.desk.lamp(turn % 2 === 0 ? 'enforcing' : 'closed');
      board.unplug();
      for (let turn = 0; turn < 200; turn += 1) rig.desk.lamp(turn % 2 === 0 ? 'enforcing' : 'closed');
      board.silent = false;
      board.plug();
      await rig.link(false);
      await rig.link(true);
      await rig.told('a report', () => true);
      assert.deepEqual(board.heard[0], [VERSION_QUERY], 'a new connection begins with the question who it is');
      const lampWrites = board.heard.filter(([first]) => first === WRITE_PORT_1);
      assert.deepEqual(
        lampWrites.map(([, level]) => level),
        [0],
      );
      assert.deepEqual(board.lampLevels, []);
    });

    for (const announce of [true, false]) {
      it(`TAM-1: a board that restarts by itself ${announce ? 'and says so' : 'in silence'} is never believed: its inputs would all be active`, async () => {
        board.setTailgate('between');
        await rig.told('half way', (report) => report.tailgateClosed === false && report.armKey === false);
        rig.forget();
        board.restart(announce);
        await rig.link(false, /has restarted by itself/);
        await rig.link(true);
        await eventually('a report', () => rig.reports.length > 0);
        assert.ok(rig.reports.every(({ report }) => report.tailgateClosed === false && report.armKey === false));
      });
    }

    it('a process that is killed is a board that is not heard, and is started again', async () => {
      await rig.told('the board answers', () => true);
      const { starts } = rig;
      rig.child?.kill();
      await rig.link(false, /its process ended \(signal SIGKILL\)/);
      await rig.link(true);
      assert.equal(rig.starts, starts + 1);
    });
  });

  describe('whatever is plugged in', () => {
    afterEach(end);

    it('waits for a board that starts when its port is opened', async () => {
      make({ bootMs: 200 });
      board.plug();
      begin();
      await rig.link(true);
      assert.equal(rig.starts, 1);
    });

    it('refuses a firmware that does not tell its pins when asked', async () => {
      make({ protocol: [2, 3] });
      board.plug();
      begin();
      await rig.link(false, /speaks Firmata 2\.3; expected 2\.5 or later/);
      assert.equal(rig.reports.length, 0);
    });

    it('refuses pins that the board does not have, by name', async () => {
      make();
      board.plug();
      begin({ pins: { ...BOARD_SETTINGS.pins, armKey: 40 } });
      await rig.link(false, /ioBoard\.pins\.armKey: 40 is not a digital input/);
      assert.equal(rig.reports.length, 0);
    });

    it('refuses a digital pin that is an analog one, too', async () => {
      make();
      board.plug();
      begin({ pins: { ...BOARD_SETTINGS.pins, armKey: 14 } });
      await rig.link(false, /ioBoard\.pins\.battery: A0 is the pin of armKey already/);
    });

    it('what is not wired is null', async () => {
      make();
      board.plug();
      const { tailgateOpen, battery } = BOARD_SETTINGS.pins;
      const nothing = { ...BOARD_SETTINGS.pins, tailgateClosed: null, parkLights: null, tamperLoop: null };
      begin({ pins: { ...nothing, flashReady: null, armKey: null, lamp: null, cabinet: null, tailgateOpen, battery } });
      await rig.link(true);
      await rig.told('a report', () => true);
      const { batteryV, ...rest } = rig.report!;
      assert.ok(batteryV !== null);
      assert.deepEqual(rest, {
        tailgateOpen: false,
        tailgateClosed: null,
        parkLights: null,
        tamperLoopWhole: null,
        cabinetC: null,
        flashReady: null,
        armKey: null,
      });
    });
  });
});
