/** The drawing of a pass: well-formed, with every reading, and nothing that could run. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { plotPass } from '../../firmware/replay/plot.js';
import { replayRecording } from '../../firmware/replay/replay.js';
import { parseUntil, untilNsOf } from '../../firmware/replay/until.js';
import { KerbsideError } from '../../src/errors.js';
import { head } from '../recording/samples.js';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';

describe('the drawing of a pass', () => {
  let recording: VirtualRecording;

  before(async () => {
    recording = await recordVirtually('drive-past', 20_260_301);
  });

  after(() => rmSync(recording.dataDir, { recursive: true, force: true }));

  async function draw(icn: string): Promise<string | null> {
    const { story } = await replayRecording({ path: recording.file, until: null, wanted: { type: 'icn', icn } });
    assert.ok(story !== null);
    return plotPass(story);
  }

  it('shows every reading, threshold, mean, trigger and strobe, and says DEMO', async () => {
    const svg = (await draw('000001003')) ?? '';
    const dots = svg.match(/<circle[^>]*fill="#0b5394"/g)?.length ?? 0;
    const { story } = await replayRecording({
      ...{ path: recording.deployment, until: null },
      wanted: { type: 'icn', icn: '000001003' },
    });
    assert.equal(dots, (story?.readings.length ?? 0) + 1, 'each reading, and one in the legend');
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

  it('is not made for a number without a vehicle', async () => {
    assert.equal(await draw('000001001'), null);
  });
});

describe('--until', () => {
  it('takes seconds, hours and minutes, or an instant with its zone', () => {
    const first = head(1, 1000);
    assert.equal(untilNsOf(parseUntil('93.5'), first), first.atNs + 93.5e9);
    assert.equal(untilNsOf(parseUntil('1:02:03'), first), first.atNs + 3723e9);
    const instant = new Date(first.utcMs + 5000).toISOString();
    assert.equal(untilNsOf(parseUntil(instant), first), first.atNs + 5e9);
  });

  it('refuses anything else with what was found and what is expected', () => {
    for (const bad of ['soon', '1:99', '-5', '2026-02-24T10:00:00', '']) {
      assert.throws(
        () => parseUntil(bad),
        (error) => error instanceof KerbsideError && error.kind === 'usage',
        bad,
      );
    }
  });
});
