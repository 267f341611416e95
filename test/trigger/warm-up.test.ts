import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Rehearsal, warmUpConfig } from '../../firmware/trigger/warm-up.js';
import { createController } from '../../src/controller.js';
import { controllerConfig } from '../support/virtual-van.js';

describe('warm-up', () => {
  for (const protocol of ['agd350', 'ops243'] as const) {
    it(`goes all the way to the pulse with ${protocol}, whatever the site and camera`, () => {
      const camera = { hasReadyLine: true, serialNumber: 'A1', deadTimeMs: 60_000 };
      const radar = { requireReadback: true, selfTest: true };
      const controller = createController(warmUpConfig(controllerConfig({ protocol, camera, radar })));
      assert.ok(new Rehearsal(controller, protocol).warmUp() > 100);
    });

    it(`goes on firing at dummies step by step with ${protocol}`, () => {
      const controller = createController(warmUpConfig(controllerConfig({ protocol })));
      const handle = sinon.spy(controller, 'handle');
      const rehearsal = new Rehearsal(controller, protocol);
      for (let step = 0; step < 1000; step += 1) rehearsal.step();
      const fires = handle.getCalls().flatMap(({ args: [, out] }) => out.filter(({ type }) => type === 'fire'));
      assert.ok(fires.length > 10, `${fires.length} fires in 1000 steps`);
    });
  }
});
