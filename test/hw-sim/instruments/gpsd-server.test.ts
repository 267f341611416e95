/** The pretend gpsd as a client sees it. */
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { systemClock } from '../../../hw-sim/clock.js';
import { GpsdServer } from '../../../hw-sim/instruments/gpsd-server.js';
import { createRandom } from '../../../hw-sim/prng.js';

const place = { latitude: -40.2, longitude: 175.4, altitudeM: 40 };
const server = (periodS = 0.02): GpsdServer =>
  new GpsdServer({ clock: systemClock, random: createRandom(1, 'gps'), ...place, periodS });

/** Reports until `enough` of them came. */
function reports(port: number, enough: (classes: string[]) => boolean): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const seen: Record<string, unknown>[] = [];
    const socket = createConnection(port, '127.0.0.1');
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\r\n');
      text = lines.pop() ?? '';
      for (const line of lines) seen.push(JSON.parse(line) as Record<string, unknown>);
      if (seen.length === 1) socket.write('?WATCH={"enable":true,"json":true};\n');
      if (enough(seen.map((report) => String(report['class'])))) {
        socket.destroy();
        resolve(seen);
      }
    });
  });
}

describe('hw-sim gpsd', () => {
  it('greets with VERSION, answers ?WATCH by DEVICES and WATCH, then reports TPV and SKY', async () => {
    const gps = server();
    const port = await gps.listen();
    try {
      const seen = await reports(port, (classes) => classes.filter((name) => name === 'TPV').length >= 3);
      const classes = seen.map((report) => report['class']);
      assert.deepEqual(classes.slice(0, 5), ['VERSION', 'DEVICES', 'WATCH', 'TPV', 'SKY']);
      const tpv = seen.find((report) => report['class'] === 'TPV') ?? {};
      assert.equal(tpv['mode'], 3);
      assert.equal('status' in tpv, false, 'an ordinary fix has no status; 8 would be a simulated one');
      assert.ok(Math.abs(Number(tpv['lat']) - place.latitude) < 2e-5);
      assert.ok(Math.abs(Number(tpv['lon']) - place.longitude) < 2e-5);
      assert.match(String(tpv['time']), /^\d{4}-\d\d-\d\dT.*Z$/);
    } finally {
      await gps.close();
    }
  });

  it('under a covered sky TPV goes on without a position: absent, not zero', () => {
    const gps = server();
    gps.reception = 'no-fix';
    const tpv = gps.tpv();
    assert.equal(tpv['mode'], 1);
    for (const key of ['lat', 'lon', 'time', 'speed', 'eph']) assert.equal(key in tpv, false, key);
  });
});
