/** A motorcycle with its rider: wheels and engine as thin bodies, the rider as a loft from hips to helmet. */
import type { BodyShape } from './car.js';
import { halo, lampPatch, plate, shadow } from './details.js';
import type { Rgb } from './light.js';
import type { Artist, Station } from './mesh.js';
import { across, disc } from './mesh.js';

const RUBBER: Rgb = [24, 25, 27];
const LEATHER: Rgb = [36, 38, 44];
const METAL: Rgb = [98, 101, 106];

function barrel(u0: number, u1: number, halfWidth: number, z0: number, z1: number): Station[] {
  const waist = (z0 + z1) / 2;
  const half: Station['half'] = [
    [halfWidth * 0.6, z0],
    [halfWidth, waist],
    [halfWidth * 0.6, z1],
  ];
  const end: Station['half'] = half.map(([w, z]) => [w * 0.7, waist + (z - waist) * 0.75] as const);
  const inset = (u1 - u0) * 0.18;
  return [
    { u: u0, half: end },
    { u: u0 + inset, half },
    { u: u1 - inset, half },
    { u: u1, half: end },
  ];
}

function wheel(artist: Artist, u: number, outward: 1 | -1): void {
  const radius = 0.31;
  artist.patch(across(u + outward * radius * 0.4, [-0.07, 0.07], [0, radius * 1.9]), [outward, 0, 0], RUBBER);
  for (const side of [-1, 1] as const) {
    artist.patch(disc(u, side * 0.07, radius, radius), [0, side, 0], RUBBER);
    artist.patch(disc(u, side * 0.072, radius, radius * 0.66), [0, side, 0], METAL);
    artist.patch(disc(u, side * 0.074, radius, radius * 0.58), [0, side, 0], [52, 54, 58]);
  }
}

export function drawMotorcycle(artist: Artist, shape: BodyShape, paint: Rgb, plateText: string): void {
  const { lengthM } = shape;
  const outward = artist.stand.heading === 1 ? -1 : 1;
  shadow(artist, lengthM, 0.26, shape.heightM);
  const frontPart = (): void => {
    wheel(artist, lengthM - 0.31, outward);
    artist.body(barrel(lengthM - 0.75, lengthM - 0.2, 0.17, 0.72, 1.06), paint);
    // Screen and handlebar.
    artist.patch(across(lengthM - 0.3, [-0.12, 0.12], [1.0, 1.24]), [1, 0, 0], [70, 82, 92], 0.8);
    artist.patch(across(lengthM - 0.55, [-0.38, 0.38], [1.0, 1.05]), [outward, 0, 0], RUBBER);
  };
  const middlePart = (): void => {
    artist.body(barrel(0.55, lengthM - 0.6, 0.21, 0.3, 0.72), METAL);
    artist.body(barrel(0.75, lengthM - 0.62, 0.2, 0.66, 0.98), paint);
    for (const side of [-1, 1]) artist.body(limb(side), LEATHER, 0.02);
    artist.body(torso(lengthM), LEATHER, 0.02);
    artist.body(helmet(), paint, 0.25);
    artist.patch(across(1.12, [-0.1, 0.1], [1.36, 1.45]), [1, 0, 0], [30, 34, 40]);
  };
  const rearPart = (): void => {
    wheel(artist, 0.31, outward);
    artist.body(barrel(0.1, 0.8, 0.15, 0.72, 0.88), paint);
  };
  for (const part of outward === 1 ? [rearPart, middlePart, frontPart] : [frontPart, middlePart, rearPart]) part();
  if (outward === 1) {
    const u = lengthM - 0.19;
    lampPatch(artist, across(u, [-0.1, 0.1], [0.84, 0.97]), 1, 'head');
    halo(artist, [u, 0, 0.9], 1, 'head');
  } else {
    lampPatch(artist, across(0.09, [-0.09, 0.09], [0.76, 0.83]), -1, 'tail');
    halo(artist, [0.09, 0, 0.8], -1, 'tail');
    // Motorcycles carry their only plate at the rear.
    plate(artist, plateText, [0.06, 0, 0.6], -1, 0.24);
  }
}

const limb = (side: number): Station[] =>
  barrel(0.7, 1.3, 0.1, 0.45, 0.85).map((station) => ({
    u: station.u,
    // One leg: a barrel moved to its side, drawn as its own mirrored pair would overlap the engine.
    half: station.half.map(([w, z]) => [0.16 + w * 0.8 * Math.abs(side), z] as const),
  }));

function torso(lengthM: number): Station[] {
  const rows: readonly (readonly [u: number, bottom: number, top: number, w: number])[] = [
    [0.62, 0.9, 1.02, 0.1],
    [0.68, 0.87, 1.12, 0.17],
    [0.8, 0.86, 1.34, 0.22],
    [0.98, 0.92, 1.38, 0.23],
    [lengthM - 0.95, 0.98, 1.24, 0.24],
    [lengthM - 0.62, 0.98, 1.1, 0.3],
  ];
  return rows.map(([u, bottom, top, w]) => ({
    u,
    half: [
      [w * 0.7, bottom],
      [w, (bottom + top) / 2],
      [w * 0.6, top],
    ],
  }));
}

function helmet(): Station[] {
  return Array.from({ length: 7 }, (_, i): Station => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 6;
    const size = Math.max(0.15, Math.cos(angle));
    const ring = Array.from({ length: 5 }, (_unused, k): readonly [number, number] => {
      const turn = -Math.PI / 2 + (Math.PI * k) / 4;
      return [Math.max(0.01, 0.13 * size * Math.cos(turn)), 1.42 + 0.15 * size * Math.sin(turn)];
    });
    return { u: 0.98 + 0.15 * Math.sin(angle), half: ring };
  });
}
