/** Parts that all vehicles share: number plate, wheels, lamps, the shadow on the road. */
import { fill, glow, PLATE_FONT } from './brush.js';
import type { Rgb } from './light.js';
import { css, sunAt } from './light.js';
import type { Artist } from './mesh.js';
import { across, disc, toWorld } from './mesh.js';
import type { Point, Vec3 } from './view.js';

/** New Zealand plates are 360 mm by 125 mm, black on white; motorcycle plates are smaller. */
export const PLATE = { widthM: 0.36, heightM: 0.125 } as const;
const RUBBER: Rgb = [26, 27, 29];

/**
 * A plate on an end face, drawn as an affine image of a flat one, which at this size is what the lens sees.
 * Its sheeting throws the flash straight back, so at night it is the brightest thing in the picture.
 */
export function plate(artist: Artist, text: string, at: Vec3, outward: 1 | -1, widthM: number = PLATE.widthM): void {
  const normal: Vec3 = [outward, 0, 0];
  if (!artist.sees(at, normal)) return;
  const height = (widthM * PLATE.heightM) / PLATE.widthM;
  // The plate's own left, seen from outside.
  const side = (outward * widthM) / 2;
  const corner = (s: number, t: number): Vec3 => [at[0], at[1] + s * side, at[2] + (t * height) / 2];
  const points = artist.polygon([corner(1, 1), corner(-1, 1), corner(1, -1)]);
  const [topLeft, topRight, bottomLeft] = points;
  if (!topLeft || !topRight || !bottomLeft) return;
  const { brush, lighting } = artist;
  const W = 360;
  const H = 125;
  const back: Rgb =
    lighting.flash && lighting.light !== 'day' ? [255, 255, 252] : artist.lit([246, 246, 242], at, normal);
  brush.save();
  brush.transform(
    (topRight[0] - topLeft[0]) / W,
    (topRight[1] - topLeft[1]) / W,
    (bottomLeft[0] - topLeft[0]) / H,
    (bottomLeft[1] - topLeft[1]) / H,
    topLeft[0],
    topLeft[1],
  );
  brush.fillStyle = css(back);
  brush.fillRect(0, 0, W, H);
  const ink: Rgb = lighting.light === 'night' && !lighting.flash ? [4, 4, 6] : [22, 22, 26];
  brush.strokeStyle = css(ink, 0.8);
  brush.lineWidth = 4;
  brush.strokeRect(4, 4, W - 8, H - 8);
  brush.fillStyle = css(ink);
  brush.font = `112px "${PLATE_FONT}"`;
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  brush.fillText(text, W / 2, H / 2 + 4, W - 30);
  brush.restore();
}

/** Both wheels of one axle with their arches; `halfWidthM` to the outside of the tyre. */
export function axle(artist: Artist, u: number, halfWidthM: number, radiusM: number, arch = true): void {
  for (const side of [-1, 1] as const) {
    const w = side * halfWidthM;
    const normal: Vec3 = [0, side, 0];
    if (arch) artist.patch(disc(u, w * 1.002, radiusM * 1.04, radiusM * 1.17), normal, [14, 14, 15]);
    artist.patch(disc(u, w * 1.004, radiusM, radiusM), normal, RUBBER);
    artist.patch(disc(u, w * 1.006, radiusM, radiusM * 0.68), normal, [150, 153, 157]);
    artist.patch(disc(u, w * 1.007, radiusM, radiusM * 0.6), normal, [62, 64, 68]);
    for (let spoke = 0; spoke < 5; spoke += 1) {
      const a = (spoke * 2 * Math.PI) / 5 + 0.3;
      const arm = (angle: number, reach: number): Vec3 => [
        u + reach * radiusM * Math.cos(angle),
        w * 1.008,
        radiusM + reach * radiusM * Math.sin(angle),
      ];
      artist.patch(
        [arm(a - 0.5, 0.12), arm(a - 0.16, 0.64), arm(a + 0.16, 0.64), arm(a + 0.5, 0.12)],
        normal,
        [172, 175, 179],
      );
    }
  }
}

/** The treads that stand below the body, seen from an end. */
export function treads(artist: Artist, u: number, halfWidthM: number, radiusM: number, outward: 1 | -1): void {
  for (const side of [-1, 1]) {
    const inner = side * (halfWidthM - 0.22);
    const outer = side * (halfWidthM - 0.01);
    artist.patch(
      across(u, [Math.min(inner, outer), Math.max(inner, outer)], [0, radiusM * 1.5]),
      [outward, 0, 0],
      RUBBER,
    );
  }
}

/** Cast shadow away from the sun, and the dark under the vehicle: soft by layers. */
export function shadow(artist: Artist, lengthM: number, halfWidthM: number, heightM: number): void {
  const black: Rgb = [8, 9, 12];
  const footprint = (grow: number): Vec3[] => [
    [-grow, -halfWidthM - grow * 0.6, 0],
    [lengthM + grow, -halfWidthM - grow * 0.6, 0],
    [lengthM + grow, halfWidthM + grow * 0.6, 0],
    [-grow, halfWidthM + grow * 0.6, 0],
  ];
  if (artist.lighting.light === 'day') {
    const sun = sunAt(artist.lighting.turn);
    for (const [grow, alpha] of [
      [0.1, 0.16],
      [0, 0.2],
      [-0.1, 0.2],
    ] as const) {
      const low = footprint(grow).map((point) => toWorld(artist.stand, point));
      // The roof is narrower than the sill, so its shadow is drawn a little inside.
      const high = footprint(grow - 0.2).map((point) => {
        const [x, r] = toWorld(artist.stand, point);
        return [x - (sun[0] / sun[2]) * heightM, r - (sun[1] / sun[2]) * heightM, 0] as const;
      });
      const hull = convexHull([...low, ...high].map(([x, r]) => [x, r] as const));
      fill(artist.brush, artist.view.polygon(hull.map(([x, r]): Vec3 => [x, r, 0])), black, alpha);
    }
  }
  for (let layer = 0; layer < 7; layer += 1)
    fill(artist.brush, artist.polygon(footprint(0.28 - layer * 0.06)), black, 0.13);
}

/** Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turnOf = (o: Point, a: Point, b: Point): number =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const chain = (ordered: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length >= 2 && turnOf(kept.at(-2) as Point, kept.at(-1) as Point, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain([...sorted].reverse())];
}

const HEADLIGHT: Rgb = [255, 250, 232];
const TAIL: Rgb = [235, 28, 20];

/** A lamp as a patch; in the dark it shines. */
export function lampPatch(artist: Artist, points: readonly Vec3[], outward: 1 | -1, kind: 'head' | 'tail'): void {
  const normal: Vec3 = [outward, 0, 0];
  const centre = points[0] as Vec3;
  if (!artist.sees(centre, normal)) return;
  const dark = artist.lighting.light !== 'day';
  if (kind === 'head') {
    if (dark) artist.lamp(points, normal, HEADLIGHT);
    else artist.patch(points, normal, [222, 228, 234]);
  } else if (dark) artist.lamp(points, normal, TAIL);
  else artist.patch(points, normal, [168, 22, 24]);
}

/** Halo of a lamp, to be drawn after the body. */
export function halo(artist: Artist, at: Vec3, outward: 1 | -1, kind: 'head' | 'tail'): void {
  if (artist.lighting.light === 'day' || !artist.sees(at, [outward, 0, 0])) return;
  const world = toWorld(artist.stand, at);
  const point = artist.view.point(world);
  if (!point) return;
  const metre = artist.view.pixelsPerMetre(world);
  if (kind === 'head') glow(artist.brush, point, metre * 0.55, HEADLIGHT, 0.6);
  else glow(artist.brush, point, metre * 0.4, TAIL, 0.6);
}
