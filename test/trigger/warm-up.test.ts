import assert from 'node:assert/strict';
import { warmUp, warmUpConfig } from '../../firmware/trigger/warm-up.js';
import { createController } from '../../src/controller.js';
import { controllerConfig } from '../support/virtual-van.js';

describe('warm-up', () => {
  for (const protocol of ['agd350', 'ops243'] as const) {
    it(`goes all the way to the pulse with ${protocol}, whatever the site and camera`, () => {
      const camera = { hasReadyLine: true, serialNumber: 'A1', deadTimeMs: 60_000 };
      const radar = { requireReadback: true, selfTest: true };
      const controller = createController(warmUpConfig(controllerConfig({ protocol, camera, radar })));
      assert.ok(warmUp(controller, protocol) > 100);
    });
  }
});
