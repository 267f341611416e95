/** Taking packs into force: what is refused is refused by name, and nothing on the disk changes but the log. */
import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorName } from '../../src/errors.js';
import { KerbsideError } from '../../src/errors.js';
import { importLogPath, readImportLog } from '../../firmware/reference/import-log.js';
import { importPack, type Imported } from '../../firmware/reference/import-pack.js';
import { loadReference } from '../../firmware/reference/load.js';
import { openPack } from '../../firmware/reference/open-pack.js';
import { packCopies, packHistory, packPath } from '../../firmware/reference/pack-store.js';
import { DEMO_ONLY, type IssuerRoots } from '../../firmware/reference/roots.js';
import { generateKey, issueDemo, spkiOf } from '../../firmware/keys/certificates.js';
import { signDemoPack, signPack } from '../../firmware/reference/sign-pack.js';
import { toLowS } from '../../src/evidence/es256.js';
import type { Signer } from '../../src/ports/signer.js';
import { PACK_KINDS, type PackKind } from '../../src/site/reference.js';
import { ALL_KINDS, contentOf, issuers, NOW_MS, PackFolder, replaced, type Issuers } from './packs.js';

describe('importing packs', () => {
  let van: PackFolder;
  let own: Issuers;
  let sites1: Uint8Array;
  let sites2: Uint8Array;

  before(async () => {
    own = issuers();
    [sites1, sites2] = await Promise.all([own.sign('sites', 1), own.sign('sites', 2)]);
  });

  beforeEach(() => {
    van = new PackFolder();
  });

  afterEach(() => van.remove());

  function take(
    bytes: Uint8Array,
    {
      kinds = ALL_KINDS,
      roots = own.roots,
      nowMs = NOW_MS,
    }: { kinds?: readonly PackKind[]; roots?: IssuerRoots; nowMs?: number } = {},
  ): Promise<Imported> {
    const file = join(van.top, 'update.pack');
    writeFileSync(file, bytes);
    return importPack({ folder: van.reference, file, roots, kinds, by: 'tester', nowMs });
  }

  async function refused(taking: Promise<unknown>, kind: ErrorName, words: RegExp): Promise<void> {
    const before = van.fingerprint();
    await assert.rejects(taking, (error) => {
      assert.ok(error instanceof KerbsideError, String(error));
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, words);
      assert.match(error.message, /expected|use kerbside/);
      return true;
    });
    assert.equal(van.fingerprint(), before);
    const last = readImportLog(van.reference).at(-1);
    assert.equal(last?.result, 'refused');
    assert.match(last.error ?? '', new RegExp(`${kind}$`));
    assert.equal(last.by, 'tester');
  }

  const load = (roots: IssuerRoots = own.roots) => loadReference(van.reference, roots);

  it('SITE-3: a pack of each kind is taken, kept byte for byte, and is the reference data', async () => {
    for (const kind of PACK_KINDS) {
      const bytes = await own.sign(kind, 7);
      const { result, path, head, replacedSerial } = await take(bytes);
      assert.deepEqual([result, head.serial, head.demo, replacedSerial], ['imported', 7, false, null]);
      assert.deepEqual(readFileSync(path), Buffer.from(bytes));
      assert.equal(head.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.equal(head.issuedUtcMs, Date.parse('2025-03-01T20:00:00Z'));
    }
    const { reference, sites, problems } = await load();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      PACK_KINDS.map((kind) => reference.heads[kind]?.serial),
      [7, 7, 7, 7, 7],
    );
    assert.deepEqual(
      sites.map(({ code, version }) => [code, version]),
      [['T-1', 'sites 7']],
    );
    assert.equal(reference.operators[0]?.id, 'OP-1');
    assert.equal(reference.certificates[1]?.forkKmh, 60);
    assert.equal(reference.calendars[0]?.terms.length, 2);
    assert.equal(reference.activities[0]?.fromUtcMs, Date.parse('2025-03-13T20:00:00Z'));
    assert.equal(reference.bulletin?.deployments[0]?.cameraId, 'SC-015');
  });

  it('a newer pack takes the place of the one before, which is kept', async () => {
    await take(sites1);
    const { replacedSerial } = await take(sites2);
    assert.equal(replacedSerial, 1);
    const names = packHistory(van.reference, 'sites');
    assert.deepEqual(
      names.map((name) => name.slice(0, 15)),
      ['sites-000000001', 'sites-000000002'],
    );
    assert.deepEqual(readFileSync(join(van.reference, 'history', names[0]!)), Buffer.from(sites1));
  });

  it('the same pack again changes nothing and is no refusal', async () => {
    await take(sites1);
    const before = van.fingerprint();
    assert.equal((await take(sites1)).result, 'already-imported');
    // The same content with another signature.
    assert.equal((await take(await own.sign('sites', 1))).result, 'already-imported');
    assert.equal(van.fingerprint(), before);
    assert.deepEqual(
      readImportLog(van.reference).map(({ result }) => result),
      ['imported', 'already-imported', 'already-imported'],
    );
  });

  it('older: a pack with a smaller serial is refused', async () => {
    await take(sites2);
    await refused(take(sites1), 'pack-older', /has serial 1, and serial 2 is in force/);
  });

  it('older: taking the pack in force away does not open the door to an older one', async () => {
    await take(sites2);
    rmSync(packPath(van.reference, 'sites'));
    await refused(take(sites1), 'pack-older', /has serial 1, and serial 2 was imported on/);
    assert.equal((await take(sites2)).result, 'restored');
    assert.deepEqual((await load()).problems, []);
  });

  it('older: another content under the same serial is refused', async () => {
    await take(sites1);
    const other = await own.sign('sites', 1, replaced('Test Road', 'Other Road'));
    await refused(take(other), 'pack-older', /has serial 1 and another content/);
  });

  it('foreign: a pack of another root is refused, and so is one signed by the wrong issuer', async () => {
    const stranger = issuers();
    await refused(take(await stranger.sign('sites')), 'pack-untrusted', /no trusted root of PIB vouches for/);
    const crossed: Issuers = { ...own, roots: { pib: own.roots.calibration, calibration: own.roots.pib } };
    await refused(
      take(sites1, { roots: crossed.roots }),
      'pack-untrusted',
      /a pack of kind sites is signed by .*, an issuer of calibration services, expected one of PIB/,
    );
    const certificates = await own.sign('certificates');
    await refused(
      take(certificates, { roots: crossed.roots }),
      'pack-untrusted',
      /an issuer of PIB, expected one of calibration/,
    );
  });

  it('foreign: a DEMO pack is refused by a van that knows a real root, and marked DEMO by one that knows none', async () => {
    for (const kind of PACK_KINDS) {
      const demo = await signDemoPack(kind, contentOf(kind));
      await refused(take(demo), 'pack-untrusted', /is signed under the DEMO root of .*, whose key is public/);
      const { head } = await take(demo, { roots: DEMO_ONLY });
      assert.equal(head.demo, true);
      assert.match(head.issuer, /^DEMO /);
    }
    assert.equal((await load(DEMO_ONLY)).reference.heads.sites?.demo, true);
    const real = await load();
    assert.equal(real.sites.length, 0);
    assert.deepEqual(
      real.problems.map(({ kind, error }) => [kind, error]),
      PACK_KINDS.map((kind) => [kind, 'pack-untrusted']),
    );
  });

  it('foreign: a van without a root refuses a real pack and says which key of the configuration is missing', async () => {
    await refused(take(sites1, { roots: DEMO_ONLY }), 'pack-untrusted', /trust\.pib names no root/);
  });

  it("foreign: a demo camera's key is under a DEMO root, too, and signs no pack", async () => {
    const key = generateKey();
    const certificate = await issueDemo(spkiOf(key), { organisation: 'Test', commonName: 'DEMO-1' }, NOW_MS);
    const signer: Signer = {
      certificates: [certificate],
      demo: true,
      sign: async (bytes) => toLowS(Uint8Array.from(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))),
    };
    const { bytes } = await signPack(Buffer.from(contentOf('sites')), 'sites.yaml', () => signer, NOW_MS);
    for (const roots of [DEMO_ONLY, own.roots]) {
      await refused(take(bytes, { roots }), 'pack-untrusted', /which no trusted root of PIB vouches for/);
    }
  });

  it('a van that learns a real root leaves the serials of its DEMO packs behind', async () => {
    await take(await signDemoPack('sites', contentOf('sites', 90)), { roots: DEMO_ONLY });
    assert.equal((await take(sites1)).result, 'imported');
    assert.equal((await load()).reference.heads.sites?.demo, false);
  });

  it('expired: the certificate of the signer must be valid on the day of the import', async () => {
    const years = NOW_MS + 2 * 365 * 86_400_000;
    await refused(take(sites1, { nowMs: years }), 'pack-untrusted', /the certificate of its signer .* expired on/);
  });

  it('a signature of days to come is refused', async () => {
    await refused(take(sites1, { nowMs: NOW_MS - 2 * 86_400_000 }), 'pack-untrusted', /still to come/);
  });

  it('unsigned and truncated: a pack cut short anywhere is refused', async () => {
    await take(sites1);
    await refused(take(Buffer.from(contentOf('sites', 2))), 'pack-untrusted', /holds no signature/);
    const step = Math.floor(sites2.length / 8);
    for (let length = 0; length < sites2.length; length += step) {
      await refused(take(sites2.subarray(0, length)), 'pack-untrusted', /holds no signature|truncated|altered/);
    }
    await refused(take(sites2.subarray(0, -1)), 'pack-untrusted', /truncated/);
    await refused(take(Buffer.concat([sites2, Buffer.from('\n')])), 'pack-untrusted', /something behind it/);
  });

  it('altered: a pack with one bit changed at any place is not believed', () => {
    for (let at = 0; at < sites2.length; at += 3) {
      const bytes = Uint8Array.from(sites2);
      bytes[at]! ^= 1 << (at % 8);
      assert.throws(
        () => openPack(bytes, 'x', { roots: own.roots, importedAtMs: NOW_MS }),
        (error) => error instanceof KerbsideError && error.kind === 'pack-untrusted',
        `byte ${at}`,
      );
    }
  });

  it('altered: such a pack is refused, and nothing changes', async () => {
    await take(sites1);
    for (const share of [0, 0.1, 0.3, 0.5, 0.7, 0.9]) {
      const bytes = Uint8Array.from(sites2);
      bytes[Math.floor(share * bytes.length)]! ^= 4;
      await refused(take(bytes), 'pack-untrusted', /altered|holds no signature|does not hold/);
    }
  });

  it('altered: a file that was changed on the disk is refused by name and never used', async () => {
    await take(sites2);
    const path = packPath(van.reference, 'sites');
    writeFileSync(path, Buffer.from(sites2).toString().replace('limitKmh: 100', 'limitKmh: 110'));
    const { sites, reference, problems } = await load();
    assert.deepEqual([sites, reference.heads.sites], [[], null]);
    assert.match(problems[0]!.sentence, /sites\.pack: was altered or damaged since it was signed/);
    assert.equal((await take(sites2)).result, 'restored');
    assert.deepEqual((await load()).problems, []);
  });

  it('older: a pack of history that was put back on the disk is not used', async () => {
    await take(sites1);
    await take(sites2);
    writeFileSync(packPath(van.reference, 'sites'), sites1);
    const { sites, problems } = await load();
    assert.deepEqual(sites, []);
    assert.equal(problems[0]?.error, 'pack-older');
  });

  it('a pack under the file name of another kind is not used', async () => {
    await take(sites1);
    writeFileSync(packPath(van.reference, 'operators'), sites1);
    const { problems, reference } = await load();
    assert.match(problems[0]!.sentence, /operators\.pack: is a pack of kind sites, expected operators/);
    assert.deepEqual(reference.operators, []);
  });

  it('imports at the same time wait for each other: the newest pack ends in force', async () => {
    const packs = await Promise.all([5, 3, 6, 4].map((serial) => own.sign('sites', serial)));
    const request = { folder: van.reference, roots: own.roots, kinds: ALL_KINDS, by: 'tester', nowMs: NOW_MS };
    const outcomes = await Promise.allSettled(
      packs.map((bytes, index) => {
        const file = join(van.top, `${index}.pack`);
        writeFileSync(file, bytes);
        return importPack({ ...request, file });
      }),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal((outcome.reason as KerbsideError).kind, 'pack-older');
    }
    assert.equal((await load()).reference.heads.sites?.serial, 6);
    assert.equal(readImportLog(van.reference).length, 4);
  });

  it('the wrong command names the right one', async () => {
    await refused(
      take(sites1, { kinds: ['certificates'] }),
      'usage',
      /kind sites, expected certificates; use kerbside site import/,
    );
    await refused(
      take(await own.sign('operators'), { kinds: ['sites', 'calendar', 'bulletin'] }),
      'usage',
      /use kerbside operator import/,
    );
  });

  it('a missing file and a folder are refused and logged', async () => {
    const request = { folder: van.reference, roots: own.roots, kinds: ALL_KINDS, by: 'tester', nowMs: NOW_MS };
    await refused(importPack({ ...request, file: join(van.top, 'none.pack') }), 'pack-unreadable', /does not exist/);
    await refused(importPack({ ...request, file: van.top }), 'pack-unreadable', /is a folder/);
  });

  it('CAL-5: copies of the certificates that a deployment went by are found, also after a newer import', async () => {
    const first = await own.sign('certificates', 1);
    await take(first);
    const { heads } = (await load()).reference;
    await take(await own.sign('certificates', 2));
    const [copy, ...more] = packCopies(van.reference, heads, ['certificates']);
    assert.deepEqual([Buffer.from(copy!.bytes), more], [Buffer.from(first), []]);
    rmSync(join(van.reference, 'history', copy!.name));
    assert.throws(() => packCopies(van.reference, heads), /no longer holds the certificates pack with SHA-256/);
  });

  describe('when the disk fails', () => {
    for (const [what, place] of [
      ['the write of the new file', 'reference/.sites.pack.tmp'],
      ['the write into the history', 'reference/history'],
    ] as const) {
      it(`${what}: the old pack stays in force and the failure is named`, async () => {
        await take(sites1);
        rmSync(join(van.top, place), { recursive: true, force: true });
        if (place.endsWith('history')) writeFileSync(join(van.top, place), 'no folder');
        else mkdirSync(join(van.top, place, 'full'), { recursive: true });
        await assert.rejects(take(sites2), (error) => error instanceof KerbsideError && error.kind === 'store-failed');
        assert.equal((await load()).reference.heads.sites?.serial, 1);
        assert.equal(readImportLog(van.reference).at(-1)?.result, 'refused');
      });
    }

    it('the rename: the old pack stays and the failure is named', async () => {
      mkdirSync(join(packPath(van.reference, 'sites'), 'in the way'), { recursive: true });
      await assert.rejects(take(sites2), (error) => error instanceof KerbsideError && error.kind === 'store-failed');
      assert.match((await load()).problems[0]!.sentence, /sites\.pack: is a folder/);
    });

    it('the log, when the pack is in force already: the failure says so, and the same import again makes it good', async () => {
      mkdirSync(van.reference, { recursive: true });
      // It can be opened and written, and never synced.
      symlinkSync('/dev/null', importLogPath(van.reference));
      await assert.rejects(
        take(sites1),
        /is in force as .*sites\.pack, and that could not be logged .*import it again/,
      );
      assert.equal((await load()).reference.heads.sites?.serial, 1);
      rmSync(importLogPath(van.reference));
      assert.equal((await take(sites1)).result, 'already-imported');
      assert.deepEqual(
        readImportLog(van.reference).map(({ result }) => result),
        ['already-imported'],
      );
    });

    it('a refusal that cannot be logged says so', async () => {
      mkdirSync(importLogPath(van.reference), { recursive: true });
      await assert.rejects(take(Buffer.from('x')), /cannot be written|nor could that be logged/);
    });
  });

  it('a line of the log that a crash cut short says nothing, and the next one stands on its own line', async () => {
    await take(sites1);
    writeFileSync(importLogPath(van.reference), '{"at":"2026', { flag: 'a' });
    await take(sites2);
    assert.deepEqual(
      readImportLog(van.reference).map(({ serial }) => serial),
      [1, 2],
    );
  });

  it('without a folder there is no reference data and no problem', async () => {
    const { reference, sites, problems } = await load();
    assert.deepEqual([reference.heads.sites, sites, problems], [null, [], []]);
  });
});
