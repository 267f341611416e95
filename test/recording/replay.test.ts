/** A recording fed to the controller again: the same answers, or the first field that differs. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { readEntries } from '../../firmware/replay/read-entries.js';
import { explain } from '../../src/recording/explain.js';
import type { Entry } from '../../src/recording/index.js';
import { Replay, type ReplayOptions, type ReplayReport } from '../../src/recording/replay.js';
import { StoryTeller, type Wanted } from '../../src/recording/story.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';

describe('replay', () => {
  let recording: VirtualRecording;
  let entries: readonly Entry[];

  before(async () => {
    recording = await recordVirtually('drive-past', 20_260_301);
    entries = [...readEntries(recording.deployment)].flatMap((item) => (item.type === 'entry' ? [item.entry] : []));
  });

  after(() => rmSync(recording.dataDir, { recursive: true, force: true }));

  function replay(list: readonly Entry[], options: ReplayOptions = {}): ReplayReport {
    const run = new Replay(options);
    for (const entry of list) run.take(entry);
    return run.end();
  }

  const inputs = (list: readonly Entry[]): number => list.filter(({ type }) => type === 'input').length;

  it('the same software answers the same, byte for byte, to the last input', () => {
    const { lives, differenceCount } = replay(entries);
    assert.equal(differenceCount, 0);
    assert.deepEqual(
      lives.map(({ state, inputs: fed, gap }) => ({ state, fed, gap })),
      [{ state: 'whole', fed: inputs(entries), gap: null }],
    );
  });

  const altered = (change: (output: Output) => Output): Entry[] =>
    entries.map((entry) => (entry.type === 'output' ? { type: 'output', output: change(entry.output) } : entry));

  it('an output that was altered is told as time, input, field, expected and got', () => {
    const list = altered((output) =>
      output.type === 'pass' && output.pass.icn !== null
        ? { ...output, pass: { ...output.pass, truncatedKmh: (output.pass.truncatedKmh ?? 0) + 1 } }
        : output,
    );
    const { differences, differenceCount } = replay(list);
    assert.equal(differenceCount, 7);
    const [first] = differences;
    assert.equal(first?.path, 'pass.truncatedKmh');
    assert.equal(Number(first.expected), Number(first.got) + 1);
    assert.ok(first.atNs > 0 && ['tick', 'radar-bytes'].includes(first.input.type));
  });

  it('an output that is missing and one too many are differences', () => {
    const fires = entries.findIndex((entry) => entry.type === 'output' && entry.output.type === 'fire');
    const missing = entries.filter((_, index) => index !== fires);
    const doubled = [...entries.slice(0, fires), entries[fires] as Entry, ...entries.slice(fires)];
    assert.equal(replay(missing).differenceCount, 1);
    assert.equal(replay(doubled).differenceCount, 1);
  });

  it('radar bytes that were altered change what follows', () => {
    const last = entries.findLastIndex((entry) => entry.type === 'output' && entry.output.type === 'fire');
    const list = entries.map((entry, index): Entry => {
      if (index > last || entry.type !== 'input' || entry.input.type !== 'radar-bytes') return entry;
      return { type: 'input', input: { ...entry.input, bytes: entry.input.bytes.map((byte) => byte ^ 1) } };
    });
    assert.ok(replay(list).differenceCount > 5);
  });

  it('what follows a gap is not compared, and says so', () => {
    const middle = Math.floor(entries.length / 2);
    const list: Entry[] = [
      ...entries.slice(0, middle),
      { type: 'lost', atNs: monotonicNs(1), inputs: 3 },
      ...altered((output) => ({ ...output, extra: 1 }) as unknown as Output).slice(middle),
    ];
    const { lives, differenceCount } = replay(list);
    assert.equal(differenceCount, 0);
    assert.equal(lives[0]?.state, 'until-gap');
    assert.match(lives[0].gap ?? '', /3 inputs were lost/);
  });

  it('a life whose beginning is missing is not replayed', () => {
    const [first, ...rest] = entries;
    assert.equal(first?.type, 'head');
    const { lives } = replay([{ type: 'head', head: { ...first.head, entriesBefore: 10 } }, ...rest]);
    assert.deepEqual([lives[0]?.state, lives[0]?.inputs], ['headless', 0]);
  });

  it('a further file of the same life goes on; one that is missing between is a gap', () => {
    const [first] = entries;
    assert.equal(first?.type, 'head');
    const middle = 1 + Math.floor(entries.length / 2);
    const further: Entry = { type: 'head', head: { ...first.head, entriesBefore: middle - 1 } };
    const joined = [...entries.slice(0, middle), further, ...entries.slice(middle)];
    assert.deepEqual([replay(joined).differenceCount, replay(joined).lives[0]?.state], [0, 'whole']);
    const torn = [...entries.slice(0, middle - 50), further, ...entries.slice(middle)];
    assert.equal(replay(torn).lives[0]?.state, 'until-gap');
  });

  it('what follows a stop is not looked at, and says so', () => {
    const run = new Replay();
    const middle = Math.floor(entries.length / 2);
    const firstInput = entries.findIndex(({ type }, index) => index >= middle && type === 'input');
    for (const entry of entries.slice(0, firstInput)) run.take(entry);
    run.stop('no more was asked for');
    const { lives, differenceCount } = run.end();
    assert.equal(differenceCount, 0);
    const fed = inputs(entries.slice(0, firstInput));
    assert.deepEqual([lives[0]?.state, lives[0]?.inputs, lives[0]?.gap], ['until', fed, 'no more was asked for']);
  });

  function tell(wanted: Wanted): string {
    const teller = new StoryTeller(wanted);
    replay(entries, { onlooker: teller.onlooker, onStep: teller.onStep });
    const [story] = teller.stories;
    assert.ok(story !== undefined, `${JSON.stringify(wanted)} has no story`);
    const { title, sentences } = explain(story, wanted.type === 'icn' ? wanted.icn : null, { state: 'whole' });
    return [title, ...sentences].join('\n');
  }

  it('ICN-2: every number that was fired or concluded is explained, whatever its kind', () => {
    const concluded = entries.flatMap((entry) =>
      entry.type === 'output' && entry.output.type === 'conclude' ? [entry.output.exposure] : [],
    );
    assert.ok(new Set(concluded.map(({ kind }) => kind)).size >= 3);
    for (const { icn, kind } of concluded) {
      const told = tell({ type: 'icn', icn });
      assert.match(told, new RegExp(`Number ${icn}`));
      assert.match(told, new RegExp(`concluded as ${kind}`));
      assert.match(told, /DEMO – NOT EVIDENCE/);
    }
  });

  it('DET-1, DEP-8: the sentences have the figures of the record', () => {
    const [incident] = entries.flatMap((entry) =>
      entry.type === 'output' && entry.output.type === 'conclude' && entry.output.exposure.kind === 'incident'
        ? [entry.output.exposure]
        : [],
    );
    assert.ok(incident !== undefined);
    const { facts, readings } = incident;
    const told = tell({ type: 'icn', icn: incident.icn });
    const has = (words: string): void => assert.ok(told.includes(words), `${words} is missing in\n${told}`);
    has(`in ${String(readings.length)} readings`);
    has(`${(facts.speedKmh ?? 0).toFixed(4)} km/h, truncated to ${String(facts.truncatedKmh)} km/h`);
    has(`threshold ${String(facts.thresholdKmh)} km/h`);
    has('nothing is enforced within 250 m');
    has('Verdict: enforce.');
    has('strobe answered');
  });

  it('a pass that was not photographed is explained, too', () => {
    const passes = entries.flatMap((entry) =>
      entry.type === 'output' && entry.output.type === 'pass' ? [entry.output.pass] : [],
    );
    const pass = passes.find(({ icn }) => icn === null);
    assert.ok(pass !== undefined);
    const told = tell({ type: 'pass', passId: pass.passId, life: null });
    assert.match(told, /No photograph was taken/);
    assert.match(told, /Verdict: observe only, /);
  });
});
