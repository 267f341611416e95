import assert from 'node:assert/strict';
import { KerbsideError } from '../../src/errors.js';
import { assertSafeSqlite, walResetBug } from '../../firmware/store/sqlite-version.js';

describe('SQLite version', () => {
  const affected = ['3.7.0', '3.40.1', '3.43.9', '3.44.5', '3.45.0', '3.49.2', '3.50.0', '3.50.6', '3.51.0', '3.51.2'];
  const safe = ['3.6.23', '3.44.6', '3.44.7', '3.50.7', '3.51.3', '3.52.0', '3.53.1'];

  for (const version of affected) {
    it(`${version} has the WAL-reset bug and is refused`, () => {
      assert.equal(walResetBug(version), true);
      assert.throws(
        () => assertSafeSqlite(version),
        (error) => error instanceof KerbsideError && error.kind === 'store-version' && error.exitCode === 5,
      );
    });
  }
  for (const version of safe) {
    it(`${version} is accepted`, () => {
      assert.equal(walResetBug(version), false);
    });
  }

  it('a version that cannot be read is not trusted', () => {
    for (const version of ['', '3.52', 'three', '4.0.0']) assert.equal(walResetBug(version), true, version);
  });

  it('the SQLite that is built in is accepted', () => {
    assert.doesNotThrow(() => assertSafeSqlite());
  });
});
