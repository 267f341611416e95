/** What goes wrong with a radar: its cable, its bytes, and what it takes for a vehicle. */
import type { VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import { trackedTargetFrame } from '../instruments/agd350-frames.js';
import type { Random } from '../prng.js';
import type { Echo } from '../road/beam.js';
import type { Vehicle } from '../road/vehicle.js';
import { amount, kind, on, type FaultKind, type Hold } from './fault.js';

type RadarBytes = Extract<VanEvent, { type: 'radar-bytes' }>;

const bytesOf = (change: (event: RadarBytes) => readonly VanEvent[]): Hold => on('radar-bytes', change);

/** The chunk with other bytes; nothing where none is left. */
const withBytes = (event: RadarBytes, bytes: Uint8Array): readonly VanEvent[] =>
  bytes.length === 0 ? [] : [{ ...event, bytes }];

function unplugged(): Hold {
  return {
    begin: (atNs) => [{ type: 'radar-link', atNs: monotonicNs(atNs), up: false, detail: 'pretend cable pulled' }],
    end: (atNs) => [{ type: 'radar-link', atNs: monotonicNs(atNs), up: true, detail: 'pretend cable put back' }],
    ...bytesOf(() => []),
  };
}

/** The same chunk again and again, as a driver that hangs on its buffer gives it. */
function stuck(everyMs: number): Hold {
  let last: RadarBytes | null = null;
  let until = 0;
  return bytesOf((event) => {
    last ??= event;
    if (event.atNs < until) return [];
    until = event.atNs + everyMs * 1e6;
    return [{ ...event, bytes: last.bytes }];
  });
}

function garbage(part: number, random: Random): Hold {
  return bytesOf((event) => {
    const junk = Uint8Array.from({ length: Math.ceil(event.bytes.length * part) }, () => random.uniform() * 256);
    return withBytes(
      event,
      Uint8Array.from(random.uniform() < 0.5 ? [...junk, ...event.bytes] : [...event.bytes, ...junk]),
    );
  });
}

function flips(rate: number, random: Random): Hold {
  return bytesOf((event) =>
    withBytes(
      event,
      event.bytes.map((byte) => (random.uniform() < rate ? byte ^ (1 << Math.floor(random.uniform() * 8)) : byte)),
    ),
  );
}

/** Held back and handed over together, as a busy computer does. */
function slow(everyS: number): Hold {
  return bytesOf((event) => {
    const periodNs = everyS * NS_PER_S;
    return [{ ...event, atNs: monotonicNs(Math.ceil(event.atNs / periodNs) * periodNs) }];
  });
}

const GHOST_RANGE_M = 19;

function madeUp(vehicle: Vehicle, rangeM: number, sightAngleDeg: number, radialKmh: number): Echo {
  return { vehicle, rangeM, sightAngleDeg, radialKmh, fill: 0.6 };
}

const nobody = (plate: string, template?: Vehicle): Vehicle => ({ ...(template ?? NOBODY), plate }) as Vehicle;

const NOBODY = {
  ...{ kind: 'car', colour: 'grey', lengthM: 4.5, laneId: '', direction: 'increasing', speedKmh: 0, atS: 0 },
  ...{ lateralShiftM: 0, change: null },
};

/** A fan, a generator: a Doppler speed at a place that does not move. */
function ghost(speedKmh: number, random: Random): Hold {
  const radialKmh = speedKmh * Math.cos((22.5 * Math.PI) / 180) * (random.uniform() < 0.5 ? 1 : -1);
  const rangeM = GHOST_RANGE_M + random.between(-4, 8);
  const blinkS = random.between(1, 4);
  const vehicle = nobody('GHOST');
  return {
    hasEchoes: true,
    echoes: (echoes, timeS) =>
      Math.floor(timeS / blinkS) % 2 === 0
        ? [...echoes, madeUp(vehicle, rangeM, 22.5 + random.gaussian(0.2), radialKmh + random.gaussian(0.3))]
        : echoes,
  };
}

/** By way of a second reflector: about twice the speed, somewhat farther. */
function doubled(): Hold {
  return {
    echoes: (echoes) =>
      echoes.flatMap((echo) => {
        const twice = madeUp(
          nobody(`2X${echo.vehicle.plate}`, echo.vehicle),
          echo.rangeM + 3.2,
          echo.sightAngleDeg,
          2 * echo.radialKmh,
        );
        return [echo, twice];
      }),
  };
}

/** A tracker that goes on with a vehicle that has left: speed as it was, range as it would have become. */
function coasting(forS: number): Hold {
  const last = new Map<string, { readonly echo: Echo; readonly timeS: number }>();
  return {
    hasEchoes: true,
    echoes: (echoes, timeS) => {
      const seen = new Set(echoes.map(({ vehicle }) => vehicle.plate));
      for (const echo of echoes) last.set(echo.vehicle.plate, { echo, timeS });
      const carriedOn: Echo[] = [];
      for (const [plate, { echo, timeS: lastS }] of last) {
        if (timeS - lastS > forS) last.delete(plate);
        else if (!seen.has(plate)) {
          carriedOn.push({ ...echo, rangeM: Math.max(1, echo.rangeM + (echo.radialKmh / 3.6) * (timeS - lastS)) });
        }
      }
      return [...echoes, ...carriedOn];
    },
  };
}

const RAIN = { nearM: 3, farM: 30, slowKmh: 3, fastKmh: 22, drops: 9, goneAtM: 45 } as const;

/** Drops that come and go within a frame, anywhere in the beam; what is farther away is damped more. */
function rain(dropsAFrame: number, random: Random): Hold {
  let drop = 0;
  return {
    hasEchoes: true,
    echoes: (echoes) => {
      const left = echoes.filter(
        ({ rangeM }) => random.uniform() >= Math.min(0.9, dropsAFrame * (rangeM / RAIN.goneAtM) ** 2),
      );
      if (random.uniform() >= dropsAFrame) return left;
      drop = (drop + 1) % RAIN.drops;
      const radialKmh = random.between(RAIN.slowKmh, RAIN.fastKmh) * (random.uniform() < 0.5 ? 1 : -1);
      const rangeM = random.between(RAIN.nearM, RAIN.farM);
      return [...left, madeUp(nobody(`RAIN${String(drop)}`), rangeM, 22.5 + random.between(-2.5, 2.5), radialKmh)];
    },
  };
}

/** Sampled too slowly, so that a fast target looks like one of another speed that drives the other way. */
function aliased(ceilingKmh: number): Hold {
  const span = 2 * ceilingKmh;
  const fold = (radialKmh: number): number => ((((radialKmh + ceilingKmh) % span) + span) % span) - ceilingKmh;
  return { echoes: (echoes) => echoes.map((echo) => ({ ...echo, radialKmh: fold(echo.radialKmh) })) };
}

const STRAY = { farM: 26, nearM: 22, cosine: 0.924, firstTrack: 70, tracks: 9 } as const;

/** Targets that only a self-test should show, at a time when none was asked for: each comes nearer as a vehicle would. */
function strayTarget(speedKmh: number): Hold {
  return bytesOf((event) => {
    const metres = ((event.atNs / NS_PER_S) * speedKmh * STRAY.cosine) / 3.6;
    const each = STRAY.farM - STRAY.nearM;
    const target = {
      ...{ timeOfDayS: 0, direction: 'X' as const, speedKmh: speedKmh * STRAY.cosine, angleDeg: 0, bearingDeg: 180 },
      track: STRAY.firstTrack + (Math.floor(metres / each) % STRAY.tracks),
      rangeM: STRAY.farM - (metres % each),
      strengthDb: 60,
    };
    const frame = trackedTargetFrame(target, { unit: 'K', coordinates: 'P' });
    return withBytes(event, Uint8Array.from([...event.bytes, ...frame]));
  });
}

export const RADAR_FAULTS: readonly FaultKind[] = [
  kind('radar-unplugged', 'radar', 'off', 'the cable is pulled and put back', unplugged),
  kind('radar-silent', 'radar', 'off', 'the link is up, and nothing comes', () => bytesOf(() => [])),
  kind(
    'radar-stuck',
    'radar',
    'stuck',
    'the same bytes again and again',
    stuck,
    amount('ms between two', 20, 1000, 50),
  ),
  kind('radar-garbage', 'radar', 'garbage', 'noise between the frames', garbage, amount('noise a byte', 0.05, 20, 0.5)),
  kind('radar-flips', 'radar', 'garbage', 'bits flip', flips, amount('flips a byte', 0.0001, 0.2, 0.004)),
  kind(
    ...(['radar-byte-loss', 'radar', 'intermittent', 'bytes are lost'] as const),
    (rate, random) =>
      bytesOf((event) =>
        withBytes(
          event,
          event.bytes.filter(() => random.uniform() >= rate),
        ),
      ),
    amount('lost a byte', 0.0001, 0.3, 0.004),
  ),
  kind(
    ...(['radar-frame-loss', 'radar', 'intermittent', 'whole frames are lost'] as const),
    (rate, random) => bytesOf((event) => (random.uniform() < rate ? [] : [event])),
    amount('lost a frame', 0.01, 1, 0.4),
  ),
  kind(
    ...(['radar-delayed', 'radar', 'delayed', 'everything it says comes late'] as const),
    (delayS) => bytesOf((event) => [{ ...event, atNs: monotonicNs(event.atNs + delayS * NS_PER_S) }]),
    amount('s', 0.05, 5, 1),
  ),
  kind(
    'radar-slow',
    'radar',
    'slow',
    'what it says is handed over in bunches',
    slow,
    amount('s between two', 0.1, 3, 0.4),
  ),
  kind('radar-ghost', 'radar', 'wrong', 'a speed at a place that does not move', ghost, amount('km/h', 20, 250, 130)),
  kind('radar-double-reflection', 'radar', 'wrong', 'each vehicle once more at twice its speed', doubled),
  kind(
    'radar-coasting',
    'radar',
    'stuck',
    'a vehicle that has left goes on in the tracks',
    coasting,
    amount('s', 0.1, 3, 0.6),
  ),
  kind(
    'radar-aliasing',
    'radar',
    'wrong',
    'speeds above a ceiling come out as others',
    aliased,
    amount('km/h of ceiling', 40, 400, 112),
  ),
  kind(
    'radar-stray-target',
    'radar',
    'wrong',
    'simulated targets outside any self-test',
    strayTarget,
    amount('km/h', 20, 200, 128),
  ),
  kind(
    ...(['radar-rain', 'radar', 'intermittent', 'rain: slow echoes, and vehicles lost, the farther the more'] as const),
    rain,
    amount('drops a frame', 0.02, 1, 0.2),
  ),
  kind(
    ...(['radar-misaligned', 'radar', 'wrong', 'it looks elsewhere than it should, for the whole run'] as const),
    (degrees) => ({ misalignmentDeg: degrees }),
    amount('degrees, towards a right angle', -3, 3, 0.3),
  ),
];
