/**
 * The place: sky, hills, paddocks, trees, fence, the sealed road with its lines, edge marker posts and power poles.
 * It is drawn once for each light and kept; every picture then only adds what drives.
 */
import type { Random } from '../prng.js';
import type { Brush } from './brush.js';
import { fill, groundStrip } from './brush.js';
import type { Lighting, Rgb } from './light.js';
import { blend, css, flashAt, illuminate, shade } from './light.js';
import { drawTrees } from './trees.js';
import type { Point, Vec3, View } from './view.js';

/** Lateral positions, metres to the right of the lens (negative: to the left). */
export interface RoadPicture {
  /** +1 where the far side of the road is to the right of the lens. */
  readonly turn: 1 | -1;
  /** From the lens to both edges of the seal. */
  readonly nearEdgeM: number;
  readonly farEdgeM: number;
  /** Edges of the outermost lanes: where the edge lines are painted. */
  readonly edgeLinesM: readonly [near: number, far: number];
  /** Boundaries between lanes and whether traffic on their two sides runs in opposite directions. */
  readonly boundaries: readonly { readonly lateralM: number; readonly opposing: boolean }[];
}

const FAR_M = 900;
const SKY: Readonly<Record<Lighting['light'], readonly [Rgb, Rgb, Rgb]>> = {
  day: [
    [92, 140, 196],
    [158, 190, 222],
    [222, 230, 234],
  ],
  dusk: [
    [34, 42, 74],
    [88, 80, 108],
    [214, 140, 96],
  ],
  night: [
    [5, 7, 14],
    [9, 12, 22],
    [20, 24, 36],
  ],
};
const GRASS: Rgb = [104, 124, 62];
const SEAL: Rgb = [104, 105, 108];
const PAINT: Rgb = [226, 226, 220];

export function drawBackground(brush: Brush, view: View, road: RoadPicture, lighting: Lighting, random: Random): void {
  sky(brush, view, lighting, random);
  hills(brush, view, lighting, random);
  ground(brush, view, road, lighting, random);
  drawTrees(brush, view, road, lighting, random);
  fence(brush, view, road, lighting);
  darken(brush, view, lighting, random);
  reflectors(brush, view, road, lighting);
}

/** Scenery is painted by day and darkened afterwards as a whole. */
export const undarkened = (lighting: Lighting): Lighting => ({
  ...lighting,
  light: lighting.light === 'night' ? 'day' : lighting.light,
  flash: false,
});

function sky(brush: Brush, view: View, { light }: Lighting, random: Random): void {
  const [top, middleTone, low] = SKY[light];
  const gradient = brush.createLinearGradient(0, 0, 0, view.horizonPx);
  gradient.addColorStop(0, css(top));
  gradient.addColorStop(0.6, css(middleTone));
  gradient.addColorStop(1, css(low));
  brush.fillStyle = gradient;
  brush.fillRect(0, 0, view.widthPx, view.horizonPx + 2);
  if (light === 'night') return;
  const tone: Rgb = light === 'day' ? [255, 255, 255] : [190, 130, 120];
  for (let cloud = 0; cloud < 9; cloud += 1) {
    const x = random.between(-0.1, 1.1) * view.widthPx;
    const y = random.between(0.12, 0.8) * view.horizonPx;
    const width = random.between(0.1, 0.3) * view.widthPx;
    for (let puff = 0; puff < 26; puff += 1) {
      const px = x + random.gaussian(width * 0.4);
      const py = y + random.gaussian(width * 0.05);
      const radius = width * random.between(0.06, 0.2);
      const gradientPuff = brush.createRadialGradient(px, py, 0, px, py, radius);
      gradientPuff.addColorStop(0, css(tone, 0.13));
      gradientPuff.addColorStop(1, css(tone, 0));
      brush.fillStyle = gradientPuff;
      brush.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
    }
  }
}

function hills(brush: Brush, view: View, { light }: Lighting, random: Random): void {
  const haze = SKY[light][2];
  for (const [height, tone, part] of [
    [0.05, [86, 108, 124], 0.55],
    [0.032, [82, 104, 88], 0.35],
    [0.014, [70, 92, 58], 0.15],
  ] as const) {
    const colour = blend(tone, haze, part);
    const phases = [random.between(0, 6), random.between(0, 6), random.between(0, 6)] as const;
    const points: Point[] = [[0, view.horizonPx + 2]];
    for (let x = 0; x <= view.widthPx; x += view.widthPx / 160) {
      const t = (x / view.widthPx) * 6;
      const wave =
        0.55 +
        0.28 * Math.sin(t * 0.9 + phases[0]) +
        0.14 * Math.sin(t * 2.3 + phases[1]) +
        0.05 * Math.sin(t * 6.1 + phases[2]);
      points.push([x, view.horizonPx - view.heightPx * height * Math.max(0.1, wave)]);
    }
    points.push([view.widthPx, view.horizonPx + 2]);
    fill(brush, points, colour);
  }
}

function ground(brush: Brush, view: View, road: RoadPicture, lighting: Lighting, random: Random): void {
  const base = illuminate(undarkened(lighting), [0, 0, 0], [0, 0, 1], view.eye);
  const gradient = brush.createLinearGradient(0, view.horizonPx, 0, view.heightPx);
  gradient.addColorStop(0, css(shade([146, 158, 104], base)));
  gradient.addColorStop(0.12, css(shade([116, 136, 70], base)));
  gradient.addColorStop(1, css(shade(GRASS, base)));
  brush.fillStyle = gradient;
  brush.fillRect(0, view.horizonPx, view.widthPx, view.heightPx - view.horizonPx);
  blades(brush, view, base, random);
  const lit = (colour: Rgb): Rgb => shade(colour, base);
  const across = (a: number, b: number): readonly [number, number] => [a * road.turn, b * road.turn];
  const near = road.nearEdgeM;
  const far = road.farEdgeM;
  groundStrip(brush, view, [0.5, FAR_M], across(near - 0.9, far + 1.2), lit([134, 126, 108]));
  groundStrip(brush, view, [0.5, FAR_M], across(near, far), lit(SEAL));
  // Wheel tracks polish the seal; each lane has two.
  const [firstLine, lastLine] = road.edgeLinesM;
  const edges = [firstLine, ...road.boundaries.map((boundary) => boundary.lateralM), lastLine];
  for (let lane = 0; lane + 1 < edges.length; lane += 1) {
    const centre = ((edges[lane] as number) + (edges[lane + 1] as number)) / 2;
    for (const track of [-0.78, 0.78]) {
      groundStrip(
        brush,
        view,
        [0.5, FAR_M],
        across(centre + track - 0.3, centre + track + 0.3),
        lit([92, 93, 96]),
        0.45,
      );
    }
  }
  speckle(brush, view, road, random);
  for (const edge of road.edgeLinesM)
    groundStrip(brush, view, [0.5, FAR_M], across(edge, edge + 0.1), lit(PAINT), 0.95);
  for (const { lateralM, opposing } of road.boundaries) {
    // Dashes of 3 m with gaps of 7 m; nothing is drawn where they merge into one line.
    for (let x = 1; x < 260; x += 10)
      groundStrip(brush, view, [x, x + 3], across(lateralM - 0.06, lateralM + 0.06), lit(PAINT), 0.95);
    if (opposing)
      groundStrip(brush, view, [0.5, FAR_M], across(lateralM + 0.16, lateralM + 0.26), lit([222, 186, 70]), 0.9);
  }
}

function blades(brush: Brush, view: View, base: Rgb, random: Random): void {
  for (let i = 0; i < 26000; i += 1) {
    const row = view.horizonPx + (view.heightPx - view.horizonPx) * random.uniform() ** 1.25;
    const size = Math.max(1, (view.focalPx * 0.09) / Math.max(2, view.groundDistanceM(row)));
    const tone = random.between(0.72, 1.3);
    const colour: Rgb = [GRASS[0] * tone * random.between(0.9, 1.15), GRASS[1] * tone, GRASS[2] * tone * 0.9];
    const x = random.uniform() * view.widthPx;
    brush.strokeStyle = css(shade(colour, base), 0.42);
    brush.lineWidth = Math.max(0.7, size * 0.14);
    brush.beginPath();
    brush.moveTo(x, row);
    brush.lineTo(x + random.gaussian(size * 0.4), row - size * random.between(0.4, 1.2));
    brush.stroke();
  }
}

function speckle(brush: Brush, view: View, road: RoadPicture, random: Random): void {
  for (let i = 0; i < 42000; i += 1) {
    const x = 3 + 60 * random.uniform() ** 2;
    const r = random.between(road.nearEdgeM, road.farEdgeM) * road.turn;
    const at = view.point([x, r, 0]);
    if (!at) continue;
    const size = Math.max(0.8, view.pixelsPerMetre([x, r, 0]) * 0.007);
    brush.fillStyle = random.uniform() < 0.5 ? 'rgba(48,48,52,0.26)' : 'rgba(170,170,170,0.22)';
    brush.fillRect(at[0], at[1], size * 1.6, size);
  }
}

function fence(brush: Brush, view: View, road: RoadPicture, lighting: Lighting): void {
  const base = illuminate(undarkened(lighting), [0, 0, 0], [-0.6, 0, 0.4], view.eye);
  const r = (road.farEdgeM + 7.5) * road.turn;
  for (let x = 260; x > 6; x -= x > 90 ? 12 : 4) {
    const foot = view.polygon([
      [x, r, 0],
      [x, r + 0.12, 0],
      [x, r + 0.12, 1.2],
      [x, r, 1.2],
    ]);
    fill(brush, foot, shade([120, 106, 86], base));
  }
  for (const z of [0.35, 0.65, 0.95, 1.15]) {
    const from = view.point([6, r, z]);
    const to = view.point([260, r, z]);
    if (!from || !to) continue;
    brush.strokeStyle = css(shade([92, 94, 96], base), 0.75);
    brush.lineWidth = 1.3;
    brush.beginPath();
    brush.moveTo(...from);
    brush.lineTo(...to);
    brush.stroke();
  }
}

/** Night falls over what was drawn by day; the flash keeps what is near. */
function darken(brush: Brush, view: View, lighting: Lighting, random: Random): void {
  if (lighting.light === 'day') return;
  const rest = lighting.light === 'night' ? 0.05 : 0.62;
  const gradient = brush.createLinearGradient(0, view.horizonPx, 0, view.heightPx);
  const span = view.heightPx - view.horizonPx;
  const tone = (level: number): string =>
    css([255 * level * 0.97, 255 * level * 0.99, 255 * Math.min(1, level * 1.05)]);
  gradient.addColorStop(0, tone(rest));
  for (let part = 0.02; part <= 1; part += 0.02) {
    const row = view.horizonPx + part * span;
    const flash = lighting.flash ? flashAt(view.groundDistanceM(row)) * (lighting.light === 'night' ? 0.62 : 0.3) : 0;
    gradient.addColorStop(part, tone(Math.min(1, rest + flash)));
  }
  brush.globalCompositeOperation = 'multiply';
  brush.fillStyle = gradient;
  const top = lighting.light === 'night' ? 0 : view.horizonPx - 2;
  brush.fillRect(0, top, view.widthPx, view.heightPx);
  brush.globalCompositeOperation = 'source-over';
  if (lighting.light === 'night') nightSky(brush, view, random);
}

/** What is left of the sky: its glow over the silhouettes, and stars. */
function nightSky(brush: Brush, view: View, random: Random): void {
  const glowing = brush.createLinearGradient(0, 0, 0, view.horizonPx);
  glowing.addColorStop(0, 'rgb(4,6,12)');
  glowing.addColorStop(1, 'rgb(20,24,38)');
  brush.globalCompositeOperation = 'lighten';
  brush.fillStyle = glowing;
  brush.fillRect(0, 0, view.widthPx, view.horizonPx);
  brush.globalCompositeOperation = 'source-over';
  for (let i = 0; i < 150; i += 1) {
    brush.fillStyle = css([210, 216, 230], random.between(0.1, 0.7));
    const size = random.between(0.8, 2.2);
    brush.fillRect(random.between(0, view.widthPx), random.between(0, view.horizonPx * 0.55), size, size);
  }
}

/** Edge marker posts: white plastic with a reflector that answers the flash. */
function reflectors(brush: Brush, view: View, road: RoadPicture, lighting: Lighting): void {
  const toEye: Vec3 = [-1, 0, 0];
  for (const [r, x0] of [
    [road.farEdgeM + 1.3, 14],
    [road.nearEdgeM - 1.1, 22],
  ] as const) {
    for (let x = x0 + 200; x >= x0; x -= 25) {
      const at = r * road.turn;
      const white = shade([238, 238, 234], illuminate(lighting, [x, at, 0.5], toEye, view.eye));
      const panel = (z0: number, z1: number, half: number): Point[] =>
        view.polygon([
          [x, at - half, z0],
          [x, at + half, z0],
          [x, at + half, z1],
          [x, at - half, z1],
        ]);
      fill(brush, panel(0, 1, 0.055), white);
      const dim = lighting.light === 'night' && !lighting.flash;
      fill(brush, panel(0.72, 0.84, 0.04), dim ? [60, 30, 20] : lighting.flash ? [255, 190, 120] : [196, 60, 40]);
    }
  }
}
