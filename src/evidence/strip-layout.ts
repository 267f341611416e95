/**
 * Where the words of the data block stand on the strip below the photo: a list of things to paint, as data. Pure: the
 * width of a text comes from the `measure` that is passed in. Everything scales with one text size, so a 12-megapixel
 * picture and a small one look alike; pictures too small for the whole block get its most important words only.
 */
import { DEMO_TEXT, type DataBlock, type DataField } from './data-block.js';

export type StripFont = 'label' | 'value' | 'strong' | 'number';

export type StripItem =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly colour: string;
    }
  /** Diagonal stripes in two colours, `pitch` pixels from one pair to the next. */
  | {
      readonly kind: 'hazard';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly pitch: number;
      readonly colours: readonly [string, string];
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly baseline: number;
      readonly text: string;
      readonly sizePx: number;
      readonly font: StripFont;
      readonly colour: string;
    };

export interface StripLayout {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly items: readonly StripItem[];
}

/** Advance width in pixels. */
export type MeasureText = (text: string, sizePx: number, font: StripFont) => number;

const COLOUR = {
  background: '#11161c',
  rule: '#2b3540',
  label: '#9aa7b4',
  value: '#f2f5f7',
  number: '#ffffff',
  warning: '#ffcc00',
  black: '#000000',
  alarm: '#c62828',
  note: '#1f5fa8',
} as const;

/** Text sizes in units of the strip's text size. */
const SPEED = 5.2;
const ICN = 2.7;
const LABEL = 0.78;
const LINE = 1.55;
const PAD = 1.1;
const HAZARD = 2.6;

/** Text is never smaller than this: below it JPEG leaves no legible letter. */
const LEAST_TEXT_PX = 11;
const TEXT_PER_WIDTH = 1 / 112;
/** Narrower pictures get only the most important words. */
const LEAST_FULL_WIDTH = 400;
const LEAST_SMALL_PX = 6;

interface Pen {
  readonly em: number;
  readonly measure: MeasureText;
  readonly items: StripItem[];
}

function text(
  pen: Pen,
  x: number,
  baseline: number,
  words: string,
  size: number,
  font: StripFont,
  colour: string,
): number {
  const sizePx = Math.round(size * pen.em * 10) / 10;
  pen.items.push({ kind: 'text', x, baseline, text: words, sizePx, font, colour });
  return pen.measure(words, sizePx, font);
}

/** Speed and limit. @returns width taken */
function speedPanel(pen: Pen, block: DataBlock, x: number, top: number): number {
  const { em } = pen;
  const bottom = top + (SPEED * 0.76 + 0.2) * em;
  const speed =
    block.speed === null ? 0 : text(pen, x, bottom, block.speed, SPEED, 'strong', COLOUR.number) + 0.45 * em;
  const [word, size, colour] =
    block.speed === null ? (['no speed', 2.4, COLOUR.label] as const) : (['km/h', 1.9, COLOUR.number] as const);
  const unit = text(pen, x + speed, bottom, word, size, 'strong', colour);
  const limit = text(pen, x + 0.1 * em, bottom + 2.1 * em, `limit ${block.limit} km/h`, 1.6, 'value', COLOUR.warning);
  return Math.max(speed + unit, limit);
}

/** The number, and for anything but an incident what kind of image this is. @returns width taken */
function icnPanel(pen: Pen, block: DataBlock, x: number, top: number): number {
  const { em } = pen;
  text(pen, x, top + 0.95 * em, 'INCIDENT CONTROL NUMBER', LABEL, 'label', COLOUR.label);
  const number = text(pen, x, top + 3.45 * em, block.icn, ICN, 'number', COLOUR.number);
  const label = pen.measure('INCIDENT CONTROL NUMBER', LABEL * em, 'label');
  return Math.max(number, label, bannerPlate(pen, block, x, top + 4.25 * em));
}

function bannerPlate(pen: Pen, { banner }: DataBlock, x: number, top: number): number {
  if (banner === null) return 0;
  const { em } = pen;
  const word = pen.measure(banner.word, 1.2 * em, 'strong');
  const plate = word + 1.0 * em;
  pen.items.push({ kind: 'rect', x, y: top, width: plate, height: 1.75 * em, colour: COLOUR[banner.tone] });
  text(pen, x + 0.5 * em, top + 1.3 * em, banner.word, 1.2, 'strong', COLOUR.number);
  return plate;
}

/** Breaks at spaces, and within a word where it must. */
function wrap(pen: Pen, words: string, room: number): string[] {
  const fits = (line: string): boolean => pen.measure(line, pen.em, 'value') <= room;
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (!fits(line) && line.length > 1) {
      let cut = line.length - 1;
      while (cut > 1 && !fits(line.slice(0, cut))) cut -= 1;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return [...lines, line];
}

interface Column {
  readonly fields: readonly DataField[];
  readonly labelWidth: number;
  readonly valueWidth: number;
}

function columnsOf(pen: Pen, fields: readonly DataField[], count: number): Column[] {
  const rows = Math.ceil(fields.length / count);
  return Array.from({ length: Math.ceil(fields.length / rows) }, (_, i) => {
    const own = fields.slice(i * rows, (i + 1) * rows);
    const widest = (of: (field: DataField) => number): number => Math.max(...own.map(of));
    return {
      fields: own,
      labelWidth: widest(({ label }) => pen.measure(label.toUpperCase(), LABEL * pen.em, 'label')) + 0.8 * pen.em,
      valueWidth: widest(({ value }) => pen.measure(value, pen.em, 'value')),
    };
  });
}

/** As many aligned columns as fit; with one column long values are wrapped. @returns height taken */
function fieldTable(pen: Pen, fields: readonly DataField[], x: number, top: number, room: number): number {
  const { em } = pen;
  const gap = 1.8 * em;
  const total = (columns: readonly Column[]): number =>
    columns.reduce((sum, { labelWidth, valueWidth }) => sum + labelWidth + valueWidth, 0) + gap * (columns.length - 1);
  const columns = [3, 2].map((count) => columnsOf(pen, fields, count)).find((tried) => total(tried) <= room);
  const chosen = columns ?? columnsOf(pen, fields, 1);
  const spread = columns === undefined ? 0 : Math.min(2 * em, (room - total(chosen)) / chosen.length);
  let left = x;
  let height = 0;
  for (const column of chosen) {
    let baseline = top + 1.05 * em;
    for (const { label, value } of column.fields) {
      text(pen, left, baseline, label.toUpperCase(), LABEL, 'label', COLOUR.label);
      for (const line of columns === undefined ? wrap(pen, value, room - column.labelWidth) : [value]) {
        text(pen, left + column.labelWidth, baseline, line, 1, 'value', warns(value) ? COLOUR.warning : COLOUR.value);
        baseline += LINE * em;
      }
    }
    height = Math.max(height, baseline - 1.05 * em - top);
    left += column.labelWidth + column.valueWidth + gap + spread;
  }
  return height;
}

const warns = (value: string): boolean => value === 'type not approved' || value === 'settings unconfirmed';

/** A band across the picture that says DEMO again and again between its stripes. */
function hazardBand(pen: Pen, y: number, width: number, size: number): number {
  const { em } = pen;
  const height = Math.round(HAZARD * size * em);
  const colours = [COLOUR.warning, COLOUR.black] as const;
  pen.items.push({ kind: 'hazard', x: 0, y, width, height, pitch: Math.max(4, 2.4 * size * em), colours });
  const words = pen.measure(DEMO_TEXT, 1.5 * size * em, 'strong');
  const plate = words + 1.6 * size * em;
  if (plate > width || 1.5 * size * em < LEAST_SMALL_PX) return height;
  const count = Math.max(1, Math.floor(width / (plate + 6 * size * em)));
  for (let i = 0; i < count; i++) {
    const left = Math.round((width * (i + 0.5)) / count - plate / 2);
    pen.items.push({ kind: 'rect', x: left, y, width: plate, height, colour: COLOUR.black });
    const baseline = y + height / 2 + 0.54 * size * em;
    text(pen, left + (plate - words) / 2, baseline, DEMO_TEXT, 1.5 * size, 'strong', COLOUR.warning);
  }
  return height;
}

function fullLayout(block: DataBlock, width: number, measure: MeasureText): StripLayout {
  const em = Math.max(LEAST_TEXT_PX, Math.round(width * TEXT_PER_WIDTH));
  const pen: Pen = { em, measure, items: [] };
  const margin = PAD * em;
  const bandTop = block.demo ? hazardBand(pen, 0, width, 1) : 0;
  if (!block.demo)
    pen.items.push({ kind: 'rect', x: 0, y: 0, width, height: Math.max(2, em / 6), colour: COLOUR.warning });
  const top = bandTop + margin;
  const speedWidth = speedPanel(pen, block, margin, top);
  const icnX = margin + Math.max(speedWidth, 13 * em) + 2 * em;
  const icnWidth = icnPanel(pen, block, icnX, top);
  const panelHeight = (SPEED * 0.76 + 0.2 + 2.6) * em;
  const tableX = icnX + Math.max(icnWidth, 16 * em) + 2.2 * em;
  const beside = width - margin - tableX >= 36 * em;
  let bottom: number;
  if (beside) {
    const tableHeight = fieldTable(pen, block.fields, tableX, top, width - margin - tableX);
    bottom = top + Math.max(panelHeight, tableHeight);
    const rule = {
      kind: 'rect',
      y: top,
      width: Math.max(1, em / 12),
      height: bottom - top,
      colour: COLOUR.rule,
    } as const;
    pen.items.push({ ...rule, x: icnX - em }, { ...rule, x: tableX - 1.1 * em });
  } else {
    const tableTop = top + panelHeight + 0.5 * em;
    const rule = { kind: 'rect', x: margin, y: tableTop - 0.4 * em, height: Math.max(1, em / 12) } as const;
    pen.items.push({ ...rule, width: width - 2 * margin, colour: COLOUR.rule });
    bottom = tableTop + 0.4 * em + fieldTable(pen, block.fields, margin, tableTop + 0.4 * em, width - 2 * margin);
  }
  bottom = Math.ceil(bottom + PAD * em * 0.8);
  if (block.demo) bottom += hazardBand(pen, bottom, width, 0.45);
  return { width, height: bottom, background: COLOUR.background, items: pen.items };
}

interface SmallLine {
  readonly words: string;
  readonly font: StripFont;
  readonly colour: string;
  readonly mostPx: number;
}

function smallLines(block: DataBlock): SmallLine[] {
  const strong = (words: string, colour: string): SmallLine => ({ words, font: 'strong', colour, mostPx: 16 });
  const plain = (words: string): SmallLine => ({ words, font: 'value', colour: COLOUR.value, mostPx: 10 });
  const valueOf = (label: string): string => block.fields.find((field) => field.label === label)?.value ?? '';
  return [
    ...(block.demo ? ['DEMO', 'NOT EVIDENCE'].map((words) => strong(words, COLOUR.warning)) : []),
    { words: block.icn, font: 'number', colour: COLOUR.number, mostPx: 16 },
    ...(block.speed === null ? [] : [strong(`${block.speed} km/h`, COLOUR.number)]),
    ...(block.banner === null ? [] : [strong(block.banner.word, COLOUR.warning)]),
    ...[`limit ${block.limit}`, valueOf('Date'), ...valueOf('Time').split(' ')].map(plain),
  ];
}

/** Each word as large as the width allows, up to a size; what could not be legible is left out. */
function smallLayout(block: DataBlock, width: number, measure: MeasureText): StripLayout {
  const pen: Pen = { em: 1, measure, items: [] };
  const margin = Math.min(2, Math.floor(width / 16));
  let y = block.demo ? hazardBand(pen, 0, width, Math.min(12, 2 + width / 20) / HAZARD) : 0;
  for (const { words, font, colour, mostPx } of smallLines(block)) {
    const size = Math.min(mostPx, Math.floor((10 * (width - 2 * margin)) / measure(words, 10, font)));
    if (words === '' || size < LEAST_SMALL_PX) continue;
    y += Math.ceil(size * 1.2);
    text(pen, margin, y - size * 0.2, words, size, font, colour);
  }
  return { width, height: Math.ceil(y + Math.max(4, margin)), background: COLOUR.background, items: pen.items };
}

/** @param width of the photo in pixels, 1 or more */
export function layoutStrip(block: DataBlock, width: number, measure: MeasureText): StripLayout {
  return width < LEAST_FULL_WIDTH ? smallLayout(block, width, measure) : fullLayout(block, width, measure);
}
