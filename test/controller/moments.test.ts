/**
 * Between two rounds of checks: what ends there ends enforcement at once and for good, limits and darkness are those of the
 * moment, and nothing dear is worked out while vehicles pass.
 */
import assert from 'node:assert/strict';
import Holidays from 'date-holidays';
import sinon from 'sinon';
import type { Controller } from '../../src/controller.js';
import type { Finding } from '../../src/deployment/readiness.js';
import type { Reference } from '../../src/site/reference.js';
import { kmh, metres, NS_PER_MS, utcMs } from '../../src/units.js';
import { heartbeat } from '../radar/talk.js';
import { crossing } from '../support/agd-feed.js';
import {
  enforcing,
  fullOptions,
  goodReference,
  MONDAY_11_MS,
  prepare,
  schoolSite,
  SPEEDER,
} from '../support/full-deployment.js';
import { VirtualVan } from '../support/virtual-van.js';

const SCHOOL_ENDS_MS = MONDAY_11_MS + 7 * 3_600_000;

/** The last finding of a check. */
function finding(van: VirtualVan, id: string): Finding | undefined {
  const told = van.outputs.findLast((output) => output.type === 'checks');
  return told?.findings.find((each) => each.id === id);
}

/** Milliseconds from the first frame to the one at which an unhindered camera fires. */
function firesAfterMs(): number {
  const van = enforcing({ site: schoolSite() });
  const beginMs = van.nowMs;
  van.frames(crossing(SPEEDER));
  const fired = van.outputs.findLast((output) => output.type === 'fire' && output.exposure.kind === 'incident');
  assert.ok(fired?.type === 'fire');
  return fired.exposure.atNs / NS_PER_MS - beginMs;
}

describe('moments between rounds', () => {
  it('SCH-2: what ends between two rounds suspends with that very frame, and a clock set back does not hide it', () => {
    const decidingMs = firesAfterMs();
    const site = schoolSite();
    const van = enforcing({ beginUtcMs: SCHOOL_ENDS_MS - 40_000, site });
    const beginMs = van.nowMs + (SCHOOL_ENDS_MS - van.utcMs) - decidingMs;
    van.advance(beginMs - van.nowMs);
    for (const { atMs, bytes } of crossing(SPEEDER)) {
      if (atMs > decidingMs) break;
      van.nowMs = beginMs + atMs;
      van.radar(bytes);
      // The next round would be due 100 ms later.
      if (atMs < decidingMs) van.input({ type: 'tick', atNs: van.now });
    }
    assert.equal(van.utcMs, SCHOOL_ENDS_MS, 'the deciding frame comes with the stroke of the hour');
    assert.equal(van.state, 'suspended');
    assert.equal(van.fires(), 0);
    const clock = {
      type: 'clock',
      utcMs: utcMs(SCHOOL_ENDS_MS - 20),
      disciplined: false,
      uncertaintyMs: null,
    } as const;
    van.input({ ...clock, atNs: van.now });
    assert.equal(van.state, 'ready', 'somebody begins anew');
  });

  it('a hint for whoever waits changes nothing: the same inputs give the same outputs, asked or not', () => {
    const story = (ask: boolean): string => {
      const van = enforcing({ beginUtcMs: SCHOOL_ENDS_MS - 40_000, site: schoolSite() });
      const controller = Reflect.get(van, 'controller') as Controller;
      van.advance(SCHOOL_ENDS_MS - van.utcMs - 10);
      // Too few frames for a decision, and no round since the hour has struck.
      for (const { bytes } of crossing(SPEEDER).slice(0, 4)) {
        van.nowMs += 10;
        van.radar(bytes);
        if (ask) controller.mayFireSoon();
      }
      return JSON.stringify(van.outputs);
    };
    assert.equal(story(true), story(false));
  });

  it('SCH-2: a static camera at a school goes on by itself the next school morning, a van does not', () => {
    const begin = { beginUtcMs: SCHOOL_ENDS_MS - 40_000, heartbeat };
    const site = { ...schoolSite(), installation: 'static', altitudesM: [20, 20] };
    const equipment = { radarSerial: 'R-350', forks: [], selfTestEveryMinutes: null };
    const [camera] = goodReference().certificates;
    const certificates = [...goodReference().certificates, { ...camera!, kind: 'site' as const, subject: '7421' }];
    const pole = new VirtualVan(
      fullOptions({
        ...begin,
        site,
        plan: { operatorId: null, vehicle: null, start: 'automatic' },
        config: { installation: 'static', hasIoBoard: false, equipment },
        reference: { certificates },
      }),
    );
    pole.connect().advance(30_000);
    const van = enforcing({ ...begin, site: schoolSite() });
    const states = [pole, van].map((each) => {
      const before = each.state;
      each.advance(SCHOOL_ENDS_MS - each.utcMs);
      const over = each.state;
      // The night in one step: the clock is all that counts for the hours.
      Reflect.set(each, 'beginUtcMs', each.utcMs + 13.5 * 3_600_000 - each.nowMs);
      each.advance(10_000);
      return [before, over, each.state];
    });
    assert.deepEqual(states, [
      ['enforcing', 'suspended', 'enforcing'],
      ['enforcing', 'suspended', 'ready'],
    ]);
  });

  it('darkness is worked out anew when the clock jumps', () => {
    const van = enforcing();
    assert.equal(finding(van, 'park-lights')?.status, 'not-applicable');
    const night = { type: 'clock', utcMs: utcMs(van.utcMs + 12 * 3_600_000), disciplined: false } as const;
    van.input({ ...night, atNs: van.now, uncertaintyMs: null });
    assert.equal(finding(van, 'park-lights')?.status, 'fail');
  });

  it('the limit of the exposure stays that of its pass when the limit rises before the pass is over', () => {
    const rises = MONDAY_11_MS + 3 * 3_600_000 + 45 * 60_000;
    const threshold = { speedKmh: 34, authority: 'Road policing centre', date: '2026-01-10' };
    const site = schoolSite({ variableLimits: [{ from: '11:05', until: '14:45', limitKmh: 30, threshold }] });
    const van = enforcing({ beginUtcMs: rises - 40_000, site });
    const crossed = crossing({ ...SPEEDER, speedKmh: 47.5 });
    van.advance(rises - 350 - van.utcMs);
    van.frames(crossed);
    van.advance(1000);
    const last = van.concluded().at(-1);
    assert.ok(last?.triggerNs != null);
    const firedAtMs = van.utcMs - van.nowMs + last.triggerNs / NS_PER_MS;
    assert.ok(firedAtMs < rises && rises < firedAtMs + 350, 'fired under the lower limit, over under the higher one');
    assert.equal(last.kind, 'incident');
    assert.deepEqual([last.facts.limitKmh, last.verdict?.limitKmh, last.verdict?.thresholdKmh], [30, 30, 34]);
  });

  it('DEP-11: while a variable limit is in force a static camera with the posted limit counts all the same', () => {
    const threshold = { speedKmh: 34, authority: 'Road policing centre', date: '2026-01-10' };
    const site = schoolSite({ variableLimits: [{ from: '10:30', until: '14:45', limitKmh: 30, threshold }] });
    const staticCamera = {
      id: 'S-1',
      roadId: 'R-1',
      roadChainageM: metres(1900),
      position: { latitude: -36.8, longitude: 174.7 },
      limitKmh: kmh(50),
      operatesFrom: '2026-01-01',
      operatesUntil: null,
    };
    const van = prepare(new VirtualVan(fullOptions({ site, reference: { staticCameras: [staticCamera] } })));
    assert.equal(finding(van, 'static-camera-near')?.status, 'fail');
    assert.equal(van.state, 'checking');
  });

  it('school years are worked out when calendars come, none while vehicles pass', () => {
    // Years that no other test asks for: they are remembered by the whole process.
    const years = sinon.spy(Holidays.prototype, 'getHolidays');
    try {
      const [calendar] = goodReference().calendars;
      const calendars = [{ ...calendar!, region: 'otago', validFrom: '2048-01-01', validUntil: '2049-12-31' }];
      const site = schoolSite();
      const school = { ...(site['school'] as object), region: 'otago' };
      const reference: Reference = goodReference({ calendars });
      const options = fullOptions({
        site: { ...site, school },
        reference: { calendars },
        beginUtcMs: Date.UTC(2048, 11, 31, 10, 59, 50),
      });
      const van = new VirtualVan(options);
      assert.deepEqual(
        years.args.map(([year]) => year),
        [2048, 2049],
      );
      van.connect().advance(20_000);
      van.input({ type: 'reference', atNs: van.now, reference });
      van.advance(1000);
      assert.equal(years.callCount, 2, 'over New Year');
    } finally {
      years.restore();
    }
  });
});
