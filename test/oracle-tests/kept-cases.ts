/** What is kept: numbers, chain, images; one thing wrong in each. */
import { unused, type Case, type Change } from './changes.js';
import { CAR, factsOf, FILE_BYTES, ns, overS, incident, step } from './hand-made-world.js';

const openFor =
  (seconds: number): Change =>
  (made) => {
    for (const { outputs } of made.steps) {
      const end = outputs.find((each) => each.type === 'conclude');
      if (end?.exposure.kind === 'incident') Object.assign(end.exposure, { concludedNs: ns(overS(CAR) + seconds) });
    }
  };

export const KEPT: readonly Case[] = [
  {
    title: 'ICN-2: a number has two records',
    invariant: 'icn-twice',
    broken: ({ records }) => {
      records.push({ record: { ...records[1]?.record }, image: null });
    },
  },
  {
    title: 'ICN-2: a number is leased again in a second life',
    invariant: 'icn-twice',
    broken: ({ steps }) => {
      steps.push(step('lease', 25, { icns: ['000001002'] }, [], 2));
    },
    well: ({ steps, records }) => {
      steps.push(step('lease', 25, { icns: ['000001003'] }, [], 2));
      records.push({ record: { ...records[1]?.record, icn: '000001003' }, image: null });
    },
  },
  {
    title: 'ICN-2: a number has no record',
    invariant: 'icn-hole',
    broken: ({ records }) => {
      records.pop();
    },
  },
  {
    title: 'ICN-2: a number is left out',
    invariant: 'icn-hole',
    broken: ({ steps, records }) => {
      steps.push(step('lease', 25, { icns: ['000001004'] }));
      records.push({ record: { ...records[1]?.record, icn: '000001004' }, image: null });
    },
  },
  {
    title: 'ICN-2: a number is recorded that nobody leased',
    invariant: 'icn-unknown',
    broken: ({ records }) => {
      records.push({ record: { ...records[1]?.record, icn: '000001003', reason: 'image-missed' }, image: null });
    },
    well: ({ records }) => {
      records.push({ record: { ...records[1]?.record, icn: '000001003', reason: 'crash-unknown' }, image: null });
    },
  },
  {
    title: 'ICN-2: a void number has no reason',
    invariant: 'icn-fate',
    broken: (made) => {
      delete unused(made).reason;
    },
  },
  {
    title: 'a number that was fired is recorded as another kind',
    invariant: 'icn-fate',
    broken: (made) => {
      Object.assign(incident(made), { kind: 'alignment' });
    },
    // Whom it showed has no incident then.
    alsoFound: ['missed-offender'],
  },
  {
    title: 'a number is open when all is closed',
    invariant: 'left-open',
    broken: (made) => {
      made.steps = made.steps.filter(
        ({ outputs: [first] }) => first?.type !== 'conclude' || first.exposure.kind === 'sync',
      );
      Object.assign(incident(made), { kind: 'void', reason: 'image-missed' });
    },
    alsoFound: ['missed-offender'],
  },
  {
    title: 'a number is open for longer than an image may take',
    invariant: 'left-open',
    broken: openFor(10.4),
    well: openFor(10.2),
  },
  {
    title: 'a record names another record as the one before it',
    invariant: 'chain-broken',
    broken: ({ records }) => {
      Object.assign(records[1] ?? {}, {
        spoil: (record: { previousRecordSha256?: Uint8Array | null }) => {
          record.previousRecordSha256 = new Uint8Array(32);
        },
      });
    },
  },
  {
    title: 'the sequence leaves a place out',
    invariant: 'chain-broken',
    broken: ({ records }) => {
      Object.assign(records[1] ?? {}, {
        spoil: (record: { sequence?: number | null }) => {
          record.sequence = 3;
        },
      });
    },
  },
  {
    title: 'a record is of no known type',
    invariant: 'record-unreadable',
    broken: ({ records }) => {
      records.push({ record: { type: 'letter' }, image: null });
    },
  },
  {
    title: 'a record is not marked as a demonstration',
    invariant: 'not-demo',
    broken: (made) => {
      factsOf(made).demo = false;
    },
  },
  {
    title: 'the image is not the one of the record',
    invariant: 'image-damaged',
    broken: ({ records }) => {
      Object.assign(records[0] ?? {}, { image: Uint8Array.from([0xff, 0xd8, 9, 0xff, 0xd9]) });
    },
  },
  {
    title: 'there is no image',
    invariant: 'image-missing',
    broken: ({ records }) => {
      Object.assign(records[0] ?? {}, { image: null });
    },
  },
  {
    title: 'two numbers show one file of the camera',
    invariant: 'image-twice',
    broken: (made) => {
      unused(made).cameraFileSha256 = FILE_BYTES;
    },
  },
];
