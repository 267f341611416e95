/** Tests of the equipment in a running session: what counts as a fork, what a test that is missing or failed brings about. */
import assert from 'node:assert/strict';
import { kmh } from '../../src/units.js';
import { goodAgd, heartbeat, simulated } from '../radar/talk.js';
import { agdFrame, crossing } from '../support/agd-feed.js';
import {
  attestAll,
  drive,
  enforcing,
  eventsOf,
  FORK,
  forkTest,
  fullOptions,
  goodReference,
  prepare,
  SPEEDER,
  start,
} from '../support/full-deployment.js';
import { VirtualVan } from '../support/virtual-van.js';

const testsOf = (van: VirtualVan, test: string): unknown[] =>
  eventsOf(van)
    .filter(({ type, code }) => type === 'test' && code === test)
    .map(({ detail }) => detail['passed']);

describe('tests of the equipment in a session', () => {
  it('CAL-2: the fork is judged by its certificate of today, not by one before it', () => {
    const { certificates } = goodReference();
    const forks = certificates.filter(({ kind }) => kind === 'fork');
    const earlier = forks.map((each) => ({ ...each, number: 'CC-0', issuedOn: '2025-05-01', forkKmh: kmh(79) }));
    const van = prepare(new VirtualVan(fullOptions({ reference: { certificates: [...earlier, ...certificates] } })));
    assert.deepEqual(testsOf(van, 'fork'), [true]);
    assert.equal(van.state, 'ready', van.reasons.join());
  });

  it('targets that the radar makes up are no fork, whatever their speed', () => {
    const van = new VirtualVan(fullOptions());
    van.connect().advance(8000);
    van.input({ type: 'fork-test', atNs: van.now, fork: FORK.serial, by: 'OP1' });
    for (let count = 0; count < 80; count += 1) {
      const time = (43_200 + count / 20).toFixed(2).padStart(8, '0');
      van.radar(agdFrame(`04,${time},09,X,080.0,K,010.0,+00.0,180.0,P,061.5`));
      van.advance(50);
    }
    van.advance(60_000);
    assert.deepEqual(testsOf(van, 'fork'), [false]);
  });

  it('a self-test that the radar did not answer is made again, and enforcement goes on by itself', () => {
    const config = { equipment: { radarSerial: 'R-350', forks: [FORK.serial], selfTestEveryMinutes: 2 } };
    let deaf = false;
    const answers = goodAgd();
    const radarAnswers = (command: string): string => (deaf && command.startsWith('*TS') ? '' : answers(command));
    const van = enforcing({ radar: { selfTest: true }, config, radarAnswers, heartbeat });
    deaf = true;
    van.advance(125_000);
    assert.equal(van.state, 'suspended', van.reasons.join());
    deaf = false;
    van.advance(70_000);
    assert.equal(van.state, 'enforcing', van.reasons.join());
    assert.equal(drive(van), 1);
  });

  it('a self-test that fails at its time puts what came since the last one in doubt, and is not repeated by itself', () => {
    const config = { equipment: { radarSerial: 'R-350', forks: [FORK.serial], selfTestEveryMinutes: 2 } };
    let broken = false;
    const answers = goodAgd();
    const radarAnswers = (command: string): string =>
      broken && command.startsWith('*TS') ? simulated('A', { letters: 'YYY' }) : answers(command);
    const van = enforcing({ radar: { selfTest: true }, config, radarAnswers, heartbeat });
    assert.equal(drive(van), 1);
    const icn = van.concluded().at(-1)?.icn;
    broken = true;
    van.advance(115_000);
    const doubt = eventsOf(van).find(({ type }) => type === 'doubt');
    assert.deepEqual([doubt?.code, doubt?.detail['fromIcn'], doubt?.detail['untilIcn']], ['radar', icn, icn]);
    assert.equal(van.state, 'suspended');
    assert.equal(drive(van), 0);
    broken = false;
    van.advance(130_000);
    assert.equal(van.state, 'suspended', 'nobody has asked for it');
  });

  it('only what an operator can vouch for is attested', () => {
    const van = new VirtualVan(fullOptions());
    van.connect().advance(3000);
    const attestation = { check: 'tamper', by: 'OP1', statement: '', given: true };
    van.input({ type: 'attest', atNs: van.now, attestation });
    assert.deepEqual(
      eventsOf(van).filter(({ type }) => type === 'attestation'),
      [],
    );
    attestAll(van);
    assert.ok(eventsOf(van).some(({ type }) => type === 'attestation'));
  });

  it('a vehicle that came into the beam before the start is not photographed', () => {
    const van = prepare(new VirtualVan(fullOptions()));
    const frames = crossing(SPEEDER);
    van.frames(frames.slice(0, 4));
    start(van);
    van.frames(frames.slice(4).map(({ bytes }, index) => ({ atMs: 20 + index * 20, bytes })));
    van.advance(1000);
    assert.equal(van.fires(), 0);
    assert.equal(van.passes().at(-1)?.whyNot, 'armed-during-pass');
    assert.equal(drive(van), 1);
  });

  it('a fork that rings on after its test is nobody’s pass, and the camera fires only after it', () => {
    const van = enforcing();
    forkTest(van, FORK.speedKmh);
    assert.equal(van.state, 'suspended');
    const { length } = van.passes();
    assert.equal(drive(van), 0);
    assert.equal(van.passes().length, length);
    van.advance(2000);
    assert.equal(drive(van), 1);
  });
});
