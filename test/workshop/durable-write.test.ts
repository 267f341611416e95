/** House rule "evidence never goes missing": write, fsync, rename, fsync the folder, in this order, then answer. */
import assert from 'node:assert/strict';
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sinon from 'sinon';
import { writeDurably } from '../../firmware/workshop/durable-write.js';
import { KerbsideError } from '../../src/errors.js';

describe('durable write', () => {
  const sandbox = sinon.createSandbox();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-durable-'));
  });

  afterEach(() => {
    sandbox.restore();
    syncBuiltinESMExports();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Names of the calls, with the file each descriptor stands for. */
  function watched(): string[] {
    const calls: string[] = [];
    const names = new Map<number, string>();
    const { openSync, writeSync, fsyncSync, renameSync } = fs;
    sandbox.stub(fs, 'openSync').callsFake((path, flags, mode) => {
      const handle = openSync(path, flags, mode);
      names.set(handle, path === folder ? 'folder' : basename(String(path)));
      return handle;
    });
    sandbox.stub(fs, 'writeSync').callsFake(((handle: number, ...rest: [Uint8Array, number]) => {
      calls.push(`write ${names.get(handle) ?? handle}`);
      return writeSync(handle, ...rest);
    }) as typeof fs.writeSync);
    sandbox.stub(fs, 'fsyncSync').callsFake((handle) => {
      calls.push(`fsync ${names.get(handle) ?? handle}`);
      fsyncSync(handle);
    });
    sandbox.stub(fs, 'renameSync').callsFake((from, to) => {
      calls.push(`rename ${basename(String(from))} ${basename(String(to))}`);
      renameSync(from, to);
    });
    syncBuiltinESMExports();
    return calls;
  }

  it('writes under another name, syncs, renames, syncs the folder', () => {
    const calls = watched();
    writeDurably(folder, '000001001.jpg', Buffer.from('image'));
    assert.deepEqual(calls, [
      'write .000001001.jpg.tmp',
      'fsync .000001001.jpg.tmp',
      'rename .000001001.jpg.tmp 000001001.jpg',
      'fsync folder',
    ]);
    assert.equal(readFileSync(join(folder, '000001001.jpg'), 'utf8'), 'image');
  });

  it('goes on after a short write', () => {
    const { writeSync } = fs;
    sandbox
      .stub(fs, 'writeSync')
      .callsFake(((handle: number, bytes: Uint8Array, at: number) =>
        writeSync(handle, bytes, at, Math.min(3, bytes.length - at))) as typeof fs.writeSync);
    syncBuiltinESMExports();
    writeDurably(folder, 'a.record', Buffer.from('ten bytes.'));
    assert.equal(readFileSync(join(folder, 'a.record'), 'utf8'), 'ten bytes.');
  });

  for (const [call, code, kind] of [
    ['writeSync', 'ENOSPC', 'disk-full'],
    ['fsyncSync', 'EIO', 'store-failed'],
    ['renameSync', 'EIO', 'store-failed'],
  ] as const) {
    it(`${code} of ${call} is ${kind}, and leaves nothing behind`, () => {
      sandbox.stub(fs, call).throws(Object.assign(new Error(`${code}: refused`), { code }));
      syncBuiltinESMExports();
      assert.throws(
        () => writeDurably(folder, 'a.record', Buffer.from('bytes')),
        (error) => error instanceof KerbsideError && error.kind === kind,
      );
      sandbox.restore();
      syncBuiltinESMExports();
      assert.deepEqual(readdirSync(folder), []);
    });
  }
});
