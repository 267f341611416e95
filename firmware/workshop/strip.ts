/**
 * Paints the strip that `src/evidence/strip-layout.ts` has laid out, with the DejaVu fonts of a package: a van's board
 * has no fonts of its own, and evidence must look the same everywhere.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { KerbsideError } from '../../src/errors.js';
import type { DataBlock } from '../../src/evidence/data-block.js';
import type { Pixels } from '../../src/evidence/jpeg/transform.js';
import { layoutStrip, type MeasureText, type StripFont, type StripItem } from '../../src/evidence/strip-layout.js';

const FONT_FILES: Readonly<Record<StripFont, string>> = {
  label: 'DejaVuSans.ttf',
  value: 'DejaVuSansCondensed.ttf',
  strong: 'DejaVuSans-Bold.ttf',
  number: 'DejaVuSansMono-Bold.ttf',
};
const FAMILY = 'Kerbside';

let registered = false;

/** Once a process. Families of our own names, so that no system font can step in. */
function registerFonts(): void {
  if (registered) return;
  const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  for (const [font, file] of Object.entries(FONT_FILES)) {
    if (GlobalFonts.registerFromPath(join(folder, file), `${FAMILY} ${font}`) === null) {
      throw new KerbsideError(
        'not-available',
        `Font ${join(folder, file)} cannot be read; expected it from dejavu-fonts-ttf.`,
      );
    }
  }
  registered = true;
}

const fontOf = (font: StripFont, sizePx: number): string => `${sizePx}px "${FAMILY} ${font}"`;

/** Stripes lean to the right; the band is clipped to its box. */
function paintHazard(context: SKRSContext2D, band: Extract<StripItem, { kind: 'hazard' }>): void {
  const { x, y, width, height, pitch, colours } = band;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = colours[0];
  context.fillRect(x, y, width, height);
  context.fillStyle = colours[1];
  for (let left = x - height; left < x + width; left += pitch) {
    context.beginPath();
    context.moveTo(left, y + height);
    context.lineTo(left + height, y);
    context.lineTo(left + height + pitch / 2, y);
    context.lineTo(left + pitch / 2, y + height);
    context.fill();
  }
  context.restore();
}

function paintItem(context: SKRSContext2D, item: StripItem): void {
  if (item.kind === 'hazard') {
    paintHazard(context, item);
    return;
  }
  context.fillStyle = item.colour;
  if (item.kind === 'rect') {
    context.fillRect(Math.round(item.x), Math.round(item.y), Math.round(item.width), Math.round(item.height));
    return;
  }
  context.font = fontOf(item.font, item.sizePx);
  context.fillText(item.text, Math.round(item.x), Math.round(item.baseline));
}

/** Needs the fonts. Setting a font costs more than measuring with it. */
function createRuler(): MeasureText {
  const context = createCanvas(1, 1).getContext('2d');
  let set = '';
  return (text, sizePx, font) => {
    const wanted = fontOf(font, sizePx);
    if (wanted !== set) context.font = set = wanted;
    return context.measureText(text).width;
  };
}

let ruler: MeasureText | null = null;

/** @param width of the photo. @returns the painted strip, as wide as the photo */
export function paintStrip(block: DataBlock, width: number): Pixels {
  registerFonts();
  const layout = layoutStrip(block, width, (ruler ??= createRuler()));
  const canvas = createCanvas(layout.width, layout.height);
  const context = canvas.getContext('2d');
  context.fillStyle = layout.background;
  context.fillRect(0, 0, layout.width, layout.height);
  for (const item of layout.items) paintItem(context, item);
  return { width: layout.width, height: layout.height, rgba: canvas.data() };
}
