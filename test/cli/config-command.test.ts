/** `kerbside config check|show|schema` and `kerbside version`, as people and scripts see them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installationDigest, legallyRelevantFiles } from '../../firmware/config/installed-files.js';
import { checkedOutCommit } from '../../firmware/config/software.js';
import { changed, GOOD, Scratch, SITE } from '../config/samples.js';
import { kerbside } from './terminal.js';

const scratch = new Scratch();
after(() => {
  scratch.remove();
});

function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}

const TWO_MISTAKES = changed('  shutter: 17', '  shutter: -1\n  shuter: 2');

describe('kerbside config check', () => {
  it('accepts a good file and says so on stdout', async () => {
    scratch.write('site.yaml', SITE);
    const file = scratch.write('good.yaml', `${GOOD}siteFile: site.yaml\n`);
    const outcome = await kerbside(['config', 'check', '--config', file]);
    assert.deepEqual(outcome, { code: 0, out: `${file}: good\n${scratch.folder}/site.yaml: good\n`, err: '' });
  });

  it('reminds of a missing siteFile without refusing', async () => {
    const outcome = await kerbside(['--config', scratch.write('nosite.yaml', GOOD), 'config', 'check']);
    assert.equal(outcome.code, 0);
    assert.match(outcome.err, /siteFile is not set/);
  });

  it('lists every problem, one sentence a line on stderr, exit 2', async () => {
    const file = scratch.write('bad.yaml', TWO_MISTAKES);
    const { code, out, err } = await kerbside(['config', 'check', '--config', file]);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.deepEqual(err.trimEnd().split('\n'), [
      `${file}:12:12: lines.shutter is -1, expected at least 0.`,
      `${file}:13:3: lines.shuter is no known key, did you mean shutter.`,
    ]);
  });

  it('with --json gives the problems as data', async () => {
    const file = scratch.write('bad.yaml', TWO_MISTAKES);
    const { code, out } = await kerbside(['config', 'check', '--config', file, '--json']);
    const document = JSON.parse(out) as { valid: boolean; problems: { line: number; column: number; key: string }[] };
    assert.equal(code, 2);
    assert.equal(document.valid, false);
    assert.deepEqual(
      document.problems.map(({ line, column, key }) => [line, column, key]),
      [
        [12, 12, 'lines.shutter'],
        [13, 3, 'lines.shuter'],
      ],
    );
  });

  it('checks the site file, too, and points at the line that names a missing one', async () => {
    scratch.write('noauthority.yaml', changed('  authority: Example Authority', '', SITE));
    const wrong = scratch.write('wrong.yaml', `${GOOD}siteFile: noauthority.yaml\n`);
    const outcome = await kerbside(['config', 'check', '--config', wrong]);
    assert.equal(outcome.code, 2);
    assert.match(outcome.err, /noauthority\.yaml:10:1: threshold\.authority is missing, expected a text\.\n$/);
    const missing = scratch.write('missing.yaml', `${GOOD}siteFile: gone.yaml\n`);
    const other = await kerbside(['config', 'check', '--config', missing]);
    assert.equal(other.code, 2);
    assert.match(
      other.err,
      /missing\.yaml:16:11: siteFile names a file that will not do: .*gone\.yaml: does not exist/,
    );
  });

  const examples = ['kerbside.yaml', 'bench-agd350.yaml', 'bench-ops243.yaml'];
  for (const name of examples) {
    it(`accepts docs/examples/${name}`, async () => {
      const outcome = await kerbside(['config', 'check', '--config', join(root(), 'docs/examples', name)]);
      // The van's own has its sites from packs; what is said of that is a reminder and no problem.
      assert.match(outcome.err, name === 'kerbside.yaml' ? /^[^\n]*siteFile is not set[^\n]*\n$/ : /^$/);
      assert.equal(outcome.code, 0);
    });
  }
});

describe('kerbside config show', () => {
  it('prints each value with its origin', async () => {
    const { code, out } = await kerbside(['config', 'show', '--config', scratch.write('good.yaml', GOOD)]);
    assert.equal(code, 0);
    assert.match(out, /camera\.id +│ SC-014 +│ line 2 /);
    assert.match(out, /radar\.baudRate +│ 921600 +│ default for agd350 /);
    assert.match(out, /console\.port +│ 8080 +│ default /);
  });

  it('with --json gives the configuration and the sources', async () => {
    const { out } = await kerbside(['config', 'show', '--json', '--config', scratch.write('good.yaml', GOOD)]);
    const document = JSON.parse(out) as {
      configuration: { radar: { parity: string } };
      sources: Record<string, unknown>;
    };
    assert.equal(document.configuration.radar.parity, 'odd');
    assert.deepEqual(document.sources['lines.shutter'], { from: 'file', line: 12 });
  });

  it('refuses a wrong file as every command does', async () => {
    const { code, out, err } = await kerbside(['config', 'show', '--config', scratch.write('bad.yaml', TWO_MISTAKES)]);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /^kerbside: .*lines\.shutter is -1.*\[602 config-invalid\]\n$/);
  });
});

describe('kerbside config schema', () => {
  it('prints JSON Schema that refuses unknown keys and knows the defaults', async () => {
    const { code, out } = await kerbside(['config', 'schema']);
    const schema = JSON.parse(out) as {
      $schema: string;
      additionalProperties: boolean;
      required: string[];
      properties: { radar: { required: string[]; properties: { angleDeg: { default: number } } } };
    };
    assert.equal(code, 0);
    assert.match(schema.$schema, /json-schema\.org/);
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(schema.properties.radar.required, ['protocol', 'port']);
    assert.equal(schema.properties.radar.properties.angleDeg.default, 22.5);
  });
});

describe('kerbside version', () => {
  it('names version, commit, checksum of the code and Node', async () => {
    const text = await kerbside(['version']);
    assert.match(
      text.out,
      /^kerbside \d+\.\d+\.\d+\ncommit .*\nsoftware sha256 [0-9a-f]{64}, over \d+ installed files\nruns on +Node /,
    );
    const { out } = await kerbside(['version', '--json']);
    assert.equal((JSON.parse(out) as { node: string }).node, process.version);
  });

  it('the checksum is over path and content, so a renamed or changed file changes it', () => {
    mkdirSync(join(scratch.folder, 'code', 'src'), { recursive: true });
    scratch.write('code/src/b.js', '2');
    scratch.write('code/src/a.js', '1');
    scratch.write('code/src/a.js.map', 'ignored');
    const lock = '{"packages":{"":{}}}';
    scratch.write('package-lock.json', lock);
    scratch.write('package.json', '{}');
    const files = legallyRelevantFiles(scratch.folder, join(scratch.folder, 'code'));
    const hash = (content: string): Buffer => createHash('sha256').update(content).digest();
    const expected = createHash('sha256');
    for (const [name, content] of [
      ['code/src/a.js', '1'],
      ['code/src/b.js', '2'],
      ['package-lock.json', lock],
      ['package.json', '{}'],
    ] as const) {
      expected.update(`${name}\0`).update(hash(content)).update('\0');
    }
    assert.equal(installationDigest(files), expected.digest('hex'));
  });

  it('the commit is read without git, from a branch, a packed branch and a detached head', () => {
    const hash = 'a1'.repeat(20);
    const git = join(scratch.folder, '.git');
    mkdirSync(join(git, 'refs/heads'), { recursive: true });
    assert.equal(checkedOutCommit(scratch.folder), null);
    scratch.write('.git/HEAD', 'ref: refs/heads/main\n');
    scratch.write('.git/refs/heads/main', `${hash}\n`);
    assert.equal(checkedOutCommit(scratch.folder), hash);
    rmSync(join(git, 'refs/heads/main'));
    scratch.write('.git/packed-refs', `# pack-refs\n${'b2'.repeat(20)} refs/heads/main\n`);
    assert.equal(checkedOutCommit(scratch.folder), 'b2'.repeat(20));
    scratch.write('.git/HEAD', `${hash}\n`);
    assert.equal(checkedOutCommit(scratch.folder), hash);
  });
});
