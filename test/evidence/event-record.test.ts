/** OPR-2: the event record gives back what was put in, and says what it leaves out. */
import assert from 'node:assert/strict';
import { EVENT_TYPES } from '../../src/deployment/events.js';
import { incompleteness } from '../../src/evidence/completeness.js';
import { decodeEventRecord, encodeEventRecord, eventStem, type EventFacts } from '../../src/evidence/event-record.js';
import { readEnvelope } from '../../src/evidence/record-envelope.js';
import { chainName, encodeWork, NO_IMAGE } from '../../src/evidence/record-work.js';
import { encodeDeploymentRecord } from '../../src/evidence/session-records.js';
import { deploymentFacts, eventFacts, sampleLink as link } from './samples.js';

const damaged = (part: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });

describe('the record of an event', () => {
  const roundTrip = (facts: EventFacts): void => {
    const bytes = encodeEventRecord({ facts, link });
    assert.deepEqual(decodeEventRecord(bytes), { facts, link });
    assert.deepEqual(incompleteness(bytes, 'EventRecord'), []);
    assert.deepEqual(readEnvelope(bytes), { type: 'event', ...link });
  };

  it('OPR-2: gives back everything that was put in, of every type, with or without a time', () => {
    for (const type of EVENT_TYPES) roundTrip({ ...eventFacts, event: { ...eventFacts.event, type } });
    roundTrip({ ...eventFacts, event: { ...eventFacts.event, utcMs: null, detail: {} } });
  });

  it('has a name that sorts, and its place in the chain', () => {
    assert.deepEqual([eventStem(1), eventStem(12_345)], ['event-0001', 'event-12345']);
    const work = { type: 'event', facts: eventFacts } as const;
    assert.equal(chainName(work), '000124/event-0003.record');
    assert.deepEqual(encodeWork(work, link, NO_IMAGE, '0.1.0'), encodeEventRecord({ facts: eventFacts, link }));
  });

  it('a detail that is no plain JSON, or no object, is refused', () => {
    const withDetail = (detail: Record<string, unknown>) =>
      encodeEventRecord({ facts: { ...eventFacts, event: { ...eventFacts.event, detail } }, link });
    const list = withDetail({ toJSON: () => [1] });
    assert.throws(() => decodeEventRecord(list), damaged(/no JSON object/));
    const bytes = Buffer.from(withDetail({ key: 'value' }));
    bytes.write('(', bytes.indexOf('{"key"'));
    assert.throws(() => decodeEventRecord(bytes), damaged(/detail that is no JSON/));
  });

  it('cut anywhere, it is refused or not complete; another kind is named', () => {
    const bytes = encodeEventRecord({ facts: eventFacts, link });
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      assert.throws(() => {
        decodeEventRecord(cut);
        const [first] = incompleteness(cut, 'EventRecord');
        if (first !== undefined)
          throw Object.assign(new Error(first), { name: 'KerbsideError', kind: 'evidence-damaged' });
      }, damaged(/./));
    }
    const account = encodeDeploymentRecord({ facts: deploymentFacts, link });
    assert.throws(() => decodeEventRecord(account), damaged(/is of type deployment, expected event/));
  });
});
