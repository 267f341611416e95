/** The few canvas strokes that everything in the pictures is made of. */
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb } from './light.js';
import { css } from './light.js';
import type { Point, Vec3, View } from './view.js';

export type Brush = SKRSContext2D;

export function outline(brush: Brush, points: readonly Point[]): void {
  brush.beginPath();
  for (const [x, y] of points) brush.lineTo(x, y);
  brush.closePath();
}

export function fill(brush: Brush, points: readonly Point[], colour: Rgb, alpha = 1): void {
  if (points.length < 3) return;
  brush.fillStyle = css(colour, alpha);
  outline(brush, points);
  brush.fill();
  if (alpha < 1) return;
  // Neighbouring faces would otherwise let the background shine through their common edge.
  brush.strokeStyle = brush.fillStyle;
  brush.lineWidth = 0.8;
  brush.stroke();
}

/** A strip on the ground between two distances and two lateral positions. */
export function groundStrip(
  brush: Brush,
  view: View,
  [fromX, toX]: readonly [number, number],
  [left, right]: readonly [number, number],
  colour: Rgb,
  alpha = 1,
): void {
  const corners: Vec3[] = [
    [fromX, left, 0],
    [toX, left, 0],
    [toX, right, 0],
    [fromX, right, 0],
  ];
  fill(brush, view.polygon(corners), colour, alpha);
}

/** A light that glows: drawn additively. */
export function glow(brush: Brush, [x, y]: Point, radiusPx: number, colour: Rgb, strength: number): void {
  const gradient = brush.createRadialGradient(x, y, 0, x, y, radiusPx);
  gradient.addColorStop(0, css(colour, strength));
  gradient.addColorStop(0.25, css(colour, strength * 0.45));
  gradient.addColorStop(1, css(colour, 0));
  brush.globalCompositeOperation = 'lighter';
  brush.fillStyle = gradient;
  brush.fillRect(x - radiusPx, y - radiusPx, 2 * radiusPx, 2 * radiusPx);
  brush.globalCompositeOperation = 'source-over';
}

/** The font of plates and signs comes with the program, so that pictures are the same on every machine. */
export const PLATE_FONT = 'Kerbside Plate';
export function loadFonts(): void {
  if (GlobalFonts.has(PLATE_FONT)) return;
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('dejavu-fonts-ttf/package.json');
  GlobalFonts.registerFromPath(
    fileURLToPath(new URL('./ttf/DejaVuSansCondensed-Bold.ttf', `file://${manifest}`)),
    PLATE_FONT,
  );
}
