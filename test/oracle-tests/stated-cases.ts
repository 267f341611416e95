/** What a record states beside the speed, and what its image holds: one thing wrong in each. */
import { reseal, type Case, type Change } from './changes.js';
import { factsOf, incident, type Made } from './hand-made-world.js';

/** Moved to another day, world and record alike. */
const on = (made: Made, utcMs: number): void => {
  const byMs = utcMs - made.truth.startUtcMs;
  made.truth.startUtcMs += byMs;
  const facts = factsOf(made);
  Object.assign(facts, { utcMs: (facts.utcMs ?? 0) + byMs, school: 'Pretend Primary' });
};
/** Summer time is not what the maker of images by hand knows. */
const atSchool =
  (iso: string): Change =>
  (made) => {
    on(made, Date.parse(iso));
    reseal(made);
  };
const late =
  (ms: number): Change =>
  (made) => {
    const facts = factsOf(made);
    facts.utcMs = (facts.utcMs ?? 0) + ms;
    reseal(made);
  };
const north =
  (degrees: number): Change =>
  (made) => {
    factsOf(made).cameraPosition = { latitude: -40 + degrees, longitude: 175 };
  };
const fartherM =
  (metres: number): Change =>
  (made) => {
    const facts = factsOf(made);
    facts.vehicleChainageM = (facts.vehicleChainageM ?? 0) + metres;
  };
const vanM =
  (metres: number): Change =>
  (made) => {
    const facts = factsOf(made);
    Object.assign(facts, { vanChainageM: 1000 + metres, vehicleChainageM: (facts.vehicleChainageM ?? 0) + metres });
  };
const without =
  (name: 'utcMs' | 'cameraPosition' | 'vanChainageM'): Change =>
  (made) => {
    Reflect.deleteProperty(factsOf(made), name);
  };

export const STATED: readonly Case[] = [
  {
    title: 'IMG-1: the time is 2.3 s off',
    invariant: 'wrong-time',
    broken: late(2300),
    well: late(2100),
  },
  { title: 'IMG-1: no time is stated', invariant: 'wrong-time', broken: without('utcMs') },
  {
    title: 'IMG-1: the camera is stated where it was not',
    invariant: 'wrong-place',
    broken: north(0.0003),
    well: north(0.0002),
  },
  { title: 'IMG-1: no place of the camera is stated', invariant: 'wrong-place', broken: without('cameraPosition') },
  {
    title: 'IMG-1: the van is stated elsewhere along the road',
    invariant: 'wrong-place',
    broken: vanM(26),
    well: vanM(24),
  },
  {
    title: 'IMG-1: the vehicle is stated behind the van',
    invariant: 'wrong-place',
    broken: fartherM(-20),
    well: fartherM(3),
  },
  {
    title: 'IMG-1: the position of the vehicle is far from the camera',
    invariant: 'wrong-place',
    broken: (made) => {
      factsOf(made).vehiclePosition = { latitude: -40.0005, longitude: 175 };
    },
    well: (made) => {
      factsOf(made).vehiclePosition = { latitude: -40.0001, longitude: 175 };
    },
  },
  {
    title: 'the limit is not that of the site',
    invariant: 'wrong-limit',
    broken: (made) => {
      factsOf(made).limitKmh = 70;
    },
  },
  {
    title: 'SCH-2: it enforces at a school at 18:00',
    invariant: 'school-closed',
    broken: atSchool('2026-06-16T06:00:00Z'),
    well: atSchool('2026-06-16T05:59:00Z'),
  },
  {
    title: 'SCH-2: it enforces at a school on a Saturday',
    invariant: 'school-closed',
    broken: atSchool('2026-06-20T01:00:00Z'),
    well: atSchool('2026-06-19T01:00:00Z'),
  },
  {
    title: 'ICN-1: the image has another number',
    invariant: 'image-foreign',
    broken: (made) => {
      reseal(made, { icn: '000001002' });
    },
  },
  {
    title: 'IMG-1: the image has another time',
    invariant: 'image-foreign',
    broken: (made) => {
      reseal(made, { stamp: '2001:09:09 13:47:52' });
    },
  },
  {
    title: 'the image was made from another file of the camera',
    invariant: 'image-foreign',
    broken: (made) => {
      reseal(made, { coded: Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9b) });
    },
  },
  {
    title: 'the image is lower than the record says',
    invariant: 'image-damaged',
    broken: (made) => {
      incident(made).splice = { photoRows: 48, sealedRows: 97, edgeRows: 0 };
    },
  },
  {
    title: 'a record lies under another name',
    invariant: 'record-misplaced',
    broken: ({ records }) => {
      Object.assign(records[0] ?? {}, { name: 'evidence/000001/000001003.record' });
    },
  },
];
