import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { ControlClient } from '../../firmware/control/client.js';
import type { ControlReply, ControlRequest } from '../../firmware/control/messages.js';
import { ControlServer, type ControlDesk, type ControlLimits } from '../../firmware/control/server.js';
import { controlSocket } from '../../firmware/control/socket-file.js';
import { startingStatus, type Status } from '../../firmware/office/status.js';
import { sampleContext } from '../evidence/samples.js';
import { until } from '../office/fakes.js';

class FakeDesk implements ControlDesk {
  status: Status = startingStatus({
    camera: 'SC-014',
    siteCode: null,
    road: null,
    zone: 'Pacific/Auckland',
    limitKmh: null,
    demo: true,
    software: sampleContext.software,
    eventCounter: null,
  });
  readonly asked: ControlRequest[] = [];
  readonly listeners = new Set<(status: Status) => void>();
  answer: (request: ControlRequest) => Promise<unknown> = () => Promise.resolve({ state: 'enforcing' });

  onChange(listener: (status: Status) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  handle(request: ControlRequest): Promise<unknown> {
    this.asked.push(request);
    return this.answer(request);
  }

  change(status: Partial<Status>): void {
    this.status = { ...this.status, ...status };
    for (const listener of this.listeners) listener(this.status);
  }
}

/** Raw bytes on the socket, and whatever comes back. */
class RawClient {
  readonly heard: ControlReply[] = [];
  closed = false;

  private constructor(readonly socket: Socket) {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      this.heard.push(...parts.map((part) => JSON.parse(part) as ControlReply));
    });
    socket.on('close', () => (this.closed = true));
  }

  static connect(dataDir: string): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(controlSocket(dataDir), () => {
        resolve(new RawClient(socket));
      });
      socket.once('error', reject);
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }

  async sentence(): Promise<string> {
    await until(() => this.heard.length > 0);
    const [reply] = this.heard.splice(0, 1);
    return reply?.ok === false ? reply.error.sentence : JSON.stringify(reply);
  }
}

const isA =
  (kind: ErrorName) =>
  (error: unknown): boolean =>
    error instanceof KerbsideError && error.kind === kind;

describe('Control socket', () => {
  let dataDir: string;
  let desk: FakeDesk;
  let server: ControlServer | null;
  const clients: { close?(): void; socket?: Socket }[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'kerbside-control-'));
    desk = new FakeDesk();
    server = null;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.close?.();
      client.socket?.destroy();
    }
    await server?.stop();
    rmSync(dataDir, { recursive: true });
  });

  const serve = async (limits: Partial<ControlLimits> = {}): Promise<void> => {
    server = await ControlServer.start(dataDir, desk, { changeEveryMs: 5, ...limits });
  };
  const kept = <T extends { close?(): void; socket?: Socket }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const ask = async (): Promise<ControlClient> => kept(await ControlClient.connect(dataDir));
  const raw = async (): Promise<RawClient> => kept(await RawClient.connect(dataDir));

  it('answers a request, with the name of the user as a hint', async () => {
    await serve();
    const client = await ask();
    assert.deepEqual(await client.ask({ type: 'start' }), { state: 'enforcing' });
    assert.equal((await client.ask({ type: 'status' })).camera, 'SC-014');
    assert.equal(desk.asked[0]?.type, 'start');
    assert.notEqual(desk.asked[0].by, 'unknown');
  });

  it('is open to owner and group only', async () => {
    await serve();
    assert.equal((statSync(controlSocket(dataDir)).mode & 0o777).toString(8), '660');
  });

  it('gives the sentence and the kind of a refusal, and the words of a defect', async () => {
    await serve();
    const client = await ask();
    desk.answer = () => Promise.reject(new KerbsideError('deployment-refused', 'No deployment is open.'));
    await assert.rejects(client.ask({ type: 'start' }), isA('deployment-refused'));
    desk.answer = () => Promise.reject(new TypeError('a defect'));
    await assert.rejects(
      client.ask({ type: 'start' }),
      (error) => error instanceof Error && error.message === 'a defect',
    );
  });

  it('tells two listeners of each change, and the newest of a burst', async () => {
    await serve();
    const states: string[][] = [[], []];
    for (const heard of states) {
      const client = await ask();
      const first = await client.subscribe(({ state }) => heard.push(state));
      assert.equal(first.state, 'closed');
    }
    for (const state of ['checking', 'ready', 'enforcing'] as const) desk.change({ state });
    await until(() => states.every((heard) => heard.at(-1) === 'enforcing'));
    assert.deepEqual(states, [['enforcing'], ['enforcing']]);
    desk.change({ state: 'suspended' });
    await until(() => states.every((heard) => heard.at(-1) === 'suspended'));
  });

  it('forgets a listener who has gone', async () => {
    await serve();
    const client = await ask();
    await client.subscribe(() => undefined);
    assert.equal(desk.listeners.size, 1);
    client.close();
    await until(() => desk.listeners.size === 0);
  });

  it('one client that waits holds up no other', async () => {
    await serve();
    let release = (): void => undefined;
    desk.answer = ({ type }) =>
      type === 'close'
        ? new Promise((resolve) => (release = () => resolve({ deployment: '000001' })))
        : Promise.resolve({});
    const slow = (await ask()).ask({ type: 'close' });
    await (await ask()).ask({ type: 'start' });
    release();
    assert.deepEqual(await slow, { deployment: '000001' });
  });

  const GARBAGE: readonly [string, string, RegExp][] = [
    ['no JSON', 'start!\n', /a line that is not JSON was found/],
    ['no object', '[1]\n', /JSON that is no object/],
    ['null', 'null\n', /JSON that is no object/],
    ['no type', '{}\n', /type is missing, expected one of status, subscribe, open/],
    ['an unknown type', '{"type":"fire"}\n', /type is "fire", expected one of/],
    ['an unknown key', '{"type":"start","now":1}\n', /now/],
    ['a wrong value', '{"type":"open","site":"1","operator":"2","lanes":[],"heading":"up","lateralM":5}\n', /lanes/],
    ['bytes of no text', '\u0000\u0001\uFFFF\n', /not JSON/],
    ['a proto key', '{"type":"start","__proto__":{"a":1}}\n', /Control request|enforcing/],
  ];
  for (const [name, text, words] of GARBAGE) {
    it(`answers ${name} with one sentence and goes on`, async () => {
      await serve();
      const client = await raw();
      client.write(text);
      assert.match(await client.sentence(), words);
      client.write('{"type":"start","id":7}\n');
      await until(() => client.heard.length > 0);
      assert.deepEqual(client.heard[0], { id: 7, ok: true, result: { state: 'enforcing' } });
    });
  }

  it('takes a request of 16384 characters, and refuses one more without keeping it', async () => {
    await serve();
    const padded = (length: number): string => '{"type":"start"'.padEnd(length - 1, ' ') + '}';
    const good = await raw();
    good.write(`${padded(16_384)}\n`);
    assert.match(await good.sentence(), /enforcing/);
    const bad = await raw();
    bad.write(`${padded(16_385)}\n`);
    assert.match(await bad.sentence(), /longer than 16384 characters/);
    await until(() => bad.closed);
  });

  it('an endless line without an end is cut off', async () => {
    await serve({ requestMs: 30 });
    const client = await raw();
    for (let count = 0; count < 200; count += 1) client.write('x'.repeat(1000));
    assert.match(await client.sentence(), /not ended within 30 ms/);
    await until(() => client.closed);
  });

  it('lets go a client that begins a request and does not end it', async () => {
    await serve({ requestMs: 30 });
    const client = await raw();
    client.write('{"type":');
    assert.match(await client.sentence(), /not ended within 30 ms/);
    await until(() => client.closed);
  });

  it('lets go a client that asks nothing, but not one that listens', async () => {
    await serve({ idleMs: 30 });
    const idle = await raw();
    const listening = await raw();
    listening.write('{"type":"subscribe"}\n');
    await until(() => idle.closed);
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(listening.closed, false);
  });

  it('refuses more clients than it has places for, and more requests than may wait', async () => {
    await serve({ clients: 1, waiting: 2 });
    desk.answer = () => new Promise(() => undefined);
    const first = await raw();
    await until(() => first.socket.readyState === 'open');
    const second = await raw();
    assert.match(await second.sentence(), /1 clients are connected already/);
    first.write('{"type":"start"}\n'.repeat(3));
    assert.match(await first.sentence(), /more than 2 requests wait/);
    await until(() => first.closed);
  });

  it('answers whoever has closed its own side already', async () => {
    await serve();
    const client = await raw();
    client.socket.end('{"type":"start"}\n');
    assert.match(await client.sentence(), /enforcing/);
    await until(() => client.closed);
  });

  it('a listener that does not read is let go, and costs no memory', async () => {
    await serve({ backlogBytes: 10_000, changeEveryMs: 1 });
    const client = await raw();
    client.write('{"type":"subscribe"}\n');
    await until(() => desk.listeners.size === 1);
    client.socket.pause();
    const detail = 'x'.repeat(200_000);
    await until(() => {
      desk.change({ storage: { usable: true, detail } });
      return desk.listeners.size === 0;
    });
  });

  it('a socket that a dead process left behind is replaced', async () => {
    const path = controlSocket(dataDir);
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    assert.equal(spawnSync(process.execPath, ['-e', script]).signal, 'SIGKILL');
    assert.ok(existsSync(path), 'the socket is left');
    await assert.rejects(ControlClient.connect(dataDir), isA('controller-absent'));
    await serve();
    await (await ask()).ask({ type: 'start' });
  });

  it('a second controller is refused with exit 75, the first goes on and leaves no socket behind', async () => {
    await serve();
    await assert.rejects(
      ControlServer.start(dataDir, new FakeDesk()),
      (error) => error instanceof KerbsideError && error.exitCode === 75 && /in use by another/.test(error.message),
    );
    await (await ask()).ask({ type: 'start' });
    await server?.stop();
    assert.equal(existsSync(controlSocket(dataDir)), false);
    await serve();
  });

  it('a file of another kind in its place is left alone', async () => {
    writeFileSync(controlSocket(dataDir), 'notes');
    await assert.rejects(ControlServer.start(dataDir, desk), isA('control-socket'));
    assert.equal(statSync(controlSocket(dataDir)).size, 5);
  });

  it('a path that is too long is refused in one sentence', async () => {
    const deep = join(dataDir, 'x'.repeat(100));
    mkdirSync(deep);
    await assert.rejects(
      ControlServer.start(deep, desk),
      (error) => error instanceof KerbsideError && /at most 107 bytes/.test(error.message),
    );
  });

  it('the client says when nobody serves, when no answer comes, and when the controller goes away', async () => {
    await assert.rejects(ControlClient.connect(dataDir), isA('controller-absent'));
    await serve();
    desk.answer = () => new Promise(() => undefined);
    const client = await ask();
    await assert.rejects(client.ask({ type: 'start' }, 20), isA('controller-silent'));
    const left = client.ask({ type: 'start' });
    await Promise.all([server?.stop(), assert.rejects(left, isA('controller-absent'))]);
    await client.closed;
  });

  it('what was asked is answered before it ends', async () => {
    await serve();
    desk.answer = () => new Promise((resolve) => setTimeout(resolve, 30, { deployment: '000001' }));
    const asked = (await ask()).ask({ type: 'close' });
    await until(() => desk.asked.length === 1);
    await server?.stop();
    assert.deepEqual(await asked, { deployment: '000001' });
  });
});
