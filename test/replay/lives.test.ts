/**
 * A deployment whose controller died and was started again: pass numbers begin anew with each life, and each number must be
 * told with the pass of its own.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { plotPass } from '../../firmware/replay/plot.js';
import { readEntries } from '../../firmware/replay/read-entries.js';
import { explain, type Explanation } from '../../src/recording/explain.js';
import type { Entry } from '../../src/recording/index.js';
import { Replay, type LifeReport } from '../../src/recording/replay.js';
import { StoryTeller, type Story, type Wanted } from '../../src/recording/story.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { kerbside } from '../cli/terminal.js';
import { recordFaults, type VirtualRecording } from '../support/virtual-recording.js';

interface Told {
  readonly story: Story;
  readonly explanation: Explanation;
}

/** What is wrong with what is told of a number, by what its own conclusion says; null: nothing. */
function complaint({ story, explanation }: Told, { facts, passId, kind }: ConcludedExposure): string | null {
  const told = explanation.sentences.join('\n');
  if (!told.includes(`concluded as ${kind}`)) return `is not told as ${kind}`;
  if (passId === null) return story.pass === null ? null : 'is told with a pass that it has not';
  if (explanation.passId !== passId || explanation.speedKmh !== facts.speedKmh) return 'is told with another speed';
  if (explanation.truncatedKmh !== facts.truncatedKmh) return 'is told with another truncated speed';
  const speed = facts.speedKmh;
  if (
    speed !== null &&
    !told.includes(`mean is ${speed.toFixed(4)} km/h, truncated to ${String(facts.truncatedKmh)} km/h`)
  ) {
    return `has sentences without ${speed.toFixed(4)} km/h`;
  }
  const lastNs = story.readings.at(-1)?.atNs ?? 0;
  if (Math.abs((story.shutterNs ?? 0) - lastNs) >= 1e9) return 'has its shutter more than a second off its readings';
  if (story.readings.length !== facts.readingsUsed + facts.readingsCut) return 'has other readings';
  return null;
}

describe('replay of several lives', () => {
  let recording: VirtualRecording;
  let entries: readonly Entry[];
  let lives: readonly LifeReport[];
  const ended = new Map<string, ConcludedExposure>();

  before(async () => {
    recording = await recordFaults(
      1,
      { kind: 'trigger-killed', fromS: 60, toS: 61, amount: 1 },
      { kind: 'trigger-killed', fromS: 110, toS: 111, amount: 1 },
    );
    entries = [...readEntries(recording.deployment)].flatMap((item) => (item.type === 'entry' ? [item.entry] : []));
    for (const entry of entries) {
      if (entry.type === 'output' && entry.output.type === 'conclude') {
        ended.set(entry.output.exposure.icn, entry.output.exposure);
      }
    }
  });

  after(() => rmSync(recording.dataDir, { recursive: true, force: true }));

  /** All tellers hear one replay. */
  function tellAll(all: readonly Wanted[]): StoryTeller[] {
    const tellers = all.map((wanted) => new StoryTeller(wanted));
    const run = new Replay({
      onlooker: (head) => {
        const each = tellers.map((teller) => teller.onlooker(head));
        return {
          radar: (event) => each.forEach((one) => one.radar(event)),
          pass: (event) => each.forEach((one) => one.pass(event)),
        };
      },
      onStep: (head, step) => tellers.forEach((teller) => teller.onStep(head, step)),
    });
    for (const entry of entries) run.take(entry);
    lives = run.end().lives;
    return tellers;
  }

  function toldOf(icns: readonly string[]): Map<string, Told> {
    const tellers = tellAll(icns.map((icn) => ({ type: 'icn', icn })));
    return new Map(
      tellers.flatMap(({ stories: [story] }, index): [string, Told][] => {
        const icn = icns[index] ?? '';
        return story === undefined ? [] : [[icn, { story, explanation: explain(story, icn, { state: 'whole' }) }]];
      }),
    );
  }

  it('ICN-2: every number is told with the pass, the speed and the readings of its own life', () => {
    const told = toldOf([...ended.keys()]);
    assert.equal(lives.length, 3);
    assert.equal(told.size, ended.size);
    for (const [icn, conclusion] of ended) {
      const one = told.get(icn);
      assert.ok(one !== undefined, icn);
      assert.equal(complaint(one, conclusion), null, icn);
    }
    const inLives = new Set(
      [...told.values()].filter(({ story }) => story.pass !== null).map((one) => one.story.head.life),
    );
    assert.deepEqual([...inLives].sort(), [1, 2, 3]);
  });

  it('a story mixed from two lives, as it once was told, is noticed', () => {
    const told = toldOf([...ended.keys()]);
    let mixed = 0;
    const passIds = [...new Set([...told.values()].flatMap(({ story }) => story.pass?.passId ?? []))];
    const tellers = tellAll(passIds.map((passId) => ({ type: 'pass', passId, life: null })));
    for (const [icn, { story }] of told) {
      const others = tellers[passIds.indexOf(story.pass?.passId ?? -1)]?.stories ?? [];
      const later = others.filter(({ head, pass }) => pass !== null && head.life > story.head.life).at(-1);
      if (later === undefined) continue;
      const wrong = { ...story, pass: later.pass, readings: later.readings, measurement: later.measurement };
      const one = { story: wrong, explanation: explain(wrong, icn, { state: 'whole' }) };
      assert.notEqual(complaint(one, ended.get(icn) as ConcludedExposure), null, icn);
      mixed += 1;
    }
    assert.ok(mixed > 5, String(mixed));
  });

  it('the time axis of the plot holds the pass and its trigger, and no more', () => {
    for (const [icn, { story }] of toldOf([...ended.keys()])) {
      if (story.pass === null) continue;
      const svg = plotPass(story);
      assert.ok(svg !== null, icn);
      const ticks = [...svg.matchAll(/text-anchor="middle">(-?[\d.]+)</g)].map(([, tick]) => Number(tick));
      const seconds = (story.pass.lastNs - story.pass.firstNs) / 1e9;
      assert.ok(
        ticks.length > 1 && Math.max(...ticks) < seconds + 3 && Math.min(...ticks) > -2,
        `${icn}: ${String(ticks)}`,
      );
    }
  });

  it('a number that the death of a controller left open is told by its lease or by its shot, never as concluded', () => {
    const leased = entries.flatMap((entry) =>
      entry.type === 'input' && entry.input.type === 'lease' ? entry.input.icns : [],
    );
    const fired = new Set(
      entries.flatMap((entry) =>
        entry.type === 'output' && entry.output.type === 'fire' ? [entry.output.exposure.icn] : [],
      ),
    );
    const open = leased.filter((icn) => !ended.has(icn));
    assert.ok(open.length > 0);
    const told = toldOf(open);
    for (const icn of open) {
      const words = told.get(icn)?.explanation.sentences.join('\n') ?? '';
      assert.match(
        words,
        fired.has(icn) ? /fired and not concluded before/ : /was leased at .*, and never fired here/,
        icn,
      );
      assert.match(words, /its record in the evidence says how it ended/, icn);
      assert.doesNotMatch(words, /concluded as|gave no feedback/, icn);
    }
  });

  it('explains such a number with exit 0', async () => {
    const leased = entries.flatMap((entry) =>
      entry.type === 'input' && entry.input.type === 'lease' ? entry.input.icns : [],
    );
    const open = leased.find((icn) => !ended.has(icn)) ?? '';
    const { code, out, err } = await kerbside(['replay', recording.deployment, '--icn', open]);
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(`^Number ${open}$`, 'm'));
  }).timeout(60_000);

  it('a shot whose conclusion is not in what was fed says so, and claims no feedback', () => {
    const [icn = ''] = [...ended.values()].filter(({ passId }) => passId !== null).map((each) => each.icn);
    const story = toldOf([icn]).get(icn)?.story;
    assert.ok(story !== undefined);
    const open = { ...story, concluded: null };
    const words = explain(open, icn, { state: 'until' }).sentences.join('\n');
    assert.match(words, /fired and not concluded up to the moment .*; what followed was not looked at/);
    assert.doesNotMatch(words, /feedback|strobe/);
    const inBeam = explain({ ...open, pass: null }, icn, { state: 'until-gap' }).sentences.join('\n');
    assert.match(inBeam, /was in the beam; it was not complete before something is missing/);
    assert.doesNotMatch(inBeam, /No vehicle was measured/);
  });

  it('--pass asks for --life where several lives had it, and takes it', async () => {
    const refused = await kerbside(['replay', recording.deployment, '--pass', '3']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /--pass 3 is in life 1 \(.*\), life 2 \(.*\), life 3 \(.*\), expected --life with one/);
    for (const life of [1, 2, 3]) {
      const { code, out } = await kerbside([
        'replay',
        recording.deployment,
        '--pass',
        '3',
        '--life',
        String(life),
        '--json',
      ]);
      const { explanation } = JSON.parse(out) as { explanation: Explanation };
      const passes = lifeEntries(life).flatMap((entry) =>
        entry.type === 'output' && entry.output.type === 'pass' && entry.output.pass.passId === 3
          ? [entry.output.pass]
          : [],
      );
      assert.equal(code, 0);
      assert.deepEqual([explanation.life, explanation.speedKmh], [life, passes[0]?.speedKmh]);
    }
    const nowhere = await kerbside(['replay', recording.deployment, '--pass', '3', '--life', '9']);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /Pass 3 of life 9 is not in what could be replayed/);
  }).timeout(120_000);

  it('--pass without --life takes the only life that has it', async () => {
    const most = Math.max(...lives.map(({ head }) => passIdsOf(head.life).length));
    const only = lives.find(({ head }) => passIdsOf(head.life).length === most)?.head.life ?? 0;
    const passId = Math.max(...passIdsOf(only));
    const { code, out } = await kerbside(['replay', recording.deployment, '--pass', String(passId), '--json']);
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as { explanation: Explanation }).explanation.life, only);
  }).timeout(60_000);

  it('reading stops when the number is told', async () => {
    const [icn = ''] = ended.keys();
    const { code, out } = await kerbside(['replay', recording.deployment, '--icn', icn, '--json']);
    const document = JSON.parse(out) as { cut: string; lives: { state: string; inputs: number }[]; identical: boolean };
    assert.deepEqual([code, document.cut, document.identical], [0, 'told', true]);
    assert.deepEqual(
      document.lives.map(({ state }) => state),
      ['until'],
    );
    assert.ok((document.lives[0]?.inputs ?? 0) < lifeEntries(1).filter(({ type }) => type === 'input').length);
  });

  function lifeEntries(life: number): Entry[] {
    let running = 0;
    return entries.filter((entry) => {
      if (entry.type === 'head') running = entry.head.life;
      return running === life;
    });
  }

  const passIdsOf = (life: number): number[] =>
    lifeEntries(life).flatMap((entry) =>
      entry.type === 'output' && entry.output.type === 'pass' ? [entry.output.pass.passId] : [],
    );
});
