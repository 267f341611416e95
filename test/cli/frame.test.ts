/** The frame of every command: words to the right stream, one sentence for what went wrong, the right exit code. */
import assert from 'node:assert/strict';
import { CommanderError } from 'commander';
import { makeContext, reportFailure, type Terminal } from '../../firmware/cli/frame.js';
import { KerbsideError } from '../../src/errors.js';
import { ended, kerbside, startKerbside, type Outcome } from './terminal.js';

function terminalOf(env: Terminal['env'] = {}, showsColor = false): Terminal & { said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  return {
    said,
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    showsColor,
    env,
    ownSignals: () => undefined,
  };
}

const oneSentence = ({ err }: Pick<Outcome, 'err'>): void => {
  assert.match(err, /^kerbside(?: [a-z]+)*: [^\n]+\n$/);
  assert.doesNotMatch(err, /\bat .*:\d+:\d+\)|node_modules/); // no stack
};

describe('command line: failures', () => {
  it('an error of the house is its sentence, its number and its exit code', () => {
    const terminal = terminalOf();
    const code = reportFailure(terminal, new KerbsideError('gpio-missing', 'Line 17: no GPIO\nhere.'));
    assert.equal(code, 4);
    assert.equal(terminal.said.err, 'kerbside: Line 17: no GPIO here. [401 gpio-missing]\n');
    assert.equal(terminal.said.out, '');
  });

  it('any other error is exit 70 and one sentence; its trace only with KERBSIDE_DEBUG=1', () => {
    const quiet = terminalOf();
    assert.equal(reportFailure(quiet, new TypeError('x is not a function')), 70);
    oneSentence(quiet.said);
    assert.match(quiet.said.err, /internal error.*x is not a function; KERBSIDE_DEBUG=1 shows where\./);
    const debug = terminalOf({ KERBSIDE_DEBUG: '1' });
    reportFailure(debug, new TypeError('x is not a function'));
    assert.match(debug.said.err, /\n {4}at /);
    const odd = terminalOf();
    assert.equal(reportFailure(odd, 'thrown text'), 70);
    assert.match(odd.said.err, /thrown text/);
  });

  it('a guess of the command line library stays in the one sentence', () => {
    const terminal = terminalOf();
    const message = "error: unknown option '--sede'\n(Did you mean --seed?)";
    assert.equal(reportFailure(terminal, new CommanderError(1, 'commander.unknownOption', message)), 1);
    assert.equal(
      terminal.said.err,
      "kerbside: unknown option '--sede', did you mean --seed; kerbside help shows what is known.\n",
    );
  });

  const WRONG: readonly [string[], RegExp][] = [
    [
      [],
      /no command was given, expected one of run, simulate, check, deployment, config, evidence, key, site, certificate, operator, replay, version/,
    ],
    [['--json'], /no command was given/],
    [['--config', 'x.yaml'], /no command was given/],
    [['fly'], /fly is no known command, expected one of run, simulate/],
    [['deployment', 'fly'], /kerbside deployment: fly is no known verb, expected one of .*list/],
    [['config'], /kerbside config: no verb was given, expected one of check, show, schema/],
    [['config', 'burn', '--json'], /kerbside config: burn is no known verb/],
    [['evidence', 'show'], /missing required argument 'icn'/],
    [['version', 'extra'], /too many arguments/],
    [['version', '--frob'], /unknown option '--frob'/],
    [['--frob'], /unknown option '--frob'/],
    [['version', '--config'], /argument missing/],
    [['simulate'], /--scenario <name\|file>' not specified/],
    [['simulate', '--scenario', 'x', '--seed', 'many'], /'many' is invalid.*Expected a whole number/],
    [['simulate', '--scenario', 'x', '--hours', '0'], /'0' is invalid.*Expected hours from 0\.01 to 800/],
    [['simulate', '--scenario', 'x', '--console-port', '65536'], /'65536' is invalid.*Expected a port/],
  ];
  for (const [words, sentence] of WRONG) {
    it(`kerbside ${words.join(' ')}: exit 1 and one sentence`, async () => {
      const outcome = await kerbside(words);
      assert.equal(outcome.code, 1);
      assert.equal(outcome.out, '');
      oneSentence(outcome);
      assert.match(outcome.err, sentence);
    });
  }
});

describe('command line: context', () => {
  it('results go to stdout, progress and messages to stderr, --quiet silences progress only', () => {
    const terminal = terminalOf();
    const context = makeContext(terminal, { quiet: true });
    context.print('result');
    context.progress('progress');
    context.warn('message');
    context.printJson({ a: 1 });
    assert.deepEqual(terminal.said, { out: 'result\n{\n  "a": 1\n}\n', err: 'message\n' });
  });

  it('colours only a terminal that shows them, and never with --no-color or NO_COLOR', () => {
    assert.equal(makeContext(terminalOf({}, true), {}).color, true);
    assert.equal(makeContext(terminalOf({}, false), {}).color, false);
    assert.equal(makeContext(terminalOf({}, true), { color: false }).color, false);
    assert.equal(makeContext(terminalOf({ NO_COLOR: '1' }, true), {}).color, false);
    assert.equal(makeContext(terminalOf({ NO_COLOR: '' }, true), {}).color, true);
  });

  it('global options count before the noun and after the verb', async () => {
    const before = await kerbside(['--json', 'version']);
    const after = await kerbside(['version', '--json']);
    assert.equal(before.out, after.out);
    assert.equal((JSON.parse(before.out) as { name: string }).name, 'kerbside');
  });

  it('help names every command, the global options and the exit codes; a command shows examples', async () => {
    const whole = await kerbside(['--help']);
    assert.equal(whole.code, 0);
    for (const word of [
      'run',
      'simulate',
      'config',
      'evidence',
      'version',
      '--config',
      '--no-color',
      '130 interrupted',
    ]) {
      assert.ok(whole.out.includes(word), word);
    }
    const verb = await kerbside(['evidence', 'recover', '--help']);
    assert.equal(verb.code, 0);
    assert.match(verb.out, /Examples:\n +\$ kerbside evidence recover/);
    assert.match(verb.out, /Global Options:/);
  });
});

describe('command line: the process', function () {
  this.timeout(30_000);

  it('ends with the exit code, and a failure leaves stdout empty', async () => {
    const outcome = await ended(startKerbside(['config', 'check', '--config', '/nowhere/k.yaml']));
    assert.equal(outcome.code, 2);
    assert.equal(outcome.out, '');
    oneSentence(outcome);
  });

  it('a reader that stops reading is no failure', async () => {
    const child = startKerbside(['config', 'schema']);
    child.stdout.destroy();
    const outcome = await ended(child);
    assert.equal(outcome.err, '');
    assert.equal(outcome.code, 0);
  });
});
