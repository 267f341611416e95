/** The pretend serial cable, read and written through its device name like a real one. */
import assert from 'node:assert/strict';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../hw-sim/clock.js';
import { PtyWire } from '../../../hw-sim/instruments/pty-wire.js';

describe('hw-sim serial cable', () => {
  let folder = '';
  let wire: PtyWire;
  let heard: string;
  const open = (): number =>
    openSync(join(folder, 'radar'), constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
  const read = (descriptor: number): string => {
    const buffer = Buffer.alloc(4096);
    try {
      return buffer.toString('latin1', 0, readSync(descriptor, buffer));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
      return '';
    }
  };
  const until = async (what: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 400 && !what(); turn += 1) await sleep(5);
    assert.ok(what(), 'did not happen');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-wire-'));
    heard = '';
    wire = new PtyWire({
      devicePath: join(folder, 'radar'),
      baudRate: 921600,
      parity: 'odd',
      clock: systemClock,
      onBytes: (bytes) => {
        heard += Buffer.from(bytes).toString('latin1');
      },
    });
    wire.plug();
  });

  afterEach(() => {
    wire.unplug();
    rmSync(folder, { recursive: true, force: true });
  });

  it('carries bytes both ways, unchanged and without echo', async () => {
    const descriptor = open();
    writeSync(descriptor, '*SU?\r');
    await until(() => heard === '*SU?\r');
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    wire.send(bytes);
    let got = '';
    await until(() => (got += read(descriptor)).length >= 256);
    assert.deepEqual(Buffer.from(got, 'latin1'), Buffer.from(bytes));
    closeSync(descriptor);
  });

  it('what is sent before the host has said its first word is lost, as on a wire with a closed port at its end', async () => {
    wire.send(Buffer.from('early'));
    const descriptor = open();
    writeSync(descriptor, 'x');
    await until(() => heard === 'x');
    wire.send(Buffer.from('late'));
    let got = '';
    await until(() => (got += read(descriptor)).length >= 4);
    assert.equal(got, 'late');
    assert.equal(wire.lostBytes, 5);
    closeSync(descriptor);
  });

  it('pulled, its name is gone; put back, the same name leads to a new line', async () => {
    wire.unplug();
    assert.equal(existsSync(join(folder, 'radar')), false);
    assert.equal(wire.plugged, false);
    wire.plug();
    const descriptor = open();
    writeSync(descriptor, 'again');
    await until(() => heard === 'again');
    closeSync(descriptor);
  });
});
