import assert from 'node:assert/strict';
import type { RadarSettings } from '../../src/radar/reading.js';
import { readingsIn } from './support.js';
import { goodOps, MUTE, Talk, type Script } from './talk.js';

const LINE = '{"magnitude":"467.72","speed":"85.00"}\r\n';

const started = (script: Script = goodOps(), changes: Partial<RadarSettings> = {}): Talk =>
  new Talk('ops243', script, changes).linkUp().run(1);

const lastSpeedKmh = (talk: Talk): number => readingsIn(talk.events).at(-1)!.speedKmh;

describe('OPS243 dialogue', () => {
  it('radar-protocols: unit, sample rate, JSON, magnitude, time and both directions are set in turn', () => {
    const talk = started();
    assert.deepEqual(talk.sent, ['UK', 'S2', 'OJ', 'OM', 'OT', 'R|']);
    assert.equal(talk.summary, 'confirmed');
  });

  it('a setting whose reply was lost is asked for', () => {
    const talk = started(goodOps({ UK: '' }), { requireReadback: true });
    talk.script = goodOps();
    assert.ok(talk.sent.includes('U?'));
    assert.equal(talk.run(5).summary, 'confirmed');
  });

  it('time and direction filter are comforts: unanswered, they do not matter', () => {
    const talk = started(goodOps({ OT: '', 'R|': '' }), { requireReadback: true });
    assert.equal(talk.run(1).summary, 'confirmed');
  });

  it('radar-protocols: a sample rate that stays below S2 is refused after three tries', () => {
    const slow = '{"SamplingRate":10000}\r\n';
    const talk = started(goodOps({ S2: slow, '??': slow }));
    assert.equal(talk.summary, 'settings-refused');
    assert.equal(talk.sent.filter((command) => command === 'S2').length, 3);
    assert.match(talk.condition.sentence, /sample rate 20 kHz.*10000/);
  });

  it('a faster sample rate is good enough', () => {
    assert.equal(started(goodOps({ S2: '{"SamplingRate":"50000"}\r\n' })).summary, 'confirmed');
  });

  it('radar-protocols: a unit that stays another is refused', () => {
    const mph = '{"Units":"mph"}\r\n';
    assert.equal(started(goodOps({ UK: mph, 'U?': mph })).summary, 'settings-refused');
  });

  it('a unit or rate that the radar contradicts before it falls silent is sent again and then refused', () => {
    for (const [command, reply] of [
      ['UK', '{"Units":"m-per-sec"}\r\n'],
      ['S2', '{"SamplingRate":10000}\r\n'],
    ] as const) {
      let spoken = false;
      const talk = new Talk('ops243', (sent) => {
        if (spoken) return '';
        spoken = sent === command;
        return spoken ? reply : goodOps()(sent);
      });
      talk.stream = () => '{"magnitude":"467.72","speed":"-55.0"}\r\n';
      talk.linkUp().run(15);
      assert.equal(talk.summary, 'settings-refused', command);
      assert.match(talk.condition.sentence, /m-per-sec|10000/);
      assert.equal(talk.sent.filter((sent) => sent === command).length, 3, 'sent again, not only asked for');
      assert.equal(lastSpeedKmh(talk), 55, 'never read in a unit that was not commanded');
    }
  });

  it('a contradiction that comes late, during a later setting, is refused', () => {
    const talk = started(goodOps({ OJ: '{"Units":"m-per-sec"}\r\n{"OutputFeature":"J"}\r\n', OT: '', 'U?': '' }));
    talk.run(2);
    assert.equal(talk.summary, 'settings-refused');
  });

  it('a setting that is contradicted once and then confirmed is good', () => {
    let first = true;
    const good = goodOps();
    const talk = started((sent) => {
      const slow = sent === 'UK' && first;
      if (slow) first = false;
      return slow ? '{"Units":"m-per-sec"}\r\n' : good(sent);
    });
    assert.equal(talk.summary, 'confirmed');
  });

  it('a new link forgets what the radar contradicted on the old one', () => {
    const talk = started(goodOps({ UK: '{"Units":"mph"}\r\n', 'U?': '{"Units":"mph"}\r\n' }));
    talk.script = MUTE;
    assert.equal(talk.linkDown().linkUp().say(LINE).run(5).summary, 'unconfirmed');
  });

  it('a ranging reply without a speed unit is no contradiction', () => {
    const value = '{"Units":"Value", "RangeUnit":"m"}\r\n';
    assert.equal(started(goodOps({ UK: `${value}{"Units":"km-per-hr"}\r\n` })).summary, 'confirmed');
  });

  describe('a mute radar', () => {
    it('whose recording holds a reply stays usable while it is asked once more', () => {
      const talk = new Talk('ops243', MUTE).linkUp();
      talk.stream = () => '{"speed":"20.00"}\r\n';
      talk.until('unconfirmed');
      const asked = talk.sent.length;
      // The question by which it would be found awake.
      while (talk.sent.length === asked) talk.run(0.02);
      talk.say('{"Units":"km-per-hr"}\r\n');
      for (let step = 0; step < 200; step += 1) assert.equal(talk.run(0.02).summary, 'unconfirmed');
    });

    const playing = (changes: Partial<RadarSettings> = {}): Talk => {
      const talk = new Talk('ops243', MUTE, changes);
      talk.stream = () => LINE;
      return talk.linkUp();
    };

    it('that only streams is usable, unconfirmed, within 3 s', () => {
      assert.ok(playing().until('unconfirmed') < 3);
    });

    it('is refused where readback is required', () => {
      assert.ok(playing({ requireReadback: true }).until('settings-unconfirmed') < 3);
    });

    it('is believed for 60 s on an empty road, then it is silent', () => {
      const talk = playing().run(5);
      talk.stream = () => '';
      assert.equal(talk.run(59.9).summary, 'unconfirmed');
      assert.equal(talk.run(0.2).summary, 'silent');
      assert.equal(talk.say(LINE).summary, 'unconfirmed');
    });

    it('is not polled', () => {
      assert.ok(playing().run(300).sent.length < 20);
    });

    it('whose recording begins with replies is usable within 3.5 s', () => {
      const talk = playing().say('{"Product":"OPS243"}\r\n{"Units":"km-per-hr"}\r\n{"SamplingRate":50000}\r\n');
      assert.ok(talk.until('unconfirmed') < 3.5);
      assert.equal(lastSpeedKmh(talk), 85);
    });

    it('whose recording states another unit is refused, whenever it does so', () => {
      assert.ok(playing().say('{"Units":"mph"}\r\n').until('settings-refused') < 3.5);
      const late = playing().run(5);
      assert.equal(late.summary, 'unconfirmed');
      assert.equal(late.say('{"Units":"m-per-sec"}\r\n').summary, 'settings-refused');
      assert.equal(late.run(120).summary, 'settings-refused', 'asking again changes nothing while nobody answers');
      assert.equal(late.say('{"Units":"km-per-hr"}\r\n').summary, 'unconfirmed');
    });
  });

  it('radar-protocols: an empty road is polled every 2 s; answers keep the link alive, none is silence', () => {
    const talk = started().run(30);
    assert.equal(talk.summary, 'confirmed');
    const polls = talk.sent.filter((command) => command === 'U?').length;
    assert.ok(polls >= 13 && polls <= 15, `${polls} polls in 30 s`);
    talk.script = MUTE;
    assert.equal(talk.run(8).summary, 'silent');
    assert.equal(talk.say(LINE).summary, 'confirmed');
  });

  it('a radar that lost its settings behind our back is configured again', () => {
    const talk = started();
    talk.script = goodOps();
    const before = talk.sent.length;
    talk.run(2.5);
    assert.deepEqual(talk.sent.slice(before, before + 4), ['U?', 'UK', 'S2', 'OJ']);
    assert.equal(talk.until('confirmed') < 2, true);
  });

  it('once UK is sent, a unit learnt before cannot make a car look faster', () => {
    const talk = started(goodOps({ 'U?': '' }));
    talk.say('{"Units":"m-per-sec"}\r\n');
    talk.script = MUTE;
    talk.linkUp().say(LINE);
    assert.equal(lastSpeedKmh(talk), 85);
  });

  it('once S2 is sent, a higher ceiling learnt before no longer holds', () => {
    const talk = started();
    talk.say('{"SamplingRate":100000}\r\n').say('{"speed":900}\r\n');
    assert.equal(lastSpeedKmh(talk), 900);
    const count = readingsIn(talk.events).length;
    talk.script = (command) => (command === 'UK' ? '{"Units":"km-per-hr"}\r\n' : '');
    talk.linkUp().say('{"speed":900}\r\n');
    assert.equal(readingsIn(talk.events).length, count);
  });

  it('has no self-test: asking for one changes nothing', () => {
    assert.equal(started().selfTest().run(1).summary, 'confirmed');
  });

  it('a closed link is silent, re-opened it is configured afresh', () => {
    const talk = started().linkDown();
    assert.equal(talk.summary, 'silent');
    assert.deepEqual([talk.linkUp().run(1).summary, talk.sent.length], ['confirmed', 12]);
  });
});
