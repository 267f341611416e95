import assert from 'node:assert/strict';
import sinon from 'sinon';
import { clockInput, nowNs } from '../../firmware/drivers/clock.js';
import { openError, openRadarPort, readSettings } from '../../firmware/drivers/radar-port.js';
import { TtyLink } from '../../firmware/drivers/tty-link.js';
import { PortKeeper } from '../../firmware/trigger/port-keeper.js';
import { KerbsideError } from '../../src/errors.js';
import { eventually, openPty, type Pty } from '../support/pty.js';

const SETTINGS = { path: '/dev/radar', baudRate: 19_200, parity: 'even' } as const;

describe('radar port', () => {
  it('turns each way in which opening fails into a sentence of its own', () => {
    const cases = [
      ['Error: Permission denied, cannot open /dev/radar', 'link-unreadable', /group dialout/],
      ['Error Resource temporarily unavailable Cannot lock port', 'link-unreadable', /in use by another program/],
      ['Error: No such device or address, cannot open /dev/radar', 'link-missing', /no device behind it/],
      ['Error: Input/output error, cannot open /dev/radar', 'link-unreadable', /cannot be opened/],
      ['Error baud rate of 12 is not supported on your platform', 'link-settings', /19200 baud with parity even/],
    ] as const;
    for (const [found, kind, sentence] of cases) {
      const error = openError(SETTINGS, new Error(found));
      assert.equal(error.kind, kind, found);
      assert.match(error.message, sentence);
    }
  });

  it('reads parity and speed back from the words of stty', () => {
    const report = (words: string): string =>
      `speed 19200 baud; rows 0; columns 0;\nmin = 0; time = 1;\n${words} cs8\n`;
    assert.deepEqual(readSettings(report('parenb parodd')), { baudRate: 19_200, parity: 'odd' });
    assert.deepEqual(readSettings(report('parenb -parodd')), { baudRate: 19_200, parity: 'even' });
    assert.deepEqual(readSettings(report('-parenb parodd')), { baudRate: 19_200, parity: 'none' });
  });
});

describe('tty link', () => {
  let pty: Pty;
  let link: TtyLink;
  let close: () => Promise<void>;
  const buffer = new Uint8Array(64);

  beforeEach(async () => {
    pty = openPty();
    const port = await openRadarPort({ path: pty.slavePath, baudRate: 115_200, parity: 'none' });
    close = () => port.close();
    link = new TtyLink(port.devicePath);
  });
  afterEach(async () => {
    link.close();
    await close();
    pty.close();
  });

  it('reads what came, and nothing when nothing came', () => {
    assert.equal(link.readNow(buffer), 0);
    pty.write('abc');
    assert.equal(link.readInto(buffer), 3);
    assert.equal(link.readInto(buffer), 0);
    assert.equal(link.readNow(buffer), 0);
  });

  it('leaves no byte to serialport while its event loop runs', async () => {
    for (let index = 0; index < 20; index += 1) {
      pty.write('0123456789');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    let count = 0;
    for (let got = link.readNow(buffer); got > 0; got = link.readNow(buffer)) count += got;
    assert.equal(count, 200);
  });

  it('says that the link is lost when the line is hung up, blocking or not', () => {
    pty.close();
    assert.throws(() => link.readNow(buffer), { kind: 'link-lost', message: /was hung up; expected the radar/ });
    const readOn = (): void => {
      for (let index = 0; index < 3; index += 1) link.readInto(buffer);
    };
    assert.throws(readOn, { kind: 'link-lost' });
    assert.throws(() => link.write(Buffer.from('x')), { kind: 'link-lost' });
  });

  it('never waits for a far end that takes nothing, and gives up when too much waits', () => {
    const command = Buffer.alloc(1000, 'c');
    const flood = (): void => {
      for (let index = 0; index < 200; index += 1) link.write(command);
    };
    assert.throws(flood, { kind: 'link-lost', message: /takes no commands/ });
  });

  it('writes the rest of a command once the far end takes it', async () => {
    const command = Buffer.from('0123456789'.repeat(10));
    let sent = 0;
    for (; link.waitingBytes === 0; sent += command.length) link.write(command);
    let received = '';
    await eventually('all', () => {
      received += pty.read().toString();
      link.flush();
      return received.length === sent;
    });
    assert.equal(received, command.toString().repeat(sent / command.length));
    assert.equal(link.waitingBytes, 0);
  });
});

describe('port keeper', () => {
  it('tries again after 0.2 s and at growing pauses up to 5 s, with a new port each time', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const port = { devicePath: '/dev/pts/9', close: sinon.stub().resolves() };
      const open = sinon.stub();
      open.onFirstCall().resolves(port);
      open.rejects(new KerbsideError('link-missing', 'gone'));
      const keeper = new PortKeeper({ open, onOpen: sinon.stub(), nowMs: () => clock.now });
      await keeper.open();
      await keeper.lost();
      sinon.assert.calledOnce(port.close);
      const at: number[] = [];
      for (let tries = 1; tries <= 8; tries += 1) {
        await clock.nextAsync();
        at.push(clock.now);
        assert.equal(open.callCount, tries + 1);
      }
      const pauses = at.map((time, index) => time - (at[index - 1] ?? 0));
      assert.deepEqual(pauses, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
      await keeper.close();
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.restore();
    }
  });
});

describe('clock', () => {
  it('takes both clocks at the same moment', () => {
    const before = [nowNs(), Date.now()] as const;
    const input = clockInput({ disciplined: true, uncertaintyMs: 1 });
    const after = [nowNs(), Date.now()] as const;
    assert.ok(input.atNs >= before[0] && input.atNs <= after[0]);
    assert.ok(input.utcMs >= before[1] && input.utcMs <= after[1]);
    assert.equal(input.disciplined, true);
  });
});
