import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { KerbsideError } from '../../src/errors.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import type { Site } from '../../src/site/types.js';

const MINIMAL = `
code: T-1
road: Test Road
zone: Pacific/Auckland
centreline:
  - { latitude: -41.2, longitude: 175.5 }
  - { latitude: -41.19, longitude: 175.5 }
lanes:
  - { id: L1, direction: increasing, monitored: true }
limitKmh: 50
threshold: { speedKmh: 60, authority: Test Authority, date: 2026-01-01 }
deployment: { vanHeading: increasing }
`;

const TEST_THRESHOLD = { speedKmh: 60, authority: 'Test Authority', date: '2026-01-01' };

type Change = (file: Record<string, unknown>) => void;

function read(change: Change = () => undefined): Site {
  const file = parse(MINIMAL) as Record<string, unknown>;
  change(file);
  return toSite(siteSchema.parse(file));
}

/** The complaints of the schema as path and message, or the one sentence of the cross-checks. */
function complaint(change: Change): string {
  const file = parse(MINIMAL) as Record<string, unknown>;
  change(file);
  const shape = siteSchema.safeParse(file);
  if (!shape.success) return shape.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  try {
    toSite(shape.data);
  } catch (error) {
    assert.ok(error instanceof KerbsideError && error.kind === 'site-invalid');
    assert.match(error.message, /^Site T-1: .*expected .*\.$/);
    return error.message;
  }
  return 'accepted';
}

const set =
  (key: string, value: unknown): Change =>
  (file) => {
    file[key] = value;
  };

describe('site file', () => {
  it('a minimal file is a site, with defaults for what most sites do not have', () => {
    const { threshold, limitDrops, merges, school, temporaryLimit, locality, lanes, deployment } = read();
    assert.deepEqual(threshold, { speedKmh: 60, authority: 'Test Authority', date: '2026-01-01' });
    assert.deepEqual([limitDrops, merges, school, temporaryLimit, locality], [[], [], null, false, null]);
    assert.deepEqual([lanes[0]?.widthM, deployment.lateralM], [3.5, 5.25]);
  });

  it('DET-1: a site without threshold is refused in one clear sentence', () => {
    const missing = complaint((file) => delete file['threshold']);
    assert.equal(
      missing,
      'threshold: DET-1: the site has no threshold; expected threshold with speedKmh, authority and date, as issued for this site',
    );
    assert.equal(complaint(set('threshold', null)), missing);
  });

  it('DET-1: a threshold needs its authority and a real date', () => {
    assert.match(complaint(set('threshold', { speedKmh: 60, date: '2026-01-01' })), /^threshold\.authority: /);
    assert.match(
      complaint(set('threshold', { speedKmh: 60, authority: ' ', date: '2026-01-01' })),
      /^threshold\.authority: /,
    );
    assert.match(complaint(set('threshold', { speedKmh: 60, authority: 'A' })), /^threshold\.date: .*YYYY-MM-DD/);
    assert.match(complaint(set('threshold', { speedKmh: 60, authority: 'A', date: '2026-02-30' })), /YYYY-MM-DD/);
  });

  it('DET-1: a threshold below the limit is refused, at the limit it is accepted', () => {
    const at = (speedKmh: number): string =>
      complaint(set('threshold', { speedKmh, authority: 'A', date: '2026-01-01' }));
    assert.match(at(49), /threshold\.speedKmh is 49; expected at least the limit of 50 km\/h/);
    assert.equal(at(50), 'accepted');
  });

  it('LIM-1: a site has one limit; a list of limits is an unknown key', () => {
    assert.match(complaint(set('limits', [50, 60])), /limits/);
    assert.match(complaint(set('limitKmh', [50, 60])), /^limitKmh: /);
  });

  it('unknown keys are errors on every level', () => {
    assert.match(complaint(set('colour', 'red')), /colour/);
    assert.match(complaint(set('deployment', { vanHeading: 'increasing', tilt: 1 })), /tilt/);
    assert.match(complaint(set('school', { name: 'S', pupils: 9 })), /pupils/);
  });

  it('SITE-1: a centreline longer than 5 km is refused', () => {
    const long = [-41.2, -41.15].map((latitude) => ({ latitude, longitude: 175.5 }));
    assert.match(complaint(set('centreline', long)), /5553 m long; expected at most 5000 m \(SITE-1\)/);
  });

  it('a centreline has at least two different points', () => {
    const point = { latitude: -41.2, longitude: 175.5 };
    assert.match(complaint(set('centreline', [point])), /^centreline: /);
    assert.match(complaint(set('centreline', [point, point])), /points 1 and 2 are the same place/);
  });

  it('points of interest lie on the centreline', () => {
    const drop = (chainageM: number): Change => set('limitDrops', [{ chainageM, direction: 'increasing', toKmh: 30 }]);
    assert.equal(complaint(drop(1110)), 'accepted');
    assert.match(complaint(drop(1112)), /limitDrops\[0\]\.chainageM is 1112; .*0 to 1110\.\d m/);
    assert.match(complaint(drop(-1)), /^limitDrops\.0\.chainageM: /);
    assert.match(complaint(set('merges', [{ chainageM: 2000, direction: 'increasing' }])), /merges\[0\]/);
  });

  it('DEP-8: a drop leads to the limit of the site or below it', () => {
    const to = (toKmh: number): string =>
      complaint(set('limitDrops', [{ chainageM: 9, direction: 'increasing', toKmh }]));
    assert.deepEqual([to(30), to(50)], ['accepted', 'accepted']);
    assert.match(to(60), /toKmh is 60; expected at most the limit of 50 km\/h/);
  });

  it('the zone is one of the two that the country has', () => {
    assert.equal(complaint(set('zone', 'Pacific/Chatham')), 'accepted');
    assert.match(complaint(set('zone', 'Europe/Berlin')), /^zone: .*Pacific\/Auckland.*Pacific\/Chatham/);
  });

  it('lanes: one at least, one monitored at least, each id once, the van outside the nearest', () => {
    const lane = { id: 'L1', direction: 'increasing', monitored: true };
    assert.match(complaint(set('lanes', [])), /^lanes: /);
    assert.match(complaint(set('lanes', [{ ...lane, monitored: false }])), /no lane is monitored/);
    assert.match(complaint(set('lanes', [lane, lane])), /lane id L1 is found twice/);
    assert.match(
      complaint(set('deployment', { vanHeading: 'increasing', lateralM: 1.5 })),
      /lateralM is 1\.5; expected at least 1\.75/,
    );
  });

  it('SCH-3, SCH-4: a school site names its school', () => {
    assert.deepEqual(read(set('school', { name: 'Test School' })).school, {
      name: 'Test School',
      region: null,
      boundary: null,
      directAccess: null,
    });
    assert.match(complaint(set('school', { name: '' })), /^school\.name: /);
    assert.match(complaint(set('school', true)), /^school: /);
  });

  it('DET-1: at each time of day one variable limit, with a threshold that is not below it', () => {
    const bell = { from: '08:25', until: '09:10', limitKmh: 30, threshold: { ...TEST_THRESHOLD, speedKmh: 35 } };
    const limits = (...changes: object[]): string =>
      complaint(set('variableLimits', [bell, ...changes.map((change) => ({ ...bell, ...change }))]));
    assert.equal(limits({ from: '09:10', until: '09:30' }, { from: '08:00', until: '08:25' }), 'accepted');
    assert.match(
      limits({ from: '09:09', until: '09:30' }),
      /variableLimits\[1\] \(09:09 to 09:30\) overlaps 08:25 to 09:10/,
    );
    assert.match(limits({ from: '08:00', until: '08:26' }), /variableLimits\[1\] .* overlaps/);
    assert.match(limits({ from: '08:30', until: '08:40' }), /variableLimits\[1\] .* overlaps/);
    assert.match(limits({}), /variableLimits\[1\] .* overlaps/);
    assert.match(limits({ from: '15:30', until: '14:45' }), /variableLimits\[1\] is from 15:30 until 14:45/);
    const low = { from: '14:45', until: '15:30', threshold: { ...TEST_THRESHOLD, speedKmh: 29 } };
    assert.match(limits(low), /variableLimits\[1\].threshold.speedKmh is 29; expected at least its limit of 30/);
  });

  it('LIM-2: a high-risk time ends after it begins', () => {
    const times = (from: string, until: string) => complaint(set('highRiskTimes', [{ from, until }]));
    assert.equal(times('08:00', '09:00'), 'accepted');
    assert.match(times('09:00', '09:00'), /highRiskTimes\[0\] is from 09:00 until 09:00; expected its end after/);
  });
});
