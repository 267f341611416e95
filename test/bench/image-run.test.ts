/** The image bench itself runs: real folder watch, workshop, office and store; and its report goes where it belongs. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { ROOT } from '../house/tree.js';
import { picture } from '../support/outside-van.js';
import { withComment } from './camera-images.js';
import { ImageRun } from './image-run.js';
import { findings, markdownReport, terminalReport, withReport, type ImageReport } from './image-tables.js';

const LATENCY = { samples: 100, p50: 90, p90: 120, p99: 200, p999: 300, max: 300 };
const REPORT: ImageReport = {
  machine: 'Test machine',
  images: {
    ...{ minutes: 10, perSecond: 2, meanBytes: 4_200_000, delivered: 1200, committed: 1200, late: 0, lateMs: 2000 },
    longestQueue: 2,
    stages: [{ stage: 'stamp', images: 1200, p50: 33.1, p99: 60, max: 81.5 }],
  },
  latency: [{ condition: 'idle', trigger: { ...LATENCY, p50: 135 }, floor: LATENCY, unanswered: 0 }],
};

describe('image bench', () => {
  it('seals and commits each image that is delivered, and times every stage', async function () {
    this.timeout(60_000);
    const run = new ImageRun({ minutes: 3 / 60, perSecond: 1 }, () => undefined);
    await run.ready;
    const { delivered, committed, stages } = await run.done.finally(() => run.stop());
    assert.deepEqual([delivered, committed], [3, 3]);
    for (const name of ['read', 'stamp', 'record', 'commit', 'delivery until commit']) {
      const stage = stages.find(({ stage: found }) => found === name);
      assert.ok(stage !== undefined && stage.images === 3 && stage.p50 > 0 && stage.max >= stage.p50, name);
    }
  });

  it('delivers pictures of other bytes that are whole JPEGs all the same', () => {
    const files = ['one', 'two'].map((text) => withComment(picture(1), text));
    for (const file of files) assert.equal(inspectJpeg(file).trailingBytes, 0);
    assert.equal(new Set(files.map((file) => createHash('sha256').update(file).digest('hex'))).size, 2);
  });

  it('says what the figures amount to, and prints every stage whatever its name', () => {
    assert.match(findings(REPORT).join(' '), /1200 images .* \(4\.2 MB .* Late .*: 0\. Most under way at once: 2\./);
    assert.match(terminalReport(REPORT), /stamp.*33\.1.*60.*81\.5/);
    assert.match(markdownReport(REPORT), /\| stamp +\| 1200 +\| 33\.1 +\| 60 +\| 81\.5 +\|/);
    assert.match(markdownReport(REPORT), /\| +\| ratio +\| +\| 1\.50/);
  });

  it('puts its report between the marks of docs/performance.md, and again in the place of the last one', () => {
    const manual = readFileSync(`${ROOT}/docs/performance.md`, 'utf8');
    const once = withReport(manual, 'FIGURES');
    assert.match(once, /-->\n\nFIGURES\n\n<!--/);
    assert.equal(withReport(withReport(manual, 'OLD'), 'FIGURES'), once);
    assert.throws(() => withReport('no marks', 'FIGURES'), /no <!-- begin/);
  });
});
