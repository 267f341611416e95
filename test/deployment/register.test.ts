/** OPR-2: the register of a deployment that was made by hand, word for word. */
import assert from 'node:assert/strict';
import { makeRegister } from '../../src/deployment/register.js';
import { registerSections } from '../../src/deployment/register-rows.js';
import type { Register } from '../../src/deployment/register-shape.js';
import { minute, openedDetail, storyEvents, storySources } from './register-samples.js';

const nowhere = { latitude: null, longitude: null, positionErrorM: null, chainageM: null };
const here = { latitude: -41.2893, longitude: 174.77698, positionErrorM: 2.5, chainageM: 380.5 };
const moved = [{ code: 'moved', sentence: 'The van moved 3.1 m, at most 2 m.' }];

const EXPECTED: Register = {
  version: 1,
  deployment: '000124',
  follows: null,
  continuedIn: null,
  demo: true,
  state: 'closed',
  operator: 'OP-7',
  startedBy: 'technician',
  vehicle: 'TEST01',
  camera: { id: 'SC-014', model: 'NX-12', approvalNotice: '2026-go1234' },
  radar: { protocol: 'agd350', serialNumber: 'AGD-881', angleDeg: 22.5, corrected: false },
  forks: ['FK-60'],
  certificates: [
    {
      kind: 'radar',
      number: 'CS-2026-118',
      subject: 'AGD-881',
      issuer: 'Example Calibration',
      issuedOn: '2026-02-03',
      validUntil: '2027-02-02',
      expiresOn: '2027-02-02',
    },
  ],
  packs: [
    { kind: 'sites', issuer: 'Example PIB', serial: 41, issued: minute(-1440), sha256: 'c1'.repeat(32), demo: false },
  ],
  software: { version: '0.1.0', commit: null, sha256: '34'.repeat(32) },
  installation: 'mobile',
  site: {
    code: 'WN-0417',
    road: 'State Highway 1, Ngāūranga Gorge',
    locality: 'Wellington',
    version: '7',
    sha256: '5a'.repeat(32),
    zone: 'Pacific/Auckland',
    school: null,
    temporaryLimit: false,
  },
  limit: { limitKmh: 80, authority: 'Example City Council', date: '2020-01-01' },
  threshold: { speedKmh: 84, authority: 'Example Policing Centre', date: '2026-01-15' },
  lanes: [
    { id: 'L1', direction: 'increasing', monitored: true },
    { id: 'L2', direction: 'decreasing', monitored: false },
  ],
  direction: { vanHeading: 'increasing', facing: 'rear', lateralM: 5.2 },
  distances: {
    version: 'mobile-standard-2021-12',
    zoneM: 250,
    boundM: 269.2,
    boundBy: 'geometry',
    byRule: [
      { rule: 'DEP-8', boundM: 269.2, boundBy: 'geometry', zoneM: 250 },
      { rule: 'DEP-9', boundM: 265, boundBy: 'rule', zoneM: 250 },
    ],
    points: [{ rule: 'DEP-8', what: 'the drop of the limit to 50 km/h', chainageM: 1400 }],
  },
  weather: 'dry, light wind',
  occupier: 'Māui Testfarmer',
  opened: minute(0),
  closed: minute(61),
  start: { at: minute(5), ...here },
  attestations: [
    {
      at: minute(2),
      by: 'OP-7',
      check: 'visible',
      given: true,
      statement: 'i mua i te kura, kāore he rākau',
      sentence: 'Visible to traffic: OP-7 says yes.',
    },
  ],
  tests: [
    {
      ...{ at: minute(4), by: 'OP-7', test: 'fork', passed: true, subject: 'FK-60' },
      sentence: 'Fork FK-60: 60.1 km/h, expected 60.0.',
    },
    {
      ...{ at: minute(60), by: 'OP-7', test: 'fork', passed: false, subject: 'FK-60' },
      sentence: 'Fork FK-60: 58.0 km/h, expected 60.0.',
    },
  ],
  states: [
    {
      ...{ at: minute(5), by: 'OP-7', from: 'ready', to: 'enforcing', reasons: [], ...here },
      sentence: 'From ready to enforcing.',
    },
    {
      ...{ at: minute(30), by: 'controller', from: 'enforcing', to: 'suspended', reasons: moved, ...nowhere },
      sentence: 'From enforcing to suspended: The van moved 3.1 m, at most 2 m.',
    },
    {
      ...{ at: minute(40), by: 'controller', from: 'suspended', to: 'enforcing', reasons: [], ...nowhere },
      sentence: 'From suspended to enforcing.',
    },
  ],
  suspensions: [{ from: minute(30), until: minute(40), by: 'controller', reasons: moved }],
  firstIcn: '000124001',
  lastIcn: '000124003',
  counts: {
    passes: 46,
    enforced: 1,
    observed: 40,
    observedByReason: [{ reason: 'not-above-threshold', count: 40 }],
    void: 5,
    voidByReason: [
      { reason: 'path-too-short', count: 3 },
      { reason: 'two-speeds', count: 2 },
    ],
    numbers: 16,
    images: 2,
    photosWithoutVehicle: 1,
    byKind: [
      { kind: 'incident', count: 1 },
      { kind: 'sync', count: 1 },
      { kind: 'void', count: 1 },
    ],
  },
  exportAge: {
    days: null,
    level: 'none',
    sentence: 'No image waits for its export to PIB (EXP-1).',
  },
  faults: [{ at: minute(31), code: 'tamper', sentence: 'The loop round the cabinet is open (TAM-1).', count: 4 }],
  doubts: [
    {
      at: minute(60),
      ...{ fromIcn: '000124001', untilIcn: '000124002', test: 'fork', since: minute(4) },
      reason: 'In doubt: numbers 000124001 to 000124002, failed fork test.',
    },
  ],
  signature: storySources.signature,
};

describe('the register', () => {
  it('OPR-2: of a deployment made by hand tells all of it, whatever the order of its records', () => {
    assert.deepEqual(makeRegister(storySources), EXPECTED);
    assert.deepEqual(makeRegister({ ...storySources, events: [...storyEvents].reverse() }), EXPECTED);
  });

  it('CAL-1: a certificate without a last day of its own ends twelve months after its issue', () => {
    const [first, ...rest] = storyEvents;
    assert.ok(first !== undefined);
    const certificates = openedDetail.certificates.map((one) => ({ ...one, issuedOn: '2024-02-29', validUntil: null }));
    const events = [{ ...first, event: { ...first.event, detail: { ...openedDetail, certificates } } }, ...rest];
    const register = makeRegister({ ...storySources, events });
    assert.deepEqual(
      register.certificates.map(({ expiresOn }) => expiresOn),
      ['2025-02-28'],
    );
    assert.match(JSON.stringify(registerSections(register)), /2025-02-28/);
  });

  it('DEP-8, DEP-9: names the bound of each rule, and which of rule and geometry it was', () => {
    const text = JSON.stringify(registerSections(makeRegister(storySources)));
    assert.match(
      text,
      /smallest distance, DEP-8","269\.2 m, bound by the geometry of the beam; no vehicle within 250 m/,
    );
    assert.match(text, /smallest distance, DEP-9","265\.0 m, bound by the rule; no vehicle within 250 m/);
  });

  it('EXP-1: tells how long the oldest image has waited for its export, and that it is not known without a store', () => {
    const madeMs = Date.parse(storySources.signature.madeAt);
    const told = (oldestUnexportedUtcMs: number | undefined): string =>
      JSON.stringify(registerSections(makeRegister({ ...storySources, oldestUnexportedUtcMs })));
    assert.match(told(madeMs - 4 * 86_400_000), /4 days 0 hours old; EXP-1 allows 5 days: export it at once/);
    assert.match(told(undefined), /export to PIB","not known/);
  });

  it('OPR-2: of a bench deployment tells what is known, and of the rest that it is not', () => {
    const detail = { ...openedDetail, plan: null, vehicle: null, packs: [], certificates: [], forks: [] };
    const [first, ...rest] = storyEvents;
    assert.ok(first !== undefined);
    const events = [{ ...first, event: { ...first.event, by: 'controller', detail } }, ...rest];
    const register = makeRegister({ ...storySources, events });
    assert.deepEqual([register.operator, register.vehicle, register.weather, register.packs], [null, null, null, []]);
    assert.deepEqual(register.site, EXPECTED.site);
    const text = JSON.stringify(registerSections(register));
    assert.match(text, /no signed packs/);
  });

  it('ICN-3: doubts that the next deployment tells about numbers of this one are shown, those told here once', () => {
    const told = EXPECTED.doubts[0]!;
    const { fromIcn, untilIcn, test, reason } = told;
    const own = { fromIcn, untilIcn, test, reason, sinceUtcMs: null };
    const later = { ...own, fromIcn: '000124002', untilIcn: '000125007', test: 'radar', reason: 'no self-test' };
    const { doubts } = makeRegister({ ...storySources, doubts: [own, later, later] });
    const row = { at: null, fromIcn: '000124002', untilIcn: '000125007', test: 'radar', since: null };
    assert.deepEqual(doubts, [told, { ...row, reason: 'no self-test' }]);
  });

  it('what another version wrote otherwise is not known, and takes nothing else with it', () => {
    const [first, ...rest] = storyEvents;
    assert.ok(first !== undefined);
    const detail = { ...openedDetail, limit: 'fast', packs: 7 };
    const register = makeRegister({
      ...storySources,
      events: [{ ...first, event: { ...first.event, detail } }, ...rest],
    });
    assert.deepEqual([register.limit, register.packs], [null, []]);
    assert.deepEqual(register.threshold, EXPECTED.threshold);
  });

  it('without any event, account or store, it is a register that knows nothing and does not fail', () => {
    const nothing = { ...storySources, events: [], account: null, exposures: [], passes: null };
    const register = makeRegister(nothing);
    assert.deepEqual(
      [register.opened, register.start, register.firstIcn, register.counts.passes],
      [null, null, null, null],
    );
    assert.equal(registerSections(register).length, 14);
  });

  it('a deployment that is open says its last state', () => {
    const register = makeRegister({ ...storySources, account: null, events: storyEvents.slice(0, 5) });
    assert.deepEqual([register.state, register.closed], ['suspended', null]);
    assert.deepEqual(register.suspensions, [{ from: minute(30), until: null, by: 'controller', reasons: moved }]);
  });
});
