/** What strangers wrote is shown by number where it would steer the terminal, in every output of the command line. */
import assert from 'node:assert/strict';
import { makeContext, reportFailure, type GlobalOptions, type Terminal } from '../../firmware/cli/frame.js';
import { printable, visible } from '../../firmware/cli/visible.js';
import { KerbsideError } from '../../src/errors.js';

/** Escape, the one-byte form of its sequences, bell, carriage return, delete, bidi marks, a separator, half a pair. */
const HOSTILE = 'a\u001b[2J\u009b1A\u0007\r\u007f\u202e\u2066\u200f\u061c\u2028\ud800z';
const SHOWN = 'a\\u001b[2J\\u009b1A\\u0007\\u000d\\u007f\\u202e\\u2066\\u200f\\u061c\\u2028\\ud800z';

function contextOf(options: GlobalOptions, showsColor = false) {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    ...{ showsColor, env: {}, ownSignals: () => undefined },
  };
  return { said, terminal, context: makeContext(terminal, options) };
}

describe('command line: text of strangers', () => {
  it('a value has no character that cannot be seen, no line end either', () => {
    assert.equal(visible(HOSTILE), SHOWN);
    assert.equal(visible('two\nlines\tand'), 'two\\u000alines\\u0009and');
    assert.equal(visible('Ngāūranga “Gorge” 65 km/h – ✓ 日本 😀'), 'Ngāūranga “Gorge” 65 km/h – ✓ 日本 😀');
    assert.equal(visible('\u{e0041}'), '\\udb40\\udc41', 'an unseen tag beyond the first plane');
  });

  it('results, progress, warnings and failures are shown by number, and keep their lines', () => {
    const { said, context, terminal } = contextOf({});
    context.print(`one\n${HOSTILE}`);
    context.progress(HOSTILE);
    context.warn(HOSTILE);
    assert.equal(said.out, `one\n${SHOWN}\n`);
    assert.equal(said.err, `${SHOWN}\n${SHOWN}\n`);
    said.err = '';
    reportFailure(terminal, new KerbsideError('pack-invalid', `x: is ${HOSTILE}.`));
    assert.equal(said.err, `kerbside: x: is ${SHOWN}. [608 pack-invalid]\n`);
    said.err = '';
    reportFailure(terminal, new TypeError(HOSTILE));
    assert.ok(said.err.includes(SHOWN), said.err);
  });

  it('--json says the same with escapes of JSON, so that it is read back as it was', () => {
    const { said, context } = contextOf({ json: true });
    const value = { [HOSTILE]: HOSTILE, list: ['\u0085', 'ā'] };
    context.printJson(value);
    assert.doesNotMatch(said.out.replaceAll('\n', ''), /[\p{C}\u2028\u2029]/u);
    assert.deepEqual(JSON.parse(said.out), value);
  });

  it('our own colours pass where a terminal shows them, and no other sequence does', () => {
    const coloured = '\u001b[31mred\u001b[39m \u001b[1mbold\u001b[22m';
    assert.equal(printable(coloured, true), coloured);
    assert.equal(printable(coloured, false), coloured.replaceAll('\u001b', '\\u001b'));
    for (const sequence of ['[8m', '[7m', '[5m', '[31;8m', '[2J', ']0;title\u0007', '[1A', 'c', '[38;5;1m']) {
      assert.doesNotMatch(printable(`\u001b[31m\u001b${sequence}`, true).slice(5), /[\u001b\u0007]/, sequence);
    }
    const { said, context } = contextOf({}, true);
    context.print(coloured);
    assert.equal(said.out, `${coloured}\n`);
  });
});
