/** The strip's layout: all words stand within it, none over another, at any width. */
import assert from 'node:assert/strict';
import { dataBlock, DEMO_TEXT } from '../../src/evidence/data-block.js';
import { layoutStrip, type MeasureText, type StripItem, type StripLayout } from '../../src/evidence/strip-layout.js';
import { emptyExposure, fullExposure, fullFacts } from './samples.js';

/** About what DejaVu has, no letter narrower than in truth. */
const WIDTHS = { label: 0.68, value: 0.58, strong: 0.74, number: 0.61 } as const;
const measure: MeasureText = (text, sizePx, font) => text.length * sizePx * WIDTHS[font];

type Text = Extract<StripItem, { kind: 'text' }>;

const texts = ({ items }: StripLayout): Text[] => items.filter((item) => item.kind === 'text');
const wordsOf = (layout: StripLayout): string[] => texts(layout).map(({ text }) => text);

/** Digits stand on the line, other words may reach below it. */
function boxOf({ x, baseline, text, sizePx, font }: Text) {
  const below = /^[\d ]+$/.test(text) ? 0.02 : 0.22;
  const [top, bottom] = [baseline - 0.74 * sizePx, baseline + below * sizePx];
  return { left: x, right: x + measure(text, sizePx, font), top, bottom, text };
}

function checkGeometry(layout: StripLayout): void {
  const boxes = texts(layout).map(boxOf);
  for (const [i, a] of boxes.entries()) {
    assert.ok(a.left >= 0 && a.right <= layout.width + 0.5, `"${a.text}" leaves a strip ${layout.width} wide`);
    assert.ok(a.top >= 0 && a.bottom <= layout.height, `"${a.text}" leaves a strip ${layout.height} high`);
    for (const b of boxes.slice(i + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      assert.ok(apart, `"${a.text}" overlaps "${b.text}" at width ${layout.width}`);
    }
  }
}

const exposures = {
  'a full one': fullExposure,
  'an empty one': emptyExposure,
  'one with a very long road': { ...fullExposure, facts: { ...fullFacts, road: 'Taumatawhakatangihanga'.repeat(6) } },
  'an incident': { ...fullExposure, kind: 'incident', reason: null },
} as const;
const SIZES = [400, 480, 640, 800, 1024, 1280, 1600, 1920, 2592, 4000, 4096];

describe('the layout of the strip', () => {
  for (const [name, exposure] of Object.entries(exposures)) {
    it(`has every word of ${name}, within the strip and over no other, from 400 to 4096 pixels`, () => {
      const block = dataBlock(exposure);
      for (const width of SIZES) {
        const layout = layoutStrip(block, width, measure);
        checkGeometry(layout);
        const said = wordsOf(layout).join(' ');
        const all = said.replaceAll(' ', '');
        assert.ok(said.includes(block.icn) && said.includes(`limit ${block.limit} km/h`));
        for (const { label, value } of block.fields) {
          assert.ok(said.includes(label.toUpperCase()), `${label} at ${width}`);
          assert.ok(all.includes(value.replaceAll(' ', '')), `${value} at ${width}`);
        }
      }
    });
  }

  it('makes the speed the largest word and the number the next', () => {
    const bySize = texts(layoutStrip(dataBlock(fullExposure), 1920, measure)).sort((a, b) => b.sizePx - a.sizePx);
    assert.deepEqual([bySize[0]?.text, bySize[1]?.text], ['112', '000123002']);
  });

  it('says DEMO on stripes at top and bottom, and nowhere when it is none', () => {
    for (const width of SIZES) {
      const layout = layoutStrip(dataBlock(fullExposure), width, measure);
      const bands = layout.items.flatMap((item) => (item.kind === 'hazard' ? [item] : []));
      assert.deepEqual([bands[0]?.y, bands.length], [0, 2]);
      assert.ok(bands.every((band) => band.width === width));
      assert.ok(wordsOf(layout).filter((text) => text === DEMO_TEXT).length >= 2);
    }
    const real = layoutStrip(dataBlock(emptyExposure), 1920, measure);
    assert.ok(!real.items.some((item) => item.kind === 'hazard') && !wordsOf(real).includes(DEMO_TEXT));
  });

  it('is never higher than the words need: a strip 4000 wide takes less than 500 rows', () => {
    assert.ok(layoutStrip(dataBlock(fullExposure), 4000, measure).height < 500);
  });

  it('keeps number and speed on a tiny picture and stays correct where nothing fits', () => {
    for (let width = 1; width < 400; width++) {
      const layout = layoutStrip(dataBlock(fullExposure), width, measure);
      checkGeometry(layout);
      assert.ok(layout.height >= 1 && Number.isInteger(layout.height), `height ${layout.height} at ${width}`);
      const words = wordsOf(layout);
      if (width >= 48) assert.ok(words.includes('000123002') && words.includes('112 km/h'), `width ${width}`);
      if (width >= 64) assert.ok(words.includes('DEMO') && words.includes('2026-06-06'), `width ${width}`);
    }
  });
});
