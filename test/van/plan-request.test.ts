import assert from 'node:assert/strict';
import { KerbsideError } from '../../src/errors.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { configSchema, type KerbsideConfig } from '../../firmware/config/schema.js';
import { planDeployment, type OpenRequest } from '../../firmware/van/plan-request.js';
import { reference, site } from './fake-van.js';

const config = (changes: object = {}): KerbsideConfig =>
  configSchema.parse({
    camera: { id: 'SC-014' },
    radar: { protocol: 'agd350', port: '/dev/radar' },
    mounting: {},
    gps: {},
    lines: { driver: 'onoff' },
    images: { folder: '/srv/camera' },
    ...changes,
  });

const GOOD: OpenRequest = {
  site: '7421',
  operator: 'OP1',
  lanes: ['L1'],
  heading: 'increasing',
  lateralM: 5.25,
  occupier: null,
  weather: null,
  vehicle: 'DEMO1',
};
const SHELVED = { sites: [site()], reference: reference() };

describe('planDeployment', () => {
  const refused = (words: RegExp, changes: Partial<OpenRequest>, shelved = SHELVED, configured = config()): void => {
    assert.throws(
      () => planDeployment({ ...GOOD, ...changes }, configured, shelved),
      (error) => error instanceof KerbsideError && error.exitCode === 2 && words.test(error.message),
    );
  };

  it('accepts what is right', () => {
    assert.equal(planDeployment(GOOD, config(), SHELVED).site.code, '7421');
  });

  it('SITE-3: refuses a site that no pack brought, and names those that are known', () => {
    refused(/site 1 is not in the imported pack \(SITE-3\), expected one of 7421\./, { site: '1' });
    refused(/no sites pack is imported/, {}, { ...SHELVED, sites: [] });
  });

  it('OPR-1: refuses an operator whom no pack knows', () => {
    refused(/operator OP9 is not in the imported pack \(OPR-1\), expected one of OP1/, { operator: 'OP9' });
    refused(/no operators pack is imported/, {}, { ...SHELVED, reference: NO_REFERENCE });
  });

  it('OPR-5: refuses without a vehicle, and takes the one of the configuration', () => {
    refused(/no vehicle is named \(OPR-5\)/, { vehicle: null });
    const { plan } = planDeployment({ ...GOOD, vehicle: null }, config({ vehicle: 'VAN7' }), SHELVED);
    assert.equal(plan.vehicle, 'VAN7');
  });

  it('refuses lanes that the site does not have, and a lane named twice', () => {
    refused(/lane 3 is not one of site 7421, expected some of L1, L2/, { lanes: ['L1', '3'] });
    refused(/lane L1 is named twice/, { lanes: ['L1', 'L1'] });
  });

  it('DEP-4: refuses an antenna in the nearest lane, one centimetre outside is accepted', () => {
    refused(/--lateral is 1\.74 m, expected at least 1\.75 m/, { lateralM: 1.74 });
    assert.equal(planDeployment({ ...GOOD, lateralM: 1.75 }, config(), SHELVED).plan.lateralM, 1.75);
  });

  it('refuses the site of a static camera', () => {
    refused(/for a static camera/, {}, { ...SHELVED, sites: [site({ installation: 'static' })] });
  });
});
