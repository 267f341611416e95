/** `kerbside evidence verify` on real files: paths, exit codes, words, the JSON document, threads. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPem } from '../../firmware/keys/pem.js';
import { demoRoot } from '../../firmware/keys/trust.js';
import { verifyFiles } from '../../firmware/verify/pool.js';
import { collect } from '../../firmware/verify/collect.js';
import { Progress } from '../../firmware/verify/progress.js';
import { verify } from '../../firmware/verify/verify.js';
import { kerbside as schema } from '../../proto/generated/evidence.js';
import type { ExhibitResult } from '../../src/evidence/verify/exhibit.js';
import { kerbside } from '../cli/terminal.js';
import { DEPLOYMENT, demoSigner, deviceSigner, makeSet, type MadeSet } from '../support/exhibit.js';

const QUIET = { draw: null, line: () => undefined, nowMs: () => 0 };

describe('kerbside evidence verify', function () {
  this.timeout(60_000);
  let demo: MadeSet;
  let real: MadeSet;
  let rootFile: string;
  let root: string;

  before(async () => {
    const device = await deviceSigner();
    demo = await makeSet(await demoSigner());
    real = await makeSet(device.signer, { kinds: ['sync', 'incident'] });
    rootFile = join(real.dataDir, 'root.pem');
    writeFileSync(rootFile, device.rootPem);
  });

  after(() => {
    for (const { dataDir } of [demo, real]) rmSync(dataDir, { recursive: true });
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-verify-'));
    cpSync(demo.dataDir, root, { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const file = (name: string): string => join(root, 'evidence', DEPLOYMENT, name);
  const run = (...words: string[]) => kerbside(['evidence', 'verify', ...words]);

  /** An exposure record that does not say what it leaves out. */
  function withoutLists(bytes: Uint8Array): Uint8Array {
    const record = schema.evidence.v1.EvidenceRecord.decode(bytes);
    record.absent = [];
    record.counts = [];
    return schema.evidence.v1.EvidenceRecord.encode(record).finish();
  }

  function damage(path: string): void {
    const bytes = readFileSync(path);
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(path, bytes);
  }

  it('a data folder: everything is counted, and DEMO is said in capitals', async () => {
    const { code, out, err } = await run(root);
    assert.equal(code, 0, out + err);
    assert.match(
      out,
      /Exhibits: 9 \(1 sync, 2 incident, 1 void, 1 unmatched, 1 deployment record, 1 parameters record, 2 event records\), 4 with an image/,
    );
    assert.match(out, /^ok +record-unchanged +9 {2}The record is, to the last bit, the one that was signed\.$/m);
    assert.match(out, /^ok +numbers +set {2}Every number/m);
    assert.match(out, /DEMO – NOT EVIDENCE\nAll 9 exhibits verified\.\n$/);
    assert.equal(err, '');
  });

  it('the folder of a deployment, a copy of it under another name, and an export that holds it', async () => {
    assert.equal((await run(join(root, 'evidence', DEPLOYMENT))).code, 0);
    renameSync(join(root, 'evidence', DEPLOYMENT), join(root, 'usb stick'));
    assert.equal((await run(join(root, 'usb stick'))).code, 0);
    mkdirSync(join(root, 'export', 'a', 'b'), { recursive: true });
    renameSync(join(root, 'usb stick'), join(root, 'export', 'a', 'b', DEPLOYMENT));
    assert.equal((await run(join(root, 'export'))).code, 0);
  });

  it('any file of an exhibit stands for the exhibit; of the set nothing is claimed', async () => {
    for (const ending of ['jpg', 'record', 'p7s']) {
      const { code, out } = await run(file(`000123002.${ending}`));
      assert.equal(code, 0, out);
      assert.match(out, /not checked +chain-sequence +set {2}Only single exhibits/);
      assert.match(
        out,
        /The 1 exhibit verified\.\nNot everything could be checked: the set as a whole \(Only single [^)]*folder\)\.\n$/,
      );
    }
  });

  it('of an open deployment nothing is said to be accounted for, and the last line says why', async () => {
    for (const ending of ['record', 'p7s']) rmSync(file(`deployment.${ending}`));
    rmSync(join(root, 'evidence', 'chain.sha256'));
    const { code, out } = await run(root);
    assert.equal(code, 0, out);
    assert.doesNotMatch(out, /^ok +numbers/m);
    assert.match(out, /^not checked +numbers +set {2}Deployment 000123 is still open/m);
    assert.match(
      out,
      /\nAll 8 exhibits verified\.\nNot everything could be checked: chain-file of the set \([^\n]*; numbers of the set \(Deployment 000123 is still open[^\n]*numbers is not known\); events of the set \(Deployment 000123 is still open[^\n]*2 events is not known\)\.\n$/,
    );
  });

  it('copies of certificates that are not there are not taken for checked', async () => {
    rmSync(file('certificates'), { recursive: true });
    const { code, out } = await run(root);
    assert.equal(code, 0, out);
    assert.match(out, /^not checked +certificate-copies +5 {2}There is no folder certificates beside the record\.$/m);
    assert.match(out, /Not everything could be checked: certificate-copies of 5 exhibits \(There is no folder/);
  });

  it('an image without its record: its seal is judged, the rest is not claimed', async () => {
    const lonely = join(root, 'photo.jpg');
    cpSync(file('000123002.jpg'), lonely);
    const { code, out } = await run(lonely, '--json');
    assert.equal(code, 0);
    const [exhibit] = (
      JSON.parse(out) as {
        exhibits: { type: string; checks: { id: string; ok: boolean | null; sentence: string }[] }[];
      }
    ).exhibits;
    assert.equal(exhibit?.type, 'image');
    const unchanged = exhibit.checks.find(({ id }) => id === 'image-unchanged');
    assert.deepEqual([unchanged?.ok, /no record beside the image/.test(unchanged?.sentence ?? '')], [null, true]);
    const told = (await run(lonely)).out;
    assert.match(told, /^not checked +image-unchanged +1 {2}There is no record beside the image/m);
    assert.doesNotMatch(told, /exhibits? verified/);
    assert.match(
      told,
      /The seal inside the image verified\. Only this seal was checked, because no record was given\.\n/,
    );
    assert.match(
      told,
      /\nNot everything could be checked: [^\n]*17 checks of 1 exhibit \(There is no record[^\n]*\.\n$/,
    );
    const both = (await run(lonely, file('000123002.record'))).out;
    assert.match(both, /All 2 exhibits verified\. Of 1 image only the seal inside was checked, because no record/);
  });

  it('an empty file is said to be empty', async () => {
    for (const ending of ['record', 'p7s', 'jpg']) writeFileSync(file(`000123002.${ending}`), '');
    const { code, out } = await run(root);
    assert.equal(code, 5);
    assert.match(out, /record-readable \(record\): The record file 000123002\.record is empty/);
    assert.match(out, /signature-form \(signature\): The signature file is empty/);
    assert.match(out, /image-seal-form \(image\): The image file is empty/);
  });

  it('many missing fields are one sentence with the first of them; --json names them all', async () => {
    const path = file('000123002.record');
    writeFileSync(path, withoutLists(readFileSync(path)));
    const { out } = await run(path);
    const [line = ''] = out.split('\n').filter((each) => each.includes('record-complete (record)'));
    assert.match(line, /this concerns \w[^,]*(, [^,]+){4} and \d+ more\./);
    const { exhibits } = JSON.parse((await run(path, '--json')).out) as {
      exhibits: { checks: { id: string; details?: string[] }[] }[];
    };
    const more = Number(/and (\d+) more/.exec(line)?.[1]);
    const details = exhibits[0]?.checks.find(({ id }) => id === 'record-complete')?.details ?? [];
    assert.equal(details.length, more + 5);
    assert.ok(details.every((sentence) => sentence.startsWith('Field ')));
  });

  it('an altered image is exit 5, named by number, check and part', async () => {
    damage(file('000123002.jpg'));
    const { code, out } = await run(root);
    assert.equal(code, 5);
    assert.match(out, /^FAILED +image-unchanged +1 of 4$/m);
    assert.match(out, /^000123002 {2}image-unchanged \(image\): This is not the image that was sealed/m);
    assert.match(out, /\n1 of 9 exhibits FAILED verification\.\nNot everything could be checked: image-seal-signer, /);
  });

  it('--json is one document with every check of every exhibit and of the set', async () => {
    damage(file('000123005.p7s'));
    const { code, out } = await run(root, '--json');
    assert.equal(code, 5);
    const document = JSON.parse(out) as Record<string, never> & {
      verified: boolean;
      demo: boolean;
      roots: { subject: string; sha256: string; demo: boolean }[];
      counts: Record<string, unknown>;
      set: { id: string; ok: boolean }[];
      exhibits: {
        icn: string | null;
        kind: string | null;
        ok: boolean;
        path: string;
        checks: { id: string; part: string; ok: boolean | null; sentence: string }[];
      }[];
    };
    assert.deepEqual([document.verified, document.demo, document.roots.length], [false, true, 1]);
    assert.deepEqual([document.counts['exhibits'], document.counts['failed'], document.counts['images']], [9, 1, 4]);
    assert.deepEqual(
      document.exhibits.filter(({ ok }) => !ok).map(({ icn, kind }) => [icn, kind]),
      [['000123005', 'incident']],
    );
    for (const { checks } of document.exhibits) assert.equal(checks.length, 21);
    const bad = document.exhibits.flatMap(({ checks }) => checks.filter(({ ok }) => ok === false));
    assert.deepEqual([...new Set(bad.map(({ part }) => part))], ['signature']);
    assert.deepEqual(
      document.set.map(({ ok }) => ok),
      [true, true, true, true, true, true, true],
    );
  });

  it('a real key needs its root: --root gives it, and the demo root gives nothing', async () => {
    const without = await run(real.dataDir);
    assert.equal(without.code, 5);
    assert.match(without.out, /6 of 6 exhibits FAILED/);
    const trusted = await run(real.dataDir, '--root', rootFile);
    assert.equal(trusted.code, 0, trusted.out);
    assert.doesNotMatch(trusted.out, /NOT EVIDENCE/);
    assert.match(trusted.out, /Trusted roots: O=Road Policing, CN=SC-014 root \(SHA-256 [0-9a-f]{64}\)/);
    assert.equal((await run(demo.dataDir, '--root', rootFile)).code, 0);
  });

  it('a removed record, a foreign image, a half-written file, a torn chain file are failures of the set', async () => {
    const expected = async (id: string, sentence: RegExp): Promise<void> => {
      const { code, out } = await run(root);
      assert.equal(code, 5, out);
      assert.match(out, new RegExp(`the set {2}${id}: `));
      assert.match(out, sentence);
      assert.match(
        out,
        /The set as a whole FAILED verification \((1 finding|[2-9] findings)\)\. Each of the \d exhibits that are here holds by itself, but together they are not what the camera left behind\.\n$/,
      );
      assert.doesNotMatch(out, /0 of/);
    };
    appendFileSync(join(root, 'evidence', 'chain.sha256'), '0123');
    await expected('chain-file', /last line is torn/);
    cpSync(join(demo.evidence, 'chain.sha256'), join(root, 'evidence', 'chain.sha256'));
    writeFileSync(file('.000123004.jpg.tmp'), '');
    await expected('foreign-files', /left over from a write/);
    rmSync(file('.000123004.jpg.tmp'));
    rmSync(file('000123003.record'));
    await expected('foreign-files', /000123003\.p7s: no record accounts/);
    await expected('chain-sequence', /Place 5 of the chain is missing/);
    await expected('numbers', /Number 000123003, leased \(000123\), has no record/);
  });

  it('in a folder an image without a record is no exhibit, even where no record is left', async () => {
    for (const name of readdirSync(join(root, 'evidence', DEPLOYMENT)))
      if (/record$|p7s$/.test(name)) rmSync(file(name));
    rmSync(join(root, 'evidence', 'chain.sha256'));
    const { code, out } = await run(join(root, 'evidence'));
    assert.equal(code, 5, out);
    assert.match(out, /the set {2}foreign-files: .*000123002\.jpg: no record accounts for this file/);
    assert.equal((await run(file('000123002.jpg'))).code, 0);
  });

  it('an export that has a folder "evidence" is looked at as a whole, a data folder is not', async () => {
    mkdirSync(join(root, '000124'));
    writeFileSync(join(root, '000124', '000124001.jpg'), 'no image');
    const whole = await run(root);
    assert.equal(whole.code, 5);
    assert.match(whole.out, /000124001\.jpg: no record accounts/);
    writeFileSync(join(root, 'kerbside.db'), '');
    assert.equal((await run(root)).code, 0);
  });

  it('links to folders, files that are none and links to nothing are findings, not errors', async () => {
    const found = async (path: string, words: RegExp): Promise<void> => {
      const { code, out, err } = await run(join(root, 'evidence'));
      assert.deepEqual([code, err], [5, '']);
      assert.match(out, words);
      rmSync(path);
      cpSync(demo.dataDir, root, { recursive: true });
    };
    const link = join(root, 'evidence', '000124');
    symlinkSync('..', link);
    await found(link, /000124: a link to another folder, which was not looked into/);
    const copy = file('certificates/lost.pdf');
    symlinkSync('/nowhere/at/all', copy);
    await found(copy, /lost\.pdf: no file that can be read/);
    const chainFile = join(root, 'evidence', 'chain.sha256');
    rmSync(chainFile);
    symlinkSync('/nowhere/at/all', chainFile);
    await found(chainFile, /chain\.sha256: no file that can be read/);
    const loop = file('000123009.record');
    symlinkSync('000123009.record', loop);
    await found(loop, /000123009\.record: no file that can be read/);
    const pipe = file('000123008.record');
    execFileSync('mkfifo', [pipe]);
    await found(pipe, /000123008\.record: no file that can be read/);
  });

  it('what steers a terminal is not printed', async () => {
    const odd = join(root, 'evidence', 'a\u001b[2J\u202eb.jpg');
    writeFileSync(odd, '');
    const { code, out } = await run(join(root, 'evidence'));
    assert.equal(code, 5);
    assert.match(out, /a\\u001b\[2J\\u202eb\.jpg: no record accounts/);
    assert.doesNotMatch(out, /\u001b|\u202e/);
  });

  it('the demo root in a file of its own is known by its bytes', async () => {
    const demoFile = join(root, 'demo-root.pem');
    writeFileSync(demoFile, toPem('CERTIFICATE', demoRoot()));
    const { code, out } = await run(join(root, 'evidence'), '--root', demoFile, '--json');
    assert.equal(code, 0);
    const { roots } = JSON.parse(out) as { roots: { demo: boolean }[] };
    assert.deepEqual(
      roots.map(({ demo: isDemo }) => isDemo),
      [true, true],
    );
  });

  it('reads no configuration', async () => {
    const { code } = await run(root, '--config', '/nowhere/kerbside.yaml');
    assert.equal(code, 0);
  });

  it('what is not there, is empty or is no exhibit is one sentence and exit 2; no path at all is exit 1', async () => {
    mkdirSync(join(root, 'empty'));
    for (const [path, words] of [
      [join(root, 'nothing'), /is not there/],
      [join(root, 'empty'), /nothing to verify was found/],
      [join(root, 'evidence', 'chain.sha256'), /is no file of an exhibit/],
    ] as const) {
      const { code, out, err } = await run(path);
      assert.deepEqual([code, out, err.split('\n').length], [2, '', 2], err);
      assert.match(err, words);
    }
    const badRoot = await run(root, '--root', file('000123002.jpg'));
    assert.equal(badRoot.code, 2);
    assert.match(badRoot.err, /holds no certificate/);
    const noRoot = await run(root, '--root', join(root, 'no.pem'));
    assert.equal(noRoot.code, 2);
    assert.match(noRoot.err, /no\.pem is not there, expected the certificate of a root/);
    assert.doesNotMatch(noRoot.err, /ENOENT/);
    assert.doesNotMatch((await run('--help')).out, /default/);
    assert.equal((await run()).code, 1);
  });

  it('threads find what one process finds, in the same order', async () => {
    damage(file('000123004.jpg'));
    const { exhibits } = collect([root]);
    const many = Array.from({ length: 20 }, () => exhibits).flat();
    const gather = async (threads: number): Promise<ExhibitResult[]> => {
      const results: ExhibitResult[] = [];
      await verifyFiles(many, { roots: [], threads }, (_files, found, first) => {
        found.forEach((result, i) => (results[first + i] = result));
      });
      return results;
    };
    const [here, there] = [await gather(1), await gather(3)];
    assert.equal(here.length, many.length);
    assert.deepEqual(there, here);
    assert.equal(here.filter(({ ok }) => !ok).length, 20);
  });

  it('a file that cannot be read fails by itself and ends nothing', async () => {
    const path = file('000123002.jpg');
    rmSync(path);
    mkdirSync(path);
    const { exhibits, verified } = await verify({ paths: [file('000123002.record')], rootFiles: [] }, QUIET);
    assert.deepEqual([verified, exhibits.length], [false, 1]);
  });

  it('progress is a bar on a terminal and a line now and then elsewhere', () => {
    let nowMs = 0;
    const drawn: string[] = [];
    const said: string[] = [];
    const sink = { line: (text: string) => void said.push(text), nowMs: () => nowMs };
    const total = { bytes: 400e6, exhibits: 8 };
    const bar = new Progress({ ...sink, draw: (text) => void drawn.push(text) }, total);
    const log = new Progress({ ...sink, draw: null }, total);
    for (let i = 1; i <= 8; i += 1) {
      nowMs = i * 1000;
      for (const progress of [bar, log]) progress.add(50e6, 1);
    }
    bar.end();
    assert.equal(drawn.length, 9);
    assert.match(drawn[3] ?? '', /^\r\[#{12}\.{12}\] {2}50 % {2}4 of 8 exhibits {2}50 MB\/s {2}0:04 left/);
    assert.deepEqual(said, [' 62 %  5 of 8 exhibits  50 MB/s  0:03 left']);
  });
});
