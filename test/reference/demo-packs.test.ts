/** The DEMO packs that ship with the simulator: each is what a van takes, and shows what it is there to show. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importPack } from '../../firmware/reference/import-pack.js';
import { loadReference, type LoadedReference } from '../../firmware/reference/load.js';
import { DEMO_ONLY } from '../../firmware/reference/roots.js';
import { signDemoPack } from '../../firmware/reference/sign-pack.js';
import { lineLengthM } from '../../src/site/geodesy.js';
import { PACK_KINDS } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';
import { PackFolder } from './packs.js';

const TODAY_MS = Date.parse('2026-11-25T00:00:00Z');

function contents(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'hw-sim/packs/sites.yaml'))) folder = dirname(folder);
  return join(folder, 'hw-sim/packs');
}

describe('DEMO packs of the simulator', () => {
  const van = new PackFolder();
  let loaded: LoadedReference;

  before(async () => {
    for (const kind of PACK_KINDS) {
      const bytes = await signDemoPack(kind, readFileSync(join(contents(), `${kind}.yaml`)), TODAY_MS);
      const file = join(van.top, `${kind}.pack`);
      writeFileSync(file, bytes);
      const request = {
        folder: van.reference,
        file,
        roots: DEMO_ONLY,
        kinds: PACK_KINDS,
        by: 'tester',
        nowMs: TODAY_MS,
      };
      const { result, head } = await importPack(request);
      assert.deepEqual([result, head.kind, head.demo], ['imported', kind, true]);
    }
    loaded = await loadReference(van.reference, DEMO_ONLY);
  });

  after(() => van.remove());

  const site = (code: string): Site => {
    const found = loaded.sites.find((each) => each.code === code);
    assert.ok(found, code);
    return found;
  };

  it('one content file for each kind, each of which validates, signs, imports and loads', () => {
    assert.deepEqual(readdirSync(contents()).sort(), PACK_KINDS.map((kind) => `${kind}.yaml`).sort());
    assert.deepEqual(loaded.problems, []);
    assert.equal(loaded.sites.length, 10);
  });

  it('every site, person, vehicle and certificate says that it is a DEMO', () => {
    const { operators, vehicles, certificates } = loaded.reference;
    const names = [
      ...loaded.sites.map(({ code }) => code),
      ...operators.flatMap(({ id, name }) => [id, name.toUpperCase()]),
      ...vehicles.map(({ registration }) => registration),
      ...certificates.flatMap(({ number, issuer }) => [number, issuer]),
    ];
    assert.deepEqual(
      names.filter((name) => !name.includes('DEMO')),
      [],
    );
  });

  it('SCH-1, SCH-2: two schools in two zones, each with the calendar of its region', () => {
    const schools = loaded.sites.filter(({ school }) => school !== null);
    assert.deepEqual(
      schools.map(({ zone }) => zone),
      ['Pacific/Auckland', 'Pacific/Chatham'],
    );
    for (const { school, zone } of schools) {
      const calendar = loaded.reference.calendars.find(({ region }) => region === school?.region);
      assert.equal(calendar?.zone, zone);
    }
    assert.equal(site('DEMO-0201').variableLimits.length, 2);
  });

  it('activities, bulletin and site certificates speak of sites that exist', () => {
    const { activities, bulletin, certificates } = loaded.reference;
    const spoken = [
      ...activities.map(({ siteCode }) => siteCode),
      ...(bulletin?.deployments ?? []).map(({ siteCode }) => siteCode),
      ...certificates.filter(({ kind }) => kind === 'site').map(({ subject }) => subject),
    ];
    for (const code of spoken) site(code);
    assert.ok(spoken.length >= 6);
  });

  it('DEP-11: the static camera of the renamed road stands 1200 m before the site', () => {
    const camera = loaded.reference.staticCameras.find(({ id }) => id === 'DEMO-ST-1');
    const { roadReference } = site('DEMO-0501');
    assert.equal(camera?.roadId, roadReference?.roadId);
    assert.equal(Number(roadReference?.startM) - Number(camera?.roadChainageM), 1200);
    const apartM = lineLengthM([camera!.position, site('DEMO-0501').centreline[0]!]);
    assert.ok(Math.abs(apartM - 1200) < 1, `${apartM} m`);
  });

  it('DEP-10: the adjoining sites meet, also in the chainage of their road', () => {
    const [lower, upper] = [site('DEMO-0401'), site('DEMO-0402')];
    assert.deepEqual(lower.centreline.at(-1), upper.centreline[0]);
    const end = Number(lower.roadReference?.startM) + lineLengthM(lower.centreline);
    assert.ok(Math.abs(end - Number(upper.roadReference?.startM)) < 10, `${end} m`);
  });

  it('SITE-4: the static site has a height for each point, on one slope', () => {
    const { altitudesM, centreline, installation } = site('DEMO-0701');
    assert.equal(installation, 'static');
    const slopes = altitudesM!.slice(1).map((altitudeM, index) => {
      return (altitudeM - altitudesM![index]!) / lineLengthM(centreline.slice(index, index + 2));
    });
    for (const slope of slopes) assert.ok(Math.abs(slope - 0.005) < 1e-4, `${slope}`);
  });

  it('LIM-2: one limit changed within the month before the packs were issued', () => {
    assert.equal(site('DEMO-0601').limitHistory.at(-1)?.from, '2026-11-09');
  });
});
