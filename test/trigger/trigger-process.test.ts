/** The forked trigger process on real ptys, with a fake controller that tells what it was given. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineSettings, RadarPortSettings } from '../../firmware/trigger/messages.js';
import type { ControllerConfig } from '../../src/controller-config.js';
import type { FromTrigger } from '../../firmware/trigger/messages.js';
import { monotonicNs } from '../../src/units.js';
import { connectLines, type LineClient } from '../support/line-client.js';
import { eventually, openPty, pointAt, type Pty } from '../support/pty.js';
import { startTrigger, type TriggerChild } from '../support/trigger-child.js';

const PROGRAM = new URL('../support/fake-trigger-main.js', import.meta.url);
/** The fake controller reads nothing of it; the worker wants the protocol only. */
const CONFIG = { radar: { protocol: 'agd350' } } as unknown as ControllerConfig;

const faultOf = (message: FromTrigger): Extract<FromTrigger, { type: 'fault' }> => {
  assert.equal(message.type, 'fault');
  return message;
};

describe('trigger process', () => {
  let folder: string;
  let link: string;
  let socket: string;
  let pty: Pty;
  let trigger: TriggerChild | null = null;
  const ptys: Pty[] = [];
  const clients: LineClient[] = [];

  const newPty = (): Pty => {
    const made = openPty();
    ptys.push(made);
    return made;
  };
  const launch = (port: Partial<RadarPortSettings> = {}, lines?: LineSettings): TriggerChild => {
    const setting = { path: link, baudRate: 921_600, parity: 'odd', ...port } as const;
    trigger = startTrigger({
      program: PROGRAM,
      config: CONFIG,
      port: setting,
      lines: lines ?? { driver: 'simulated', socket },
    });
    return trigger;
  };
  const started = async (): Promise<TriggerChild> => {
    const child = launch();
    await child.until('started');
    return child;
  };
  const client = async (): Promise<LineClient> => {
    const made = await connectLines(socket);
    clients.push(made);
    await eventually('the present state of both outputs', () => made.heard.length >= 2);
    return made;
  };
  const bytesOf = (child: TriggerChild): string => child.notices('bytes').join('');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-trigger-'));
    link = join(folder, 'radar');
    socket = join(folder, 'lines.sock');
    pty = newPty();
    pointAt(link, pty.slavePath);
  });

  afterEach(async () => {
    for (const one of clients.splice(0)) one.close();
    if (trigger !== null && trigger.child.exitCode === null && trigger.child.signalCode === null) {
      trigger.child.kill('SIGKILL');
      await trigger.exited;
    }
    trigger = null;
    for (const one of ptys.splice(0)) one.close();
    rmSync(folder, { recursive: true });
  });

  it('gives every byte to the controller, once and in order, whatever the chunks', async () => {
    const child = await started();
    let sent = '';
    for (let index = 0; index < 400; index += 1) {
      const chunk = `${index}.`.repeat(1 + (index % 9));
      pty.write(chunk);
      sent += chunk;
      if (index % 20 === 0) await sleep(index % 40 === 0 ? 1 : 120);
    }
    await eventually('all bytes', () => bytesOf(child).length >= sent.length);
    assert.equal(bytesOf(child), sent);
  });

  it('configures the port: raw, 8 data bits, the baud rate, no hang-up on close, parity checked', async () => {
    await started();
    const report = execFileSync('stty', ['-F', pty.slavePath, '-a'], { encoding: 'utf8' });
    for (const word of [
      'speed 921600 baud',
      'cs8',
      '-hupcl',
      'clocal',
      '-icanon',
      '-echo',
      'inpck',
      'min = 0; time = 1',
    ]) {
      assert.ok(report.includes(word), `${word} in ${report}`);
    }
  });

  it('passes on the life sign of its loop', async () => {
    const child = await started();
    await child.until('alive');
  });

  it('carries radar commands to the far end', async () => {
    await started();
    let received = pty.read().toString();
    pty.write('cc');
    await eventually('the commands', () => (received += pty.read().toString()).endsWith('*CMD\r*CMD\r'));
    assert.equal(received, '*HELLO\r*CMD\r*CMD\r');
  });

  it('pulses a line with its width and tells every client the monotonic time', async () => {
    const child = await started();
    const [one, other] = [await client(), await client()];
    pty.write('f');
    await eventually('the pulse', () => one.heard.length >= 4 && other.heard.length >= 4);
    assert.deepEqual(other.heard, one.heard);
    const states = one.heard.slice(0, 2).map(({ line, value }) => `${line} ${value}`);
    assert.deepEqual(states, ['shutter 0', 'flash 0'], 'the present state of each output comes first');
    const [up, down] = one.heard.slice(2);
    assert.deepEqual([up?.line, up?.value, down?.line, down?.value], ['shutter', 1, 'shutter', 0]);
    const widthNs = Number(BigInt(down?.monotonicNs ?? 0) - BigInt(up?.monotonicNs ?? 0));
    assert.ok(widthNs >= 19e6, `a pulse of 20 ms was ${widthNs} ns wide`);
    assert.equal(bytesOf(child), 'f');
  });

  it('raises the flash before the shutter by its lead', async () => {
    await started();
    const van = await client();
    pty.write('b');
    await eventually('both pulses', () => van.heard.length >= 6);
    const order = van.heard.slice(2).map(({ line, value }) => `${line} ${value}`);
    assert.deepEqual(order, ['flash 1', 'shutter 1', 'flash 0', 'shutter 0']);
    const [flash, shutter] = van.heard.slice(2).map(({ monotonicNs: at }) => Number(at));
    assert.ok((shutter ?? 0) - (flash ?? 0) >= 4.9e6);
  });

  it('takes input edges with their time, answers what it does not understand and goes on', async () => {
    const child = await started();
    const van = await client();
    van.write('nonsense\n{"line":"shutter","value":1}\n{"line":"strobe","value":2}\n');
    const at = process.hrtime.bigint() - 1_000_000n;
    van.write(`{"line":"strobe","value":1,"monotonicNs":"${at}"}\n`);
    await eventually('the edge', () => child.notices('edge').length > 0);
    assert.deepEqual(child.notices('edge'), [`strobe 1 ${Number(at)}`]);
    await eventually('the answers', () => van.heard.filter(({ notice }) => notice !== undefined).length === 3);
    assert.equal(van.heard.at(-1)?.badLines, 3);
  });

  it('gives the controller the tick it asked for, not before its time', async () => {
    const child = await started();
    pty.write('s');
    const [late] = await eventually('the tick', () =>
      child.notices('tick').length > 0 ? child.notices('tick') : null,
    );
    assert.ok(Number(late) >= 0);
  });

  it('relays inputs of the office, also those sent before the port was open', async () => {
    const child = launch();
    child.input({ type: 'command', atNs: monotonicNs(1), command: 'sync' });
    await child.until('started');
    child.input({ type: 'command', atNs: monotonicNs(2), command: 'self-test' });
    await eventually('both', () => child.notices('command').length === 2);
    assert.deepEqual(child.notices('command'), ['sync', 'self-test']);
  });

  it('opens the port anew after an unplug, under the same name and another device', async () => {
    const child = await started();
    pty.close();
    await eventually('the loss', () => child.notices('link-down').length === 1);
    await sleep(700);
    const next = newPty();
    pointAt(link, next.slavePath);
    await eventually('the link', () => child.notices('link-up').length === 2);
    next.write('abcdefg');
    await eventually('its bytes', () => bytesOf(child).endsWith('abcdefg'));
    assert.equal(child.said.filter(({ type }) => type === 'started').length, 1);
    assert.equal(child.said.filter(({ type }) => type === 'fault').length, 0);
  });

  it('notices that its name leads to another device although the old one gives no sign', async () => {
    const child = await started();
    const next = newPty();
    pointAt(link, next.slavePath);
    await eventually('the link', () => child.notices('link-up').length === 2);
    next.write('here');
    await eventually('its bytes', () => bytesOf(child) === 'here');
    assert.match(child.notices('link-down')[0] ?? '', /leads to another device/);
  });

  it('delivers no command of before the unplug to the radar that comes after', async () => {
    const child = await started();
    pty.write('c');
    await eventually('the byte', () => bytesOf(child) === 'c');
    pty.close();
    await eventually('the loss', () => child.notices('link-down').length === 1);
    const next = newPty();
    pointAt(link, next.slavePath);
    await eventually('the link', () => child.notices('link-up').length === 2);
    let received = '';
    await eventually('the greeting', () => (received += next.read().toString()).includes('*HELLO'));
    await sleep(150);
    assert.equal(received + next.read().toString(), '*HELLO\r');
  });

  it('ends when told to, with the lines low and code 0', async () => {
    const child = await started();
    const van = await client();
    pty.write('b');
    await eventually('the shutter', () => van.heard.some(({ line, value }) => line === 'shutter' && value === 1));
    child.send({ type: 'stop' });
    assert.deepEqual(await child.exited, { code: 0, signal: null });
    assert.equal(child.said.at(-1)?.type, 'stopped');
    await van.closed;
    for (const name of ['shutter', 'flash']) {
      assert.equal(van.heard.findLast(({ line }) => line === name)?.value, 0, `${name} is low`);
    }
  });

  it('ends when the office is gone, and is not ended by the signals meant for the office', async () => {
    const child = await started();
    child.child.kill('SIGINT');
    child.child.kill('SIGTERM');
    pty.write('still here');
    await eventually('the bytes', () => bytesOf(child) === 'still here');
    child.child.disconnect();
    assert.deepEqual(await child.exited, { code: 0, signal: null });
  });

  it('lowers the lines and ends with code 70 when the controller fails', async () => {
    const child = await started();
    const van = await client();
    pty.write('b!');
    assert.deepEqual(await child.exited, { code: 70, signal: null });
    await van.closed;
    assert.equal(van.heard.findLast(({ line }) => line === 'flash')?.value, 0);
    assert.match(child.stderr(), /told to fail/);
  });

  for (const [what, port, kind, sentence] of [
    ['a port that does not exist', { path: '/dev/kerbside-none' }, 'link-missing', /kerbside-none does not exist/],
    ['a folder as the port', { path: tmpdir() }, 'link-unreadable', /is a directory; expected a serial device/],
    ['a device that is no serial port', { path: '/dev/null' }, 'link-unreadable', /\/dev\/null is no serial port/],
  ] as const) {
    it(`refuses ${what} in one sentence with code 4`, async () => {
      const child = launch(port);
      const fault = faultOf(await child.until('fault'));
      assert.equal(fault.kind, kind);
      assert.match(fault.sentence, sentence);
      assert.deepEqual(await child.exited, { code: 4, signal: null });
    });
  }

  it('refuses a port that another program has locked', async () => {
    await started();
    const first = trigger;
    const second = launch({}, { driver: 'simulated', socket: `${socket}2` });
    const fault = faultOf(await second.until('fault'));
    assert.equal(fault.kind, 'link-unreadable');
    assert.match(fault.sentence, /in use by another program/);
    await second.exited;
    trigger = first;
  });

  it('says in one sentence that the machine has no GPIO', async () => {
    const gpioRoot = join(folder, 'no-gpio');
    const lines = { driver: 'onoff', gpioRoot, shutter: 17, flash: 27, strobe: 22, tamper: null, ready: null } as const;
    const fault = faultOf(await launch({}, lines).until('fault'));
    assert.equal(fault.kind, 'gpio-missing');
    assert.match(fault.sentence, /no GPIO under .*no-gpio; expected a kernel with sysfs GPIO/);
    assert.equal((await trigger?.exited)?.code, 4);
  });

  it('writes lines that are files', async () => {
    const shutter = join(folder, 'shutter');
    writeFileSync(shutter, '');
    const child = launch({}, { driver: 'file', shutter, flash: null });
    await child.until('started');
    assert.equal(execFileSync('cat', [shutter], { encoding: 'utf8' }), '0');
  });

  describe('for the recording', () => {
    const stepsOf = (child: TriggerChild) =>
      child.said.flatMap((message) => (message.type === 'recorded' ? message.batch.steps : []));
    const radarTextOf = (child: TriggerChild): string =>
      stepsOf(child)
        .flatMap(({ input }) => (input.type === 'radar-bytes' ? [Buffer.from(input.bytes).toString('latin1')] : []))
        .join('');

    it('hands over every byte that the controller got, with what it made of it, also the last ones before the end', async () => {
      const child = await started();
      for (let index = 0; index < 30; index += 1) {
        pty.write(`${index}f`);
        await sleep(index % 10 === 0 ? 150 : 2);
      }
      await eventually('all bytes', () => bytesOf(child).endsWith('29f'));
      child.send({ type: 'stop' });
      await child.exited;
      assert.equal(radarTextOf(child), bytesOf(child));
      const told = child.said.flatMap((message) => (message.type === 'outputs' ? message.outputs : []));
      const kept = stepsOf(child).flatMap(({ outputs }) => outputs);
      assert.deepEqual(
        kept.filter(({ type }) => type !== 'line' && type !== 'radar-command'),
        told,
      );
      assert.equal(kept.filter(({ type }) => type === 'line').length, 60);
      const times = stepsOf(child).map(({ input }) => input.atNs);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    });

    it('hands over the input of which the controller died', async () => {
      const child = await started();
      pty.write('a!');
      await child.exited;
      assert.equal(radarTextOf(child), 'a!');
    });
  });
});
