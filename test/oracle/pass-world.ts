/**
 * A pretend road for tests: clean passes of single vehicles through an across-the-road beam, with ground truth and the
 * characters that a radar would send. Seeded; shares no code with `src/` or `hw-sim/`.
 *
 * The antenna is the origin, x runs along the road in the direction of the beam. A body between its rear and its front
 * reflects from the middle of the part that is inside the beam.
 */

export interface WorldSettings {
  readonly seed: number;
  /** Radar with range, angle and tracks (AGD-like), or speed only (OPS-like). */
  readonly kind: 'tracked' | 'plain';
  readonly angleDeg?: number;
  readonly beamWidthDeg?: number;
  /** What a stated angle counts from; positive clockwise. */
  readonly reference?: 'boresight' | 'road';
  readonly turned?: 'left' | 'right';
  /** The radar corrects for the angle itself. */
  readonly corrected?: boolean;
  /** Lateral distance from the antenna to each lane's centre. */
  readonly laterals?: readonly number[];
  readonly speedsKmh?: readonly [number, number];
  readonly lengthsM?: readonly [number, number];
  /** Time between readings; drawn once a world from this interval. */
  readonly intervalsMs?: readonly [number, number];
  /** Empty road between two vehicles. */
  readonly pauseMs?: number;
  readonly startMs?: number;
  /** Digits after the point of a speed. */
  readonly speedDigits?: number;
}

export interface Truth {
  /** 1, 2, 3 … */
  readonly id: number;
  readonly direction: 'approach' | 'recede';
  /** Index into `laterals`. */
  readonly lane: number;
  readonly lateralM: number;
  readonly speedKmh: number;
  readonly lengthM: number;
  /** The body is in the beam from here … */
  readonly enterMs: number;
  /** … to here. */
  readonly leaveMs: number;
}

/** Texts are exactly what goes over the wire: km/h, metres and degrees. */
export interface WireReading {
  readonly atMs: number;
  readonly track: number | null;
  readonly direction: 'A' | 'R';
  readonly speed: string;
  readonly range: string | null;
  readonly angle: string | null;
  readonly bearing: string | null;
}

export interface WirePass {
  readonly truth: Truth;
  readonly readings: readonly WireReading[];
}

/** Small seeded generator (mulberry32), numbers in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DEFAULTS = {
  angleDeg: 22.5,
  beamWidthDeg: 5,
  reference: 'boresight',
  turned: 'right',
  corrected: false,
  laterals: [5.25, 8.75],
  speedsKmh: [35, 165],
  // Shorter bodies at top speed give fewer readings than a pass needs: not clean, so not generated.
  lengthsM: [3.6, 20],
  intervalsMs: [18, 30],
  pauseMs: 1500,
  startMs: 1000,
  speedDigits: 1,
} as const;

type World = Required<WorldSettings>;

/** @returns `count` passes in order of time, one vehicle at a time; equal seeds give equal passes */
export function generatePasses(settings: WorldSettings, count: number): WirePass[] {
  const world: World = { ...DEFAULTS, ...settings };
  const random = mulberry32(world.seed);
  const between = ([low, high]: readonly [number, number]): number => low + random() * (high - low);
  const intervalMs = Math.round(between(world.intervalsMs));
  const passes: WirePass[] = [];
  let clearMs = world.startMs;
  for (let id = 1; id <= count; id += 1) {
    const lane = Math.floor(random() * world.laterals.length);
    const lateralM = world.laterals[lane] ?? 0;
    const speedKmh = between(world.speedsKmh);
    const lengthM = between(world.lengthsM);
    const direction = random() < 0.5 ? 'approach' : 'recede';
    const enterMs = clearMs + random() * 100;
    const [nearM, farM] = beamEdges(world, lateralM);
    const leaveMs = enterMs + (farM - nearM + lengthM) / (speedKmh / 3600);
    const truth: Truth = { id, direction, lane, lateralM, speedKmh, lengthM, enterMs, leaveMs };
    const readings: WireReading[] = [];
    for (let atMs = Math.ceil(enterMs / intervalMs) * intervalMs; atMs <= leaveMs; atMs += intervalMs) {
      readings.push(readingAt(world, truth, atMs));
    }
    passes.push({ truth, readings });
    clearMs = leaveMs + world.pauseMs;
  }
  return passes;
}

function beamEdges({ angleDeg, beamWidthDeg }: World, lateralM: number): readonly [number, number] {
  const at = (deg: number): number => lateralM / Math.tan((deg * Math.PI) / 180);
  return [at(angleDeg + beamWidthDeg / 2), at(angleDeg - beamWidthDeg / 2)];
}

function readingAt(world: World, truth: Truth, atMs: number): WireReading {
  const { lateralM, lengthM, speedKmh, direction } = truth;
  const [nearM, farM] = beamEdges(world, lateralM);
  const drivenM = (speedKmh / 3600) * (atMs - truth.enterMs);
  const [headM, tailM] =
    direction === 'recede' ? [nearM + drivenM, nearM + drivenM - lengthM] : [farM - drivenM, farM - drivenM + lengthM];
  const from = Math.max(nearM, Math.min(headM, tailM));
  const to = Math.min(farM, Math.max(headM, tailM));
  const x = (from + to) / 2;
  const sight = Math.atan2(lateralM, x);
  const sightDeg = (sight * 180) / Math.PI;
  const stated = world.corrected ? speedKmh : speedKmh * Math.cos(sight);
  const clockwise = world.turned === 'right' ? 1 : -1;
  const angleDeg = clockwise * (world.reference === 'road' ? sightDeg : sightDeg - world.angleDeg);
  const tracked = world.kind === 'tracked';
  return {
    atMs,
    track: tracked ? (truth.id - 1) % 100 : null,
    direction: direction === 'approach' ? 'A' : 'R',
    speed: stated.toFixed(world.speedDigits).padStart(4 + world.speedDigits, '0'),
    range: tracked ? Math.hypot(lateralM, x).toFixed(1).padStart(5, '0') : null,
    angle: tracked ? signed(angleDeg) : null,
    bearing: tracked ? (direction === 'approach' ? '180.0' : '000.0') : null,
  };
}

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(1).padStart(4, '0');
  return `${value < 0 && digits !== '00.0' ? '-' : '+'}${digits}`;
}
