import assert from 'node:assert/strict';
import { closedEvent, FaultLog, openedEvent } from '../../src/deployment/office-events.js';
import type { DeploymentPlan } from '../../src/deployment/plan.js';
import { readOpened } from '../../src/deployment/register-opened.js';
import { NO_REFERENCE, type Reference } from '../../src/site/reference.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { sampleContext } from '../evidence/samples.js';
import { CONTROLLER } from '../office/fakes.js';

const NOW = { atNs: monotonicNs(5e9), utcMs: utcMs(1_790_000_000_000) };
const FACTS = {
  ...NOW,
  startedBy: 'technician',
  siteSha256: '5a'.repeat(32),
  software: sampleContext.software,
  certificates: sampleContext.certificates,
};

const certificate = (number: string, subject: string, kind: 'camera' | 'radar' | 'fork' = 'radar') => ({
  ...{ kind, number, subject, issuer: 'Example Calibration', issuedOn: '2026-02-03', validUntil: null, forkKmh: null },
});
const reference: Reference = {
  ...NO_REFERENCE,
  heads: {
    ...NO_REFERENCE.heads,
    sites: {
      kind: 'sites',
      issuer: 'Example PIB',
      serial: 4,
      issuedUtcMs: NOW.utcMs,
      sha256: 'c1'.repeat(32),
      demo: false,
    },
  },
  certificates: [certificate('A', 'AGD-881'), certificate('B', 'AGD-882'), certificate('C', 'SC-014', 'camera')],
};

describe('events that the office makes', () => {
  it('OPR-2: the opening states equipment, site, limit, threshold, distances, packs and certificates, and can be read back', () => {
    const config = { ...CONTROLLER, reference, equipment: { ...CONTROLLER.equipment, radarSerial: 'AGD-881' } };
    const event = openedEvent(config, FACTS);
    const opened = readOpened(event);
    assert.deepEqual([event.type, event.by, event.code], ['opened', 'controller', 'opened']);
    for (const [name, value] of Object.entries(opened)) {
      const absent = ['plan', 'vehicle'].includes(name);
      assert.equal(value === null, absent, name);
    }
    assert.ok(opened.distances !== null);
    assert.deepEqual(opened.distances, {
      ...{ version: 'speed-enforcement-2021-12', zoneM: 250, boundBy: 'geometry', points: [] },
      boundM: opened.distances.boundM,
      byRule: ['DEP-8', 'DEP-9'].map((rule) => ({
        ...{ rule, boundM: opened.distances?.boundM, boundBy: 'geometry', zoneM: 250 },
      })),
    });
    assert.ok(opened.distances.boundM > 265);
    assert.deepEqual(
      opened.packs.map(({ kind, serial }) => [kind, serial]),
      [['sites', 4]],
    );
    // Of the packs those of this radar and camera; the configuration names another one.
    assert.deepEqual(
      opened.certificates.map(({ number }) => number),
      ['A', 'C', 'CS-2026-118'],
    );
    assert.equal(JSON.stringify(JSON.parse(JSON.stringify(event.detail))), JSON.stringify(event.detail));
  });

  it('OPR-1, OPR-5: a deployment with a plan names operator, vehicle and the lanes that he entered', () => {
    const plan: DeploymentPlan = {
      operatorId: 'OP-7',
      vehicle: 'TEST01',
      lanes: [],
      vanHeading: 'decreasing',
      lateralM: CONTROLLER.site.deployment.lateralM,
      occupier: null,
      weather: 'dry',
      start: 'operator',
    };
    const event = openedEvent({ ...CONTROLLER, plan }, FACTS);
    const opened = readOpened(event);
    assert.deepEqual([event.by, opened.vehicle, opened.vanHeading], ['OP-7', 'TEST01', 'decreasing']);
    assert.deepEqual(
      opened.lanes.map(({ monitored }) => monitored),
      [false],
    );
  });

  it('the closing says how it ended', () => {
    const { code, detail } = closedEvent('crash', NOW, { faults: { x: 1 } });
    assert.deepEqual([code, detail], ['crash', { ended: 'crash', faults: { x: 1 } }]);
  });

  it('OPR-4, TAM-1: an alarm is a fault at most once a minute and code, and the next one counts those between', () => {
    const log = new FaultLog();
    const alarm = (code: string, seconds: number) =>
      log.take({ code, sentence: `${code}.`, atNs: monotonicNs(seconds * 1e9), utcMs: NOW.utcMs })?.detail['count'] ??
      null;
    assert.deepEqual(
      [
        alarm('tamper', 0),
        alarm('tamper', 1),
        alarm('radar', 2),
        alarm('tamper', 59.9),
        alarm('tamper', 60),
        alarm('tamper', 130),
      ],
      [1, null, 1, null, 3, 1],
    );
    assert.deepEqual(log.totals, { tamper: 5, radar: 1 });
  });
});
