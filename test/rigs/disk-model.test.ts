/** The disks of the rigs forget what they should and nothing else: on them rests what the rigs say of the product. */
import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { DiskModel, type Keep } from './disk-model.js';
import { ForgetfulDisk } from './forgetful-disk.js';
import type { TracedCall } from './trace.js';

const call = (operation: TracedCall['operation'], changes: Partial<TracedCall> = {}): TracedCall => ({
  ...{ operation, file: -1, flags: 0, path: '', second: '', offset: 0, data: Buffer.alloc(0) },
  ...changes,
});
const make = (path: string, file = 3): TracedCall => call('open', { path, file, flags: constants.O_CREAT });
const write = (text: string, offset = 0, file = 3): TracedCall =>
  call('write', { file, offset, data: Buffer.from(text) });
const sync = (file = 3): TracedCall => call('sync', { file });
const syncRoot = [call('open', { path: '/van', file: 9 }), sync(9), call('close', { file: 9 })];
const rename = (path: string, second: string): TracedCall => call('rename', { path, second });

describe('the model of a disk', () => {
  const after = (calls: readonly TracedCall[], keep: Keep = () => false): Record<string, string | null> => {
    const model = new DiskModel('/van');
    for (const each of calls) model.apply(each);
    return Object.fromEntries([...model.state(keep)].map(([path, bytes]) => [path, bytes?.toString() ?? null]));
  };

  it('forgets a file whose folder was not synced, whatever was synced of the file', () => {
    assert.deepEqual(after([make('/van/a'), write('data'), sync()]), {});
    assert.deepEqual(after([make('/van/a'), write('data'), sync(), ...syncRoot]), { a: 'data' });
  });

  it('keeps a name without its data where only the folder was synced', () => {
    assert.deepEqual(after([make('/van/a'), write('data'), ...syncRoot]), { a: '' });
  });

  it('takes a rename back that was not synced, and makes it whole or not at all', () => {
    const renamed = [make('/van/a'), write('data'), sync(), ...syncRoot, rename('/van/a', '/van/b')];
    assert.deepEqual(after(renamed), { a: 'data' });
    assert.deepEqual(after([...renamed, ...syncRoot]), { b: 'data' });
    assert.deepEqual(
      after(renamed, () => true),
      { b: 'data' },
    );
  });

  it('brings back a file whose removal was not synced', () => {
    const removed = [make('/van/a'), write('x'), sync(), ...syncRoot, call('unlink', { path: '/van/a' })];
    assert.deepEqual(after(removed), { a: 'x' });
    assert.deepEqual(after([...removed, ...syncRoot]), {});
  });

  it('tears a write at its sectors, and keeps the size without the data', () => {
    const old = [make('/van/a'), write('o'.repeat(1024)), sync(), ...syncRoot, write('n'.repeat(1100))];
    let decision = 0;
    // Of the three sectors the second is kept, then the size.
    const torn = after(old, () => [false, true, false, true][decision++]!);
    assert.deepEqual(torn, { a: 'o'.repeat(512) + 'n'.repeat(512) + '\0'.repeat(76) });
  });

  it('a disk with a cache keeps what was flushed or written through, and forgets the rest', () => {
    const disk = new ForgetfulDisk(Buffer.alloc(2048));
    disk.write(0, Buffer.from('flushed'), false);
    disk.flush();
    disk.write(512, Buffer.from('cached'), false);
    disk.write(1024, Buffer.from('through'), true);
    assert.equal(disk.read(512, 6).toString(), 'cached');
    disk.cut(() => false);
    disk.revive();
    const found = [0, 512, 1024].map((at) => disk.read(at, 7).toString().replaceAll('\0', ''));
    assert.deepEqual(found, ['flushed', '', 'through']);
  });
});
