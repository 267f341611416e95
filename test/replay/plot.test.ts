/** The drawing of a pass: well-formed, with every reading, and nothing that could run. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { plotPass, pushedApart } from '../../firmware/replay/plot.js';
import { replayRecording } from '../../firmware/replay/replay.js';
import type { Story } from '../../src/recording/story.js';
import { kmh } from '../../src/units.js';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';

describe('the drawing of a pass', () => {
  let recording: VirtualRecording;

  before(async () => {
    recording = await recordVirtually('drive-past', 20_260_301);
  });

  after(() => rmSync(recording.dataDir, { recursive: true, force: true }));

  async function draw(icn: string): Promise<string | null> {
    return plotPass(await storyOf(icn));
  }

  async function storyOf(icn: string): Promise<Story> {
    const { stories } = await replayRecording({ path: recording.file, until: null, wanted: { type: 'icn', icn } });
    assert.ok(stories[0] !== undefined);
    return stories[0];
  }

  it('shows every reading, threshold, mean, trigger and strobe, and says DEMO', async () => {
    const svg = (await draw('000001003')) ?? '';
    const dots = svg.match(/<circle[^>]*fill="#0b5394"/g)?.length ?? 0;
    const { readings, pass } = await storyOf('000001003');
    assert.equal(dots, readings.length + 1, 'each reading, and one in the legend');
    assert.ok(svg.includes(` → ${String(pass?.truncatedKmh)} km/h`), 'the truncated speed');
    for (const word of [
      'threshold 90',
      'limit 80',
      'mean ',
      '>trigger<',
      '>strobe<',
      'range, m',
      'DEMO – NOT EVIDENCE',
    ]) {
      assert.ok(svg.includes(word), word);
    }
    assert.ok(svg.startsWith('<svg ') && svg.trimEnd().endsWith('</svg>'));
    assert.doesNotMatch(svg, /<script|NaN|undefined/);
  });

  it('shows the cluster wider than the line of its mean, and names it', async () => {
    const svg = (await draw('000001003')) ?? '';
    const height = Number(/class="cluster"[^>]* height="([\d.]+)"/.exec(svg)?.[1]);
    assert.ok(height >= 12, `${String(height)} high`);
    assert.match(svg, />cluster of those used<\/text>/);
  });

  it('has the labels of trigger and strobe on either side of both lines', async () => {
    const svg = (await draw('000001003')) ?? '';
    const lines = [...svg.matchAll(/<line x1="([\d.]+)"[^>]*stroke="#111"/g)].map(([, x]) => Number(x));
    assert.equal(lines.length, 2);
    const trigger = /<text x="([\d.]+)" text-anchor="end"[^>]*>trigger</.exec(svg)?.[1];
    const strobe = /<text x="([\d.]+)" y[^>]*>strobe</.exec(svg)?.[1];
    assert.ok(Number(trigger) < Math.min(...lines) && Number(strobe) > Math.max(...lines));
    // Both have room within the frame.
    assert.ok(Number(trigger) > 76 + 45 && Number(strobe) < 776 - 45, `${String(trigger)}, ${String(strobe)}`);
  });

  it('pushes labels apart that would lie upon each other, and leaves the others', () => {
    for (const wanted of [[100, 101], [100, 100, 100], [90, 100, 101, 300], [10, 200], [50]]) {
      const places = pushedApart(wanted);
      assert.equal(places.length, wanted.length);
      for (const [index, at] of places.entries()) {
        if (index > 0) assert.ok(at - (places[index - 1] ?? 0) >= 15.99, `${String(wanted)}: ${String(places)}`);
        assert.ok(Math.abs(at - (wanted[index] ?? 0)) <= 32);
      }
    }
    assert.deepEqual(pushedApart([10, 200]), [10, 200]);
  });

  it('never rounds a mean up to the next whole speed', async () => {
    const story = await storyOf('000001003');
    assert.ok(story.pass !== null);
    const svg = plotPass({ ...story, pass: { ...story.pass, speedKmh: kmh(127.9999), truncatedKmh: 127 } });
    assert.ok(svg?.includes('mean 127.99 → 127 km/h'));
  });

  it('is not made for a number without a vehicle', async () => {
    assert.equal(await draw('000001001'), null);
  });
});
