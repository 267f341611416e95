/** The watch over pretend worlds sees each thing that must never be, and nothing where all is well. */
import assert from 'node:assert/strict';
import { INVARIANTS } from '../oracle/world/index.js';
import { away } from './changes.js';
import { FIRING } from './firing-cases.js';
import { sha256Of } from './hand-made-image.js';
import { CAR, factsOf, incident, invariantsOf, ns, overS, vehicleOf, verdictOf, type Made } from './hand-made-world.js';
import { KEPT } from './kept-cases.js';
import { STATED } from './stated-cases.js';
import { WHO } from './who-cases.js';

const ALL = [...WHO, ...STATED, ...FIRING, ...KEPT];

describe('the watch over pretend worlds', () => {
  it('finds nothing in a run in which all is well, and counts what was done', () => {
    const verdict = verdictOf();
    assert.deepEqual(verdict.violations, []);
    const { passes, enforced, cleanOffenders, missedOffenders, falseEnforcements, missesByCause } = verdict;
    assert.deepEqual(
      { passes, enforced, cleanOffenders, missedOffenders, falseEnforcements, missesByCause },
      { ...{ passes: 1, enforced: 1, cleanOffenders: 1, missedOffenders: 0 }, falseEnforcements: 0, missesByCause: {} },
    );
    assert.ok(verdict.maxSpeedErrorKmh < 0.1);
  });

  for (const { title, invariant, broken, well, alsoFound = [] } of ALL) {
    it(`sees when ${title}`, () => {
      assert.deepEqual(invariantsOf(broken), [invariant, ...alsoFound].sort());
      if (well !== undefined) assert.deepEqual(invariantsOf(well), []);
    });
  }

  it('has a test for each invariant', () => {
    const tested = new Set(ALL.map(({ invariant }) => invariant));
    assert.deepEqual(
      INVARIANTS.filter((each) => !tested.has(each)),
      [],
    );
  });

  it('says why an offender was not enforced', () => {
    const { missesByCause, missedOffenders } = verdictOf((made) => {
      const more = (plate: string, entersS: number, speedKmh = 100): void => {
        made.truth.vehicles.push(vehicleOf({ ...CAR, plate, entersS, speedKmh }));
      };
      more('CLOSE', 13, 91.2);
      more('BESIDE', 15);
      more('BEHIND', 15.5);
      more('CLOSED', 20.5);
      more('LEGAL', 17, 80);
    });
    assert.equal(missedOffenders, 0);
    assert.deepEqual(missesByCause, {
      ...{ 'close to the threshold': 1, 'another vehicle near': 2, 'not armed: closing': 1 },
    });
  });

  it('tolerates what no camera could know: a radar that is turned a little reads high', () => {
    const { violations, tolerated } = verdictOf((made) => {
      made.truth.site.thresholdKmh = 99;
      factsOf(made).thresholdKmh = 99;
      // Turned towards the road by 0.73 degrees: 99 km/h look like 99.5 and more.
      made.truth.van.trueAngleDeg = 22.5 - 0.73;
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 98.99, entersS: 10.02 })];
      for (const frame of incident(made).readings ?? []) frame.rangeM = null;
    });
    assert.deepEqual(tolerated, { 'speed: the radar reads high': 1 });
    assert.ok(violations.every(({ invariant }) => invariant !== 'not-above-threshold'));
  });

  it('ICN-2: waits for the account of a van that lost its power and was never switched on again', () => {
    const change = (made: Made): void => {
      made.records.pop();
      made.steps.splice(-2);
    };
    assert.deepEqual(invariantsOf(change), ['icn-hole']);
    const cut = (made: Made): void => {
      change(made);
      made.steps = made.steps.filter(({ input }) => (input.atNs as number) < ns(overS(CAR) + 1.1));
      made.truth.faults.push({ fault: 'power-cut', target: 'power', fromS: overS(CAR) + 1, toS: 40, note: '' });
    };
    assert.deepEqual(verdictOf(cut).violations, []);
    assert.deepEqual(verdictOf(cut).tolerated, { 'number: the van was never switched on again': 1 });
  });

  it('tolerates a ghost where the radar states no place', () => {
    const change = (made: Made): void => {
      made.truth.vehicles = [];
      made.truth.radar = 'ops243';
      made.truth.faults.push({ fault: 'radar-ghost', target: 'radar', fromS: 9, toS: 12, note: '' });
    };
    assert.deepEqual(invariantsOf(change), []);
    assert.deepEqual(verdictOf(change).tolerated, { 'ghost: this radar states no place': 1 });
  });

  it('tolerates a place that is wrong because the receiver was', () => {
    const change = (made: Made): void => {
      away(made, -260);
      made.truth.faults.push({ fault: 'gps-jump', target: 'gps', fromS: 1, toS: 9, note: '' });
    };
    assert.deepEqual(verdictOf(change).tolerated, { 'place: the receiver was wrong': 1 });
    assert.deepEqual(invariantsOf(change), []);
  });

  it('keeps its list short where everything is wrong', () => {
    const { violations } = verdictOf(({ records }) => {
      for (let more = 0; more < 200; more += 1) records.push({ record: { ...records[1]?.record }, image: null });
    });
    assert.equal(violations.length, 51);
    assert.equal(violations.at(-1)?.sentence, '150 more of these.');
  });

  it('is handed an image that begins and ends as a JPEG does', () => {
    const found = invariantsOf(({ records }) => {
      const [first] = records;
      if (first === undefined) return;
      first.image = (first.image ?? new Uint8Array()).slice(0, -1);
      first.record.sealedImageSha256 = sha256Of(first.image);
    });
    assert.deepEqual(found, ['image-damaged']);
  });
});
