/** The gpsd driver against a server that sends exactly what the test says. */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { createClock } from '../../firmware/drivers/clock.js';
import { readTpv, startGpsd } from '../../firmware/drivers/gpsd.js';
import type { GpsFix, Input } from '../../src/timeline.js';
import { eventually } from '../support/pty.js';

const NOTHING: GpsFix = {
  mode: 0,
  status: null,
  utcMs: null,
  latitude: null,
  longitude: null,
  altitudeM: null,
  speedMs: null,
  horizontalErrorM: null,
};

describe('gpsd driver', () => {
  let server: Server;
  let port: number;
  let stop: (() => void) | null = null;
  const connections: Socket[] = [];
  let requests = '';
  let inputs: Extract<Input, { type: 'gps-link' | 'gps-fix' }>[] = [];

  const listen = (): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const start = (): void => {
    const clock = createClock();
    const client = startGpsd({ host: '127.0.0.1', port, clock, onInput: (input) => inputs.push(input) });
    stop = () => client.stop();
  };
  const connected = (count = 1): Promise<Socket> =>
    eventually('a connection', () => (connections.length >= count ? connections.at(-1) : null));
  const fixes = (): GpsFix[] => inputs.flatMap((input) => (input.type === 'gps-fix' ? [input.fix] : []));
  const links = (): string[] =>
    inputs.flatMap((input) => (input.type === 'gps-link' ? [`${input.up} ${input.detail}`] : []));
  const modes = (): number[] => fixes().map(({ mode }) => mode);
  const tpv = (mode: number): string => `{"class":"TPV","mode":${mode}}`;

  beforeEach(async () => {
    connections.length = 0;
    inputs = [];
    requests = '';
    port = 0;
    server = createServer((socket) => {
      connections.push(socket.setNoDelay(true));
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => (requests += chunk.toString()));
    });
    await listen();
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    stop?.();
    stop = null;
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks for reports in one complete request', async () => {
    start();
    await connected();
    await eventually('the request', () => requests.endsWith(';\n'));
    assert.deepEqual(JSON.parse(requests.slice('?WATCH='.length, -2)), { class: 'WATCH', enable: true, json: true });
  });

  it('reports a line that is complete although the chunk goes on with half of the next', async () => {
    start();
    const gpsd = await connected();
    gpsd.write(`${tpv(3)}\r\n{"class":"SK`);
    await eventually('the fix', () => fixes().length === 1);
    gpsd.write('Y"}\r\n');
  });

  it('survives split, glued, broken and foreign lines and loses none of the good ones', async () => {
    start();
    const gpsd = await connected();
    for (const part of [
      '{"class":"TPV",',
      '"mode":1}\n',
      `${tpv(2)}${tpv(3)}\n`,
      'not json\n{"class":"TPV","mo\n',
      'null\n7\n""\n',
    ]) {
      gpsd.write(part);
      await sleep(15);
    }
    gpsd.write(`{"class":"error"}\n{"class":"ERROR","message":"no"}\n${tpv(0)}\n`);
    await eventually('the last', () => fixes().length >= 4);
    assert.deepEqual(modes(), [1, 2, 3, 0]);
    assert.deepEqual(links(), ['true gpsd speaks']);
  });

  it('a class is no name of an event: nothing that is sent drops the link, ends the process or is taken for a fix', async () => {
    start();
    const gpsd = await connected();
    const events = ['disconnected', 'error', 'error.connection', 'error.socket', 'connected', 'raw', 'newListener'];
    for (const name of [...events, 'removeListener', '__proto__', 'constructor', 'tpv', '', null, 7, ['TPV'], {}]) {
      gpsd.write(`${JSON.stringify({ class: name, mode: 3, message: 'no' })}\n`);
    }
    gpsd.write(`{"mode":3}\n[{"class":"TPV","mode":3}]\n${tpv(2)}\n`);
    await eventually('the fix', () => fixes().length > 0);
    await sleep(300);
    assert.deepEqual(modes(), [2]);
    assert.deepEqual(links(), ['true gpsd speaks']);
    assert.equal(connections.length, 1);
  });

  it('a byte with its eighth bit set is no other letter', async () => {
    start();
    const gpsd = await connected();
    const flipped = Buffer.from(`${tpv(3)}\n`, 'latin1').map((byte) => byte | 0x80);
    gpsd.write(Buffer.concat([flipped, Buffer.from(`\n${tpv(1)}\n`)]));
    await eventually('the fix', () => fixes().length > 0);
    assert.deepEqual(modes(), [1]);
  });

  it('the rest of a line that was too long is no line', async () => {
    start();
    const gpsd = await connected();
    gpsd.write('x'.repeat(70_000));
    await sleep(50);
    gpsd.write(`${tpv(3)}\n${tpv(1)}\n`);
    await eventually('the fix', () => fixes().length > 0);
    assert.deepEqual(modes(), [1]);
  });

  it('gives up a line without end and reads on after it', async () => {
    start();
    const gpsd = await connected();
    gpsd.write('x'.repeat(200_000));
    await sleep(50);
    gpsd.write(`\n${tpv(3)}\n`);
    await eventually('the fix', () => fixes().length === 1);
  });

  it('connects again after gpsd has gone and come back', async () => {
    start();
    (await connected()).write(`${tpv(3)}\n`);
    await eventually('the fix', () => fixes().length === 1);
    connections[0]?.destroy();
    await new Promise((resolve) => server.close(resolve));
    await eventually('the loss', () => links().some((link) => link.startsWith('false')));
    await sleep(300);
    await listen();
    (await connected(2)).write(`${tpv(2)}\n`);
    await eventually('the next fix', () => fixes().length === 2);
    assert.equal(links().at(0), 'true gpsd speaks');
    assert.equal(links().at(-1), 'true gpsd speaks');
    assert.ok(links().includes(`false gpsd at 127.0.0.1:${port} refuses the connection`));
  });

  it('connects again when gpsd has been silent for 5 s', async function () {
    this.timeout(15_000);
    start();
    await connected();
    await connected(2);
    assert.deepEqual(links(), [`false gpsd at 127.0.0.1:${port} silent for 5 s`]);
  });

  it('falls silent for good when stopped', async () => {
    start();
    const gpsd = await connected();
    stop?.();
    gpsd.write(`${tpv(3)}\n`);
    await sleep(300);
    assert.deepEqual(inputs, []);
    assert.equal(connections.length, 1);
  });
});

describe('gpsd reports', () => {
  it('says null, not 0, for whatever gpsd leaves out', () => {
    assert.deepEqual(readTpv({ class: 'TPV' }), NOTHING);
    assert.deepEqual(readTpv({ class: 'TPV', mode: 3, lat: 0, lon: 0, speed: 0 }), {
      ...NOTHING,
      mode: 3,
      latitude: 0,
      longitude: 0,
      speedMs: 0,
    });
  });

  it('passes the status through unchanged, 8 for a simulated position too', () => {
    assert.equal(readTpv({ mode: 3, status: 8 }).status, 8);
    assert.equal(readTpv({ mode: 3, status: 0 }).status, 0);
  });

  it('reads time, mean-sea-level height and the horizontal error', () => {
    const report = { mode: 3, time: '2026-03-01T02:03:04.500Z', altHAE: 40, altMSL: 20, epx: 3, epy: 5 };
    const fix = readTpv(report);
    assert.equal(fix.utcMs, Date.UTC(2026, 2, 1, 2, 3, 4, 500));
    assert.deepEqual([fix.altitudeM, fix.horizontalErrorM], [20, 5]);
    assert.equal(readTpv({ ...report, eph: 7 }).horizontalErrorM, 7);
    assert.equal(readTpv({ mode: 3, epx: 3 }).horizontalErrorM, null);
  });

  const GOOD = { mode: 3, time: '2026-03-01T02:03:04Z', lat: -41, lon: 174, altMSL: 20, speed: 0.1, eph: 4 };

  for (const [name, field, least, most] of [
    ['speed', 'speedMs', 0, 150],
    ['eph', 'horizontalErrorM', 0, 1e6],
    ['altMSL', 'altitudeM', -1000, 20_000],
  ] as const) {
    it(`a report whose ${name} lies outside ${least} to ${most} is no fix and says nothing of it`, () => {
      for (const value of [least, most]) {
        const fix = readTpv({ ...GOOD, [name]: value });
        assert.deepEqual([fix.mode, fix[field]], [3, value]);
      }
      for (const value of [least - 0.01, most + 0.01, 1e308, -1e308, Infinity, NaN]) {
        const fix = readTpv({ ...GOOD, [name]: value });
        assert.deepEqual([fix.mode, fix[field]], [0, null], `${value}`);
      }
    });
  }

  it('a mode that is none of 0 to 3 is 0, and a time outside 2000 to 2199 is none', () => {
    for (const mode of [4, -1, 2.5, 1e308, '3', true, null])
      assert.equal(readTpv({ ...GOOD, mode }).mode, 0, `${mode}`);
    for (const time of ['1999-12-31T23:59:59Z', '2200-01-01T00:00:01Z', '+199999-01-01T00:00:00Z', 'soon', 7]) {
      assert.equal(readTpv({ ...GOOD, time }).utcMs, null, `${time}`);
    }
    assert.notEqual(readTpv({ ...GOOD, time: '2000-01-01T00:00:00Z' }).utcMs, null);
  });

  it('never throws and never lets an impossible value through', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('mode', 'status', 'time', 'lat', 'lon', 'eph', 'alt'), fc.jsonValue()),
        (report) => {
          const { latitude, longitude, mode, altitudeM, horizontalErrorM } = readTpv(report);
          assert.ok(altitudeM === null || Math.abs(altitudeM) <= 20_000);
          assert.ok(horizontalErrorM === null || (horizontalErrorM >= 0 && horizontalErrorM <= 1e6));
          assert.ok(latitude === null || Math.abs(latitude) <= 90);
          assert.ok(longitude === null || Math.abs(longitude) <= 180);
          assert.ok([0, 1, 2, 3].includes(mode));
        },
      ),
    );
  });
});
