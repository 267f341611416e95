/**
 * Radar, receiver and camera folder lost and found again, over and over: memory and descriptors stay flat. LINK_CYCLES says
 * how often (`make soak`: 1000).
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClock } from '../../firmware/drivers/clock.js';
import { startGpsd } from '../../firmware/drivers/gpsd.js';
import { openRadarPort } from '../../firmware/drivers/radar-port.js';
import { TtyLink } from '../../firmware/drivers/tty-link.js';
import { PortKeeper } from '../../firmware/trigger/port-keeper.js';
import { FolderWatch, WATCH_TIMING } from '../../firmware/workshop/folder-watch.js';
import { createTinyPictures } from '../../hw-sim/virtual/tiny-pictures.js';
import { KerbsideError } from '../../src/errors.js';
import { eventually, openPty, pointAt } from '../support/pty.js';

const CYCLES = Number(process.env['LINK_CYCLES'] ?? 15);
const WARM_UP = Math.min(50, Math.max(3, Math.floor(CYCLES / 4)));
const CYCLE_MS = 10_000;

/** Over all: Node, V8 and malloc take some tens of megabytes in the first hundreds of cycles and then no more. */
const MOST_HEAP_MB = 3;
const MOST_RSS_MB = 40;
/**
 * A leak goes on rising for as long as one looks, the high-water mark of an allocator does not: where there are enough
 * cycles to tell, the second half of them is looked at alone, by the straight line that fits it best.
 */
const SAMPLES = 10;
const ENOUGH_TO_TELL = 500;
const MOST_RSS_MB_A_HUNDRED = 1.5;
const MOST_HEAP_MB_A_HUNDRED = 0.15;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Usage {
  readonly cycle: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly externalMb: number;
  readonly buffersMb: number;
  readonly descriptors: number;
}

function usage(cycle: number): Usage {
  collect();
  collect();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const memory = {
    rssMb: rss / 1e6,
    heapMb: heapUsed / 1e6,
    externalMb: external / 1e6,
    buffersMb: arrayBuffers / 1e6,
  };
  return { cycle, ...memory, descriptors: readdirSync('/proc/self/fd').length };
}

const told = ({ cycle, rssMb, heapMb, externalMb, buffersMb, descriptors }: Usage): string =>
  [
    `after ${String(cycle)}: RSS ${rssMb.toFixed(1)} MB, heap ${heapMb.toFixed(2)} MB, external ${externalMb.toFixed(2)} MB`,
    `array buffers ${buffersMb.toFixed(2)} MB, ${String(descriptors)} descriptors`,
  ].join(', ');

/** By how much it rises in a hundred cycles: least squares. */
function slope(samples: readonly Usage[], of: (usage: Usage) => number): number {
  const mean = (value: (usage: Usage) => number): number =>
    samples.reduce((sum, each) => sum + value(each), 0) / samples.length;
  const [middle, level] = [mean(({ cycle }) => cycle), mean(of)];
  const square = mean(({ cycle }) => (cycle - middle) ** 2);
  return square === 0 ? 0 : (100 * mean((each) => (each.cycle - middle) * (of(each) - level))) / square;
}

async function cycles(what: string, one: (cycle: number) => Promise<void>): Promise<void> {
  const samples: Usage[] = [];
  const every = Math.max(1, Math.floor(CYCLES / SAMPLES));
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    await one(cycle);
    if (cycle === WARM_UP || (cycle > WARM_UP && cycle % every === 0)) samples.push(usage(cycle));
  }
  const last = usage(CYCLES);
  const first = samples[0] ?? last;
  const second = samples.filter(({ cycle }) => cycle >= CYCLES / 2);
  const [rss, heap] = [slope(second, ({ rssMb }) => rssMb), slope(second, ({ heapMb }) => heapMb)];
  const rises = `in the second half RSS rises by ${rss.toFixed(2)} MB and the heap by ${heap.toFixed(3)} MB in 100 cycles`;
  const figures = `${what}, ${String(CYCLES)} times:\n${samples.map((each) => `  ${told(each)}\n`).join('')}  ${rises}`;
  if (CYCLES >= ENOUGH_TO_TELL) process.stderr.write(`${figures}\n`);
  assert.ok(last.descriptors <= first.descriptors, figures);
  assert.ok(last.heapMb - first.heapMb < MOST_HEAP_MB, figures);
  assert.ok(last.rssMb - first.rssMb < MOST_RSS_MB, figures);
  if (CYCLES < ENOUGH_TO_TELL) return;
  assert.ok(rss < MOST_RSS_MB_A_HUNDRED, figures);
  assert.ok(heap < MOST_HEAP_MB_A_HUNDRED, figures);
}

describe('links that come and go', function () {
  this.timeout(CYCLES * CYCLE_MS);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-links-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('the radar’s port: read, hung up, opened anew by its keeper', async () => {
    const path = join(folder, 'radar');
    const opened: string[] = [];
    let nowMs = 0;
    let pty = openPty();
    pointAt(path, pty.slavePath);
    const keeper = new PortKeeper({
      open: () => openRadarPort({ path, baudRate: 921_600, parity: 'none' }),
      onOpen: (devicePath) => void opened.push(devicePath),
      // Each link was a good one: the keeper's pauses stay short.
      nowMs: () => (nowMs += 10_000),
    });
    await keeper.open();
    try {
      await cycles('radar', async (cycle) => {
        const devicePath = await eventually('the port', () => opened[cycle - 1]);
        const link = new TtyLink(devicePath);
        const sent = `frame ${String(cycle)}`;
        pty.write(sent);
        const buffer = new Uint8Array(100);
        const count = await eventually('the bytes', () => link.readNow(buffer));
        assert.equal(Buffer.from(buffer.subarray(0, count)).toString(), sent);
        pty.close();
        await eventually('the loss', () => {
          try {
            link.readNow(buffer);
            return false;
          } catch (error) {
            return error instanceof KerbsideError && error.kind === 'link-lost';
          }
        });
        link.close();
        // Now and then the cable is back only after the keeper has tried in vain.
        if (cycle % 10 === 0) pointAt(path, join(folder, 'nothing'));
        await keeper.lost();
        if (cycle % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 250));
        pty = openPty();
        pointAt(path, pty.slavePath);
      });
    } finally {
      await eventually('the last port', () => opened.length > CYCLES);
      await keeper.close();
      pty.close();
    }
  });

  it('gpsd: a report, cut off, connected anew', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.write('{"class":"VERSION","release":"3.22","proto_major":3,"proto_minor":14}\r\n');
      socket.write('{"class":"TPV","mode":3,"lat":-40.1,"lon":175.2}\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    let fixes = 0;
    const links: boolean[] = [];
    const client = startGpsd({
      ...{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, clock: createClock() },
      onInput: (input) => {
        if (input.type === 'gps-fix') fixes += 1;
        else links.push(input.up);
      },
    });
    try {
      await cycles('gps', async (cycle) => {
        await eventually('the fix', () => fixes >= cycle);
        for (const socket of sockets) socket.destroy();
        await eventually('the loss', () => links.at(-1) === false);
      });
      assert.equal(links.filter((up) => !up).length, CYCLES);
    } finally {
      client.stop();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('the camera’s folder: a file, the folder gone, and there again', async () => {
    const camera = join(folder, 'camera');
    const pictures = createTinyPictures();
    const seen: string[] = [];
    let faults = 0;
    const watch = new FolderWatch({
      ...{ ...WATCH_TIMING, folder: camera, nowMs: () => performance.now() },
      onImage: ({ fileName }) => void seen.push(fileName),
      onFault: () => (faults += 1),
    });
    mkdirSync(camera);
    watch.start();
    try {
      await cycles('camera', async (cycle) => {
        const name = `IMG_${String(cycle).padStart(4, '0')}.JPG`;
        writeFileSync(
          join(camera, name),
          pictures({ counter: cycle, cameraUtcMs: 1.77e12 + cycle, flash: false, vehicles: 1 }),
        );
        await eventually('the image', () => seen.at(-1) === name);
        rmSync(camera, { recursive: true });
        watch.scan();
        assert.equal(faults, cycle);
        mkdirSync(camera);
        watch.scan();
      });
      assert.equal(seen.length, CYCLES);
    } finally {
      watch.stop();
    }
  });
});
