/** The checks of a whole set: chain, numbers, event counter, chain file, foreign files. */
import assert from 'node:assert/strict';
import { NO_RECORD_SHA256 } from '../../../src/evidence/record-envelope.js';
import { checkSet, type EvidenceSet } from '../../../src/evidence/verify/set.js';
import type { PlacedMember } from '../../../src/evidence/verify/set-types.js';
import type { DeploymentFacts } from '../../../src/evidence/session-records.js';
import type { ExposureKind } from '../../../src/evidence/types.js';
import { sampleContext } from '../samples.js';

const hash = (n: number): string => n.toString(16).padStart(64, '0');

function member(sequence: number, name: string, changes: Partial<PlacedMember> = {}): PlacedMember {
  const isNumber = /^\d{9}$/.test(name);
  const deployment = isNumber ? name.slice(0, 6) : '000001';
  return {
    type: isNumber ? 'exposure' : (name as 'deployment'),
    sequence,
    previousSha256: sequence === 1 ? NO_RECORD_SHA256 : hash(sequence - 1),
    sha256: hash(sequence),
    deployment,
    cameraId: 'SC-014',
    signer: 'a',
    icn: isNumber ? name : null,
    kind: isNumber ? 'incident' : null,
    eventCounter: 0,
    account: null,
    event: null,
    path: `/e/${deployment}/${name}.record`,
    chain: '/e',
    relative: `${deployment}/${name}.record`,
    ...changes,
  };
}

const account = (changes: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  deployment: '000001',
  follows: null,
  cameraId: 'SC-014',
  siteCode: 'WN-0417',
  demo: false,
  openedUtcMs: 0,
  closedUtcMs: 1,
  ended: 'closed',
  leases: [
    { lease: 1, firstIcn: '000001001', lastIcn: '000001002' },
    { lease: 2, firstIcn: '000001003', lastIcn: '000001003' },
  ],
  numberCount: 3,
  counts: [
    { kind: 'incident', count: 2 },
    { kind: 'void', count: 1 },
  ],
  software: sampleContext.software,
  eventCount: 0,
  eventCounter: 0,
  firstSequence: 1,
  lastSequence: 3,
  ...changes,
});

const VOID: ExposureKind = 'void';
const good: readonly PlacedMember[] = [
  member(1, '000001001'),
  member(2, '000001002', { kind: VOID }),
  member(3, '000001003'),
  member(4, 'deployment', { account: account() }),
];
const lines = good.map(({ sha256, relative }) => `${sha256}  ${relative}\n`);

const check = (members: readonly PlacedMember[], more: Partial<EvidenceSet> = {}) =>
  checkSet({ members, chainFiles: [], strangers: [], ...more });
const chainFile = (text: string) => ({ chainFiles: [{ path: '/e/chain.sha256', chain: '/e', text }] });

function failures(checks: ReturnType<typeof checkSet>, id: string): string {
  const failed = checks.filter(({ status }) => status === 'failed');
  assert.deepEqual([...new Set(failed.map((each) => each.id))], [id], JSON.stringify(failed));
  return failed.map(({ sentence }) => sentence).join('\n');
}

describe('the checks of a set', () => {
  it('a whole deployment with its chain file passes them all', () => {
    const checks = check(good, chainFile(lines.join('')));
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok'),
      [],
    );
    assert.equal(checks.length, 7);
  });

  it('a set may begin anywhere, but the first record of all names none before it', () => {
    const later = good.map((each) => ({ ...each, sequence: each.sequence + 40 }));
    assert.deepEqual(
      check(
        later.map((each) =>
          each.account ? { ...each, account: account({ firstSequence: 41, lastSequence: 43 }) } : each,
        ),
      ).filter(({ status }) => status === 'failed'),
      [],
    );
    const wrong = good.map((each) => (each.sequence === 1 ? { ...each, previousSha256: hash(9) } : each));
    assert.match(failures(check(wrong), 'chain-hashes'), /first record of all/);
  });

  it('a record that names another hash than that of the one before is found', () => {
    const wrong = good.map((each) => (each.sequence === 3 ? { ...each, previousSha256: hash(9) } : each));
    assert.match(failures(check(wrong), 'chain-hashes'), /000001003\.record names .* as the hash of the record before/);
  });

  it('ICN-2: a number without a record is a gap, in chain and ledger', () => {
    const failed = check(good.filter(({ sequence }) => sequence !== 2)).filter(({ status }) => status === 'failed');
    assert.match(
      failed.map(({ sentence }) => sentence).join('\n'),
      /Place 2 of the chain is missing between [^]*: a record was removed[^]*Number 000001002, leased \(000001\), has no record/,
    );
    assert.match(failed.map(({ sentence }) => sentence).join('\n'), /states 1 number of the kind void; here: 0/);
  });

  it('several places and numbers that are missing are spoken of in the plural', () => {
    const failed = check(good.filter(({ sequence }) => sequence === 1 || sequence === 4));
    assert.match(
      failed.map(({ sentence }) => sentence).join('\n'),
      /Places 2 to 3 of the chain are missing [^]*: records were removed[^]*Numbers 000001002 to 000001003, leased \(000001\), have no/,
    );
  });

  it('where one of two cameras has an open deployment, the numbers are not called whole', () => {
    const open = [{ ...member(1, '000700001'), cameraId: 'SC-015' }];
    const checks = check([...good, ...open]).filter(({ id }) => id === 'numbers');
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['not-checked'],
    );
  });

  it('ICN-2: the account is compared with what is there', () => {
    const withAccount = (changes: Partial<DeploymentFacts>) =>
      failures(check(good.map((each) => (each.account ? { ...each, account: account(changes) } : each))), 'numbers');
    assert.match(
      withAccount({ leases: [{ lease: 1, firstIcn: '000001001', lastIcn: '000001002' }] }),
      /lies beyond every lease/,
    );
    assert.match(withAccount({ numberCount: 4 }), /states 4 numbers, its leases hold 3/);
    assert.match(
      withAccount({ counts: [{ kind: 'incident', count: 3 }] }),
      /states 3 numbers of the kind incident; here: 2/,
    );
    assert.match(withAccount({ lastSequence: 4 }), /places 1 to 4/);
    const hole = [{ lease: 1, firstIcn: '000001002', lastIcn: '000001003' }];
    assert.match(withAccount({ leases: hole, numberCount: 2 }), /does not follow the one before/);
  });

  it('ICN-2: one number with two records is a duplicate', () => {
    const twice = [...good, member(5, '000001003', { relative: '000001/copy.record', path: '/e/000001/copy.record' })];
    assert.match(failures(check(twice), 'numbers'), /Number 000001003 has 2 records/);
  });

  it('a deployment without its account is still open, and its numbers have no gap', () => {
    const open = check(good.slice(0, 3));
    assert.deepEqual(
      open.filter(({ status }) => status === 'failed'),
      [],
    );
    const said = open.filter(({ id }) => id === 'numbers').map(({ status, sentence }) => `${status}: ${sentence}`);
    assert.deepEqual(said, [
      'not-checked: Deployment 000001 is still open, having no deployment.record: what follows its 3 numbers is not known.',
    ]);
    const gap = [member(1, '000001001'), member(2, '000001003')];
    assert.match(
      failures(check(gap), 'numbers'),
      /Number 000001002, before the last of an open deployment \(000001\), has no record/,
    );
  });

  it('the chain file: missing, extra, reordered, altered and torn lines are found', () => {
    const told = (text: string) => failures(check(good, chainFile(text)), 'chain-file');
    assert.match(told(lines.slice(0, 3).join('')), /ends before 000001\/deployment\.record/);
    assert.match(
      told(`${lines.join('')}${hash(5)}  000001/000001004.record\n`),
      /line 5 speaks of 000001\/000001004\.record, which is not here/,
    );
    assert.match(told([lines[1], lines[0], lines[2], lines[3]].join('')), /line 1 speaks of 000001\/000001002/);
    assert.match(told(lines.join('').replace(hash(2), hash(7))), /line 2 gives .* the SHA-256/);
    assert.match(told(lines.join('').slice(0, -5)), /last line is torn/);
    assert.match(told(`hello\n${lines.slice(1).join('')}`), /line 1 is no line of a chain file/);
  });

  it('the event counter moves by one with a parameters record, and never back', () => {
    const next = (counter: number, changed: boolean): PlacedMember[] => {
      const own = { deployment: '000002', eventCounter: counter };
      const change = changed ? [member(5, 'parameters', { ...own, relative: '000002/parameters.record' })] : [];
      return [...good, ...change, member(5 + change.length, '000002001', own)];
    };
    assert.deepEqual(
      check(next(0, false)).filter(({ status }) => status === 'failed'),
      [],
    );
    assert.deepEqual(
      check(next(1, true)).filter(({ status }) => status === 'failed'),
      [],
    );
    assert.match(failures(check(next(1, false)), 'event-counter'), /without a parameters record, expected 0/);
    assert.match(failures(check(next(3, true)), 'event-counter'), /expected 1/);
    const fallen = [...good.map((each) => ({ ...each, eventCounter: 4 })), ...next(3, true).slice(4)];
    assert.match(failures(check(fallen), 'event-counter'), /fell from 4/);
    const mixed = good.map((each) => (each.sequence === 2 ? { ...each, eventCounter: 1 } : each));
    assert.match(failures(check(mixed), 'event-counter'), /000001002\.record states event counter 1/);
  });

  it('a session that goes on in another deployment, which was not given, leaves no gap that counts', () => {
    const ended = account({ ended: 'continued', firstSequence: 1, lastSequence: 5 });
    const stretched = [
      ...good.slice(0, 2),
      member(5, '000001003', { previousSha256: hash(4) }),
      member(6, 'deployment', { account: ended }),
    ];
    const checks = check(stretched);
    assert.deepEqual(
      checks.filter(({ status }) => status === 'failed'),
      [],
    );
    assert.match(checks.find(({ id }) => id === 'chain-sequence')?.sentence ?? '', /000002/);
  });

  it('the deployments of two cameras side by side are two chains, each without a gap', () => {
    const moved = good.map(({ relative, path, icn, ...rest }): PlacedMember => {
      const move = (text: string): string => text.replaceAll('000001', '000700');
      const own = { deployment: '000700', cameraId: 'SC-015', signer: 'b', icn: icn && `000700${icn.slice(6)}` };
      const leases = [{ lease: 1, firstIcn: '000700001', lastIcn: '000700003' }];
      const theirs = rest.account && account({ deployment: '000700', cameraId: 'SC-015', leases });
      return { ...rest, ...own, relative: move(relative), path: move(path), account: theirs };
    });
    const failed = (set: readonly PlacedMember[]) => check(set).filter(({ status }) => status === 'failed');
    assert.deepEqual(failed([...good, ...moved]), []);
    assert.ok(
      failed([...good, ...moved.filter(({ sequence }) => sequence !== 2)]).some(({ id }) => id === 'chain-sequence'),
    );
  });

  it('a chain in which the camera was given another name stays one', () => {
    const renamed = good.map((each) => (each.sequence > 2 ? { ...each, cameraId: 'SC-015' } : each));
    assert.deepEqual(
      check(renamed).filter(({ status }) => status === 'failed'),
      [],
    );
  });

  /** Records of a deployment with voids only, in this place of the chain. */
  function whole(number: string, from: number, count: number, changes: Partial<DeploymentFacts> = {}): PlacedMember[] {
    const icns = Array.from({ length: count }, (_, i) => `${number}${String(i + 1).padStart(3, '0')}`);
    const facts = account({
      ...{ deployment: number, numberCount: count, firstSequence: from, lastSequence: from + count - 1 },
      leases: [{ lease: 1, firstIcn: icns[0] ?? '', lastIcn: icns.at(-1) ?? '' }],
      counts: [{ kind: VOID, count }],
      ...changes,
    });
    const own = { deployment: number, relative: `${number}/deployment.record`, path: `/e/${number}/deployment.record` };
    return [
      ...icns.map((icn, i) => member(from + i, icn, { kind: VOID })),
      member(from + count, 'deployment', { ...own, account: facts }),
    ];
  }
  const failedOf = (members: readonly PlacedMember[]) => check(members).filter(({ status }) => status === 'failed');

  it('ICN-2: the account speaks of all records of its deployment, so that none can be taken out', () => {
    const change = member(1, 'parameters');
    const rest = good.map((each) => ({ ...each, sequence: each.sequence + 1, previousSha256: each.sha256 }));
    const all = [change, ...rest].map((each) => ({
      ...each,
      sha256: hash(each.sequence),
      previousSha256: each.sequence === 1 ? NO_RECORD_SHA256 : hash(each.sequence - 1),
      account: each.account && account({ firstSequence: 1, lastSequence: 4 }),
    }));
    assert.deepEqual(failedOf(all), []);
    assert.match(failures(check(all.slice(1)), 'numbers'), /places 1 to 4 .* found are 2 to 4/);
  });

  it('a session that went on elsewhere excuses no gap of another deployment', () => {
    const all = [...whole('000101', 1, 3), ...whole('000102', 5, 3), ...whole('000103', 9, 2, { ended: 'continued' })];
    assert.deepEqual(failedOf(all), []);
    const cut = all.filter(({ sequence }) => sequence < 2 || sequence > 4);
    assert.match(failures(check(cut), 'chain-sequence'), /Places 2 to 4 of the chain are missing/);
    const unaccounted = all.filter(({ sequence }) => sequence !== 8);
    assert.match(failures(check(unaccounted), 'chain-sequence'), /Place 8 of the chain is missing/);
  });

  it('two whole deployments of one camera: what lies between them was not given, and is no failure', () => {
    const [first, third] = [whole('000101', 1, 2), whole('000103', 8, 2)];
    const checks = check([...first, ...third]);
    assert.deepEqual(
      checks.filter(({ status }) => status === 'failed'),
      [],
    );
    const { status, sentence } = checks.find(({ id, status }) => id === 'chain-sequence' && status !== 'ok')!;
    assert.equal(status, 'not-checked');
    assert.match(sentence, /Places 4 to 7 .* between deployment 000101 and deployment 000103/);
    assert.ok(failedOf([...first.slice(0, 2), ...third]).some(({ id }) => id === 'chain-sequence'));
    assert.ok(failedOf([...first, ...third.slice(1)]).some(({ id }) => id === 'chain-sequence'));
    assert.ok(failedOf([...first, ...whole('000102', 8, 2)]).some(({ id }) => id === 'chain-sequence'));
  });

  it('a camera is its key: another name for it does not make two chains of one', () => {
    const second = whole('000002', 5, 2).map((each) => ({ ...each, cameraId: 'SC-015' }));
    const cut = [...good.slice(0, 2), ...second];
    assert.match(failures(check(cut), 'chain-sequence'), /Places 3 to 4 of the chain are missing/);
  });

  it('one key has one history: another record of a place or a number in another folder is found, a copy is none', () => {
    const moved = (changes: Partial<PlacedMember>) =>
      good.map((each) => ({ ...each, chain: '/f', path: each.path.replace('/e/', '/f/'), ...changes }));
    assert.deepEqual(failedOf([...good, ...moved({})]), []);
    assert.deepEqual(failedOf([...good, ...moved({ signer: 'b', sha256: hash(77) })].slice(0, 5)), []);
    const other = member(9, '000001003', { chain: '/f', sha256: hash(99) });
    assert.match(
      failures(
        check([...good, other]).filter(({ sentence }) => /anew/.test(sentence)),
        'numbers',
      ),
      /000001003/,
    );
    const place = member(3, '000009001', { chain: '/f', sha256: hash(99) });
    assert.match(failures(check([...good, place]), 'chain-sequence'), /two different records of place 3/);
  });

  it('numbers and leases that are none are failures, with little work', () => {
    const odd = (icn: string) => check([...good.slice(0, 3), member(4, '000001004', { icn })]);
    for (const icn of ['abcdef001', '0000010040', '000001999999999', '']) {
      assert.match(failures(odd(icn), 'numbers'), /expected nine digits/);
    }
    const leased = (leases: DeploymentFacts['leases']) =>
      failures(check(good.map((each) => (each.account ? { ...each, account: account({ leases }) } : each))), 'numbers');
    for (const [firstIcn, lastIcn] of [
      ['000001000', '000001003'],
      ['000001001', '000001999999999999'],
      ['000000000', '000000000'],
    ] as const) {
      assert.match(leased([{ lease: 1, firstIcn, lastIcn }]), /does not follow the one before/);
    }
    const same = Array.from({ length: 3000 }, (_, i) => ({ lease: i, firstIcn: '000001001', lastIcn: '000001999' }));
    assert.match(leased(same), /does not follow the one before/);
  });

  it('files that no record accounts for are named', () => {
    const strangers = [{ path: '/e/000001/x.jpg', why: 'no record accounts for this file.' }];
    assert.match(failures(check(good, { strangers }), 'foreign-files'), /x\.jpg: no record/);
  });
});
