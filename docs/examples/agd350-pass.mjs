/**
 * Writes one vehicle as an AGD 350 would: a heartbeat every half second, and after ten seconds a car that leaves the
 * camera at 130 km/h on the far lane of docs/examples/site.yaml. For docs/feed-your-own-bytes.md; replace it by your
 * own bytes.
 *
 *   node docs/examples/agd350-pass.mjs > /tmp/kerbside-bench/far-end
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const LATERAL_M = 8.75;
const SPEED_KMH = 130;
const RATE_HZ = 50;
const BORESIGHT_DEG = 22.5;
const degrees = (angle) => (angle * 180) / Math.PI;
const signed = (angle) => `${angle < 0 ? '-' : '+'}${Math.abs(angle).toFixed(1).padStart(4, '0')}`;
const ahead = (angleDeg) => LATERAL_M / Math.tan((angleDeg * Math.PI) / 180);
const timeOfDay = (seconds) => (43200 + seconds).toFixed(2).padStart(8, '0');

/** CRC-8, polynomial 07h, over 02h up to and including the asterisk. */
function send(fields) {
  const body = Buffer.from(`\x02${fields}*`, 'latin1');
  let crc = 0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  process.stdout.write(Buffer.concat([body, Buffer.from(`${crc.toString(16).toUpperCase().padStart(2, '0')}\x03`)]));
}

async function heartbeats(seconds) {
  for (let count = 0; count < seconds * 2; count++) {
    send(`HB,${timeOfDay(count / 2)}`);
    await sleep(500);
  }
}

await heartbeats(10);
const nearM = ahead(BORESIGHT_DEG + 2.5);
const pathM = ahead(BORESIGHT_DEG - 2.5) - nearM + 4.5; // until the tail of a 4.5 m car has left the beam
for (let count = 0; (count * SPEED_KMH) / 3.6 / RATE_HZ < pathM; count++) {
  const inBeamM = Math.min((count * SPEED_KMH) / 3.6 / RATE_HZ, pathM - 4.5);
  const sight = Math.atan2(LATERAL_M, nearM + inBeamM);
  const speed = (SPEED_KMH * Math.cos(sight)).toFixed(1).padStart(5, '0');
  const range = Math.hypot(LATERAL_M, nearM + inBeamM)
    .toFixed(1)
    .padStart(5, '0');
  const angle = signed(BORESIGHT_DEG - degrees(sight));
  send(`04,${timeOfDay(10 + count / RATE_HZ)},07,R,${speed},K,${range},${angle},337.5,P,061.5`);
  await sleep(1000 / RATE_HZ);
}
await heartbeats(5);
