/** The chain's file: it only grows, a line at a time, and a line is on the disk when it is said to be. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { mayPass } from '../../firmware/store/database.js';
import { ChainFile } from '../../firmware/store/chain-file.js';
import { chainLine } from '../../src/evidence/chain.js';
import { KerbsideError } from '../../src/errors.js';

const entry = (sequence: number, name = `00000100${sequence}`) => ({
  sequence,
  sha256: sequence.toString(16).padStart(64, '0'),
  name: `000001/${name}.record`,
});
const textOf = (...sequences: number[]): string => sequences.map((n) => chainLine(entry(n))).join('');
const ofKind = (kind: string) => (error: unknown) => error instanceof KerbsideError && error.kind === kind;

describe('ChainFile', () => {
  let root = '';
  let path = '';
  let file: ChainFile | null = null;

  const reopen = async (): Promise<ChainFile> => {
    await file?.close();
    file = null;
    return (file = await ChainFile.open(path));
  };
  const text = (): string => readFileSync(path, 'latin1');
  /** What all file handles have in common. */
  const handles = async (): Promise<{ write: unknown; datasync: unknown; truncate: unknown }> => {
    const handle = await open(path, 'r');
    await handle.close();
    return Object.getPrototypeOf(handle) as { write: unknown; datasync: unknown; truncate: unknown };
  };
  const failure = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-chain-'));
    path = join(root, 'evidence', 'chain.sha256');
  });
  afterEach(async () => {
    sinon.restore();
    await file?.close();
    file = null;
    rmSync(root, { recursive: true });
  });

  it('makes itself and its folder, and is found as it was left', async () => {
    const made = await reopen();
    assert.deepEqual([made.lines, made.torn, existsSync(path)], [[], '', true]);
    await made.append(entry(1));
    await made.append(entry(2));
    assert.equal(text(), textOf(1, 2));
    const { lines } = await reopen();
    assert.deepEqual(
      lines.map(({ name }) => name),
      ['000001/000001001.record', '000001/000001002.record'],
    );
    await file?.append(entry(3));
    assert.equal(text(), textOf(1, 2, 3));
  });

  it('takes the next line only; the last one once more is no new line', async () => {
    const chain = await reopen();
    await chain.append(entry(1));
    await chain.append(entry(2));
    await chain.append(entry(2));
    for (const wrong of [
      entry(4),
      entry(1),
      entry(0),
      entry(2, '000001009'),
      { ...entry(2), sha256: 'f'.repeat(64) },
    ]) {
      await assert.rejects(chain.append(wrong), (error) => {
        assert.ok(error instanceof KerbsideError && error.kind === 'chain-broken');
        assert.match(error.message, /has 2 lines; found sequence \d+ \(.*\), expected the next one/);
        assert.equal(mayPass(error), false);
        return true;
      });
    }
    assert.equal(text(), textOf(1, 2));
  });

  it('a torn tail is told, left alone until it is cut, and never followed by a line', async () => {
    await (await reopen()).append(entry(1));
    appendFileSync(path, chainLine(entry(2)).slice(0, 50));
    const told = await reopen();
    assert.deepEqual([told.lines.length, told.torn.length], [1, 50]);
    assert.equal(text().length, textOf(1).length + 50);
    await told.cutTorn();
    assert.deepEqual([told.torn, text()], ['', textOf(1)]);
    appendFileSync(path, 'f'.repeat(200));
    await (await reopen()).append(entry(2));
    assert.equal(text(), textOf(1, 2));
  });

  it('a line that is none refuses the file, names the line, and leaves the file as it is', async () => {
    await (await reopen()).append(entry(1));
    await file?.close();
    file = null;
    const damagedText = `${textOf(1)}no line\n${textOf(2)}torn`;
    writeFileSync(path, damagedText);
    await assert.rejects(ChainFile.open(path), (error) => {
      assert.ok(error instanceof KerbsideError && error.kind === 'chain-broken');
      assert.match(error.message, /line 2: found "no line"/);
      return true;
    });
    assert.equal(text(), damagedText);
  });

  it('a write that failed half way is written over by the next attempt', async () => {
    const chain = await reopen();
    await chain.append(entry(1));
    const prototype = await handles();
    const real = prototype.write as (...given: unknown[]) => Promise<{ bytesWritten: number }>;
    let calls = 0;
    const write = sinon.stub(prototype, 'write').callsFake(async function (this: unknown, ...given: unknown[]) {
      const [bytes, from, , at] = given as [Buffer, number, number, number];
      calls += 1;
      if (calls === 2) throw failure('ENOSPC');
      return real.call(this, bytes, from, 30, at);
    });
    await assert.rejects(chain.append(entry(2)), (error) => ofKind('disk-full')(error) && mayPass(error));
    assert.equal(text(), textOf(1) + chainLine(entry(2)).slice(0, 30));
    await chain.append(entry(2));
    assert.equal(text(), textOf(1, 2));
    assert.ok(calls > 4, 'short writes are gone on with');
    write.restore();
    await chain.append(entry(3));
    assert.equal((await reopen()).lines.length, 3);
  });

  it('a line that could not be synced is not taken for written: the next attempt writes and syncs it again', async () => {
    const chain = await reopen();
    const sync = sinon.stub(await handles(), 'datasync').rejects(failure('EIO'));
    await assert.rejects(chain.append(entry(1)), (error) => ofKind('store-failed')(error) && mayPass(error));
    assert.equal(chain.lines.length, 0);
    await assert.rejects(chain.append(entry(2)), ofKind('chain-broken'));
    sync.restore();
    const again = sinon.spy(await handles(), 'datasync');
    await chain.append(entry(1));
    assert.equal(again.callCount, 1);
    assert.equal(text(), textOf(1));
  });
});
