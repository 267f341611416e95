/**
 * Light of the pretend scene: sun and sky by day, a low warm remainder at dusk, and at night what the flash gives back,
 * falling with the square of the distance, beside a little sky glow. Results are factors on a surface's own colour.
 */
import type { Vec3 } from './view.js';
import { dot, length, subtract, unit } from './view.js';

export const LIGHTS = ['day', 'dusk', 'night'] as const;
export type Light = (typeof LIGHTS)[number];
export type Rgb = readonly [red: number, green: number, blue: number];

/** The sun stands behind the lens, high, and over the near side of the road: it lights what the camera sees. */
export const sunAt = (turn: 1 | -1): Vec3 => unit([-0.5, -0.42 * turn, 0.75]);
/** Distance at which the flash exposes fully; the camera's gamma flattens the fall. */
const FLASH_REACH_M = 17;
const AMBIENT: Readonly<Record<Light, Rgb>> = {
  day: [0.56, 0.58, 0.62],
  dusk: [0.3, 0.29, 0.36],
  night: [0.035, 0.04, 0.065],
};
const DIRECT: Readonly<Record<Light, Rgb>> = { day: [0.56, 0.54, 0.48], dusk: [0.16, 0.11, 0.09], night: [0, 0, 0] };

export interface Lighting {
  readonly light: Light;
  readonly flash: boolean;
  /** +1 where the far side of the road is to the right of the lens. */
  readonly turn: 1 | -1;
}

/** How much of the flash comes back from this distance, 0 to 1.15. */
export function flashAt(distanceM: number): number {
  return 1.15 * Math.min(1, (FLASH_REACH_M / Math.max(1, distanceM)) ** 2) ** 0.62;
}

/** Factor on the colour of a surface at `point` with this outward normal, seen from `eye`. */
export function illuminate(lighting: Lighting, point: Vec3, normal: Vec3, eye: Vec3): Rgb {
  const sun = Math.max(0, dot(normal, sunAt(lighting.turn)));
  const ambient = AMBIENT[lighting.light];
  const direct = DIRECT[lighting.light];
  // Sky light comes from above: undersides get less of it.
  const sky = 0.72 + 0.28 * normal[2];
  const towards = subtract(eye, point);
  const facing = Math.max(0, dot(normal, unit(towards)));
  const strength = lighting.light === 'day' ? 0.1 : lighting.light === 'dusk' ? 0.45 : 1;
  const flash = lighting.flash ? strength * flashAt(length(towards)) * (0.25 + 0.75 * facing) : 0;
  return [0, 1, 2].map((i) => (ambient[i] as number) * sky + (direct[i] as number) * sun + flash) as unknown as Rgb;
}

export const shade = (colour: Rgb, factor: Rgb): Rgb => [
  Math.min(255, colour[0] * factor[0]),
  Math.min(255, colour[1] * factor[1]),
  Math.min(255, colour[2] * factor[2]),
];
export const css = (colour: Rgb, alpha = 1): string =>
  `rgba(${String(Math.round(colour[0]))},${String(Math.round(colour[1]))},${String(Math.round(colour[2]))},${alpha.toFixed(3)})`;
export const blend = (a: Rgb, b: Rgb, part: number): Rgb => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
  a[2] + (b[2] - a[2]) * part,
];

/** `#rrggbb`, or one of the ordinary paint names. */
export function parseColour(text: string): Rgb {
  const hex = PAINTS[text] ?? text;
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export const PAINTS: Readonly<Record<string, string>> = {
  white: '#e9ebec',
  silver: '#b6bbc0',
  grey: '#70767c',
  black: '#25272b',
  red: '#b3201f',
  blue: '#2a4f91',
  green: '#2c6148',
  yellow: '#e0b226',
  orange: '#d2691e',
};
