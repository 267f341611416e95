/** Completion: every command and option is offered where it may stand, by the shells themselves. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { commandNames } from '../../firmware/cli/program.js';
import { requireTools } from '../support/tools.js';
import { kerbside } from './terminal.js';

const scriptFor = async (shell: string): Promise<string> => (await kerbside(['completion', shell])).out;

/** What bash offers where the last of these words is being typed. */
function bashOffers(script: string, words: readonly string[]): string[] {
  const line = [
    script,
    'COMP_WORDS=("$@")',
    'COMP_CWORD=$(($# - 1))',
    '_kerbside',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const out = execFileSync('bash', ['-c', line, 'bash', ...words], { encoding: 'utf8' });
  return out.split('\n').filter((word) => word !== '');
}

/** The same for zsh, whose own completion functions are replaced by ones that print what they are given. */
function zshOffers(script: string, words: readonly string[]): string[] {
  const line = [
    'compdef() { : }',
    '_files() { print -r -- FILES }',
    '_describe() { local list=${@[-1]}; print -rl -- ${(P)list} }',
    script,
    'words=("$@"); CURRENT=$#words',
    '_kerbside',
  ].join('\n');
  const out = execFileSync('zsh', ['-f', '-c', line, 'zsh', ...words], { encoding: 'utf8' });
  return out
    .split('\n')
    .filter((word) => word !== '')
    .map((word) => word.replace(/:.*$/, ''));
}

describe('command line: completion', () => {
  it('bash offers every noun and every verb of the command table', async () => {
    const script = await scriptFor('bash');
    const nouns = bashOffers(script, ['kerbside', '']);
    for (const name of commandNames()) {
      const [noun = '', verb] = name.split(' ');
      assert.ok(nouns.includes(noun), noun);
      if (verb !== undefined) assert.ok(bashOffers(script, ['kerbside', noun, '']).includes(verb), name);
    }
    assert.deepEqual(bashOffers(script, ['kerbside', 'evidence', 'ver']), ['verify']);
  });

  it('bash offers options to whoever begins one: the command’s own and those of every command', async () => {
    const script = await scriptFor('bash');
    const offers = bashOffers(script, ['kerbside', 'simulate', '--']);
    for (const option of ['--scenario', '--seed', '--virtual', '--json', '--config', '--help']) {
      assert.ok(offers.includes(option), option);
    }
    assert.ok(!offers.includes('--root'), 'of another command');
    assert.ok(bashOffers(script, ['kerbside', '']).every((word) => !word.startsWith('-')));
  });

  it('an option and its value in front do not lead astray, and a value is left to the files', async () => {
    const script = await scriptFor('bash');
    const words = ['kerbside', '--config', 'key', '--json', 'evidence', ''];
    assert.ok(bashOffers(script, words).includes('verify'));
    assert.deepEqual(bashOffers(script, ['kerbside', 'evidence', 'verify', '--root', '']), []);
    assert.deepEqual(bashOffers(script, ['kerbside', 'evidence', 'verify', '']), []);
  });

  it('zsh offers the same', async function () {
    requireTools(this, ['zsh']);
    const script = await scriptFor('zsh');
    const nouns = zshOffers(script, ['kerbside', '']);
    for (const name of commandNames()) {
      const [noun = '', verb] = name.split(' ');
      assert.ok(nouns.includes(noun), noun);
      if (verb !== undefined) assert.ok(zshOffers(script, ['kerbside', noun, '']).includes(verb), name);
    }
    assert.ok(zshOffers(script, ['kerbside', '--config', 'key', 'evidence', 'verify', '-']).includes('--root'));
    assert.deepEqual(zshOffers(script, ['kerbside', 'evidence', 'verify', '']), ['FILES']);
    assert.deepEqual(zshOffers(script, ['kerbside', '--config', '']), ['FILES']);
  });

  it('another shell is refused with the ones that are known', async () => {
    const { code, err } = await kerbside(['completion', 'fish']);
    assert.equal(code, 1);
    assert.match(err, /bash, zsh/);
  });
});
