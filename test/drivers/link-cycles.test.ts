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
import { FolderWatch, WATCH_TIMING } from '../../firmware/workshop/folder-watch.js';
import { createTinyPictures } from '../../hw-sim/virtual/tiny-pictures.js';
import { KerbsideError } from '../../src/errors.js';
import { eventually, openPty, pointAt } from '../support/pty.js';

const CYCLES = Number(process.env['LINK_CYCLES'] ?? 12);
const WARM_UP = Math.min(50, Math.max(3, Math.floor(CYCLES / 4)));
const MOST_HEAP_MB = 3;
const MOST_RSS_MB = 30;
const CYCLE_MS = 10_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Usage {
  readonly rssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
}

function usage(): Usage {
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: rss / 1e6, heapMb: heapUsed / 1e6, descriptors: readdirSync('/proc/self/fd').length };
}

const told = ({ rssMb, heapMb, descriptors }: Usage): string =>
  `RSS ${rssMb.toFixed(1)} MB, heap ${heapMb.toFixed(2)} MB, ${String(descriptors)} descriptors`;

async function cycles(what: string, one: (cycle: number) => Promise<void>): Promise<void> {
  let before: Usage | null = null;
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    await one(cycle);
    if (cycle === WARM_UP) before = usage();
  }
  const after = usage();
  const first = before ?? after;
  const figures = `${what}, ${String(CYCLES)} times: ${told(first)} after ${String(WARM_UP)}; ${told(after)} at the end`;
  if (CYCLES > 100) process.stderr.write(`${figures}\n`);
  assert.ok(after.descriptors <= first.descriptors, figures);
  assert.ok(after.heapMb - first.heapMb < MOST_HEAP_MB, figures);
  assert.ok(after.rssMb - first.rssMb < MOST_RSS_MB, figures);
}

describe('links that come and go', function () {
  this.timeout(CYCLES * CYCLE_MS);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-links-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('the radar’s port: read, hung up, opened anew', async () => {
    const path = join(folder, 'radar');
    await cycles('radar', async (cycle) => {
      const pty = openPty();
      pointAt(path, pty.slavePath);
      const port = await openRadarPort({ path, baudRate: 921_600, parity: 'none' });
      const link = new TtyLink(port.devicePath);
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
      await port.close();
    });
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
