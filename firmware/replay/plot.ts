/**
 * One pass as a picture (SVG): readings along the beam and along the road over time, what was cut, the cluster and its mean
 * against limit and threshold, range below, trigger and strobe across both. Made to be printed on paper: no script, no
 * colour that carries a meaning alone.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { correctedSpeeds, type CorrectedSpeed } from '../../src/recording/corrected.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import { momentOf } from '../../src/recording/explain.js';
import type { Story } from '../../src/recording/story.js';

const SIZE = { width: 960, height: 620 } as const;
const FRAME = { left: 76, right: 776, top: 84, bottom: 410, lowTop: 448, lowBottom: 560 } as const;
/** Beside the earliest and the latest moment, for the labels of trigger and strobe; a part of the time between them. */
const MARGIN_PART = 0.1;
/** A cluster that is narrower than its own mean line could not be seen. */
const LEAST_BAND = 12;
const FONT = 'font-family="DejaVu Sans, Helvetica, Arial, sans-serif"';

type Scale = ReturnType<typeof scaleLinear<number, number>>;

interface Mark {
  readonly seconds: number;
  readonly label: string;
  readonly dash: string;
  /** Where the label stands beside its line. The strobe answers the trigger: between the two there is no room. */
  readonly side: 'left' | 'right';
}

interface Level {
  readonly speedKmh: number;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
}

/** @returns null where there is no pass to be drawn */
export function plotPass(story: Story): string | null {
  const { pass, readings } = story;
  if (pass === null || readings.length === 0) return null;
  const speeds = correctedSpeeds(readings, story.head.config);
  const marks = marksOf(story);
  const secondsOf = (atNs: number): number => (atNs - pass.firstNs) / 1e9;
  const times = [0, ...speeds.map(({ atNs }) => secondsOf(atNs)), ...marks.map(({ seconds }) => seconds)];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max(last - first, 0.01) * MARGIN_PART;
  const x = scaleLinear([first - margin, last + margin], [FRAME.left, FRAME.right]).nice();
  const { limitKmh, thresholdKmh } = pass.verdict;
  const shown = speeds.flatMap(({ statedKmh, alongKmh }) => [statedKmh, alongKmh]);
  const y = scaleLinear(
    [Math.min(...shown, limitKmh) - 2, Math.max(...shown, thresholdKmh) + 2],
    [FRAME.bottom, FRAME.top],
  ).nice();
  const at = (speed: CorrectedSpeed): number => x(secondsOf(speed.atNs));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(SIZE.width)} ${String(SIZE.height)}" ${FONT} font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    heading(story),
    grid(x, y, FRAME.top, FRAME.bottom, 'km/h'),
    cluster(speeds, y),
    levels(levelsOf(pass), y),
    ...speeds.map((speed) => dot(at(speed), y(speed.statedKmh), 'stated')),
    ...speeds.map((speed) => dot(at(speed), y(speed.alongKmh), speed.rare ? 'cut' : 'used')),
    ranges(speeds, x, secondsOf),
    ...marks.map((mark) => vertical(x(mark.seconds), mark)),
    legend(speeds),
    story.head.config.demo ? demoMark() : '',
    '</svg>\n',
  ].join('\n');
}

function marksOf({ pass, fired, shutterNs, concluded }: Story): Mark[] {
  if (pass === null) return [];
  const seconds = (atNs: number): number => (atNs - pass.firstNs) / 1e9;
  const marks: Mark[] = [];
  if (fired !== null)
    marks.push({ seconds: seconds(shutterNs ?? fired.atNs), label: 'trigger', dash: '', side: 'left' });
  if (concluded?.strobeNs != null) {
    marks.push({ seconds: seconds(concluded.strobeNs), label: 'strobe', dash: '4 2', side: 'right' });
  }
  return marks;
}

function heading({ pass, head, fired, concluded }: Story): string {
  if (pass === null) return '';
  const icn = fired?.icn ?? pass.icn;
  const kind =
    concluded === null ? '' : `, ${concluded.kind}${concluded.reason === null ? '' : ` (${concluded.reason})`}`;
  const title = icn === null ? `Pass ${String(pass.passId)}` : `Number ${icn}${kind}`;
  const { code, road } = head.config.site;
  const { kind: word, reason } = pass.verdict;
  const under =
    `${momentOf({ head }, pass.firstNs)} · site ${code}, ${road} · ${pass.direction} · lane ${pass.verdict.place.lane ?? 'unknown'} · ` +
    `verdict ${word}${reason === null ? '' : `, ${reason}`}`;
  return [
    `<text x="${String(FRAME.left)}" y="34" font-size="20" font-weight="bold">${text(title)}</text>`,
    `<text x="${String(FRAME.left)}" y="56" fill="#333">${text(under)}</text>`,
  ].join('\n');
}

function grid(x: Scale, y: Scale, top: number, bottom: number, unit: string, isLow = false): string {
  const [left, right] = [FRAME.left, FRAME.right];
  const lines = y.ticks(isLow ? 4 : 8).map((tick) => {
    const at = y(tick).toFixed(1);
    return `<line x1="${String(left)}" x2="${String(right)}" y1="${at}" y2="${at}" stroke="#e4e4e4"/><text x="${String(left - 8)}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${text(String(tick))}</text>`;
  });
  const seconds = x.ticks(8).map((tick) => {
    const at = x(tick).toFixed(1);
    const label = isLow
      ? `<text x="${at}" y="${String(bottom + 18)}" text-anchor="middle">${text(String(tick))}</text>`
      : '';
    return `<line x1="${at}" x2="${at}" y1="${String(top)}" y2="${String(bottom)}" stroke="#f0f0f0"/>${label}`;
  });
  const frame = `<rect x="${String(left)}" y="${String(top)}" width="${String(right - left)}" height="${String(bottom - top)}" fill="none" stroke="#888"/>`;
  const name = `<text transform="translate(24 ${String((top + bottom) / 2)}) rotate(-90)" text-anchor="middle">${unit}</text>`;
  return [...lines, ...seconds, frame, name].join('\n');
}

/** From the lowest to the highest speed that was used; null: none was. */
function clusterOf(speeds: readonly CorrectedSpeed[]): { leastKmh: number; mostKmh: number } | null {
  const used = speeds.filter(({ rare }) => !rare).map(({ alongKmh }) => alongKmh);
  return used.length === 0 ? null : { leastKmh: Math.min(...used), mostKmh: Math.max(...used) };
}

const BAND = 'fill="#9fc5e8" fill-opacity="0.5" stroke="#6fa8dc" stroke-width="0.6"';

function cluster(speeds: readonly CorrectedSpeed[], y: Scale): string {
  const found = clusterOf(speeds);
  if (found === null) return '';
  const height = Math.max(LEAST_BAND, y(found.leastKmh) - y(found.mostKmh));
  const top = (y(found.leastKmh) + y(found.mostKmh)) / 2 - height / 2;
  return `<rect class="cluster" x="${String(FRAME.left)}" y="${top.toFixed(1)}" width="${String(FRAME.right - FRAME.left)}" height="${height.toFixed(1)}" ${BAND}/>`;
}

function levelsOf({ verdict, speedKmh, truncatedKmh }: PassSummary): Level[] {
  const { limitKmh, thresholdKmh } = verdict;
  const mean = `mean ${cutTo2(speedKmh ?? 0)} → ${String(truncatedKmh)} km/h`;
  return [
    { speedKmh: limitKmh, label: `limit ${String(limitKmh)} km/h`, colour: '#555', dash: '2 3' },
    { speedKmh: thresholdKmh, label: `threshold ${String(thresholdKmh)} km/h`, colour: '#b00020', dash: '8 3' },
    ...(speedKmh === null ? [] : [{ speedKmh, label: mean, colour: '#0b5394', dash: '' }]),
  ];
}

/** Never rounded up: 127.999 is not 128. */
const cutTo2 = (speedKmh: number): string => (Math.floor(speedKmh * 100 + 1e-7) / 100).toFixed(2);

const LINE_HEIGHT = 16;

/** Lines across, and their labels beside them, pushed apart where the lines are too close for both. */
function levels(all: readonly Level[], y: Scale): string {
  const sorted = [...all].sort((a, b) => b.speedKmh - a.speedKmh);
  const places = pushedApart(sorted.map(({ speedKmh }) => y(speedKmh)));
  return sorted
    .map(({ speedKmh, label, colour, dash }, index) => {
      const at = y(speedKmh).toFixed(1);
      const place = places[index] ?? y(speedKmh);
      const dashed = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
      return (
        `<line x1="${String(FRAME.left)}" x2="${String(FRAME.right)}" y1="${at}" y2="${at}" stroke="${colour}" stroke-width="1.4"${dashed}/>` +
        `<path d="M${String(FRAME.right)} ${at}L${String(FRAME.right + 8)} ${place.toFixed(1)}" stroke="${colour}" fill="none"/>` +
        `<text x="${String(FRAME.right + 12)}" y="${(place + 4).toFixed(1)}" fill="${colour}">${text(label)}</text>`
      );
    })
    .join('\n');
}

/** @param wanted from top to bottom @returns the same, as near as may be, each at least a line of text below the other */
export function pushedApart(wanted: readonly number[]): number[] {
  // Labels that touch stand as one block about the middle of where they want to be.
  const blocks: { readonly top: number; readonly wanted: readonly number[] }[] = [];
  for (const at of wanted) {
    let block = { top: at, wanted: [at] };
    for (let above = blocks.at(-1); above !== undefined; above = blocks.at(-1)) {
      if (above.top + above.wanted.length * LINE_HEIGHT <= block.top) break;
      blocks.pop();
      const all = [...above.wanted, ...block.wanted];
      const tops = all.map((each, index) => each - index * LINE_HEIGHT);
      block = { top: tops.reduce((sum, top) => sum + top, 0) / all.length, wanted: all };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ top, wanted: all }) => all.map((_, index) => top + index * LINE_HEIGHT));
}

function dot(x: number, y: number, kind: 'stated' | 'used' | 'cut'): string {
  const [cx, cy] = [x.toFixed(1), y.toFixed(1)];
  if (kind === 'stated') return `<circle cx="${cx}" cy="${cy}" r="2.2" fill="none" stroke="#777"/>`;
  if (kind === 'used') return `<circle cx="${cx}" cy="${cy}" r="2.8" fill="#0b5394"/>`;
  const [left, right, top, bottom] = [x - 4, x + 4, y - 4, y + 4].map((value) => value.toFixed(1));
  return `<path d="M${left ?? ''} ${top ?? ''}L${right ?? ''} ${bottom ?? ''}M${left ?? ''} ${bottom ?? ''}L${right ?? ''} ${top ?? ''}" stroke="#b00020" stroke-width="1.6"/>`;
}

function ranges(speeds: readonly CorrectedSpeed[], x: Scale, secondsOf: (atNs: number) => number): string {
  const known = speeds.filter(({ rangeM }) => rangeM !== null);
  const values = known.map(({ rangeM }) => rangeM ?? 0);
  const low = scaleLinear(known.length === 0 ? [0, 1] : [Math.min(...values) - 0.5, Math.max(...values) + 0.5], [
    FRAME.lowBottom,
    FRAME.lowTop,
  ]).nice();
  const path = line<CorrectedSpeed>()
    .x(({ atNs }) => x(secondsOf(atNs)))
    .y(({ rangeM }) => low(rangeM ?? 0))(known);
  const middle = (FRAME.left + FRAME.right) / 2;
  return [
    grid(x, low, FRAME.lowTop, FRAME.lowBottom, 'range, m', true),
    known.length === 0
      ? `<text x="${String(middle)}" y="${String((FRAME.lowTop + FRAME.lowBottom) / 2)}" text-anchor="middle" fill="#777">this radar states no range</text>`
      : `<path d="${path ?? ''}" fill="none" stroke="#38761d" stroke-width="1.6"/>`,
    `<text x="${String(middle)}" y="${String(FRAME.lowBottom + 38)}" text-anchor="middle">seconds after the first reading</text>`,
  ].join('\n');
}

function vertical(x: number, { label, dash, side }: Mark): string {
  const dashed = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  const at = x.toFixed(1);
  const where = side === 'left' ? `x="${(x - 5).toFixed(1)}" text-anchor="end"` : `x="${(x + 5).toFixed(1)}"`;
  return (
    `<line x1="${at}" x2="${at}" y1="${String(FRAME.top)}" y2="${String(FRAME.lowBottom)}" stroke="#111" stroke-width="1.2"${dashed}/>` +
    `<text ${where} y="${String(FRAME.top + 14)}" paint-order="stroke" stroke="#fff" stroke-width="3">${label}</text>`
  );
}

function legend(speeds: readonly CorrectedSpeed[]): string {
  const x = FRAME.right + 24;
  const entries = [
    ['used', 'along the road, used'],
    ...(speeds.some(({ rare }) => rare) ? [['cut', 'along the road, cut'] as const] : []),
    ['stated', 'as the radar states'],
  ] as const;
  const dots = entries.map(([kind, label], index) => {
    const y = FRAME.lowTop + 16 + 20 * index;
    return `${dot(x, y - 4, kind)}<text x="${String(x + 10)}" y="${String(y)}">${label}</text>`;
  });
  const found = clusterOf(speeds);
  if (found === null) return dots.join('\n');
  const y = FRAME.lowTop + 16 + 20 * dots.length;
  const band = `<rect x="${String(x - 6)}" y="${String(y - 10)}" width="12" height="12" ${BAND}/>`;
  const range = `${found.leastKmh.toFixed(2)} to ${found.mostKmh.toFixed(2)} km/h`;
  return [
    ...dots,
    `${band}<text x="${String(x + 10)}" y="${String(y)}">cluster of those used</text>`,
    `<text x="${String(x + 10)}" y="${String(y + 16)}">${range}</text>`,
  ].join('\n');
}

const demoMark = (): string =>
  `<text x="${String(SIZE.width - 20)}" y="34" text-anchor="end" font-size="16" font-weight="bold" fill="#b00020">DEMO – NOT EVIDENCE</text>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: string): string => value.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
