import assert from 'node:assert/strict';
import type { RadarSettings } from '../../src/radar/reading.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { goodAgd, heartbeat, MUTE, simulated, Talk, type Script, type SelfTestScript } from './talk.js';

const TARGET = agdFrameText('04,43200.12,07,A,072.4,K,045.3,+03.1,184.0,P,061.5');
const error = (number: number): string => agdFrameText(`0${number}`);

/** A radar that is configured, tested and beats once a second. */
function ready(script: Script = goodAgd(), changes: Partial<RadarSettings> = {}): Talk {
  const talk = new Talk('agd350', script, changes);
  talk.stream = (nowS) => (Math.round(nowS * 50) % 50 === 0 ? heartbeat(nowS) : '');
  return talk.linkUp().run(1);
}

function afterSelfTest(recede: SelfTestScript, approach: SelfTestScript = {}): Talk {
  const script = { '*TS=1,A': simulated('A', approach), '*TS=1,R': simulated('R', recede) };
  return ready(goodAgd(script), { requireReadback: true });
}

describe('AGD 350 dialogue', () => {
  it('radar-protocols: settings are sent one at a time, read back, then both self-tests run', () => {
    const talk = ready();
    assert.deepEqual(talk.sent, [
      '*SU=K\r',
      '*SU?\r',
      '*CT=P\r',
      '*CT?\r',
      '*DIR=B\r',
      '*DIR?\r',
      '*HBP=1\r',
      '*HBP?\r',
      '*TS=1,A\r',
      '*TS=1,R\r',
    ]);
    assert.equal(talk.summary, 'confirmed');
  });

  it('never has two commands under way', () => {
    const talk = new Talk('agd350', MUTE).linkUp();
    assert.deepEqual(talk.sent, ['*SU=K\r']);
    talk.say('#SU=K\r');
    assert.deepEqual(talk.sent, ['*SU=K\r', '*SU?\r']);
  });

  it('before the link is up it is starting', () => {
    assert.equal(new Talk('agd350', goodAgd()).summary, 'starting');
  });

  it('a radar that answers a question with the value behind an equals sign is understood', () => {
    const settings: Record<string, string> = { SU: 'K', CT: 'P', DIR: 'B', HBP: '001' };
    const script: Script = (command) => {
      const name = /^\*([A-Z]+)/.exec(command)![1]!;
      return name === 'TS' ? simulated(command[6]!) : `#${name}=${settings[name]!}\r`;
    };
    assert.equal(ready(script).summary, 'confirmed');
  });

  it('a setting that stays contradicted is asked for three times, then refused', () => {
    const talk = ready(goodAgd({ '*DIR?': '#DIR?A\r' }));
    assert.equal(talk.summary, 'settings-refused');
    assert.equal(talk.sent.filter((command) => command === '*DIR=B\r').length, 3);
    assert.match(talk.condition.sentence, /both directions.*#DIR\?A/);
    assert.ok(!talk.sent.includes('*TS=1,A\r'));
  });

  it('a setting answered with #ERROR is refused', () => {
    const talk = ready(goodAgd({ '*SU=K': '#ERROR range\r', '*SU?': '#ERROR range\r' }));
    assert.equal(talk.summary, 'settings-refused');
  });

  it('a lost reply is made good by the next try', () => {
    let drops = 3;
    const good = goodAgd();
    const talk = ready((command) => (drops-- > 0 ? '' : good(command)));
    talk.run(3);
    assert.equal(talk.summary, 'confirmed');
  });

  describe('a mute radar', () => {
    const playing = (changes: Partial<RadarSettings> = {}): Talk => {
      const talk = new Talk('agd350', MUTE, changes);
      talk.stream = () => TARGET;
      return talk.linkUp();
    };

    it('that only streams is usable, unconfirmed, within 3 s', () => {
      const talk = playing();
      assert.equal(talk.summary, 'starting');
      assert.ok(talk.until('unconfirmed') < 3);
      assert.ok(!talk.sent.includes('*TS=1,A\r'));
    });

    it('is refused where readback is required', () => {
      const talk = playing({ requireReadback: true });
      assert.ok(talk.until('settings-unconfirmed') < 3);
      assert.match(talk.condition.sentence, /speed unit km\/h.*self-test/);
    });

    it('may be quiet for 30 s on an empty road, then it is silent', () => {
      const talk = playing().run(5);
      talk.stream = () => '';
      assert.equal(talk.run(29.9).summary, 'unconfirmed');
      assert.equal(talk.run(0.2).summary, 'silent');
      assert.equal(talk.say(TARGET).summary, 'unconfirmed');
    });

    it('with its own slow heartbeat is silent after three missed ones', () => {
      const talk = playing();
      talk.stream = (nowS) => (Math.round(nowS * 50) % 500 === 0 ? heartbeat(nowS) : '');
      talk.run(40);
      talk.stream = () => '';
      assert.equal(talk.run(20).summary, 'unconfirmed');
      assert.equal(talk.run(12).summary, 'silent');
    });

    it('that wakes up later is asked again, configured and tested', () => {
      const talk = playing().run(4);
      talk.script = goodAgd();
      assert.ok(talk.until('confirmed', 20) < 10);
      assert.ok(talk.sent.includes('*TS=1,R\r'));
    });

    it('is asked ever more rarely: nothing piles up in a port that nobody reads', () => {
      const talk = playing().run(600);
      assert.ok(talk.sent.length < 25, `${talk.sent.length} commands in ten minutes`);
    });
  });

  it('replies that come with a recording do not hold the session up, unless they contradict a setting', () => {
    for (const [replies, summary] of [
      ['#SN?12345\r', 'unconfirmed'],
      ['#SU=K\r', 'unconfirmed'],
      ['#SN?12345\r#SU?M\r', 'settings-refused'],
    ] as const) {
      const talk = new Talk('agd350', MUTE);
      talk.stream = () => TARGET;
      talk.linkUp().say(replies);
      assert.ok(talk.until(summary) < 3.5, replies);
    }
  });

  describe('heartbeat watchdog', () => {
    it('radar-protocols: missed heartbeats make the link silent, the first good message makes it usable again', () => {
      const talk = ready().run(3);
      talk.stream = () => '';
      assert.equal(talk.run(4).summary, 'confirmed');
      assert.equal(talk.run(2).summary, 'silent');
      assert.match(talk.condition.sentence, /no message for 6\.0 s, at most 5 s/);
      const tests = talk.sent.length;
      assert.equal(talk.say(heartbeat()).summary, 'confirmed');
      assert.equal(talk.sent.length, tests, 'no new self-test');
    });

    it('rubbish is no sign of life', () => {
      const talk = ready().run(3);
      talk.stream = () => '\u00fe\u0013 noise';
      assert.equal(talk.run(6).summary, 'silent');
    });

    it('targets are a sign of life, too', () => {
      const talk = ready().run(3);
      talk.stream = () => TARGET;
      assert.equal(talk.run(20).summary, 'confirmed');
    });
  });

  it('a closed link is silent; re-opened, it is configured and tested afresh, and nothing old is sent', () => {
    const talk = ready().linkDown();
    assert.equal(talk.summary, 'silent');
    assert.equal(talk.run(10).sent.length, 10);
    talk.linkUp().run(1);
    assert.deepEqual([talk.sent.length, talk.summary], [20, 'confirmed']);
  });

  describe('error messages', () => {
    for (const number of [2, 3, 4]) {
      it(`radar-protocols: 0${number} stops the use of the radar until the link restarts`, () => {
        const talk = ready().say(error(number)).run(60);
        assert.equal(talk.summary, 'radar-error');
        assert.match(talk.condition.sentence, new RegExp(`error 0${number}`));
        assert.equal(talk.linkDown().linkUp().run(1).summary, 'confirmed');
      });
    }

    it('radar-protocols: 06 twice within 10 s stops, once in 10 s does not', () => {
      const talk = ready().say(error(6)).run(10.5).say(error(6));
      assert.equal(talk.summary, 'confirmed');
      assert.equal(talk.run(9).say(error(6)).summary, 'radar-error');
    });

    it('radar-protocols: after 01 the settings are sent again', () => {
      const talk = ready();
      talk.say(error(1));
      assert.equal(talk.run(0.1).summary, 'confirmed');
      assert.deepEqual(talk.sent.slice(10), talk.sent.slice(0, 8));
    });

    it('after 01 nothing is enforced until the settings are confirmed again', () => {
      const talk = ready();
      talk.script = MUTE;
      assert.equal(talk.say(error(1)).summary, 'starting');
    });

    it('01 during a self-test starts the test again once configured', () => {
      const talk = ready(goodAgd({ '*TS=1,A': '#TS=1,A\r' }));
      assert.equal(talk.summary, 'self-test-running');
      talk.script = goodAgd();
      assert.equal(talk.say(error(1)).run(1).summary, 'confirmed');
    });

    it('radar-protocols: 05 is ignored while rare, five in a minute stop', () => {
      const talk = ready();
      for (let count = 0; count < 10; count += 1) talk.say(error(5)).run(16);
      assert.equal(talk.summary, 'confirmed');
      for (let count = 0; count < 4; count += 1) talk.say(error(5)).run(1);
      assert.equal(talk.summary, 'radar-error');
    });
  });

  describe('self-test', () => {
    it('while it runs nothing may be enforced', () => {
      assert.equal(ready(goodAgd({ '*TS=1,A': '#TS=1,A\r' })).summary, 'self-test-running');
    });

    it('is not run where it is switched off', () => {
      const talk = ready(goodAgd(), { selfTest: false, requireReadback: true });
      assert.deepEqual([talk.summary, talk.sent.length], ['confirmed', 8]);
    });

    it('radar-protocols: passes with speed within 1.0 mph and range within 1.0 m', () => {
      const edge = { speeds: ['80.0', '81.6', '78.4'], ranges: ['25.0', '25.9', '25.0'] };
      assert.equal(afterSelfTest(edge, edge).summary, 'confirmed');
    });

    it('passes with a simulated target that drives away', () => {
      const speeds = ['80.0', '80.0', '80.0'];
      assert.equal(afterSelfTest({ speeds, ranges: ['10.0', '32.2', '54.4'] }).summary, 'confirmed');
    });

    it('real targets that are still under way do not disturb it', () => {
      const script = { '*TS=1,A': TARGET + simulated('A'), '*TS=1,R': simulated('R') };
      assert.equal(ready(goodAgd(script)).summary, 'confirmed');
    });

    const failures: readonly (readonly [name: string, recede: SelfTestScript, sentence: RegExp])[] = [
      [
        'a target in the wrong direction',
        { letters: 'YXY' },
        /direction recede brought a target in direction approach/,
      ],
      ['a speed more than 1.0 mph off', { speeds: ['80.0', '80.0', '81.7'] }, /speeds 1\.7 km\/h off, at most 1\.6/],
      ['a range more than 1.0 m off', { ranges: ['25.0', '28.2', '25.0'] }, /ranges 2\.1 m off, at most 1\.0/],
      ['no simulated target', { speeds: [] }, /no simulated target/],
      ['another speed than approaching', { speeds: ['85.0', '85.0', '85.0'] }, /5\.0 km\/h away.*at most 3\.2/],
    ];
    for (const [name, recede, sentence] of failures) {
      it(`radar-protocols: fails on ${name}`, () => {
        const talk = afterSelfTest(recede);
        assert.equal(talk.summary, 'self-test-failed');
        assert.match(talk.condition.sentence, sentence);
      });
    }

    it('radar-protocols: fails on a wrong checksum', () => {
      const broken = simulated('R').replace('80.4', '80.5');
      const talk = ready(goodAgd({ '*TS=1,R': broken }));
      assert.match(talk.condition.sentence, /1 wrong checksums/);
    });

    it('fails when it is refused', () => {
      assert.equal(ready(goodAgd({ '*TS=1,A': '#ERROR busy\r' })).summary, 'self-test-failed');
    });

    it('fails when it begins and does not end', () => {
      const talk = ready(goodAgd({ '*TS=1,A': simulated('A', { complete: false }) }));
      assert.equal(talk.run(18).summary, 'self-test-running');
      assert.equal(talk.run(3).summary, 'self-test-failed');
      assert.match(talk.condition.sentence, /did not end within 20 s/);
    });

    it('unanswered, it leaves the radar unconfirmed, or refused where readback is required', () => {
      const script = { '*TS=1,A': '' };
      assert.equal(ready(goodAgd(script)).run(3).summary, 'unconfirmed');
      assert.equal(ready(goodAgd(script), { requireReadback: true }).run(3).summary, 'settings-unconfirmed');
    });

    it('can be run again, and a pass lifts an earlier failure', () => {
      const talk = afterSelfTest({ letters: 'XXX' });
      talk.script = goodAgd();
      assert.equal(talk.selfTest().run(1).summary, 'confirmed');
    });

    it('asked for while the settings are sent, it waits for them', () => {
      const talk = new Talk('agd350', MUTE, { selfTest: false }).linkUp().selfTest();
      talk.script = goodAgd();
      talk.run(2);
      assert.deepEqual([talk.summary, talk.sent.at(-1)], ['confirmed', '*TS=1,R\r']);
    });
  });
});
