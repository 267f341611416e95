/** `kerbside site|certificate|operator` and the issuer's keys, as people and scripts see them. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOOD, Scratch } from '../config/samples.js';
import { contentOf, replaced } from '../reference/packs.js';
import type { PackKind } from '../../src/site/reference.js';
import { kerbside, type Outcome } from './terminal.js';

const NOUNS: Readonly<Record<PackKind, string>> = {
  sites: 'site',
  calendar: 'site',
  bulletin: 'site',
  operators: 'operator',
  certificates: 'certificate',
};
const KINDS = Object.keys(NOUNS) as PackKind[];

describe('kerbside site, certificate, operator', () => {
  let files: Scratch;
  let config: string;
  let real: string;
  const safe = (): string => join(files.folder, 'safe');

  before(async () => {
    files = new Scratch();
    config = files.write('kerbside.yaml', GOOD);
    for (const issuer of ['pib', 'calibration']) {
      const { code, out } = await kerbside([
        'key',
        'create',
        '--issuer',
        issuer,
        '--folder',
        safe(),
        '--organisation',
        'Test',
      ]);
      assert.equal(code, 0);
      assert.match(out, /Fingerprint of the root \(SHA-256\): [0-9a-f]{64}/);
      assert.doesNotMatch(out, /PRIVATE/);
    }
    const trust = 'trust: { pib: safe/pib-root.crt, calibration: safe/calibration-root.crt }\n';
    real = files.write('real.yaml', `${GOOD.replace('dataDir: data', 'dataDir: real')}${trust}`);
    for (const kind of KINDS) {
      const content = files.write(`${kind}.yaml`, contentOf(kind, 3));
      await good([NOUNS[kind], 'sign', content, '--demo', '--out', join(files.folder, `${kind}-demo.pack`)]);
      await good([NOUNS[kind], 'sign', content, '--issuer', safe()]);
    }
  });

  after(() => files.remove());

  async function good(words: readonly string[]): Promise<Outcome> {
    const outcome = await kerbside(words);
    assert.equal(outcome.code, 0, outcome.err);
    return outcome;
  }

  async function fails(code: number, words: readonly string[], sentence: RegExp): Promise<void> {
    const outcome = await kerbside(words);
    assert.equal(outcome.code, code, outcome.err);
    assert.equal(outcome.out, '');
    assert.match(outcome.err, sentence);
    assert.doesNotMatch(outcome.err, /^\s+at /m);
  }

  const pack = (name: string): string => join(files.folder, `${name}.pack`);
  const json = async (words: readonly string[]): Promise<never> => JSON.parse((await good(words)).out) as never;

  it('a van without roots takes DEMO packs and says so everywhere', async () => {
    for (const kind of KINDS) {
      const { out } = await good([NOUNS[kind], 'import', pack(`${kind}-demo`), '--config', config]);
      assert.match(out, new RegExp(`^DEMO, NOT EVIDENCE: The ${kind} pack with serial 3 of DEMO `));
    }
    assert.match((await good(['site', 'list', '--config', config])).out, /T-1[^]*auckland[^]*SC-015/);
    assert.match(
      (await good(['site', 'show', 'T-1', '--config', config])).out,
      /DEMO, NOT EVIDENCE[^]*100 km\/h from 2009-07-01/,
    );
    await fails(
      5,
      ['site', 'import', pack('sites'), '--config', config],
      /trust\.pib names no root.*\[609 pack-untrusted\]/,
    );
  });

  it('a van with roots takes what its issuers signed, and no DEMO pack', async () => {
    for (const kind of KINDS) {
      await fails(
        5,
        [NOUNS[kind], 'import', pack(`${kind}-demo`), '--config', real],
        /under the DEMO root of .*609 pack-untrusted/,
      );
      const imported = await json([NOUNS[kind], 'import', pack(kind), '--config', real, '--json']);
      const { result, serial, demo, sha256, path } = imported as Record<string, unknown>;
      assert.deepEqual([result, serial, demo], ['imported', 3, false]);
      assert.match(String(sha256), /^[0-9a-f]{64}$/);
      assert.deepEqual(readFileSync(String(path)), readFileSync(pack(kind)));
    }
    const again = await good(['site', 'import', pack('sites'), '--config', real]);
    assert.match(again.out, /was imported already; nothing was changed/);
  });

  it('an older pack is refused with exit 6, the wrong noun with exit 1 and the right one', async () => {
    const content = files.write('old.yaml', contentOf('sites', 2));
    await good(['site', 'sign', content, '--issuer', safe()]);
    await fails(
      6,
      ['site', 'import', pack('old'), '--config', real],
      /has serial 2, and serial 3 is in force.*\[610 pack-older\]/,
    );
    await fails(1, ['certificate', 'import', pack('sites'), '--config', real], /use kerbside site import/);
    await fails(2, ['site', 'import', pack('nothing'), '--config', real], /does not exist.*\[607 pack-unreadable\]/);
  });

  it('lists are arrays; certificates say what expires when (CAL-1)', async () => {
    const certificates: Record<string, unknown>[] = await json(['certificate', 'list', '--config', real, '--json']);
    assert.deepEqual(
      certificates.map(({ number, lastDay }) => [number, lastDay]),
      [
        ['C-1', '2025-11-03'],
        ['C-2', '2025-11-03'],
      ],
    );
    assert.match(
      (await good(['certificate', 'list', '--config', real])).out,
      /fork 60 km\/h.*expired \d+ days? ago|fork 60 km\/h.*left/,
    );
    const operators: Record<string, unknown>[] = await json(['operator', 'list', '--config', real, '--json']);
    assert.deepEqual(
      operators.map(({ type }) => type),
      ['operator', 'vehicle'],
    );
    const [site]: Record<string, unknown>[] = await json(['site', 'list', '--config', real, '--json']);
    assert.deepEqual([site?.['code'], site?.['limitKmh'], site?.['reviewBy']], ['T-1', 100, '2029-11-01']);
    const packs: Record<string, unknown>[] = await json(['site', 'list', '--packs', '--config', real, '--json']);
    assert.deepEqual(
      packs.map(({ kind, signer }) => [kind, signer]),
      [
        ['sites', 'O=Test, CN=PIB'],
        ['calendar', 'O=Test, CN=PIB'],
        ['bulletin', 'O=Test, CN=PIB'],
      ],
    );
  });

  it('show finds one thing by name and refuses another with the names that there are', async () => {
    const site: Record<string, unknown> = await json(['site', 'show', 'T-1', '--config', real, '--json']);
    assert.equal(site['version'], 'sites 3');
    const fork: { certificates: unknown[] } = await json(['certificate', 'show', 'F-1', '--config', real, '--json']);
    assert.equal(fork.certificates.length, 1);
    assert.match((await good(['operator', 'show', 'TEST01', '--config', real])).out, /Test van/);
    await fails(
      2,
      ['site', 'show', 'T-9', '--config', real],
      /No site "T-9" .* expected one of T-1\. \[611 reference-unknown\]/,
    );
    await fails(2, ['operator', 'show', 'X', '--config', real], /expected one of OP-1/);
    await fails(2, ['certificate', 'show', 'X', '--config', real], /expected one of C-1, C-2/);
  });

  it('a pack that was altered on the disk is named by list, exit 5, and nothing of it is shown', async () => {
    const path = join(files.folder, 'real/reference/sites.pack');
    const whole = readFileSync(path);
    writeFileSync(path, whole.toString().replace('T-1', 'T-7'));
    const { code, out, err } = await kerbside(['site', 'list', '--config', real]);
    assert.equal(code, 5);
    assert.doesNotMatch(out, /T-[17]\b.*Test Road/);
    assert.match(err, /sites\.pack: was altered or damaged since it was signed/);
    writeFileSync(path, whole);
  });

  it('an empty van lists nothing and says so', async () => {
    const empty = files.write('empty.yaml', GOOD.replace('dataDir: data', 'dataDir: empty'));
    const { out, err } = await good(['site', 'list', '--config', empty, '--json']);
    assert.deepEqual(JSON.parse(out), []);
    assert.match(err, /No pack of kind sites, calendar, bulletin is in force/);
    assert.equal(existsSync(join(files.folder, 'empty')), false);
  });

  describe('sign', () => {
    it('lists everything that is wrong with line and column, and signs nothing', async () => {
      const wrong = replaced(
        'limitKmh: 100\n',
        'limitKmh: 90\n',
      )(contentOf('sites')).replace('road: Test Road', 'rood: x');
      const content = files.write('wrong.yaml', wrong);
      const { code, err } = await kerbside(['site', 'sign', content, '--issuer', safe()]);
      assert.equal(code, 2);
      assert.match(err, /wrong\.yaml:7:5: sites\[0\]\.road is missing, expected a text/);
      assert.match(err, /wrong\.yaml:8:5: sites\[0\]\.rood is no known key, did you mean road/);
      assert.match(err, /2 problems were found, expected none; nothing was signed\. \[608 pack-invalid\]/);
      assert.equal(existsSync(pack('wrong')), false);
    });

    it('names contradictions by rule, unknown kinds and broken YAML', async () => {
      const sign = (name: string, text: string): string[] => ['site', 'sign', files.write(name, text), '--demo'];
      const limit = replaced('    limitKmh: 100\n', '    limitKmh: 90\n')(contentOf('sites'));
      await fails(
        2,
        sign('limit.yaml', limit),
        /limit\.yaml:15:15: sites\[0\]\.limitKmh is 90, expected 100 km\/h.*\(LIM-1\)/s,
      );
      await fails(
        2,
        sign('kind.yaml', replaced('kind: sites', 'kind: site')(contentOf('sites'))),
        /kind\.yaml:3:7: kind is "site".*did you mean sites/,
      );
      await fails(2, sign('yaml.yaml', 'format: [\n'), /yaml\.yaml:\d+:\d+: the YAML cannot be read/);
      await fails(2, sign('other.yaml', 'a: 1\n'), /other\.yaml:1:1: format is missing, expected kerbside-pack/);
      await fails(
        2,
        sign('future.yaml', replaced('2025-03-02T09', '2199-03-02T09')(contentOf('bulletin'))),
        /issuedAt is 2199-.*still to come/,
      );
    });

    it('refuses a key of another issuer, a noun of another kind, and to write over a file', async () => {
      const lone = join(files.folder, 'lone');
      mkdirSync(lone);
      await good(['key', 'create', '--issuer', 'calibration', '--folder', lone]);
      const content = join(files.folder, 'sites.yaml');
      await fails(
        3,
        ['site', 'sign', content, '--issuer', lone, '--out', pack('x')],
        /holds the key of calibration services, expected .*pib\.key/,
      );
      await fails(1, ['operator', 'sign', content, '--demo', '--out', pack('x')], /use kerbside site sign/);
      await fails(1, ['site', 'sign', content, '--issuer', safe()], /sites\.pack exists already/);
      await fails(1, ['site', 'sign', content], /neither --issuer nor --demo was given/);
      await fails(1, ['site', 'sign', content, '--issuer', safe(), '--demo'], /both given/);
      await fails(
        2,
        ['site', 'sign', pack('sites'), '--demo', '--out', pack('x')],
        /holds a signature already|the YAML cannot be read/,
      );
      assert.equal(existsSync(pack('x')), false);
    });
  });

  describe('key create --issuer', () => {
    it('keeps its keys to itself and never writes over them; a lost signer is renewed under the same root', async () => {
      for (const name of ['pib.key', 'pib-root.key']) {
        assert.equal((statSync(join(safe(), name)).mode & 0o777).toString(8), '400');
      }
      const create = ['key', 'create', '--issuer', 'pib', '--folder', safe(), '--organisation', 'Test'];
      await fails(2, create, /are there already and are never written over/);
      const root = readFileSync(join(safe(), 'pib-root.crt'));
      for (const name of ['pib.key', 'pib.crt']) rmSync(join(safe(), name));
      assert.match((await good(create)).out, /The root in .*pib-root\.crt was kept/);
      assert.deepEqual(readFileSync(join(safe(), 'pib-root.crt')), root);
      const content = files.write('renewed.yaml', contentOf('sites', 4));
      await good(['site', 'sign', content, '--issuer', safe()]);
      assert.match(
        (await good(['site', 'import', pack('renewed'), '--config', real])).out,
        /in force in place of serial 3/,
      );
    });

    it('refuses a name that says DEMO, and half of the options', async () => {
      await fails(
        1,
        ['key', 'create', '--issuer', 'pib', '--folder', join(files.folder, 'd'), '--organisation', 'DEMO'],
        /without DEMO/,
      );
      await fails(1, ['key', 'create', '--issuer', 'pib'], /--issuer was given without --folder/);
      await fails(1, ['key', 'create', '--issuer', 'police', '--folder', 'x'], /Expected pib or calibration/);
    });

    it('a root that is none is refused by its key of the configuration', async () => {
      const bad = files.write('bad.yaml', `${GOOD}trust: { pib: safe/pib.crt }\n`);
      await fails(
        2,
        ['site', 'list', '--config', bad],
        /trust\.pib: .*pib\.crt holds a certificate that may not issue others/,
      );
      const one = files.write('one.yaml', `${GOOD}trust: { pib: safe/pib-root.crt, calibration: safe/pib-root.crt }\n`);
      await fails(2, ['site', 'list', '--config', one], /expected a root of its own for each issuer/);
      const none = files.write('none.yaml', `${GOOD}trust: { pib: nothing.crt }\n`);
      await fails(2, ['site', 'list', '--config', none], /nothing\.crt is not there/);
    });
  });
});
