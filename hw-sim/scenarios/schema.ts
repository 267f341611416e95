/**
 * A scenario is data: a place, a van, instruments, the light, who drives past when, and what breaks when. Times are
 * seconds after the start of traffic, which begins when the controller enforces for the first time.
 */
import { z } from 'zod';
import { LIGHTS } from '../picture/light.js';
import { VEHICLE_KINDS } from '../road/vehicle.js';

/** Those that the van in real time knows; virtual time knows the whole catalogue (hw-sim/faults). */
export const REAL_TIME_FAULTS = [
  'radar-unplugged',
  'gps-no-fix',
  'gps-silent',
  'board-unplugged',
  'tailgate-half-way',
] as const;
/** What can become of a vehicle; `unseen`: no pass at all, `uncertain`: too near a limit or a fault to say. */
export const OUTCOMES = ['enforced', 'observed', 'void', 'not-armed', 'unseen', 'uncertain'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const along = z.enum(['increasing', 'decreasing']);
const metre = z.number().min(-100).max(5000);
/** Virtual time may run for weeks. */
const MOST_SECONDS = 4_000_000;
const second = z.number().min(0).max(MOST_SECONDS);
/** 0: parked. */
const speed = z.number().min(0).max(300);

const site = z.strictObject({
  code: z.string().min(1).max(20),
  road: z.string().min(1),
  locality: z.string().nullable().default(null),
  zone: z.enum(['Pacific/Auckland', 'Pacific/Chatham']).default('Pacific/Auckland'),
  /** A straight road: where chainage 0 is, and in which direction chainage grows. */
  anchor: z.strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    bearingDeg: z.number().min(0).max(360),
  }),
  lengthM: z.number().min(100).max(5000),
  altitudeM: z.number().min(-10).max(3000).default(30),
  lanes: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(10),
        direction: along,
        widthM: z.number().min(2).max(8).default(3.5),
        monitored: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(8),
  limitKmh: z.int().min(10).max(130),
  threshold: z.strictObject({ speedKmh: z.int().min(10).max(200), authority: z.string().min(1), date: z.iso.date() }),
  limitDrops: z
    .array(z.strictObject({ chainageM: metre, direction: along, toKmh: z.int().min(10).max(130) }))
    .default([]),
  merges: z.array(z.strictObject({ chainageM: metre, direction: along })).default([]),
  temporaryLimit: z.boolean().default(false),
  school: z
    .strictObject({ name: z.string().min(1) })
    .nullable()
    .default(null),
});

const van = z.strictObject({
  chainageM: metre,
  heading: along.default('increasing'),
  side: z.enum(['left', 'right']).default('left'),
  facing: z.enum(['front', 'rear']).default('rear'),
  lateralM: z.number().min(2).max(30).default(5.25),
  antennaAheadM: z.number().min(-20).max(20).default(-1.5),
});

const instruments = z
  .strictObject({
    radar: z.enum(['agd350', 'ops243']).default('agd350'),
    angleDeg: z.number().min(10).max(45).default(22.5),
    beamWidthDeg: z.number().min(1).max(15).default(5),
    /** The controller's setting for the whole session. */
    flash: z.enum(['dark', 'always', 'never']).default('always'),
    widthPx: z.int().min(640).max(5000).default(2560),
    heightPx: z.int().min(480).max(4000).default(1920),
  })
  .prefault({});

const vehicle = z.strictObject({
  plate: z.string().regex(/^[A-Z0-9]{1,8}$/, 'expected a plate of at most eight capital letters and digits'),
  kind: z.enum(VEHICLE_KINDS),
  colour: z.string().default('silver'),
  lengthM: z.number().min(1.5).max(25).optional(),
  lane: z.string(),
  speedKmh: speed,
  /** When its leading end crosses the axis of the beam. */
  atS: second,
  /** Brakes or accelerates once. */
  change: z
    .strictObject({ fromS: second, toKmh: speed, rateMs2: z.number().min(0.1).max(12) })
    .nullable()
    .default(null),
  /** Away from the middle of its lane, positive away from the van. */
  lateralShiftM: z.number().min(-6).max(6).default(0),
  /** What the author expects; checked against what ground truth says. */
  expect: z.enum(OUTCOMES).optional(),
});

const fault = z.strictObject({
  /** A name of the catalogue (docs/faults.md). */
  kind: z.string().min(1),
  fromS: second,
  toS: second,
  /** In the unit of the catalogue; left out: the usual one. */
  amount: z.number().optional(),
});

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/, 'expected small letters, digits and hyphens'),
  title: z.string().min(1),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  durationS: z.number().min(1).max(MOST_SECONDS),
  /** True UTC when the session begins in virtual time; left out: always the same bright morning. */
  startsAt: z.iso.datetime().optional(),
  site,
  van,
  instruments,
  /** operator: packs, attestations, fork test, arm key, as on the road; bench: a bare site file that enforces by itself. */
  deployment: z.enum(['operator', 'bench']).default('operator'),
  /** How light the pretend scene is, from these times on. */
  light: z.array(z.strictObject({ fromS: second, light: z.enum(LIGHTS) })).min(1),
  vehicles: z.array(vehicle).max(2_000_000),
  /** Faults are refused unless this is said, so that nobody runs them without knowing. */
  injection: z.boolean().default(false),
  faults: z.array(fault).max(100_000).default([]),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;
export type Fault = ScenarioFile['faults'][number];
