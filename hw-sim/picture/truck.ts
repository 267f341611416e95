/** A rigid truck: chassis and wheels, a box body with a sign on it, a cab over the engine. */
import { PLATE_FONT } from './brush.js';
import type { BodyShape } from './car.js';
import { axle, halo, lampPatch, plate, shadow, treads } from './details.js';
import type { Rgb } from './light.js';
import { blend, css } from './light.js';
import type { Artist, Station } from './mesh.js';
import { across } from './mesh.js';
import type { Vec3 } from './view.js';

const DARK: Rgb = [24, 25, 28];
const BOX: Rgb = [222, 224, 222];
const GLASS: Rgb = [32, 38, 44];

function block(u0: number, u1: number, halfWidth: number, z0: number, z1: number, round = 0.03): Station[] {
  const half: Station['half'] = [
    [halfWidth - round, z0],
    [halfWidth, z0 + round],
    [halfWidth, z1 - round],
    [halfWidth - round, z1],
  ];
  // Short faces, so that the flash falls off smoothly along a long side.
  return Array.from({ length: 9 }, (_, i) => ({ u: u0 + ((u1 - u0) * i) / 8, half }));
}

export function drawTruck(artist: Artist, shape: BodyShape, paint: Rgb, plateText: string): void {
  const { lengthM, heightM } = shape;
  const half = shape.widthM / 2;
  const cabFrom = lengthM - 2.05;
  shadow(artist, lengthM, half, heightM);
  const wheels = [lengthM - 1.35, 2.35, 1.15];
  treads(artist, (wheels[0] as number) + 0.4, half, 0.48, 1);
  treads(artist, (wheels[2] as number) - 0.4, half, 0.48, -1);
  const parts = [
    (): void => {
      artist.body(block(0.12, lengthM - 0.5, half * 0.62, 0.55, 0.98), DARK, 0);
    },
    (): void => {
      artist.body(block(0, cabFrom - 0.22, half, 1.05, heightM), BOX, 0.03);
      sign(artist, cabFrom - 0.22, half);
    },
    (): void => {
      cab(artist, cabFrom, shape, paint);
    },
  ];
  // Of box and cab the farther one is painted first.
  for (const part of artist.stand.heading === 1 ? [parts[0], parts[2], parts[1]] : parts) part?.();
  for (const u of wheels) axle(artist, u, half * 0.99, 0.48, false);
  if (artist.stand.heading === -1) front(artist, shape, plateText);
  else rear(artist, shape, plateText);
}

function cab(artist: Artist, from: number, shape: BodyShape, paint: Rgb): void {
  const half = shape.widthM / 2 - 0.04;
  const to = shape.lengthM;
  const top = 2.85;
  const half0: Station['half'] = [
    [half * 0.97, 0.5],
    [half, 0.6],
    [half, 1.6],
    [half * 0.95, top - 0.12],
    [half * 0.86, top],
  ];
  const nose: Station['half'] = half0.map(([w, z]) => [w * 0.96, z > 2.5 ? z - 0.1 : z] as const);
  artist.body(
    [
      { u: from, half: half0 },
      { u: to - 0.5, half: half0 },
      { u: to - 0.05, half: half0.map(([w, z]) => [w * 0.99, z > 2.5 ? z - 0.03 : z] as const) },
      { u: to, half: nose },
    ],
    paint,
  );
  for (const side of [-1, 1] as const) {
    const w = side * (half + 0.004);
    const window: Vec3[] = [
      [from + 0.55, w, 1.65],
      [to - 0.22, w, 1.65],
      [to - 0.32, w * 0.965, 2.5],
      [from + 0.55, w * 0.965, 2.5],
    ];
    artist.patch(window, [0, side, 0.1], GLASS);
    artist.patch(
      across(to - 0.1, [Math.min(w, w + side * 0.26), Math.max(w, w + side * 0.26)], [1.75, 2.35]),
      [1, 0, 0],
      DARK,
    );
  }
}

function sign(artist: Artist, length: number, half: number): void {
  const stripe = (side: 1 | -1, z0: number, z1: number, colour: Rgb): void => {
    const w = side * (half + 0.003);
    artist.patch(
      [
        [0.15, w, z0],
        [length - 0.15, w, z0],
        [length - 0.15, w, z1],
        [0.15, w, z1],
      ],
      [0, side, 0],
      colour,
    );
  };
  for (const side of [-1, 1] as const) {
    stripe(side, 1.5, 1.95, [32, 104, 92]);
    stripe(side, 2.02, 2.1, [224, 160, 44]);
    stripe(side, 1.05, 1.12, [70, 72, 76]);
  }
}

function front(artist: Artist, shape: BodyShape, plateText: string): void {
  const u = shape.lengthM + 0.004;
  const half = shape.widthM / 2;
  const normal: Vec3 = [1, 0, 0];
  for (let row = 0; row < 5; row += 1) {
    const tone = blend(GLASS, artist.lighting.light === 'day' ? [112, 132, 150] : [40, 44, 52], row / 6);
    const z = 1.72 + row * 0.17;
    artist.patch(across(u, [-half * 0.84, half * 0.84], [z, z + 0.17]), normal, tone);
  }
  artist.patch(across(u, [-half * 0.5, half * 0.5], [0.98, 1.5]), normal, DARK);
  for (const z of [1.08, 1.2, 1.32, 1.44])
    artist.patch(across(u + 0.002, [-half * 0.48, half * 0.48], [z, z + 0.025]), normal, [150, 154, 158]);
  artist.patch(across(u, [-half * 0.95, half * 0.95], [0.5, 0.86]), normal, [60, 62, 66]);
  for (const side of [-1, 1] as const) {
    const centre = side * half * 0.74;
    lampPatch(artist, across(u + 0.003, [centre - 0.17, centre + 0.17], [0.6, 0.78]), 1, 'head');
    halo(artist, [u, centre, 0.69], 1, 'head');
  }
  plate(artist, plateText, [u + 0.01, 0, 0.62], 1);
}

function rear(artist: Artist, shape: BodyShape, plateText: string): void {
  const u = -0.005;
  const half = shape.widthM / 2;
  const normal: Vec3 = [-1, 0, 0];
  const joint: Rgb = [120, 123, 126];
  const top = shape.heightM - 0.12;
  for (const w of [0, -half + 0.07, half - 0.07])
    artist.patch(across(u, [w - 0.015, w + 0.015], [1.1, top]), normal, joint);
  for (const w of [-0.28, -0.14, 0.14, 0.28])
    artist.patch(across(u - 0.002, [w - 0.014, w + 0.014], [1.12, top]), normal, [165, 168, 170]);
  for (const z of [1.28, 2.3, 3.3]) {
    for (const side of [-1, 1])
      artist.patch(
        across(u - 0.003, [side * half * 0.86 - 0.1, side * half * 0.86 + 0.1], [z, z + 0.05]),
        normal,
        joint,
      );
  }
  lettering(artist, half);
  // Bumper with lamps and the plate, and the red and yellow marker boards.
  artist.patch(across(u, [-half * 0.96, half * 0.96], [0.52, 0.92]), normal, [38, 39, 42]);
  for (const side of [-1, 1] as const) {
    const centre = side * half * 0.8;
    lampPatch(artist, across(u - 0.004, [centre - 0.17, centre + 0.17], [0.7, 0.86]), -1, 'tail');
    halo(artist, [u, centre, 0.78], -1, 'tail');
    for (let k = 0; k < 4; k += 1) {
      const w = side * (half * 0.3 + k * 0.11);
      const bright: Rgb = k % 2 === 0 ? [236, 196, 32] : [200, 30, 26];
      const board = across(u - 0.005, [w - 0.055, w + 0.055], [0.94, 1.04]);
      if (artist.lighting.flash && artist.lighting.light !== 'day') artist.lamp(board, normal, bright);
      else artist.patch(board, normal, bright);
    }
  }
  plate(artist, plateText, [u - 0.012, 0, 0.66], -1);
}

/** The haulier's name across the doors. */
function lettering(artist: Artist, half: number): void {
  const normal: Vec3 = [-1, 0, 0];
  const at: Vec3 = [-0.006, 0, 2.6];
  if (!artist.sees(at, normal)) return;
  const points = artist.polygon([
    [-0.006, -half * 0.75, 2.85],
    [-0.006, half * 0.75, 2.85],
    [-0.006, -half * 0.75, 2.45],
  ]);
  const [topLeft, topRight, bottomLeft] = points;
  if (!topLeft || !topRight || !bottomLeft) return;
  const { brush } = artist;
  brush.save();
  brush.transform(
    (topRight[0] - topLeft[0]) / 480,
    (topRight[1] - topLeft[1]) / 480,
    (bottomLeft[0] - topLeft[0]) / 100,
    (bottomLeft[1] - topLeft[1]) / 100,
    topLeft[0],
    topLeft[1],
  );
  brush.fillStyle = css(artist.lit([32, 104, 92], at, normal));
  brush.font = `72px "${PLATE_FONT}"`;
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  brush.fillText('PRETEND FREIGHT', 240, 52, 460);
  brush.restore();
}
