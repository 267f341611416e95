/** Shelter belt, single trees and power poles beyond the fence. */
import type { Random } from '../prng.js';
import type { RoadPicture } from './background.js';
import { undarkened } from './background.js';
import type { Brush } from './brush.js';
import { fill } from './brush.js';
import type { Lighting, Rgb } from './light.js';
import { blend, css, illuminate, shade } from './light.js';
import type { View } from './view.js';

const HAZE: Rgb = [176, 192, 204];

export function drawTrees(brush: Brush, view: View, road: RoadPicture, lighting: Lighting, random: Random): void {
  const base = illuminate(undarkened(lighting), [0, 0, 0], [-0.5, 0, 0.6], view.eye);
  const trees: { x: number; lateral: number; height: number }[] = [];
  for (let x = 60; x < 420; x += 7)
    trees.push({ x, lateral: 60 + random.gaussian(1.5), height: random.between(6.5, 8.5) });
  for (let i = 0; i < 14; i += 1) {
    trees.push({ x: random.between(45, 300), lateral: random.between(24, 52), height: random.between(3, 8) });
  }
  for (let i = 0; i < 10; i += 1) {
    trees.push({ x: random.between(70, 320), lateral: -random.between(12, 40), height: random.between(4, 9) });
  }
  for (const tree of trees.sort((a, b) => b.x - a.x)) {
    const r = tree.lateral * road.turn;
    const far = Math.min(0.6, tree.x / 700);
    canopy(brush, view, [tree.x, r], tree.height, shade(blend([58, 82, 44], HAZE, far), base), random);
  }
  const wood = shade([96, 86, 76], base);
  for (let x = 240; x >= 60; x -= 42) {
    const r = (road.farEdgeM + 10.5) * road.turn;
    fill(
      brush,
      view.polygon([
        [x, r - 0.13, 0],
        [x, r + 0.13, 0],
        [x, r + 0.1, 9],
        [x, r - 0.1, 9],
      ]),
      wood,
    );
    fill(
      brush,
      view.polygon([
        [x, r - 1.1, 8.3],
        [x, r + 1.1, 8.3],
        [x, r + 1.1, 8.45],
        [x, r - 1.1, 8.45],
      ]),
      wood,
    );
  }
}

function canopy(
  brush: Brush,
  view: View,
  [x, r]: readonly [number, number],
  heightM: number,
  colour: Rgb,
  random: Random,
): void {
  const metre = view.pixelsPerMetre([x, r, 0]);
  const foot = view.point([x, r, 0]);
  if (!foot) return;
  const width = heightM * 0.36 * metre;
  const tall = heightM * metre;
  const leaves = Math.round(Math.min(700, 60 + tall * 2.2));
  for (let i = 0; i < leaves; i += 1) {
    const up = 0.12 + 0.86 * random.uniform();
    const spread = Math.sin(Math.PI * Math.min(1, up * 0.95 + 0.08)) ** 0.7;
    const px = foot[0] + random.gaussian(width * 0.42 * spread);
    const py = foot[1] - up * tall;
    const tone = 0.62 + 0.5 * up + random.between(-0.16, 0.16);
    brush.fillStyle = css([colour[0] * tone, colour[1] * tone, colour[2] * tone], 0.85);
    const size = Math.max(1.2, tall * random.between(0.018, 0.05));
    brush.beginPath();
    brush.ellipse(px, py, size, size * 0.75, random.between(0, 3), 0, 2 * Math.PI);
    brush.fill();
  }
}
