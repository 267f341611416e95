/** Whom the camera may enforce, and whom it must: one thing wrong in each. */
import { drop, away, reading, late, vanAt, type Case } from './changes.js';
import { CAR, factsOf, firing, framesOf, incident, ns, vehicleOf, type Made } from './hand-made-world.js';

/** The last reading is of another one, who follows so much later. */
const followedBy =
  (seconds: number): ((made: Made) => void) =>
  (made) => {
    made.truth.vehicles.push(vehicleOf({ ...CAR, plate: 'NEXT', entersS: CAR.entersS + seconds }));
    const last = incident(made).readings?.at(-1);
    if (last !== undefined) last.atNs = (last.atNs ?? 0) + seconds * 1e9;
  };

export const WHO: readonly Case[] = [
  {
    title: 'the readings of an incident are of two who came one after the other',
    invariant: 'two-vehicles',
    broken: followedBy(0.6),
    well: followedBy(0.3),
  },
  {
    title: 'DET-1: somebody at the threshold is enforced',
    invariant: 'not-above-threshold',
    broken: (made) => {
      made.truth.site.thresholdKmh = 100;
      factsOf(made).thresholdKmh = 100;
    },
    well: (made) => {
      made.truth.site.thresholdKmh = 98;
      factsOf(made).thresholdKmh = 98;
    },
  },
  {
    title: 'DEP-8: somebody within 250 m of a drop of the limit is enforced',
    invariant: 'in-exclusion-zone',
    // The beam ends 14.4 m ahead of the antenna.
    broken: (made) => {
      away(made, 14.4 + 249);
      vanAt(made, 900);
    },
    well: (made) => {
      away(made, 14.4 + 251);
      vanAt(made, 900);
    },
  },
  {
    title: 'DEP-9: somebody behind a final merge is enforced',
    invariant: 'in-exclusion-zone',
    broken: (made) => {
      made.truth.site.merges = [{ ...drop, chainageM: 1011.2 - 249 }];
      vanAt(made, 1100);
    },
    well: (made) => {
      made.truth.site.merges = [{ direction: 'decreasing', chainageM: 1011.2 - 249 }];
      vanAt(made, 1100);
    },
  },
  {
    title: 'DEP-8: a van that stands too near fires',
    invariant: 'fire-place-illegal',
    broken: (made) => {
      away(made, -260);
    },
    well: (made) => {
      away(made, -270);
    },
  },
  {
    title: 'the record has the wrong direction',
    invariant: 'wrong-direction',
    broken: (made) => {
      (incident(made).verdict ?? {}).along = 'decreasing';
    },
  },
  {
    title: 'whoever was enforced drove the other way',
    invariant: 'wrong-direction',
    broken: (made) => {
      factsOf(made).direction = 'towards';
    },
    // And nobody was enforced who should have been.
    alsoFound: ['missed-offender'],
  },
  {
    title: 'whoever was enforced drove in a lane that is not monitored',
    invariant: 'unmonitored-lane',
    broken: (made) => {
      const [lane] = made.truth.site.lanes;
      if (lane === undefined) return;
      made.truth.site.lanes = [
        { ...lane, monitored: false },
        { ...lane, id: '2', lateralM: 8.75 },
      ];
    },
    well: (made) => {
      const [lane] = made.truth.site.lanes;
      if (lane === undefined) return;
      made.truth.site.lanes.push({ ...lane, id: '2', lateralM: 8.75, monitored: false });
    },
  },
  {
    title: 'the record says a lane in which nobody drove',
    invariant: 'wrong-lane',
    broken: (made) => {
      factsOf(made).lane = '2';
    },
  },
  {
    title: 'nobody was there',
    invariant: 'ghost-enforced',
    broken: (made) => {
      made.truth.vehicles = [];
    },
  },
  {
    title: 'whoever was there drove at another speed',
    invariant: 'wrong-speed',
    broken: (made) => {
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 101 })];
    },
    well: (made) => {
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 100.1 })];
    },
  },
  {
    title: 'the image shows somebody else',
    invariant: 'wrong-image',
    broken: (made) => {
      (made.truth.exposures[0] ?? { inPicture: [] }).inPicture = ['OTHER1'];
    },
    well: (made) => {
      (made.truth.exposures[0] ?? { inPicture: [] }).inPicture = ['OTHER1', CAR.plate];
    },
  },
  {
    title: 'the radar speaks so late that the image shows nobody any more',
    invariant: 'wrong-image',
    broken: (made) => {
      late(made, 2);
      (made.truth.exposures[0] ?? { inPicture: [] }).inPicture = [];
    },
    well: (made) => {
      late(made, 0.2);
    },
  },
  {
    title: 'the image was exposed for something else',
    invariant: 'wrong-image',
    broken: (made) => {
      (made.truth.exposures[0] ?? { atNs: 0 }).atNs = ns(12);
    },
  },
  {
    title: 'a reading of the record is a simulated target',
    invariant: 'test-reading',
    broken: (made) => {
      // Everything about it is as it was, but for the letter that marks it.
      const simulated = framesOf(CAR, 'Y')[3]?.text ?? '';
      const real = Buffer.from(reading(made).raw ?? []).toString('latin1');
      reading(made).raw = Buffer.from(simulated, 'latin1');
      for (const { input } of made.steps) {
        if (input.type !== 'radar-bytes' || Buffer.from(input.bytes).toString('latin1') !== real) continue;
        Object.assign(input, { bytes: Buffer.from(simulated, 'latin1') });
      }
    },
  },
  {
    title: 'a reading of the record is marked as the fork’s',
    invariant: 'test-reading',
    broken: (made) => {
      reading(made).test = 'fork';
    },
  },
  {
    title: 'a reading of the record never came from the radar',
    invariant: 'speed-differs',
    broken: (made) => {
      const strange = framesOf({ ...CAR, lateralM: 5.35 })[3]?.text ?? '';
      reading(made).raw = Buffer.from(strange, 'latin1');
    },
  },
  {
    title: 'the speed of the record is not the one of the pass',
    invariant: 'speed-differs',
    broken: (made) => {
      factsOf(made).speedKmh = (factsOf(made).speedKmh ?? 0) + 0.05;
    },
  },
  {
    title: 'a pass is more than 0.1 km/h off the own estimator',
    invariant: 'speed-differs',
    broken: (made) => {
      const pass = firing(made).outputs.find(({ type }) => type === 'pass') as unknown as {
        pass: { speedKmh: number };
      };
      pass.pass.speedKmh += 0.11;
      factsOf(made).speedKmh = pass.pass.speedKmh;
    },
  },
  {
    title: 'a pass is truncated upwards',
    invariant: 'speed-differs',
    broken: (made) => {
      const pass = firing(made).outputs.find(({ type }) => type === 'pass') as unknown as {
        pass: { truncatedKmh: number };
      };
      pass.pass.truncatedKmh += 1;
      factsOf(made).truncatedKmh = pass.pass.truncatedKmh;
    },
  },
  {
    title: 'an offender with nothing in his way is not enforced',
    invariant: 'missed-offender',
    broken: (made) => {
      made.truth.vehicles.push(vehicleOf({ ...CAR, plate: 'MISSED', entersS: 14 }));
    },
    well: (made) => {
      const { vehicles, faults } = made.truth;
      vehicles.push(vehicleOf({ ...CAR, plate: 'SLOW', entersS: 14, speedKmh: 91.4 }));
      vehicles.push(vehicleOf({ ...CAR, plate: 'CLOSED', entersS: 20.2 }));
      vehicles.push(vehicleOf({ ...CAR, plate: 'FAULT', entersS: 17 }));
      faults.push({ fault: 'radar-silent', target: 'radar', fromS: 16, toS: 18, note: '' });
    },
  },
];
