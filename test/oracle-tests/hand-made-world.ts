/**
 * A run made by hand, for tests of the watch: one car drives away from the van at 100 km/h, the threshold is 90; it is measured,
 * photographed and written down as it should be. A test changes one thing and sees what the watch says of it.
 */
import { kerbside } from '../../proto/generated/evidence.js';
import type { ExposureStart } from '../../src/evidence/types.js';
import type { Truth, TruthVehicle, WorldVerdict } from '../../src/ports/pretend.js';
import type { Input, Output } from '../../src/timeline.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { createWorldWatch } from '../oracle/world/index.js';
import { CAMERA_FILE, sealedImage, sha256Of, SPLICE } from './hand-made-image.js';

const { EvidenceRecord } = kerbside.evidence.v1;
type Properties = kerbside.evidence.v1.EvidenceRecord.$Properties;

/** Loosened, so that a test may change what it likes. */
export type Loose<Type> = Type extends Uint8Array
  ? Type
  : Type extends number
    ? number
    : Type extends object
      ? { -readonly [Key in keyof Type]: Loose<Type[Key]> }
      : Type;

export interface MadeStep {
  life: number;
  input: Input;
  outputs: Output[];
}

export interface MadeRecord {
  record: Properties;
  image: Uint8Array | null;
  /** Absent: where it belongs. */
  name?: string;
  /** After the place in the chain was filled in. */
  spoil?: (record: Properties) => void;
}

export interface Made {
  truth: Loose<Truth>;
  steps: MadeStep[];
  records: MadeRecord[];
}

export const T0 = 1e12;
export const ns = (seconds: number): number => T0 + Math.round(seconds * 1e9);
const ANGLE = 22.5;
const RADIANS = Math.PI / 180;
export const FILE_BYTES = sha256Of(CAMERA_FILE);
const FILE_SHA256 = FILE_BYTES.toString('hex');
/** 2001-09-09T01:46:40Z: winter in New Zealand. */
const UTC_MS = 1e12;
export const ZONE = 'Pacific/Auckland';

export interface Car {
  plate: string;
  speedKmh: number;
  /** When its front comes to the beam's near edge. */
  entersS: number;
  lateralM: number;
}

const PLACE = { latitude: -40, longitude: 175 };
export const CAR: Car = { plate: 'CAR001', speedKmh: 100, entersS: 10, lateralM: 5.25 };
const LENGTH_M = 4.5;

const edgesM = (lateralM: number): readonly [number, number] => [
  lateralM / Math.tan((ANGLE + 2.5) * RADIANS),
  lateralM / Math.tan((ANGLE - 2.5) * RADIANS),
];

export function vehicleOf({ plate, speedKmh, entersS, lateralM }: Car): Loose<TruthVehicle> {
  const speedMs = speedKmh / 3.6;
  const frontAheadM = edgesM(lateralM)[0] - speedMs * (entersS + 100);
  return {
    ...{ plate, kind: 'car', lengthM: LENGTH_M, laneId: '1', direction: 'increasing', lateralM },
    motion: [{ fromS: -100, frontAheadM, speedMs, accelerationMs2: 0 }],
  };
}

export interface Frame {
  readonly atNs: number;
  readonly text: string;
  readonly speedKmh: number;
  readonly rangeM: number;
}

/** What the radar says of it, frame by frame. */
export function framesOf({ speedKmh, entersS, lateralM }: Car, letter = 'R'): Frame[] {
  const [near, far] = edgesM(lateralM);
  const frames: Frame[] = [];
  for (let sinceS = 0.02; ; sinceS += 0.02) {
    const frontM = near + (speedKmh / 3.6) * sinceS;
    const [from, to] = [Math.max(near, frontM - LENGTH_M), Math.min(far, frontM)];
    if (from >= to) return frames;
    const ahead = (from + to) / 2;
    const sight = Math.atan2(lateralM, ahead) / RADIANS;
    const radial = (speedKmh * Math.cos(sight * RADIANS)).toFixed(1).padStart(5, '0');
    const stated = sight - ANGLE;
    const angle = `${stated < 0 ? '-' : '+'}${Math.abs(stated).toFixed(1).padStart(4, '0')}`;
    const range = Math.hypot(ahead, lateralM).toFixed(1).padStart(5, '0');
    const text = agdFrameText(`04,43200.12,07,${letter},${radial},K,${range},${angle},000.0,P,061.5`);
    const corrected = Number(radial) / Math.cos((ANGLE + Number(angle)) * RADIANS);
    frames.push({ atNs: ns(entersS + sinceS), text, speedKmh: corrected, rangeM: Number(range) });
  }
}

/** As no vehicle is measured without one: the verdict's place and the pass, as far as the watch looks at them. */
function passOf(frames: readonly Frame[], icn: string | null, passId: number): Extract<Output, { type: 'pass' }> {
  const speedKmh = frames.reduce((sum, frame) => sum + frame.speedKmh, 0) / frames.length;
  const pass = {
    ...{ passId, trackKey: 7, direction: 'recede', firstNs: frames[0]?.atNs, lastNs: frames.at(-1)?.atNs },
    ...{ speedKmh, truncatedKmh: Math.floor(speedKmh), readingsUsed: frames.length, readingsCut: 0 },
    verdict: { kind: icn === null ? 'observe' : 'enforce', reason: icn === null ? 'not-above-threshold' : null },
    ...{ armed: true, whyNot: null, icn },
  };
  return { type: 'pass', pass } as unknown as Extract<Output, { type: 'pass' }>;
}

const input = (type: Input['type'], atS: number, rest: object = {}): Input =>
  ({ type, atNs: ns(atS), ...rest }) as unknown as Input;
export const output = (type: Output['type'], rest: object): Output => ({ type, ...rest }) as unknown as Output;
export const step = (
  type: Input['type'],
  atS: number,
  rest: object = {},
  outputs: Output[] = [],
  life = 1,
): MadeStep => ({
  ...{ life, outputs },
  input: input(type, atS, rest),
});

export const FIT = {
  ...{ tailgateOpen: false, tailgateClosed: true, parkLights: null, tamperLoopWhole: true, batteryV: 12.6 },
  ...{ cabinetC: 20, flashReady: true, armKey: true },
};

const fix = (atS: number): MadeStep =>
  step('gps-fix', atS, {
    fix: { mode: 3, status: null, utcMs: 1e12 + atS * 1000, latitude: -40, longitude: 175, speedMs: 0, altitudeM: 9 },
  });

/** The last number of the deployment before, so that the others begin with a new one. */
const SYNC_ICN = '000000001';

/** Everything is ready before the fork is held; then it enforces. */
function opening(): MadeStep[] {
  const tested = { type: 'test', code: 'fork', atNs: ns(3), detail: { passed: true } };
  return [
    step('radar-link', 0, { up: true, detail: '' }),
    step('lease', 0.01, { icns: [SYNC_ICN, '000001001', '000001002'] }),
    ...[0.5, 1.5, 2.5].map(fix),
    step('fork-test', 1, { fork: 'F', by: 'me' }),
    step('tick', 3, {}, [output('event', { event: tested })]),
    step('tick', 3.1, {}, fires(SYNC_ICN, 3.1, 'sync')),
    strobes(3.112),
    step('image', 3.9, comes(SYNC), [concludes(SYNC_ICN, 3.9, 'sync', null, SYNC)]),
    step('tick', 4, {}, [output('state', { atNs: ns(4), state: 'enforcing', reasons: [] })]),
  ];
}

export function fires(icn: string, atS: number, kind: ExposureStart['kind'] = 'incident'): Output[] {
  const utcMs = UTC_MS + atS * 1000;
  const shutter = (value: 0 | 1, ms: number): Output =>
    output('line', { line: 'shutter', value, atNs: ns(atS) + ms * 1e6 });
  const exposure = {
    icn,
    incident: icn,
    kind,
    atNs: ns(atS),
    utcMs,
    flash: false,
    passId: kind === 'incident' ? 1 : null,
  };
  return [shutter(1, 0), shutter(0, 50), output('fire', { exposure })];
}

/** An image: its file, its number, and when the camera's feedback rose. */
export interface Shot {
  readonly sha256: string;
  readonly counter: number;
  readonly strobeS: number;
}

const SYNC: Shot = { sha256: '51'.repeat(32), counter: 0, strobeS: 3.112 };

export const comes = ({ sha256, counter }: Shot): object => ({
  image: { sha256, counter, fileName: `IMG_${String(counter)}.JPG`, duplicate: false },
});

export const strobes = (atS: number): MadeStep => step('line-edge', atS, { line: 'strobe', value: 1 });

export const concludes = (
  icn: string,
  atS: number,
  kind = 'incident',
  reason: string | null = null,
  shot: Shot | null = null,
): Output => {
  const image = {
    strobeNs: shot === null ? null : ns(shot.strobeS),
    imageSha256: shot?.sha256 ?? null,
    matching: shot === null ? null : { counter: shot.counter },
  };
  return output('conclude', { exposure: { icn, kind, reason, concludedNs: ns(atS), ...image } });
};

/** The moment at which the pass of a car is over. */
export const overS = (car: Car): number => ((framesOf(car).at(-1)?.atNs ?? 0) - T0) / 1e9 + 0.15;

/** What the image and the record say of the time. */
export const stampOf = (utcMs: number): string => {
  const local = new Date(utcMs + 12 * 3600e3).toISOString();
  return `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11, 19)}`;
};

function recordOf(frames: readonly Frame[], triggerNs: number, lateralM: number): Properties {
  const speedKmh = frames.reduce((sum, frame) => sum + frame.speedKmh, 0) / frames.length;
  return {
    ...{
      type: 'exposure',
      icn: '000001001',
      incident: '000001001',
      kind: 'incident',
      triggerNs,
      strobeNs: triggerNs + 12e6,
    },
    ...{ cameraFileSha256: FILE_BYTES, deployment: '000001', splice: { ...SPLICE } },
    verdict: { kind: 'enforce', along: 'increasing' },
    facts: {
      ...{ speedKmh, truncatedKmh: Math.floor(speedKmh), thresholdKmh: 90, direction: 'away', lane: '1', demo: true },
      ...{ utcMs: UTC_MS + (triggerNs - T0) / 1e6, limitKmh: 80, zone: ZONE, vanChainageM: 1000 },
      ...{
        vehicleChainageM: 1000 + Math.sqrt((frames[0]?.rangeM ?? 0) ** 2 - lateralM ** 2),
        cameraPosition: { ...PLACE },
      },
    },
    readings: frames.map(({ atNs, text, rangeM }) => ({ atNs, rangeM, raw: Buffer.from(text, 'latin1') })),
  };
}

/** Receiver, clock and board go on saying that all is well, twice a second. */
const alive = (): MadeStep[] =>
  Array.from({ length: 33 }, (_, index) => 3.55 + index / 2).flatMap((atS) => [
    step('clock', atS, { utcMs: 1e12 + atS * 1000, disciplined: false }),
    fix(atS),
    step('board', atS, { report: FIT }),
  ]);

export const byTime = (a: MadeStep, b: MadeStep): number => (a.input.atNs as number) - (b.input.atNs as number);

export function make(car: Car = CAR): Made {
  const frames = framesOf(car);
  const endS = overS(car);
  const drive = frames.map(({ atNs, text }) =>
    step('radar-bytes', (atNs - T0) / 1e9, { bytes: Buffer.from(text, 'latin1') }),
  );
  const shot: Shot = { sha256: FILE_SHA256, counter: 1, strobeS: endS + 0.012 };
  const closing = output('state', { atNs: ns(20), state: 'closing', reasons: [] });
  const steps = [
    ...opening(),
    step('clock', car.entersS - 0.5, { utcMs: 1e12 + (car.entersS - 0.5) * 1000, disciplined: false }),
    fix(car.entersS - 0.4),
    step('board', car.entersS - 0.1, { report: FIT }),
    ...drive,
    step('tick', endS, {}, [...fires('000001001', endS), passOf(frames, '000001001', 1)]),
    strobes(endS + 0.012),
    step('image', endS + 1, comes(shot), [concludes('000001001', endS + 1, 'incident', null, shot)]),
    ...alive(),
    step('command', 20, { command: 'close' }, [closing]),
    step('tick', 21, {}, [output('closed', { atNs: ns(21) })]),
  ].sort(byTime);
  const record = recordOf(frames, ns(endS), car.lateralM);
  const image = sealedImage({ icn: '000001001', stamp: stampOf(record.facts?.utcMs ?? 0) });
  record.sealedImageSha256 = sha256Of(image);
  const plain = { type: 'exposure', facts: { demo: true } };
  const unused = { ...plain, icn: '000001002', kind: 'void', reason: 'lease-unused' };
  return {
    steps,
    truth: truthOf(car, endS),
    records: [
      { record, image },
      { record: unused, image: null },
      { record: { ...plain, icn: SYNC_ICN, kind: 'sync', triggerNs: ns(3.1), strobeNs: ns(3.112) }, image: null },
    ],
  };
}

function truthOf(car: Car, endS: number): Loose<Truth> {
  const lane = { id: '1', direction: 'increasing' as const, monitored: true, lateralM: 5.25, widthM: 3.5 };
  const shown = { inBeam: [], inPicture: [car.plate] };
  return {
    ...{ scenario: 'made by hand', seed: 1, radar: 'agd350', startNs: T0, startUtcMs: UTC_MS, durationS: 30 },
    site: { limitKmh: 80, thresholdKmh: 90, lanes: [lane], limitDrops: [], merges: [] },
    van: {
      ...{ chainageM: 1000, antennaChainageM: 1000, beamSign: 1, angleDeg: ANGLE, trueAngleDeg: ANGLE },
      ...{ beamWidthDeg: 5, ...PLACE },
    },
    vehicles: [vehicleOf(car)],
    ...{ faults: [], forks: [{ fromS: 1.5, toS: 3, speedKmh: 80 }] },
    exposures: [{ counter: 1, atNs: ns(endS) + 12e6, ...shown }],
    files: [{ fileName: 'IMG_0001.JPG', sha256: FILE_SHA256, counter: 1, deliveredNs: ns(endS + 1), whole: true }],
  };
}

/** @returns what the watch makes of a run in which so much was changed */
export function verdictOf(change: (made: Made) => void = () => undefined, car: Car = CAR): WorldVerdict {
  const made = make(car);
  change(made);
  const watch = createWorldWatch();
  // As the caller does: one list for all steps.
  const reused: Output[] = [];
  for (const { life, input: told, outputs } of made.steps) {
    reused.length = 0;
    reused.push(...outputs);
    watch.step(life, told, reused);
  }
  let before: Uint8Array = new Uint8Array(32);
  made.records.forEach(({ record, image, name, spoil }, index) => {
    const icn = record.icn ?? '';
    if (record.deployment === undefined) record.deployment = icn.slice(0, 6);
    Object.assign(record, { version: 2, sequence: index + 1, previousRecordSha256: before });
    spoil?.(record);
    const bytes = EvidenceRecord.encode(record).finish();
    watch.kept({ name: name ?? `evidence/${icn.slice(0, 6)}/${icn}.record`, bytes, image });
    before = sha256Of(bytes);
  });
  return watch.end(made.truth as unknown as Truth);
}

export const invariantsOf = (change?: (made: Made) => void, car?: Car): string[] =>
  [...new Set(verdictOf(change, car).violations.map(({ invariant }) => invariant))].sort();

/** The step at which the incident is fired. */
export function firing({ steps }: Made): MadeStep {
  const found = steps.find(({ outputs }) =>
    outputs.some((each) => each.type === 'fire' && each.exposure.kind === 'incident'),
  );
  if (found === undefined) throw new Error('the hand-made run fires nothing');
  return found;
}

/** Puts a step right before the one at which it is fired. */
export function justBefore(made: Made, ...before: MadeStep[]): void {
  made.steps.splice(made.steps.indexOf(firing(made)), 0, ...before);
}

export function incident({ records }: Made): Properties {
  const [first] = records;
  if (first === undefined) throw new Error('the hand-made run has no record');
  return first.record;
}

export function factsOf(made: Made): kerbside.evidence.v1.Facts.$Properties {
  return incident(made).facts ?? {};
}
