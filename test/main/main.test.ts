import assert from 'node:assert/strict';
import { sharedNumbersWarning } from '../../firmware/main.js';
import { configSchema, type KerbsideConfig } from '../../firmware/config/schema.js';

describe('startKerbside', () => {
  const config = (lines: object, icn: object = {}): KerbsideConfig =>
    configSchema.parse({
      camera: { id: 'SC-014' },
      radar: { protocol: 'agd350', port: '/dev/radar' },
      mounting: {},
      gps: {},
      images: { folder: '/srv/camera' },
      lines,
      ...icn,
    });

  it('ICN-3: warns where real lines go with the range that every camera has by default, and names the keys', () => {
    assert.match(
      sharedNumbersWarning(config({ driver: 'onoff' })) ?? '',
      /icn\.firstDeployment and icn\.lastDeployment .* 1 to 999999.* same numbers/,
    );
  });

  it('ICN-3: does not warn on the bench, or where a range was issued', () => {
    assert.equal(sharedNumbersWarning(config({ driver: 'simulated', socket: '/run/lines' })), null);
    const issued = { icn: { firstDeployment: 500, lastDeployment: 599 } };
    assert.equal(sharedNumbersWarning(config({ driver: 'onoff' }, issued)), null);
  });
});
