/** The pretend I/O board's bytes against the Firmata protocol 2.6, written out by hand. */
import assert from 'node:assert/strict';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IoBoard } from '../../../hw-sim/instruments/io-board.js';

const INPUTS_OF_PORT_0 = [2, 3, 4, 5, 6, 7];

describe('hw-sim I/O board', () => {
  let folder: string;
  let board: IoBoard;
  let descriptor: number;
  let got: number[];
  const read = (): void => {
    const buffer = Buffer.alloc(4096);
    try {
      got.push(...buffer.subarray(0, readSync(descriptor, buffer)));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
    }
  };
  /** Exactly these bytes come next. */
  const comes = async (...bytes: number[]): Promise<void> => {
    for (let turn = 0; turn < 400 && got.length < bytes.length; turn += 1) {
      await sleep(2);
      read();
    }
    assert.deepEqual(got.splice(0, bytes.length), bytes);
  };
  const nothingComes = async (): Promise<void> => {
    await sleep(30);
    read();
    assert.deepEqual(got, []);
  };
  const say = (...bytes: number[]): void => void writeSync(descriptor, Uint8Array.from(bytes));
  const pullUp = (): void => INPUTS_OF_PORT_0.forEach((pin) => say(0xf4, pin, 11));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-ioboard-'));
    board = new IoBoard({ devicePath: join(folder, 'ioboard') });
    board.plug();
    got = [];
    descriptor = openSync(join(folder, 'ioboard'), constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
  });
  afterEach(() => {
    closeSync(descriptor);
    board.unplug();
    rmSync(folder, { recursive: true });
  });

  it('says its version, firmware and analog channels', async () => {
    say(0xf9);
    await comes(0xf9, 2, 6);
    say(0xf0, 0x79, 0xf7);
    const name = [...Buffer.from('StandardFirmata.ino')].flatMap((code) => [code, 0]);
    await comes(0xf0, 0x79, 2, 5, ...name, 0xf7);
    say(0xf0, 0x69, 0xf7);
    await comes(0xf0, 0x6a, ...Array<number>(14).fill(127), 0, 1, 2, 3, 4, 5, 0xf7);
  });

  it('says what its pins can: nothing, digital, digital and PWM, digital and analog', async () => {
    say(0xf0, 0x6b, 0xf7);
    const digital = [0, 1, 11, 1, 1, 1];
    const pins = Array.from({ length: 20 }, (_, pin) => {
      if (pin < 2) return [127];
      if (pin >= 14) return [...digital, 2, 10, 127];
      return [...digital, ...([3, 5, 6, 9, 10, 11].includes(pin) ? [3, 8] : []), 127];
    });
    await comes(0xf0, 0x6c, ...pins.flat(), 0xf7);
  });

  it('tells a digital port when asked and when it changes, never otherwise', async () => {
    pullUp();
    await nothingComes();
    say(0xd0, 1);
    // Tailgate closed (pin 3) and loop whole (pin 5) are pulled to ground.
    await comes(0x90, 0b0101_0100, 1);
    board.set('parkLights', true);
    await comes(0x90, 0b0100_0100, 1);
    board.set('parkLights', true);
    await nothingComes();
    say(0xd0, 1);
    await comes(0x90, 0b0100_0100, 1);
    say(0xd0, 0);
    await nothingComes();
    board.set('parkLights', false);
    await nothingComes();
  });

  it('tells pins that are no inputs as 0, as after a restart', async () => {
    pullUp();
    say(0xd0, 1);
    await comes(0x90, 0b0101_0100, 1);
    board.restart(false);
    say(0xd0, 1);
    await comes(0x90, 0, 0);
    say(0xf0, 0x6d, 5, 0xf7);
    await comes(0xf0, 0x6e, 5, 1, 0, 0xf7);
    board.restart();
    await comes(0xf9, 2, 6);
  });

  it('tells analog channels when asked and at the sampling interval', async () => {
    board.setBatteryV(12.5);
    board.setCabinetC(25);
    say(0xf0, 0x7a, 40, 0, 0xf7);
    say(0xc0, 1);
    // 2.5 V of 5 V is 512 of 1023.
    await comes(0xe0, 0, 4, 0xe0, 0, 4);
    say(0xc0, 0, 0xf0, 0x7a, 100, 78, 0xf7, 0xc1, 1);
    await sleep(20);
    read();
    // 0.75 V is 153.
    assert.deepEqual(got.slice(-3), [0xe1, 25, 1]);
  });

  it('a write to a port moves its outputs and leaves its PULLUP pins alone', async () => {
    say(0xf4, 8, 1, 0xf4, 9, 11, 0x91, 1, 0, 0xf0, 0x6d, 9, 0xf7);
    await comes(0xf0, 0x6e, 9, 11, 1, 0xf7);
    assert.equal(board.lamp, true);
    say(0x91, 0, 0, 0xf0, 0x6d, 9, 0xf7);
    await comes(0xf0, 0x6e, 9, 11, 1, 0xf7);
    assert.equal(board.lamp, false);
    assert.deepEqual(board.lampLevels, [1, 0]);
  });

  it('silent it neither hears nor says anything; pulled and put back it remembers nothing', async () => {
    pullUp();
    say(0xd0, 1);
    await comes(0x90, 0b0101_0100, 1);
    board.silent = true;
    say(0xf9);
    board.set('flashReady', true);
    await nothingComes();
    board.silent = false;
    board.unplug();
    assert.equal(existsSync(join(folder, 'ioboard')), false);
    board.plug();
    closeSync(descriptor);
    descriptor = openSync(join(folder, 'ioboard'), constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
    assert.deepEqual(board.heard, []);
    say(0xd0, 1);
    await comes(0x90, 0, 0);
  });
});
