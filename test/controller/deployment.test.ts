/**
 * A deployment from imported packs, from closed to closed, in virtual time: enforcement begins from ready alone, and once
 * the input that fails a mandatory check has been taken no `fire` follows.
 */
import assert from 'node:assert/strict';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { NS_PER_MS, utcMs } from '../../src/units.js';
import { goodAgd, heartbeat } from '../radar/talk.js';
import { crossing } from '../support/agd-feed.js';
import {
  attestAll,
  drive,
  enforcing,
  eventsOf,
  forkTest,
  FORK,
  fullOptions,
  GOOD_BOARD,
  goodReference,
  MONDAY_11_MS,
  schoolSite,
  SPEEDER,
  start,
} from '../support/full-deployment.js';
import { VirtualVan } from '../support/virtual-van.js';

const stateEvents = (van: VirtualVan): string[] =>
  eventsOf(van)
    .filter(({ type }) => type === 'state')
    .map(({ code, by }) => `${code} by ${by}`);

const kinds = (van: VirtualVan): string[] => van.concluded().map(({ kind }) => kind);

const notices = (van: VirtualVan): string[] =>
  van.outputs.flatMap((output) => (output.type === 'notice' ? [output.code] : []));

describe('deployment from packs', () => {
  it('goes from checking through ready to enforcing, and only on the operator’s word', () => {
    const van = new VirtualVan(fullOptions());
    van.connect();
    van.advance(8000);
    assert.equal(van.state, 'checking');
    start(van);
    assert.ok(notices(van).includes('start-refused'));
    attestAll(van);
    forkTest(van, FORK.speedKmh);
    van.advance(5000);
    assert.equal(van.state, 'ready', van.reasons.join());
    assert.equal(drive(van), 0, 'ready is not enforcing');
    assert.equal(van.passes().at(-1)?.whyNot, 'ready');
    start(van);
    van.advance(100);
    assert.equal(drive(van), 1);
    assert.deepEqual(stateEvents(van), ['checking by controller', 'ready by controller', 'enforcing by OP1']);
  });

  it('the arm key: turned on it starts where nothing else was missing, turned off it suspends', () => {
    const off = { ...GOOD_BOARD, armKey: false };
    const on = { ...GOOD_BOARD, armKey: true };
    const van = new VirtualVan(fullOptions({ board: off }));
    van.connect().advance(8000);
    van.board = on;
    van.advance(500);
    assert.equal(van.state, 'checking', 'too early');
    attestAll(van);
    forkTest(van, FORK.speedKmh);
    van.advance(6000);
    assert.equal(van.state, 'ready', 'a key that was turned too early does not count later');
    van.board = off;
    van.advance(500);
    assert.deepEqual(van.reasons, ['arm-key']);
    van.board = on;
    van.advance(200);
    assert.equal(van.state, 'enforcing');
    assert.deepEqual(stateEvents(van).slice(-3), [
      'checking by controller',
      'ready by controller',
      'enforcing by arm key',
    ]);
    van.board = off;
    van.advance(200);
    assert.equal(van.state, 'suspended');
    assert.equal(drive(van), 0);
    van.board = on;
    van.advance(200);
    assert.equal(van.state, 'enforcing');
  });

  it('the arm key: turned while the board was unplugged it starts nothing when the board is plugged back', () => {
    const off = { ...GOOD_BOARD, armKey: false };
    const on = { ...GOOD_BOARD, armKey: true };
    const van = new VirtualVan(fullOptions({ board: off }));
    van.connect().advance(8000);
    attestAll(van);
    forkTest(van, FORK.speedKmh);
    van.advance(6000);
    assert.deepEqual(van.reasons, ['arm-key']);
    const link = (up: boolean): void => {
      van.input({ type: 'board-link', atNs: van.now, up, detail: up ? 'answers' : 'was unplugged' });
      van.board = up ? on : null;
      van.advance(500);
    };
    link(false);
    link(true);
    assert.equal(van.state, 'ready', van.reasons.join());
    assert.equal(drive(van), 0);
    van.board = off;
    van.advance(200);
    van.board = on;
    van.advance(200);
    assert.equal(van.state, 'enforcing');
  });

  it('takes an alignment photo at the start and at the end, under numbers of their own', () => {
    const van = enforcing();
    assert.deepEqual(kinds(van), ['sync', 'alignment']);
    drive(van);
    van.input({ type: 'command', atNs: van.now, command: 'close', by: 'OP1' });
    van.advance(3000);
    assert.deepEqual(kinds(van), ['sync', 'alignment', 'incident', 'alignment']);
    assert.equal(van.state, 'closed');
    const photos = eventsOf(van).filter(({ type, code }) => type === 'test' && code === 'alignment');
    assert.deepEqual(
      photos.map(({ detail }) => [detail['passed'], detail['subject']]),
      van.concluded().flatMap(({ kind, icn }) => (kind === 'alignment' ? [[true, icn]] : [])),
    );
  });

  it('the fork test suspends, its readings are nobody’s pass, and it resumes', () => {
    const van = enforcing();
    const passes = van.passes().length;
    forkTest(van, FORK.speedKmh);
    assert.equal(van.passes().length, passes);
    van.advance(1000);
    assert.equal(van.state, 'enforcing', van.reasons.join());
    assert.ok(stateEvents(van).includes('suspended by controller'));
  });

  it('a failed end test puts everything since the last good one in doubt', () => {
    const van = enforcing();
    drive(van);
    forkTest(van, FORK.speedKmh);
    van.advance(1000);
    drive(van);
    drive(van);
    const last = van.concluded().slice(-2);
    forkTest(van, FORK.speedKmh * 1.006);
    van.advance(1000);
    const doubt = eventsOf(van).find(({ type }) => type === 'doubt');
    assert.deepEqual(
      [doubt?.detail['fromIcn'], doubt?.detail['untilIcn']],
      last.map(({ icn }) => icn),
    );
    assert.equal(van.state, 'suspended');
    assert.ok(van.reasons.includes('fork-test'), van.reasons.join());
  });

  it('an end without a fork test puts everything since the last one in doubt, a good end test nothing', () => {
    const close = (van: VirtualVan): DeploymentEvent[] => {
      van.input({ type: 'command', atNs: van.now, command: 'close', by: 'OP1' });
      van.advance(4000);
      assert.equal(van.state, 'closed');
      return eventsOf(van).filter(({ type }) => type === 'doubt');
    };
    const careless = enforcing();
    drive(careless);
    const [doubt] = close(careless);
    assert.equal(doubt?.detail['fromIcn'], careless.concluded().find(({ kind }) => kind === 'incident')?.icn);
    const types = careless.outputs.map((output) => (output.type === 'event' ? output.event.type : output.type));
    assert.ok(types.indexOf('doubt') < types.indexOf('closed'), 'the doubt is told before the end');
    const careful = enforcing();
    drive(careful);
    forkTest(careful, FORK.speedKmh);
    assert.deepEqual(close(careful), []);
  });

  it('the radar’s own test is run again in time; overdue it suspends', () => {
    const radar = { selfTest: true } as const;
    const config = { equipment: { radarSerial: 'R-350', forks: [FORK.serial], selfTestEveryMinutes: 5 } };
    let deaf = false;
    const answers = goodAgd();
    const radarAnswers = (command: string): string => (deaf && command.startsWith('*TS') ? '' : answers(command));
    const van = enforcing({ radar, config, radarAnswers, heartbeat });
    const tests = () => eventsOf(van).filter(({ type, code }) => type === 'test' && code === 'radar').length;
    assert.equal(tests(), 1);
    van.advance(290_000);
    assert.equal(tests(), 2, 'after nine tenths of its time');
    assert.equal(van.state, 'enforcing', van.reasons.join());
    deaf = true;
    van.advance(310_000);
    assert.equal(van.state, 'suspended');
    assert.ok(van.reasons.includes('radar-self-test-overdue'), van.reasons.join());
    assert.equal(drive(van), 0);
  });

  it('SCH-2: at a school no vehicle is photographed from 18:00:00.000 on', () => {
    const beginUtcMs = MONDAY_11_MS + 7 * 3_600_000 - 40_000;
    const end = MONDAY_11_MS + 7 * 3_600_000;
    const site = schoolSite();
    for (const offsetMs of [-500, -400, -300, -200, -100, -50, 0]) {
      const van = enforcing({ beginUtcMs, site });
      van.advance(end + offsetMs - van.utcMs);
      drive(van);
      const fired = van
        .concluded()
        .flatMap(({ kind, triggerNs }) =>
          kind === 'incident' && triggerNs !== null ? [beginUtcMs + triggerNs / NS_PER_MS] : [],
        );
      assert.ok(
        fired.every((atMs) => atMs < end),
        `${offsetMs}: ${fired.join()}`,
      );
      assert.equal(fired.length, offsetMs <= -200 ? 1 : 0, String(offsetMs));
      assert.ok(van.reasons.includes('school-hours'));
    }
  });

  it('CAL-1: the certificate of the radar ends at midnight local time, and with it enforcement', () => {
    const midnight = MONDAY_11_MS + 13 * 3_600_000;
    const certificates = goodReference().certificates.map((each) =>
      each.kind === 'radar' ? { ...each, issuedOn: '2025-11-23' } : each,
    );
    const van = enforcing({
      beginUtcMs: midnight - 40_000,
      reference: { certificates },
      board: { ...GOOD_BOARD, parkLights: true },
    });
    van.advance(midnight - 500 - van.utcMs);
    assert.equal(van.state, 'enforcing');
    assert.equal(drive(van), 1);
    assert.equal(van.state, 'suspended');
    assert.deepEqual(van.reasons, ['radar-certificate']);
    const last = van.concluded().at(-1);
    assert.ok(last?.facts.utcMs != null && last.facts.utcMs < midnight);
    assert.equal(drive(van), 0);
  });

  it('SCH-3: the code of a school site alone brings its threshold, and SCH-4 its name into every record', () => {
    const van = enforcing({ site: schoolSite() });
    van.frames(crossing({ ...SPEEDER, speedKmh: 57 }));
    van.advance(1000);
    const last = van.concluded().at(-1);
    assert.equal(last?.kind, 'incident');
    assert.deepEqual(
      van.concluded().map(({ facts }) => facts.school),
      Array(van.concluded().length).fill('Demo School'),
    );
    assert.equal(last.facts.thresholdKmh, 54);
  });

  it('a variable limit: the limit in force at the exposure is compared and stamped, to the millisecond', () => {
    const from = MONDAY_11_MS + 3 * 3_600_000 + 45 * 60_000;
    const site = schoolSite({
      variableLimits: [
        {
          from: '14:45',
          until: '15:30',
          limitKmh: 30,
          threshold: { speedKmh: 34, authority: 'Road policing centre', date: '2026-01-10' },
        },
      ],
    });
    for (const offsetMs of [-1500, -200, 0, 1500]) {
      const van = enforcing({ beginUtcMs: from - 40_000, site });
      van.advance(from + offsetMs - van.utcMs);
      van.frames(crossing({ ...SPEEDER, speedKmh: 47.5 }));
      van.advance(1000);
      const fast = van.passes().at(-1);
      const last = van.concluded().at(-1);
      if (last?.kind === 'incident') {
        assert.ok(last.facts.utcMs !== null && last.facts.utcMs >= from);
        assert.deepEqual([last.facts.limitKmh, last.facts.thresholdKmh, last.verdict?.thresholdKmh], [30, 34, 34]);
      } else {
        assert.equal(fast?.verdict.reason, 'not-above-threshold');
      }
      // 200 ms before the change it is still in the beam when the limit falls.
      assert.equal(last?.kind === 'incident', offsetMs >= -200, String(offsetMs));
    }
  });

  it('LIM-3: a static site goes on in the first month and tags each record with both limits', () => {
    const site = {
      installation: 'static',
      altitudesM: [20, 20],
      limitHistory: [
        { limitKmh: 80, from: '2019-07-01', authority: 'Road controlling authority' },
        { limitKmh: 50, from: '2026-11-10', authority: 'Road controlling authority' },
      ],
    };
    const van = new VirtualVan(
      fullOptions({
        site,
        plan: { operatorId: null, vehicle: null, start: 'automatic' },
        config: {
          installation: 'static',
          hasIoBoard: false,
          equipment: { radarSerial: 'R-350', forks: [], selfTestEveryMinutes: null },
        },
        reference: {
          certificates: [
            ...goodReference().certificates,
            {
              kind: 'site',
              number: 'S-1',
              subject: '7421',
              issuer: 'DEMO',
              issuedOn: '2026-11-12',
              validUntil: null,
              forkKmh: null,
            },
          ],
        },
      }),
    );
    van.connect().advance(12_000);
    assert.equal(van.state, 'enforcing', van.reasons.join());
    drive(van);
    assert.equal(van.concluded().at(-1)?.facts.graduatedFromKmh, 80);
  });

  it('EXP-1: an image that waits for its export too long is shown and refuses nothing', () => {
    const van = enforcing();
    const oldestUtcMs = utcMs(van.utcMs - 6 * 86_400_000);
    van.input({ type: 'unexported', atNs: van.now, oldestUtcMs });
    van.advance(1100);
    assert.equal(van.state, 'enforcing');
    const checks = van.outputs.findLast((output) => output.type === 'checks');
    const due = checks?.findings.find(({ rule }) => rule === 'EXP-1');
    assert.equal(due?.status, 'fail');
    assert.equal(due.force, 'advisory');
  });
});
