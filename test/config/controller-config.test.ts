/** From the configuration to what the controller is told, and to the table of where each value comes from. */
import assert from 'node:assert/strict';
import { effectiveValues } from '../../firmware/config/effective.js';
import { inspectConfig, loadConfig, loadSite, toControllerConfig } from '../../firmware/config/load.js';
import { changed, GOOD, Scratch, SITE } from './samples.js';

const scratch = new Scratch();
after(() => {
  scratch.remove();
});

const controllerOf = (text: string, demo = false): ReturnType<typeof toControllerConfig> =>
  toControllerConfig(loadConfig(scratch.write('k.yaml', text)), loadSite(scratch.write('site.yaml', SITE)), demo);

describe('controller configuration', () => {
  it('has the speed and parity that the radar leaves the factory with', () => {
    const agd = controllerOf(GOOD).radar;
    assert.deepEqual([agd.baudRate, agd.parity], [921_600, 'odd']);
    const ops = controllerOf(changed('  protocol: agd350', '  protocol: ops243')).radar;
    assert.deepEqual([ops.baudRate, ops.parity], [19_200, 'none']);
    const set = controllerOf(
      changed('  protocol: agd350', '  protocol: agd350\n  baudRate: 115200\n  parity: even'),
    ).radar;
    assert.deepEqual([set.baudRate, set.parity], [115_200, 'even']);
  });

  it('knows which lines there are', () => {
    const bare = controllerOf(changed('  strobe: 22', ''));
    assert.deepEqual([bare.lines, bare.camera.hasStrobe, bare.camera.hasReadyLine], [['shutter'], false, false]);
    const full = controllerOf(changed('  strobe: 22', '  strobe: 22\n  flash: 27\n  ready: 6'));
    assert.deepEqual([full.lines, full.camera.hasStrobe, full.camera.hasReadyLine], [['shutter', 'flash'], true, true]);
  });

  it('is a demo when the caller says so, and always with simulated lines', () => {
    assert.equal(controllerOf(GOOD).demo, false);
    assert.equal(controllerOf(GOOD, true).demo, true);
    assert.equal(controllerOf(changed('  driver: onoff', '  driver: simulated\n  socket: s')).demo, true);
  });

  it('carries the angle of the beam to the measurement', () => {
    const { mounting } = controllerOf(
      changed('  protocol: agd350', '  protocol: agd350\n  angleDeg: 20\n  beamWidthDeg: 6'),
    );
    assert.deepEqual([mounting.angleDeg, mounting.beamWidthDeg, mounting.side], [20, 6, 'left']);
  });

  it('survives a structured clone, since it is sent to another process', () => {
    const config = controllerOf(GOOD);
    assert.deepEqual(structuredClone(config), config);
  });
});

describe('effective configuration', () => {
  const file = scratch.write('show.yaml', changed('  port: /dev/radar', '  port: /dev/radar\n  parity: none'));
  const { config, document } = inspectConfig(file);
  const values = new Map(effectiveValues(config!, document).map((each) => [each.key, each]));

  it('says the line of what the file sets', () => {
    assert.deepEqual(values.get('radar.parity')?.source, { from: 'file', line: 7 });
    assert.deepEqual(values.get('camera.id'), { key: 'camera.id', value: 'SC-014', source: { from: 'file', line: 2 } });
  });

  it('says what is a default, and on what it depends', () => {
    assert.deepEqual(values.get('radar.angleDeg')?.source, { from: 'default', because: null });
    assert.deepEqual(values.get('radar.baudRate'), {
      key: 'radar.baudRate',
      value: 921_600,
      source: { from: 'default', because: 'agd350' },
    });
    assert.deepEqual(values.get('console.port')?.source, { from: 'default', because: null });
  });
});
