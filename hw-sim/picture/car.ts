/** Cars and vans: a lofted lower body, a lofted cabin on it, and what makes a face recognisable as a car's. */
import { axle, halo, lampPatch, plate, shadow, treads } from './details.js';
import type { Rgb } from './light.js';
import { blend } from './light.js';
import type { Artist, Station } from './mesh.js';
import { across } from './mesh.js';
import type { Vec3 } from './view.js';

export interface BodyShape {
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
}

/** Proportions: u as a part of the length, heights in metres. */
interface Style {
  readonly lower: readonly (readonly [u: number, bottom: number, shoulder: number, width: number])[];
  readonly cabin: readonly (readonly [u: number, height: number])[];
  readonly roofWidth: number;
  readonly axles: readonly [number, number];
  readonly wheelM: number;
}

const CAR: Style = {
  lower: [
    [0, 0.42, 0.84, 0.88],
    [0.012, 0.3, 0.93, 0.94],
    [0.05, 0.22, 0.97, 0.98],
    [0.2, 0.19, 0.97, 1],
    [0.5, 0.18, 0.93, 1],
    [0.72, 0.19, 0.93, 1],
    [0.86, 0.2, 0.86, 0.99],
    [0.95, 0.2, 0.78, 0.96],
    [0.988, 0.23, 0.7, 0.92],
    [1, 0.34, 0.62, 0.86],
  ],
  cabin: [
    [0.015, 0],
    [0.12, 0.9],
    [0.17, 0.97],
    [0.36, 1],
    [0.5, 0.985],
    [0.75, 0],
  ],
  roofWidth: 0.74,
  axles: [0.185, 0.8],
  wheelM: 0.32,
};

const VAN: Style = {
  lower: [
    [0, 0.5, 1.05, 0.97],
    [0.02, 0.32, 1.1, 1],
    [0.5, 0.28, 1.1, 1],
    [0.84, 0.28, 1.12, 1],
    [0.92, 0.28, 1.05, 0.98],
    [0.985, 0.3, 0.95, 0.94],
    [1, 0.42, 0.85, 0.9],
  ],
  cabin: [
    [0.005, 0],
    [0.015, 0.97],
    [0.1, 1],
    [0.66, 1],
    [0.73, 0.95],
    [0.88, 0],
  ],
  roofWidth: 0.88,
  axles: [0.19, 0.83],
  wheelM: 0.35,
};

const DARK: Rgb = [20, 21, 24];
const GLASS: Rgb = [34, 40, 46];

function shoulderAt(style: Style, part: number): number {
  const after = style.lower.findIndex(([u]) => u >= part);
  const [u1, , z1] = style.lower[Math.max(after, 1)] ?? [1, 0, 0.8];
  const [u0, , z0] = style.lower[Math.max(after, 1) - 1] ?? [0, 0, 0.8];
  return z0 + ((z1 - z0) * (part - u0)) / (u1 - u0);
}

export function drawCar(artist: Artist, kind: 'car' | 'van', shape: BodyShape, paint: Rgb, plateText: string): void {
  const style = kind === 'car' ? CAR : VAN;
  const half = shape.widthM / 2;
  shadow(artist, shape.lengthM, half, shape.heightM);
  // Treads at both ends first: the body hangs over them.
  const [rearAxle, frontAxle] = style.axles.map((part) => part * shape.lengthM) as [number, number];
  treads(artist, frontAxle + style.wheelM * 0.8, half, style.wheelM, 1);
  treads(artist, rearAxle - style.wheelM * 0.8, half, style.wheelM, -1);
  const lower = style.lower.map(([part, bottom, shoulder, width]): Station => {
    const w = half * width;
    const waist = bottom + (shoulder - bottom) * 0.55;
    return {
      u: part * shape.lengthM,
      half: [
        [w * 0.9, bottom],
        [w * 0.985, bottom + (waist - bottom) * 0.35],
        [w, waist],
        [w * 0.975, shoulder - 0.05],
        [w * 0.9, shoulder],
        [w * 0.4, shoulder + 0.025],
      ],
    };
  });
  artist.body(lower, paint);
  cabin(artist, style, shape, paint, kind);
  sides(artist, style, shape, paint, half);
  axle(artist, rearAxle, half * 0.985, style.wheelM);
  axle(artist, frontAxle, half * 0.985, style.wheelM);
  if (artist.stand.heading === -1) front(artist, shape, kind, plateText);
  else rear(artist, style, shape, paint, kind, plateText);
}

/** Cross-section of the cabin at a station: base on the shoulder, narrower roof, rounded edge. */
function cabinStations(style: Style, shape: BodyShape): Station[] {
  const half = shape.widthM / 2;
  return style.cabin.map(([part, rise]): Station => {
    const base = shoulderAt(style, part) - 0.02;
    const top = base + (shape.heightM - base) * rise;
    const wBase = half * 0.93;
    const wTop = wBase + (half * style.roofWidth - wBase) * rise;
    return {
      u: part * shape.lengthM,
      half: [
        [wBase, base],
        [wTop, top - 0.05 * rise],
        [wTop - 0.09 * rise, top],
      ],
    };
  });
}

function cabin(artist: Artist, style: Style, shape: BodyShape, paint: Rgb, kind: 'car' | 'van'): void {
  const stations = cabinStations(style, shape);
  artist.body(stations, paint);
  const [first, ...others] = stations as [Station, ...Station[]];
  const second = others[0] as Station;
  const last = others.at(-1) as Station;
  const beforeLast = others.at(-2) as Station;
  // Of two sloping screens the far one would shine through the roof: only that of the near end is drawn.
  if (artist.stand.heading === -1) screen(artist, last, beforeLast, 1);
  else if (kind === 'car') screen(artist, first, second, -1);
  // Side glass: front door, rear door, with the pillar between; a van has only its cab doors.
  const roofRear = others[kind === 'car' ? 0 : 3] as Station;
  const spans: (readonly [number, number])[] =
    kind === 'car'
      ? [
          [0.02, 0.44],
          [0.48, 0.92],
        ]
      : [[0.12, 0.86]];
  for (const side of [-1, 1] as const) {
    for (const [from, to] of spans) sideGlass(artist, roofRear, beforeLast, first, last, side, [from, to], kind);
  }
}

/** Windscreen (outward 1) or rear window (-1), set into its frame, with the sky reflected in it. */
function screen(artist: Artist, base: Station, roof: Station, outward: 1 | -1): void {
  const [wBase, zBase] = base.half[0] as readonly [number, number];
  const [wRoof, zRoof] = roof.half.at(-1) as readonly [number, number];
  const at = (s: number, t: number): Vec3 => {
    const w = wBase + (wRoof - wBase) * t;
    return [base.u + (roof.u - base.u) * t + outward * 0.015, s * w, zBase + (zRoof - zBase) * t + 0.01];
  };
  const slope = Math.abs(roof.u - base.u) / Math.max(0.1, zRoof - zBase);
  const normal: Vec3 = [outward / Math.hypot(1, slope), 0, slope / Math.hypot(1, slope)];
  const rows = 6;
  for (let row = 0; row < rows; row += 1) {
    const t0 = 0.06 + (0.87 * row) / rows;
    const t1 = 0.06 + (0.87 * (row + 1)) / rows;
    const tone = blend(GLASS, artist.lighting.light === 'day' ? [118, 138, 156] : [44, 48, 56], (row / rows) * 0.75);
    artist.patch([at(-0.94, t0), at(0.94, t0), at(0.94, t1), at(-0.94, t1)], normal, tone);
  }
  // Wipers and a driver behind the glass: small things make it a car and not a block.
  if (outward === 1) {
    artist.patch([at(-0.8, 0.07), at(-0.1, 0.22), at(-0.1, 0.25), at(-0.8, 0.1)], normal, DARK);
    artist.patch([at(-0.02, 0.07), at(0.7, 0.2), at(0.7, 0.23), at(-0.02, 0.1)], normal, DARK);
    artist.patch([at(0.22, 0.1), at(0.62, 0.1), at(0.52, 0.62), at(0.34, 0.62)], normal, [24, 26, 30], 0.75);
  }
}

function sideGlass(
  artist: Artist,
  roofRear: Station,
  roofFront: Station,
  first: Station,
  last: Station,
  side: 1 | -1,
  [from, to]: readonly [number, number],
  kind: 'car' | 'van',
): void {
  const [wBase, zBase] = last.half[0] as readonly [number, number];
  const [wRoof, zRoof] = roofFront.half[1] as readonly [number, number];
  const rearBase = kind === 'car' ? first.u + 0.55 : roofRear.u;
  const at = (s: number, t: number): Vec3 => {
    const low = rearBase + (last.u - 0.16 - rearBase) * s;
    const high = roofRear.u + 0.1 + (roofFront.u - roofRear.u - 0.05) * s;
    const w = wBase + (wRoof - wBase) * t + 0.012;
    return [low + (high - low) * t, side * w, zBase + 0.05 + (zRoof - zBase - 0.08) * t];
  };
  const normal: Vec3 = [0, side * 0.96, 0.28];
  artist.patch([at(from, 0.02), at(to, 0.02), at(to, 0.96), at(from, 0.96)], normal, GLASS);
  artist.patch([at(from, 0.55), at(to, 0.4), at(to, 0.96), at(from, 0.96)], normal, [96, 112, 126], 0.45);
}

/** Door joints, sill, handles, mirrors. */
function sides(artist: Artist, style: Style, shape: BodyShape, paint: Rgb, half: number): void {
  const joint = blend(paint, DARK, 0.6);
  for (const side of [-1, 1] as const) {
    const w = side * half * 1.001;
    const normal: Vec3 = [0, side, 0];
    const stripe = (u0: number, u1: number, z0: number, z1: number, colour: Rgb): void => {
      artist.patch(
        [
          [u0 * shape.lengthM, w, z0],
          [u1 * shape.lengthM, w, z0],
          [u1 * shape.lengthM, w, z1],
          [u0 * shape.lengthM, w, z1],
        ],
        normal,
        colour,
      );
    };
    for (const u of [0.3, 0.475, 0.685]) stripe(u, u + 0.003, 0.3, shoulderAt(style, u) - 0.06, joint);
    stripe(0.27, 0.72, 0.2, 0.27, DARK);
    for (const u of [0.44, 0.645]) stripe(u - 0.035, u, 0.74, 0.77, joint);
    const mirror = 0.69 * shape.lengthM;
    const z = shoulderAt(style, 0.69) + 0.02;
    const span = (w0: number, w1: number): readonly [number, number] =>
      side === 1 ? [half * w0, half * w1] : [-half * w1, -half * w0];
    artist.patch(across(mirror + 0.03, span(0.82, 1.02), [z, z + 0.04]), [1, 0, 0], DARK);
    artist.patch(across(mirror + 0.06, span(0.98, 1.17), [z, z + 0.12]), [1, 0, 0], paint);
    artist.patch(across(mirror, span(0.82, 1.02), [z, z + 0.04]), [-1, 0, 0], DARK);
    artist.patch(across(mirror, span(0.98, 1.17), [z, z + 0.12]), [-1, 0, 0], DARK);
  }
}

function front(artist: Artist, shape: BodyShape, kind: 'car' | 'van', plateText: string): void {
  const u = shape.lengthM + 0.004;
  const half = (shape.widthM / 2) * 0.86;
  const normal: Vec3 = [1, 0, 0];
  const lift = kind === 'car' ? 0 : 0.13;
  artist.patch(across(u, [-half * 0.62, half * 0.62], [0.5 + lift, 0.6 + lift]), normal, DARK);
  artist.patch(across(u, [-half * 0.62, half * 0.62], [0.545 + lift, 0.557 + lift]), normal, [150, 154, 158]);
  artist.patch(across(u, [-half * 0.85, half * 0.85], [0.3 + lift * 0.6, 0.42 + lift * 0.6]), normal, DARK);
  artist.patch(across(u + 0.002, [-0.05, 0.05], [0.52 + lift, 0.59 + lift]), normal, [205, 208, 212]);
  for (const side of [-1, 1] as const) {
    const inner = side * half * 0.6;
    const outer = side * half * 1.0;
    const top = 0.63 + lift * 1.6;
    const lamp: Vec3[] = [
      [u, inner, top - 0.12],
      [u - 0.03, outer, top - 0.11],
      [u - 0.06, outer * 1.03, top - 0.005],
      [u - 0.01, inner, top - 0.03],
    ];
    artist.patch(
      lamp.map(([x, w, z]): Vec3 => [x - 0.002, w * 1.02, z + (z > top - 0.06 ? 0.012 : -0.012)]),
      normal,
      DARK,
    );
    lampPatch(artist, lamp, 1, 'head');
    halo(artist, [u, side * half * 0.8, top - 0.06], 1, 'head');
    artist.patch(
      across(u, [side * half * 0.8 - 0.05, side * half * 0.8 + 0.05], [0.32 + lift * 0.6, 0.39 + lift * 0.6]),
      normal,
      [190, 194, 198],
    );
  }
  plate(artist, plateText, [u + 0.01, 0, 0.42 + lift * 0.7], 1);
}

function rear(
  artist: Artist,
  style: Style,
  shape: BodyShape,
  paint: Rgb,
  kind: 'car' | 'van',
  plateText: string,
): void {
  const u = -0.004;
  const half = (shape.widthM / 2) * (style.lower[0]?.[3] ?? 0.88);
  const normal: Vec3 = [-1, 0, 0];
  const joint = blend(paint, DARK, 0.55);
  if (kind === 'van') {
    // Two tall doors, each with a window, almost upright above the shoulder.
    for (const side of [-1, 1] as const) {
      const inner = side * 0.06;
      const outer = side * half * 0.8;
      const span: readonly [number, number] = [Math.min(inner, outer), Math.max(inner, outer)];
      artist.patch(across(0.02, span, [1.25, 1.85]), normal, GLASS);
      artist.patch(across(0.019, span, [1.6, 1.85]), normal, [92, 106, 118], 0.4);
    }
    artist.patch(across(u, [-0.006, 0.006], [0.5, 1.05]), normal, joint);
  }
  const lampTop = kind === 'car' ? 0.83 : 1.05;
  const lampBottom = kind === 'car' ? 0.66 : 0.68;
  artist.patch(across(u, [-half * 0.97, half * 0.97], [0.42, 0.5]), normal, DARK);
  artist.patch(across(u, [-half * 0.72, half * 0.72], [0.555, 0.563]), normal, joint);
  for (const side of [-1, 1] as const) {
    const width = kind === 'car' ? 0.36 : 0.14;
    const outer = side * half * 0.99;
    const inner = side * (half * 0.99 - width);
    const lamp = across(u - 0.002, [Math.min(inner, outer), Math.max(inner, outer)], [lampBottom, lampTop]);
    lampPatch(artist, lamp, -1, 'tail');
    const clear = (inner + outer) / 2;
    artist.patch(
      across(u - 0.003, [clear - 0.05, clear + 0.05], [lampBottom + 0.02, lampBottom + 0.06]),
      normal,
      [226, 226, 222],
    );
    halo(artist, [u, clear, (lampBottom + lampTop) / 2], -1, 'tail');
  }
  artist.patch(across(u - 0.001, [-0.24, 0.24], [0.56, 0.74]), normal, joint);
  artist.patch(across(u - 0.003, [-0.06, 0.06], [0.77, 0.8]), normal, [206, 209, 213]);
  plate(artist, plateText, [u - 0.012, 0, 0.65], -1);
}
