/**
 * What suspends enforcement: once the input that fails a mandatory check has been taken no `fire` follows, and it goes on
 * by itself only where the rule allows.
 */
import assert from 'node:assert/strict';
import type { Input } from '../../src/timeline.js';
import { crossing } from '../support/agd-feed.js';
import {
  drive,
  enforcing,
  eventsOf,
  GOOD_BOARD,
  goodReference,
  SPEEDER,
  start,
  type FullChanges,
} from '../support/full-deployment.js';
import { VAN_POSITION } from '../support/outside-site.js';
import type { VirtualVan } from '../support/virtual-van.js';

const METRES_PER_DEGREE = 110_960;

/** One that enforces, photographs a speeder, and is then given this. */
interface Cause {
  readonly name: string;
  readonly code: string;
  readonly changes?: FullChanges;
  /** What is taken at once. */
  readonly happens: (van: VirtualVan) => void;
  /** How it is undone; null: nobody can undo it in time. */
  readonly ends: ((van: VirtualVan) => void) | null;
  readonly resumes: boolean;
}

const edge = (van: VirtualVan, value: 0 | 1): Input => ({ type: 'line-edge', atNs: van.now, line: 'tamper', value });
const store = (van: VirtualVan, usable: boolean): Input => ({
  type: 'store',
  atNs: van.now,
  usable,
  detail: usable ? '' : 'the disk is full.',
});
function moveTo(van: VirtualVan, northM: number, speedMs = 0): void {
  van.place = { ...VAN_POSITION, latitude: VAN_POSITION.latitude + northM / METRES_PER_DEGREE };
  van.speedMs = speedMs;
  van.advance(1000);
}

const CAUSES: readonly Cause[] = [
  {
    name: 'the van moved by 16 m',
    code: 'van-moved',
    happens: (van) => {
      moveTo(van, 16);
    },
    ends: (van) => {
      moveTo(van, 0);
    },
    resumes: false,
  },
  {
    name: 'it rolls at more than 3 km/h',
    code: 'van-rolling',
    happens: (van) => {
      moveTo(van, 0, 3.1 / 3.6);
    },
    ends: (van) => {
      moveTo(van, 0);
    },
    resumes: true,
  },
  {
    name: 'DEP-5: the tailgate is half way',
    code: 'tailgate',
    happens: (van) => {
      van.board = { ...GOOD_BOARD, tailgateClosed: false };
      van.input({ type: 'board', atNs: van.now, report: van.board });
    },
    ends: (van) => {
      van.board = GOOD_BOARD;
    },
    resumes: true,
  },
  {
    name: 'TAM-1: the tamper line',
    code: 'tamper',
    happens: (van) => {
      van.input(edge(van, 1));
    },
    ends: (van) => {
      van.input(edge(van, 0));
    },
    resumes: false,
  },
  {
    name: 'TAM-1: the tamper loop',
    code: 'tamper-loop',
    happens: (van) => {
      van.board = { ...GOOD_BOARD, tamperLoopWhole: false };
      van.input({ type: 'board', atNs: van.now, report: van.board });
    },
    ends: (van) => {
      van.board = GOOD_BOARD;
    },
    resumes: false,
  },
  {
    name: 'the I/O board is unplugged',
    code: 'board-stale',
    happens: (van) => {
      van.board = null;
      van.input({ type: 'board-link', atNs: van.now, up: false, detail: 'unplugged' });
    },
    ends: (van) => {
      van.board = GOOD_BOARD;
      van.input({ type: 'board-link', atNs: van.now, up: true, detail: 'opened' });
    },
    resumes: true,
  },
  {
    name: 'the I/O board says nothing for a second',
    code: 'board-stale',
    happens: (van) => {
      van.board = null;
      van.advance(1001);
    },
    ends: (van) => {
      van.board = GOOD_BOARD;
    },
    resumes: true,
  },
  {
    name: 'GPS is lost',
    code: 'position-stale',
    happens: (van) => {
      van.gps = false;
      van.advance(4001);
    },
    ends: (van) => {
      van.gps = true;
      van.advance(4000);
    },
    resumes: true,
  },
  {
    name: 'the clock is lost',
    code: 'clock-unknown',
    happens: (van) => {
      van.clock = false;
      van.advance(6001);
    },
    ends: (van) => {
      van.clock = true;
    },
    resumes: true,
  },
  {
    name: 'the disk is low',
    code: 'store-failed',
    happens: (van) => {
      van.input(store(van, false));
    },
    ends: (van) => {
      van.input(store(van, true));
    },
    resumes: true,
  },
  {
    name: 'the camera is out of sync',
    code: 'camera-out-of-sync',
    happens: (van) => {
      van.cameraAnswers = false;
      van.input({ type: 'command', atNs: van.now, command: 'sync' });
    },
    ends: (van) => {
      van.cameraAnswers = true;
      van.advance(5000);
    },
    resumes: true,
  },
  {
    name: 'the operator halts',
    code: 'halted',
    happens: (van) => {
      van.input({ type: 'command', atNs: van.now, command: 'suspend', by: 'OP1' });
    },
    ends: (van) => {
      start(van);
    },
    resumes: true,
  },
  {
    name: 'CAL-3: a repair is recorded',
    code: 'repair-open',
    happens: (van) => {
      const repair = {
        kind: 'radar',
        subject: 'R-350',
        repairedOn: '2026-11-20',
        what: 'plug',
        testedOn: null,
        recertify: false,
      } as const;
      van.input({ type: 'reference', atNs: van.now, reference: goodReference({ repairs: [repair] }) });
    },
    ends: (van) => {
      van.input({ type: 'reference', atNs: van.now, reference: goodReference() });
    },
    resumes: false,
  },
];

describe('suspension of a deployment', () => {
  for (const cause of CAUSES) {
    it(`${cause.name}: suspended by ${cause.code}, no fire follows, ${cause.resumes ? 'goes on by itself' : 'the operator begins anew'}`, () => {
      const van = enforcing(cause.changes);
      assert.equal(drive(van), 1, 'before');
      cause.happens(van);
      assert.equal(drive(van), 0, 'after');
      assert.equal(van.state, 'suspended');
      assert.ok(van.reasons.includes(cause.code), van.reasons.join());
      const suspension = eventsOf(van).findLast(({ type, code }) => type === 'state' && code === 'suspended');
      assert.match(JSON.stringify(suspension?.detail['reasons']), new RegExp(cause.code));
      cause.ends?.(van);
      van.advance(3000);
      assert.equal(van.state, cause.resumes ? 'enforcing' : 'ready', van.reasons.join());
      if (!cause.resumes) start(van).advance(100);
      assert.equal(drive(van), 1, 'once more');
    });
  }

  it('no fire follows in the same millisecond: the vehicle is in the beam when the input is taken', () => {
    const frames = crossing(SPEEDER);
    for (let cut = 0; cut < frames.length; cut += 5) {
      const van = enforcing();
      const first = frames.slice(0, cut);
      van.frames(first);
      const before = van.fires();
      van.input(edge(van, 1));
      for (const { bytes } of frames.slice(cut)) {
        van.radar(bytes);
        van.advance(20);
      }
      assert.equal(van.fires(), before, `cut at frame ${cut}`);
    }
  });
});
