/**
 * Plays everything of a van but the radar, for docs/feed-your-own-bytes.md: a receiver on gpsd's port and a camera that
 * answers the shutter line. Needs nothing but Node.
 *
 *   node docs/examples/bench-van.mjs PICTURE.JPG
 *
 * PICTURE.JPG: any baseline JPEG without a time of exposure in its EXIF, since the same time in every shot would be
 * refused: the controller compares the camera's clock with the trigger.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const SOCKET = '/tmp/kerbside-bench/lines.sock';
const FOLDER = '/tmp/kerbside-bench/camera';
/** 500 m from the first point of docs/examples/site.yaml, on the left of the road. */
const PLACE = { mode: 3, lat: -41.1955, lon: 175.4999, altHAE: 40, eph: 3, speed: 0 };

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('bench-van: no picture was named, expected a baseline JPEG.\n');
  process.exit(1);
}
const picture = readFileSync(file);
mkdirSync(FOLDER, { recursive: true });

createServer((client) => {
  const say = (report) => client.write(`${JSON.stringify(report)}\r\n`);
  say({ class: 'VERSION', release: '3.22', proto_major: 3, proto_minor: 14 });
  const timer = setInterval(() => {
    say({ class: 'TPV', device: '/dev/bench', time: new Date().toISOString(), ...PLACE });
  }, 1000);
  client.on('error', () => client.destroy());
  client.on('close', () => clearInterval(timer));
}).listen(2947, '127.0.0.1');

let shots = 0;

/** Exposure feedback after 20 ms, the file after 150 ms: by rename, with a counter in its name and bytes of its own. */
async function expose(lines) {
  shots += 1;
  const number = String(shots).padStart(4, '0');
  const strobe = (value) =>
    lines.write(`${JSON.stringify({ line: 'strobe', value, monotonicNs: String(process.hrtime.bigint()) })}\n`);
  await sleep(20);
  strobe(1);
  await sleep(30);
  strobe(0);
  await sleep(100);
  // A comment segment behind the first marker makes each file another one; equal files count as one delivered twice.
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x06]), Buffer.from(number, 'latin1')]);
  writeFileSync(`${FOLDER}/.part`, Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]));
  renameSync(`${FOLDER}/.part`, `${FOLDER}/IMG_${number}.JPG`);
  process.stdout.write(`shot ${number}\n`);
}

/** The controller serves the socket; it may start later than this program, or again. */
function listenToLines() {
  const lines = connect(SOCKET);
  let shutter = 0;
  let rest = '';
  lines.on('data', (chunk) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const { line, value } of parts.map((part) => JSON.parse(part))) {
      if (line !== 'shutter') continue;
      if (value === 1 && shutter === 0) void expose(lines);
      shutter = value;
    }
  });
  lines.on('error', () => undefined);
  lines.on('close', () => setTimeout(listenToLines, 500));
}
listenToLines();
