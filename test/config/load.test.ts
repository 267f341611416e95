/** Configuration and site file: what is good is taken as it stands, what is wrong gets one sentence with its place. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findConfig, inspectConfig, inspectSite, loadConfig, loadSite } from '../../firmware/config/load.js';
import { KerbsideError } from '../../src/errors.js';
import { BOARD_SETTINGS } from '../support/io-board-rig.js';
import { changed, GOOD, Scratch, SITE } from './samples.js';

const scratch = new Scratch();
after(() => {
  scratch.remove();
});

const sentencesOf = (text: string | Uint8Array): string[] => {
  const file = scratch.write('kerbside.yaml', text);
  return inspectConfig(file).problems.map(({ sentence }) => sentence.replace(`${scratch.folder}/`, ''));
};

const refusalOf = (run: () => unknown): KerbsideError => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof KerbsideError);
    return error;
  }
  return assert.fail('it was accepted');
};

describe('configuration', () => {
  it('is taken with its defaults, and relative paths count from its folder', () => {
    const config = loadConfig(scratch.write('kerbside.yaml', GOOD));
    assert.equal(config.dataDir, join(scratch.folder, 'data'));
    assert.equal(config.images.folder, join(scratch.folder, 'camera'));
    assert.equal(config.radar.port, '/dev/radar');
    assert.equal(config.radar.angleDeg, 22.5);
    assert.equal(config.camera.approvalNotice, null);
    assert.deepEqual(config.gps, { host: '127.0.0.1', port: 2947 });
    assert.deepEqual(config.recording, { partMb: 32, keepMb: 4096 });
  });

  it('a recording has files of some size and room for at least a few', () => {
    const partly = loadConfig(scratch.write('kerbside.yaml', `${GOOD}\nrecording: { partMb: 8 }\n`));
    assert.deepEqual(partly.recording, { partMb: 8, keepMb: 4096 });
    assert.match(sentencesOf(`${GOOD}\nrecording: { partMb: 0 }\n`)[0] ?? '', /recording\.partMb/);
    assert.match(sentencesOf(`${GOOD}\nrecording: { keepMb: 15 }\n`)[0] ?? '', /recording\.keepMb/);
    assert.match(sentencesOf(`${GOOD}\nrecording: { keepMB: 99 }\n`)[0] ?? '', /did you mean keepMb/);
  });

  it('is looked for in the given order; none is a sentence with the places', () => {
    const here = scratch.write('b.yaml', GOOD);
    assert.equal(findConfig(null, [join(scratch.folder, 'a.yaml'), here]), here);
    const refusal = refusalOf(() => findConfig(null, ['/nowhere/a.yaml', '/nowhere/b.yaml']));
    assert.equal(refusal.kind, 'config-unreadable');
    assert.equal(refusal.exitCode, 2);
    assert.match(refusal.message, /^no configuration at \/nowhere\/a\.yaml and \/nowhere\/b\.yaml, expected/);
  });

  it('that cannot be read is one sentence with the reason', () => {
    assert.match(refusalOf(() => loadConfig('/nowhere/k.yaml')).message, /^\/nowhere\/k\.yaml: does not exist/);
    assert.match(refusalOf(() => loadConfig(scratch.folder)).message, /is a folder, expected a YAML file/);
    assert.match(refusalOf(() => loadConfig('/dev/zero')).message, /is no ordinary file, expected a YAML file/);
    const bytes = scratch.write('bytes.yaml', Uint8Array.of(0xff, 0xfe, 0x00));
    assert.match(refusalOf(() => loadConfig(bytes)).message, /no text, expected UTF-8/);
    const long = scratch.write('long.yaml', `# ${'x'.repeat(1_000_000)}`);
    assert.match(refusalOf(() => loadConfig(long)).message, /is 1000002 bytes long, expected at most 1000000/);
  });

  const MISTAKES: readonly [string, string, string, string][] = [
    ['an unknown key', '  port: /dev/radar', '  prt: /dev/radar', '6:3: radar.prt is no known key, did you mean port.'],
    [
      'an unknown key that is like no other',
      'gps: {}',
      'gps: { colour: red }',
      '9:8: gps.colour is no known key, expected one of host, port.',
    ],
    [
      'a wrong word',
      '  protocol: agd350',
      '  protocol: adg350',
      '5:13: radar.protocol is "adg350", expected agd350 or ops243 (did you mean agd350?).',
    ],
    ['a text for a number', '  shutter: 17', '  shutter: front', '12:12: lines.shutter is "front", expected a number.'],
    [
      'a number out of range',
      '  shutter: 17',
      '  shutter: 5000',
      '12:12: lines.shutter is 5000, expected at most 1023.',
    ],
    ['a number for a text', '  id: SC-014', '  id: 14', '2:7: camera.id is 14, expected a text.'],
    ['an empty value', '  id: SC-014', '  id:', '2:6: camera.id is empty, expected a text.'],
    ['a text that is too long', '  id: SC-014', `  id: ${'9'.repeat(21)}a`, '2:7: camera.id is'],
    ['a list for a group', 'gps: {}', 'gps: [1, 2]', '9:6: gps is a list of 2, expected a group of keys.'],
    [
      'yes, which is a word in YAML 1.2',
      '  protocol: agd350',
      '  protocol: agd350\n  corrected: yes',
      'expected true or false.',
    ],
    [
      'a clock that is said to be disciplined',
      'gps: {}',
      'gps: {}\nclock: { disciplined: true }',
      'clock is no known key',
    ],
    ['a missing key', '  id: SC-014', '  model: X', '1:1: camera.id is missing, expected a text.'],
  ];
  for (const [name, line, by, sentence] of MISTAKES) {
    it(`with ${name}: one sentence with line, column, key, found and expected`, () => {
      const [found = '', ...more] = sentencesOf(changed(line, by)).filter(
        (each) => !each.includes('radar.port is missing'),
      );
      assert.ok(found.startsWith('kerbside.yaml:') && found.includes(sentence), found);
      assert.deepEqual(more, []);
    });
  }

  it('with several mistakes names all of them, in the order of the file', () => {
    const text = changed('  shutter: 17', '  shutter: -1', changed('  facing: rear', '  facing: up\n  facade: 1'));
    const places = sentencesOf(text).map((sentence) => /:(\d+):\d+: (\S+)/.exec(sentence)?.slice(1).join(' '));
    assert.deepEqual(places, ['8 mounting.facing', '9 mounting.facade', '13 lines.shutter']);
  });

  it('says in one sentence how many mistakes follow the first', () => {
    const file = scratch.write('two.yaml', changed('  shutter: 17', '  shutter: -1\n  shuter: 2'));
    const refusal = refusalOf(() => loadConfig(file));
    assert.equal(refusal.kind, 'config-invalid');
    assert.match(
      refusal.message,
      /lines\.shutter is -1, expected at least 0 \(and 1 more, which kerbside config check lists\)\.$/,
    );
  });

  const SYNTAX: readonly [string, string, RegExp][] = [
    ['a key that comes twice', `${GOOD}gps: {}\n`, /:16:1: .*unique/],
    ['a bracket that is never closed', changed('gps: {}', 'gps: {'), /:\d+:\d+: the YAML cannot be read/],
    ['a tab for indentation', changed('  facing: rear', '\tfacing: rear'), /:8:1: .*[Tt]ab/],
    ['an unknown tag', changed('  id: SC-014', '  id: !secret x'), /:2:7: .*tag/],
    ['a second document', `${GOOD}---\n{}\n`, /a second YAML document/],
    ['an alias that names nothing', changed('gps: {}', 'gps: *nothing'), /alias/],
  ];
  for (const [name, text, words] of SYNTAX) {
    it(`with ${name}: the line and what YAML expects`, () => {
      const [found = ''] = sentencesOf(text);
      assert.match(found, words);
      assert.doesNotMatch(found, /\n/);
    });
  }

  it('that is empty, or no group of keys, is said to be so', () => {
    assert.match(sentencesOf('')[0]!, /the file is empty, expected a group of keys/);
    assert.match(sentencesOf('- a\n')[0]!, /the file is a list of 1, expected a group of keys/);
  });

  it('an alias bomb is refused, not expanded', () => {
    const bomb = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
    assert.match(sentencesOf(`a0: &a0 [x]\n${bomb.join('\n')}\n`)[0]!, /alias/);
  });
});

describe('configuration: one key demands another', () => {
  const CASES: readonly [string, string, string, RegExp][] = [
    [
      'simulated lines need a socket',
      '  driver: onoff',
      '  driver: simulated',
      /lines\.socket is missing, expected the path/,
    ],
    [
      'a camera folder is needed',
      '  folder: camera',
      '  source: folder',
      /images\.folder is missing, expected the folder/,
    ],
    ['the camera has its own folder', '  folder: camera', '  folder: data', /the same folder as dataDir/],
    [
      'a flash that always fires needs a line',
      '  id: SC-014',
      '  id: A\n  flash: always',
      /lines\.flash names no line/,
    ],
    [
      'a shutter pulse ends before the next may begin',
      '  id: SC-014',
      '  id: A\n  shutterPulseMs: 500',
      /camera\.shutterPulseMs is 500 ms, expected less than camera\.deadTimeMs, 500 ms/,
    ],
    [
      'an image does not take longer than a minute',
      '  id: SC-014',
      '  id: A\n  imageTimeoutMs: 60001',
      /camera\.imageTimeoutMs is 60001, expected at most 60000/,
    ],
    ['a window begins before it ends', '  id: SC-014', '  id: A\n  strobeWindowMs: [9, 9]', /first to be smaller/],
    ['an image is given up after the window', '  id: SC-014', '  id: A\n  imageTimeoutMs: 250', /more than the end/],
    [
      'a range of numbers has an order',
      'gps: {}',
      'gps: {}\nicn: { firstDeployment: 9, lastDeployment: 8 }',
      /at most/,
    ],
    [
      'a static camera needs its site',
      'gps: {}',
      'gps: {}\ninstallation: { kind: static }',
      /installation\.site is missing, expected the code of the site where the camera stands/,
    ],
    [
      'a mobile camera has no site of its own',
      'gps: {}',
      'gps: {}\ninstallation: { site: S1 }',
      /installation\.site is S1, expected none/,
    ],
    ['a fork is carried once', 'gps: {}', 'gps: {}\nforks: [F1, F2, F1]', /forks\[2\] is F1, which is named already/],
    ['two functions on one line', '  strobe: 22', '  strobe: 17', /lines\.strobe is 17, which lines\.shutter has/],
  ];
  for (const [name, line, by, words] of CASES) {
    it(name, () => {
      const found = sentencesOf(changed(line, by));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, words);
    });
  }

  const BOARDS: readonly [string, string, RegExp][] = [
    ['an I/O board without a port', 'driver: johnny-five', /ioBoard\.port is missing, expected the serial device/],
    ['an I/O board on the radar', 'driver: johnny-five, port: /dev/radar', /ioBoard\.port is the same device as radar/],
    [
      'two functions on one pin of the I/O board',
      'driver: johnny-five, port: io, pins: { armKey: 8 }',
      /ioBoard\.pins\.lamp is 8, which armKey has/,
    ],
    [
      'a digital pin where an analog one must be',
      'driver: johnny-five, port: io, pins: { battery: 0 }',
      /ioBoard\.pins\.battery/,
    ],
    ['the pins of the serial port', 'driver: johnny-five, port: io, pins: { armKey: 1 }', /ioBoard\.pins\.armKey/],
  ];
  for (const [name, board, words] of BOARDS) {
    it(name, () => {
      const found = sentencesOf(changed('gps: {}', `gps: {}\nioBoard: { ${board} }`));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, words);
    });
  }

  it('an I/O board has the documented wiring, each pin may be left out, and its port may stand beside the file', () => {
    const board = 'gps: {}\nioBoard: { driver: johnny-five, port: io, pins: { armKey: null } }';
    const { ioBoard } = loadConfig(scratch.write('board.yaml', changed('gps: {}', board)));
    assert.equal(ioBoard.port, join(scratch.folder, 'io'));
    assert.deepEqual(ioBoard.pins, { ...BOARD_SETTINGS.pins, armKey: null });
    assert.equal(ioBoard.batteryDivider, 5);
  });

  it('a flash outlasts its lead, where there is a flash line', () => {
    const text = changed('  id: SC-014', '  id: A\n  flashPulseMs: 2');
    assert.deepEqual(sentencesOf(text), []);
    const found = sentencesOf(changed('  strobe: 22', '  flash: 27', text));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0]!, /camera\.flashPulseMs is 2 ms, expected more than camera\.flashLeadMs, 2 ms/);
  });

  const LATER: readonly [string, string, RegExp][] = [
    [
      '  driver: onoff',
      '  driver: gpiochip',
      /lines\.driver is gpiochip, .* later version, expected onoff or simulated/,
    ],
    ['  folder: camera', '  source: ftp', /images\.source is ftp, .* later version, expected folder/],
    ['  folder: camera', '  source: gphoto2', /images\.source is gphoto2, .* later version, expected folder/],
  ];
  for (const [line, by, words] of LATER) {
    it(`${by.trim().split('\n').at(-1) ?? ''} is refused with what to use instead`, () => {
      const refusal = refusalOf(() => loadConfig(scratch.write('later.yaml', changed(line, by))));
      assert.equal(refusal.kind, 'not-available');
      assert.equal(refusal.exitCode, 2);
      assert.match(refusal.message, words);
    });
  }

  it('simulated lines with a socket need no numbers', () => {
    const text = changed('  driver: onoff', '  driver: simulated\n  socket: lines.sock', changed('  strobe: 22', ''));
    assert.equal(loadConfig(scratch.write('sim.yaml', text)).lines.socket, join(scratch.folder, 'lines.sock'));
  });
});

describe('site file', () => {
  it('is taken as the controller sees it', () => {
    const site = loadSite(scratch.write('site.yaml', SITE));
    assert.equal(site.code, 'EX-0001');
    assert.equal(site.lanes[0]?.widthM, 3.5);
  });

  it('DET-1: without a threshold it is refused with a sentence that says what a threshold is', () => {
    const text = SITE.replace(/threshold:\n( {2}.*\n)+/, '');
    const refusal = refusalOf(() => loadSite(scratch.write('site.yaml', text)));
    assert.equal(refusal.kind, 'site-invalid');
    assert.equal(refusal.exitCode, 2);
    assert.match(refusal.message, /site\.yaml:1:1: threshold: DET-1: .*authority and date/);
  });

  it('LIM-1: an unknown key is refused, with the key that was meant', () => {
    const { problems } = inspectSite(scratch.write('site.yaml', changed('limitKmh: 100', 'limitKmH: 100', SITE)));
    const sentences = problems.map(({ sentence }) => sentence.replace(/^.*?: /, ''));
    assert.deepEqual(sentences.sort(), [
      'limitKmH is no known key, did you mean limitKmh.',
      'limitKmh is missing, expected a number.',
    ]);
  });

  it('a date that is none shows what was found', () => {
    const file = scratch.write('site.yaml', changed("  date: '2026-01-01'", '  date: tomorrow', SITE));
    assert.match(
      inspectSite(file).problems[0]!.sentence,
      /:13:9: threshold\.date is "tomorrow", expected a calendar date/,
    );
  });

  it('what contradicts itself is refused in one sentence', () => {
    const refusal = refusalOf(() =>
      loadSite(scratch.write('site.yaml', changed('  speedKmh: 104', '  speedKmh: 90', SITE))),
    );
    assert.equal(refusal.kind, 'site-invalid');
    assert.match(refusal.message, /threshold\.speedKmh is 90; expected at least the limit of 100 km\/h/);
  });

  it('that is missing is one sentence', () => {
    const refusal = refusalOf(() => loadSite('/nowhere/site.yaml'));
    assert.equal(refusal.kind, 'site-unreadable');
    assert.match(refusal.message, /^\/nowhere\/site\.yaml: does not exist/);
  });
});
