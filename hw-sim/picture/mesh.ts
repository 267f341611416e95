/**
 * Vehicle bodies as lofts: rings of points at stations along the length, joined by faces. Local axes, metres: u from
 * the rear end forward, w to the vehicle's right, z up. A face is drawn when it looks at the lens; nearer faces later.
 */
import type { Brush } from './brush.js';
import { fill } from './brush.js';
import type { Lighting, Rgb } from './light.js';
import { illuminate, shade } from './light.js';
import type { Point, Vec3, View } from './view.js';
import { cross, dot, length, middle, subtract, unit } from './view.js';

export interface Station {
  readonly u: number;
  /** Left half of the cross-section from the bottom up, as [half width, height]; the right half mirrors it. */
  readonly half: readonly (readonly [w: number, z: number])[];
}

/** Where a vehicle stands: its rear end, and +1 when it drives away from the lens. */
export interface Stand {
  readonly rearX: number;
  readonly r: number;
  readonly heading: 1 | -1;
}

export const toWorld = (stand: Stand, [u, w, z]: Vec3): Vec3 => [
  stand.rearX + stand.heading * u,
  stand.r + stand.heading * w,
  z,
];

interface Face {
  readonly points: readonly Vec3[];
  readonly normal: Vec3;
  readonly centre: Vec3;
}

function ring(station: Station): Vec3[] {
  const left = station.half.map(([w, z]): Vec3 => [station.u, -w, z]);
  const right = station.half.map(([w, z]): Vec3 => [station.u, w, z]).reverse();
  return [...left, ...right];
}

/** Normals point away from the middle of the body, which is right for anything convex enough to be a vehicle. */
function face(points: readonly Vec3[], bodyCentre: Vec3): Face | null {
  const [a, b, c, d] = points as [Vec3, Vec3, Vec3, Vec3 | undefined];
  const across = d ? cross(subtract(c, a), subtract(d, b)) : cross(subtract(b, a), subtract(c, a));
  if (length(across) < 1e-9) return null;
  const centre = middle(points);
  const outward = unit(across);
  const normal = dot(outward, subtract(centre, bodyCentre)) < 0 ? (outward.map((n) => -n) as unknown as Vec3) : outward;
  return { points, normal, centre };
}

export function loft(stations: readonly Station[]): (readonly Vec3[])[] {
  const faces: (readonly Vec3[])[] = [];
  const rings = stations.map(ring);
  for (let i = 0; i + 1 < rings.length; i += 1) {
    const here = rings[i] as Vec3[];
    const next = rings[i + 1] as Vec3[];
    for (let j = 0; j < here.length; j += 1) {
      const k = (j + 1) % here.length;
      faces.push([here[j] as Vec3, next[j] as Vec3, next[k] as Vec3, here[k] as Vec3]);
    }
  }
  faces.push(rings[0] as Vec3[], rings.at(-1) as Vec3[]);
  return faces;
}

export class Artist {
  readonly brush: Brush;
  readonly view: View;
  readonly lighting: Lighting;
  readonly stand: Stand;

  constructor(brush: Brush, view: View, lighting: Lighting, stand: Stand) {
    this.brush = brush;
    this.view = view;
    this.lighting = lighting;
    this.stand = stand;
  }

  polygon(local: readonly Vec3[]): Point[] {
    return this.view.polygon(local.map((point) => toWorld(this.stand, point)));
  }

  /** Is the outside of this surface turned to the lens? */
  sees(local: Vec3, normal: Vec3): boolean {
    const world = toWorld(this.stand, local);
    return dot(this.#worldNormal(normal), subtract(this.view.eye, world)) > 0;
  }

  #worldNormal(normal: Vec3): Vec3 {
    return [normal[0] * this.stand.heading, normal[1] * this.stand.heading, normal[2]];
  }

  lit(colour: Rgb, local: Vec3, normal: Vec3): Rgb {
    const factor = illuminate(this.lighting, toWorld(this.stand, local), this.#worldNormal(normal), this.view.eye);
    return shade(colour, factor);
  }

  /** All faces of a loft that can be seen, farthest first. `gloss` brightens what reflects the sky. */
  body(stations: readonly Station[], colour: Rgb, gloss = 0.12): void {
    const polygons = loft(stations);
    const centre = middle(polygons.flat());
    const seen = polygons
      .flatMap((points) => face(points, centre) ?? [])
      .filter((each) => this.sees(each.centre, each.normal))
      .sort((a, b) => this.#distance(b.centre) - this.#distance(a.centre));
    for (const each of seen) {
      const lit = this.lit(colour, each.centre, each.normal);
      const sky = gloss * Math.max(0, each.normal[2]) ** 2 * (this.lighting.light === 'day' ? 255 : 40);
      fill(this.brush, this.polygon(each.points), [
        Math.min(255, lit[0] + sky),
        Math.min(255, lit[1] + sky),
        Math.min(255, lit[2] + sky),
      ]);
    }
  }

  #distance(local: Vec3): number {
    return length(subtract(this.view.eye, toWorld(this.stand, local)));
  }

  /** A flat piece on the outside; nothing when it is turned away. */
  patch(points: readonly Vec3[], normal: Vec3, colour: Rgb, alpha = 1): void {
    const centre = middle(points);
    if (this.sees(centre, normal)) fill(this.brush, this.polygon(points), this.lit(colour, centre, normal), alpha);
  }

  /** The same at its own brightness whatever the light: a lamp. */
  lamp(points: readonly Vec3[], normal: Vec3, colour: Rgb, alpha = 1): void {
    if (this.sees(middle(points), normal)) fill(this.brush, this.polygon(points), colour, alpha);
  }
}

/** Points of a disc that stands along the vehicle (a wheel). */
export function disc(u: number, w: number, z: number, radiusM: number, corners = 40): Vec3[] {
  return Array.from({ length: corners }, (_, i): Vec3 => {
    const angle = (2 * Math.PI * i) / corners;
    return [u + radiusM * Math.cos(angle), w, z + radiusM * Math.sin(angle)];
  });
}

/** Rectangle across the vehicle at one u: [left, right] of w and [bottom, top] of z. */
export const across = (u: number, [w0, w1]: readonly [number, number], [z0, z1]: readonly [number, number]): Vec3[] => [
  [u, w0, z0],
  [u, w1, z0],
  [u, w1, z1],
  [u, w0, z1],
];
