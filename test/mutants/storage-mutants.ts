/** Claims about what a disk keeps: the model of the disk (test/rigs) must notice when one of them is broken. */
import type { Mutant } from './mutants.js';

const STORE_MODEL = ['test/rigs/store-model.test.js'];

export const STORAGE_MUTANTS: readonly Mutant[] = [
  {
    claim: 'storage: what is shown as committed is committed',
    file: 'firmware/office/seal-queue.js',
    from: 'await writes.write(() => chain.commit(work, files, utcMs()));',
    to: 'void writes.write(() => chain.commit(work, files, utcMs()));',
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: a sealed file keeps its name through a power cut',
    file: 'firmware/workshop/durable-write.js',
    from: 'renameSync(temporary, path);\n        syncFolder(directory);',
    to: 'renameSync(temporary, path);',
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: a sealed file keeps its bytes through a power cut',
    file: 'firmware/workshop/durable-write.js',
    from: 'at += writeSync(handle, bytes, at);\n        fsyncSync(handle);',
    to: 'at += writeSync(handle, bytes, at);',
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: a commit outlives a power cut (synchronous FULL, whatever was read back)',
    file: 'firmware/store/store.js',
    from: 'await assertDurable(database);',
    to: "await assertDurable(database); await database.exec('PRAGMA synchronous = NORMAL');",
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: ICN-2, no number is given out twice',
    file: 'firmware/store/store.js',
    from: 'icns: numbers.map(({ icn }) => icn)',
    to: 'icns: numbers.map(() => numbers[0].icn)',
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: a journalled trigger outlives a power cut',
    file: 'firmware/store/journal.js',
    from: 'await this.#file.datasync();\n            this.#end += frame.length;',
    to: 'this.#end += frame.length;',
    provenBy: STORE_MODEL,
  },
  {
    claim: 'storage: the data folder keeps its name through a power cut',
    file: 'firmware/store/files.js',
    from: 'await syncFolder(dirname(folder));',
    to: '',
    provenBy: STORE_MODEL,
  },
];
