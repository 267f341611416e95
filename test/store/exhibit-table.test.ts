/** Which deployments have something that may come before a court. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../firmware/store/database.js';
import { knownDeployments } from '../../firmware/store/exhibit-table.js';
import { migrate } from '../../firmware/store/schema.js';

describe('store: exhibits', () => {
  let folder = '';
  let database: Database;

  const deployment = async (number: number, follows: number | null = null): Promise<void> => {
    await database.run(
      `INSERT INTO deployments (number, follows, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms)
       VALUES (?, ?, '4711', 'SC-014', 1, '{}', '0.1.0', 1)`,
      [number, follows],
    );
  };
  const number = async (of: number, end: { state: string; kind?: string; reason?: string }): Promise<void> => {
    const icn = `${String(of).padStart(6, '0')}001`;
    await database.run(
      "INSERT INTO numbers (icn, deployment, image, lease, state, start_json) VALUES (?, ?, 1, 1, 'leased', '{}')",
      [icn, of],
    );
    const { state, kind = null, reason = null } = end;
    await database.run('UPDATE numbers SET state = ?, kind = ?, reason = ? WHERE icn = ?', [state, kind, reason, icn]);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-exhibits-'));
    database = await Database.open(join(folder, 'kerbside.db'), 'write');
    await migrate(database, 1);
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  it('ICN-2: a number that was used for a vehicle or whose fate is unknown makes one; an unused one does not', async () => {
    const ends = [
      { state: 'concluded', kind: 'incident' },
      { state: 'concluded', kind: 'annulled', reason: 'tailgate-closed' },
      { state: 'concluded', kind: 'unmatched' },
      { state: 'concluded', kind: 'void', reason: 'crash-unknown' },
      { state: 'concluded', kind: 'void', reason: 'image-missed' },
      { state: 'fired' },
      { state: 'leased' },
      { state: 'concluded', kind: 'void', reason: 'lease-unused' },
      { state: 'concluded', kind: 'sync' },
      { state: 'concluded', kind: 'alignment' },
      { state: 'concluded', kind: 'test' },
    ];
    for (const [index, end] of ends.entries()) {
      await deployment(index + 1);
      await number(index + 1, end);
    }
    await deployment(99);
    const { all, withExhibits } = await knownDeployments(database);
    assert.equal(all.size, ends.length + 1);
    assert.deepEqual(
      [...withExhibits].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7],
    );
  });

  it('a deployment that went on under the next number counts with that one: the recording stands in its folder', async () => {
    await deployment(1);
    await deployment(2, 1);
    await deployment(3, 2);
    await deployment(4);
    await number(3, { state: 'concluded', kind: 'incident' });
    const { withExhibits } = await knownDeployments(database);
    assert.deepEqual(
      [...withExhibits].sort((a, b) => a - b),
      [1, 2, 3],
    );
  });
});
