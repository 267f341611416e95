/** Whatever is done to the bytes of a recording: the reader ends, gives nothing that was not written, and says so. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeBlock, MAGIC } from '../../firmware/recording/block.js';
import { readRecording } from '../../firmware/recording/reader.js';
import { runs } from '../support/fuzz.js';
import { bytesOf, folderFor, writeSample } from './samples.js';

type Change =
  | { readonly how: 'cut' | 'twice'; readonly at: number; readonly length: number }
  | { readonly how: 'put' | 'over'; readonly at: number; readonly bytes: Uint8Array };

const place = fc.double({ min: 0, max: 1, noNaN: true });
/** Random bytes, and some that look like the beginning of a block. */
const junk = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 80 }),
  fc.uint8Array({ maxLength: 40 }).map((rest) => new Uint8Array(Buffer.concat([MAGIC, rest]))),
  fc.nat(30).map((sequence) => new Uint8Array(encodeBlock({ flags: 0, part: 7, sequence }, []))),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    how: fc.constantFrom('cut' as const, 'twice' as const),
    at: place,
    length: fc.integer({ min: 1, max: 900 }),
  }),
  fc.record({ how: fc.constantFrom('put' as const, 'over' as const), at: place, bytes: junk }),
);

function changed(bytes: Buffer, one: Change): Buffer {
  const at = Math.floor(one.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (one.how) {
    case 'cut':
      return Buffer.concat([before, after.subarray(one.length)]);
    case 'twice':
      return Buffer.concat([before, after.subarray(0, one.length), after]);
    case 'put':
      return Buffer.concat([before, one.bytes, after]);
    case 'over':
      return Buffer.concat([before, one.bytes, after.subarray(one.bytes.length)]);
  }
}

describe('recording: any damage', () => {
  const folder = folderFor('damage');
  after(() => rmSync(folder, { recursive: true }));

  const textsOf = (path: string) => {
    const texts: string[] = [];
    let damage = 0;
    for (const item of readRecording(path)) {
      if (item.type === 'damage') damage += 1;
      else texts.push(Buffer.from(item.bytes).toString());
    }
    return { texts, damage };
  };
  /** In the order in which they were written, none twice, none other. */
  const areSome = (texts: readonly string[], of: readonly string[]): boolean => {
    let from = 0;
    return texts.every((text) => {
      from = of.indexOf(text, from) + 1;
      return from > 0;
    });
  };

  it('of a file is told, and what is given is what was written, in order', () => {
    const whole = bytesOf(writeSample(join(folder, 'whole'))[0]!);
    const path = join(folder, 'changed.kbr');
    writeFileSync(path, whole);
    const all = textsOf(path).texts;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = changes.reduce(changed, whole);
        writeFileSync(path, bytes);
        const { texts, damage } = textsOf(path);
        assert.ok(areSome(texts, all), 'only what was written, in order');
        assert.equal(damage === 0, bytes.equals(whole));
      }),
      { numRuns: runs(300) },
    );
  });

  it('of a folder of files is told, and what is given is what was written, in order', () => {
    const paths = writeSample(join(folder, 'parts'), { partMb: 0, steps: 20 });
    const files = paths.map(bytesOf);
    const all = textsOf(join(folder, 'parts')).texts;
    let run = 0;
    fc.assert(
      fc.property(fc.nat(files.length - 1), fc.array(change, { minLength: 1, maxLength: 2 }), (which, changes) => {
        run += 1;
        const there = join(folder, `run-${run}`);
        mkdirSync(there);
        const bytes = changes.reduce(changed, files[which]!);
        files.forEach((file, index) => {
          writeFileSync(paths[index]!.replace(/parts/, `run-${run}`), index === which ? bytes : file);
        });
        const { texts, damage } = textsOf(there);
        rmSync(there, { recursive: true });
        assert.ok(areSome(texts, all), 'only what was written, in order');
        assert.equal(damage === 0, bytes.equals(files[which]!));
      }),
      { numRuns: runs(60) },
    );
  });

  it('garbage of any kind is no recording and no crash', () => {
    const path = join(folder, 'garbage.kbr');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
        writeFileSync(path, bytes);
        const { texts, damage } = textsOf(path);
        assert.deepEqual(texts, []);
        assert.ok(damage > 0);
      }),
      { numRuns: runs(100) },
    );
  });
});
