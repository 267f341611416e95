/** OPR-2: an event that was taken away, repeated or put in is found, also at the end of a deployment. */
import assert from 'node:assert/strict';
import type { EventType } from '../../../src/deployment/events.js';
import { checkEvents } from '../../../src/evidence/verify/events.js';
import type { PlacedMember } from '../../../src/evidence/verify/set-types.js';
import { deploymentFacts } from '../samples.js';

const member = (name: string, changes: Partial<PlacedMember>): PlacedMember => ({
  type: 'event',
  sequence: 1,
  previousSha256: '00'.repeat(32),
  sha256: '01'.repeat(32),
  deployment: '000124',
  cameraId: 'SC-014',
  signer: 'a',
  icn: null,
  kind: null,
  eventCounter: 0,
  account: null,
  event: null,
  path: `/e/000124/${name}.record`,
  chain: '/e',
  relative: `000124/${name}.record`,
  ...changes,
});
const event = (number: number, type: EventType): PlacedMember =>
  member(`event-${String(number)}`, { event: { number, type, doubt: null } });
const account = (eventCount: number): PlacedMember =>
  member('deployment', { type: 'deployment', account: { ...deploymentFacts, eventCount } });

const story = [event(1, 'opened'), event(2, 'state'), event(3, 'fault'), event(4, 'closed')];
const told = (members: readonly PlacedMember[]): string =>
  checkEvents(members)
    .map(({ status, sentence }) => `${status}: ${sentence}`)
    .join('\n');

describe('the events of a deployment', () => {
  it('OPR-2: from opening to closing and as many as the account states, they are whole', () => {
    assert.match(told([...story, account(4)]), /^ok: /);
  });

  it('OPR-2: each one that is taken away is missed, the last too', () => {
    for (const [i] of story.entries()) {
      const rest = story.filter((_, at) => at !== i);
      assert.match(
        told([...rest, account(4)]),
        new RegExp(`failed: Event ${String(i + 1)} of deployment 000124 has no record`),
      );
    }
    assert.match(told([...story.slice(0, 2), account(4)]), /failed: Events 3 to 4 of deployment 000124 have no record/);
    assert.match(told([account(4)]), /Events 1 to 4/);
  });

  it('one that is too many, or there twice, or of the wrong type at the ends is found', () => {
    assert.match(told([...story, event(5, 'fault'), account(4)]), /states 4 events, and .* is event 5/);
    assert.match(told([...story, event(3, 'fault'), account(4)]), /Event 3 of deployment 000124 has 2 records/);
    assert.match(
      told([event(1, 'state'), ...story.slice(1), account(4)]),
      /the first event, and no other, is the opening/,
    );
    assert.match(
      told([...story.slice(0, 3), event(4, 'state'), account(4)]),
      /the last event, and no other, is the closing/,
    );
    assert.match(told([...story.slice(0, 2), event(3, 'closed'), event(4, 'closed'), account(4)]), /is the closing/);
  });

  it('of an open deployment the end is not known, and a gap is one all the same', () => {
    assert.match(told(story.slice(0, 3)), /^not-checked: Deployment 000124 is still open.*its 3 events is not known/);
    assert.match(told([event(1, 'opened'), event(3, 'fault')]), /failed: Event 2/);
  });

  it('a deployment of an older program has no events, and its account says none', () => {
    assert.match(told([account(0)]), /^ok: /);
    assert.match(told([event(1, 'opened'), account(0)]), /states 0 events/);
  });

  it('an absurd number is a failure, with little work', () => {
    assert.match(told([event(4_000_000_000, 'fault')]), /no deployment has so many/);
  });
});
