/**
 * Pinhole projection of the pretend road. World axes, metres: x ahead along the road, r to the right, z up; the lens
 * stands at the origin, `heightM` above the road, turned by `yawDeg` to the right and by `pitchDeg` downwards.
 */
import { toRadians } from '../../src/units.js';

export type Vec3 = readonly [x: number, r: number, z: number];
export type Point = readonly [x: number, y: number];

export interface ViewOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly heightM: number;
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly horizontalFieldDeg: number;
}

/** Nothing nearer than this to the lens is drawn. */
const NEAR_M = 0.6;

export class View {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly eye: Vec3;
  readonly focalPx: number;
  readonly #forward: Vec3;
  readonly #right: Vec3;
  readonly #up: Vec3;

  constructor(options: ViewOptions) {
    this.widthPx = options.widthPx;
    this.heightPx = options.heightPx;
    this.eye = [0, 0, options.heightM];
    this.focalPx = options.widthPx / 2 / Math.tan(toRadians(options.horizontalFieldDeg / 2));
    const yaw = toRadians(options.yawDeg);
    const pitch = toRadians(options.pitchDeg);
    this.#forward = [Math.cos(yaw) * Math.cos(pitch), Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch)];
    this.#right = [-Math.sin(yaw), Math.cos(yaw), 0];
    this.#up = [Math.cos(yaw) * Math.sin(pitch), Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch)];
  }

  #toCamera(point: Vec3): Vec3 {
    const from = subtract(point, this.eye);
    return [dot(from, this.#right), dot(from, this.#up), dot(from, this.#forward)];
  }

  #toPicture([right, up, depth]: Vec3): Point {
    return [this.widthPx / 2 + (right / depth) * this.focalPx, this.heightPx / 2 - (up / depth) * this.focalPx];
  }

  /** A point in front of the lens; null behind it. */
  point(point: Vec3): Point | null {
    const camera = this.#toCamera(point);
    return camera[2] < NEAR_M ? null : this.#toPicture(camera);
  }

  /** A flat polygon, clipped at the near plane; empty when all of it is behind. */
  polygon(points: readonly Vec3[]): Point[] {
    const camera = points.map((point) => this.#toCamera(point));
    const kept: Vec3[] = [];
    for (const [index, current] of camera.entries()) {
      const next = camera[(index + 1) % camera.length] as Vec3;
      if (current[2] >= NEAR_M) kept.push(current);
      if (current[2] >= NEAR_M !== next[2] >= NEAR_M) {
        const part = (NEAR_M - current[2]) / (next[2] - current[2]);
        kept.push(mix(current, next, part));
      }
    }
    return kept.map((point) => this.#toPicture(point));
  }

  /** Size in pixels of one metre at this point. */
  pixelsPerMetre(point: Vec3): number {
    return this.focalPx / Math.max(NEAR_M, this.#toCamera(point)[2]);
  }

  /** Row of the horizon. */
  get horizonPx(): number {
    return this.heightPx / 2 + (this.#forward[2] / Math.hypot(this.#forward[0], this.#forward[1])) * this.focalPx;
  }

  /** Distance to the ground seen in this row at the middle of the picture; infinite above the horizon. */
  groundDistanceM(rowPx: number): number {
    const slope = (rowPx - this.horizonPx) / this.focalPx;
    return slope <= 0 ? Infinity : this.eye[2] / slope;
  }
}

export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec3): number => Math.hypot(...a);
export const unit = (a: Vec3): Vec3 => {
  const size = length(a) || 1;
  return [a[0] / size, a[1] / size, a[2] / size];
};
export const mix = (a: Vec3, b: Vec3, part: number): Vec3 => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
  a[2] + (b[2] - a[2]) * part,
];
export const middle = (points: readonly Vec3[]): Vec3 => {
  const sum = points.reduce<Vec3>(
    (total, point) => [total[0] + point[0], total[1] + point[1], total[2] + point[2]],
    [0, 0, 0],
  );
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
};
