/** The part of `mutants.ts` that is about what is written down: files, store, chain, records, seals. */
import type { Mutant } from './mutants.js';

const DURABLE = ['test/workshop/durable-write.test.js'];
const SEAL = ['test/evidence/cms.test.js'];
const CHAIN = ['test/evidence/chain.test.js'];
const CHAIN_FILE = ['test/store/chain-file.test.js'];
const COMPLETENESS = ['test/evidence/completeness.test.js'];
const WORKSHOP = ['test/workshop/seal.test.js'];

export const EVIDENCE_MUTANTS: readonly Mutant[] = [
  {
    claim: 'evidence is synced before it gets its name',
    file: 'firmware/workshop/durable-write.js',
    from: 'at += writeSync(handle, bytes, at);\n        fsyncSync(handle);',
    to: 'at += writeSync(handle, bytes, at);',
    provenBy: DURABLE,
  },
  {
    claim: 'evidence has its name only when the folder is synced',
    file: 'firmware/workshop/durable-write.js',
    from: 'renameSync(temporary, path);\n        syncFolder(directory);',
    to: 'renameSync(temporary, path);',
    provenBy: DURABLE,
  },
  {
    claim: 'a commit is on the disk before it is answered (synchronous FULL)',
    file: 'firmware/store/store.js',
    from: 'PRAGMA synchronous = FULL;',
    to: 'PRAGMA synchronous = NORMAL;',
    provenBy: ['test/store/store.test.js'],
  },
  {
    claim: 'a record is in the chain file before the store acknowledges it',
    file: 'firmware/office/record-chain.js',
    from: 'await this.#file.append(entry);\n        await this.#store.commit(work, files, entry, utcMs);',
    to: 'await this.#store.commit(work, files, entry, utcMs);\n        await this.#file.append(entry);',
    provenBy: ['test/office/start-up-chain.test.js'],
  },
  {
    claim: 'a line of the chain is on the disk before its record is acknowledged',
    file: 'firmware/store/chain-file.js',
    from: 'await this.#file.datasync();',
    to: '',
    provenBy: CHAIN_FILE,
  },
  {
    claim: 'a chain file that differs is refused',
    file: 'src/evidence/chain.js',
    from: 'store.sha256 !== file.sha256 ||',
    to: '',
    provenBy: CHAIN,
  },
  {
    claim: 'records that the store has forgotten are taken in only as they were sealed',
    file: 'firmware/office/record-chain.js',
    from: 'found?.files.record.sha256 === sha256 &&',
    to: 'found !== null &&',
    provenBy: ['test/office/start-up-chain.test.js'],
  },
  {
    claim: 'lines that the chain file has lost come back only for records that are as the store knows them',
    file: 'firmware/office/record-chain.js',
    from: 'if (found === sha256)',
    to: 'if (found !== null)',
    provenBy: ['test/office/start-up-chain.test.js'],
  },
  {
    claim: 'a record hangs on the one before it, or the store refuses it',
    file: 'firmware/store/schema.js',
    from: 'OR NEW.previous_sha256 <> COALESCE(',
    to: "OR NEW.previous_sha256 = '' AND '' <> COALESCE(",
    provenBy: ['test/store/chain-tables.test.js'],
  },
  {
    claim: 'the event counter moves with every change of a measuring parameter',
    file: 'firmware/store/deployment-table.js',
    from: '(changes.length > 0 ? 1 : 0)',
    to: '(changes.length > 1 ? 1 : 0)',
    provenBy: ['test/store/chain-tables.test.js'],
  },
  {
    claim: 'a field that is taken out of a record is missed',
    file: 'src/evidence/completeness.js',
    from: 'absent.filter((path) => !known.has(path))',
    to: '[]',
    provenBy: COMPLETENESS,
  },
  {
    claim: 'there is one way to write a record: no number longer than it is',
    file: 'src/evidence/completeness.js',
    from: 'if (byte === 0 && this.at - from > 1)',
    to: 'if (byte === undefined)',
    provenBy: COMPLETENESS,
  },
  {
    claim: 'what was sealed under a number is never overwritten',
    file: 'firmware/workshop/seal.js',
    from: 'if (!saysTheSame(found, job))',
    to: 'if (job === undefined)',
    provenBy: WORKSHOP,
  },
  {
    claim: 'a finished record is kept for the same camera file only',
    file: 'firmware/workshop/seal.js',
    from: 'matched !== facts.cameraFileSha256',
    to: 'matched === undefined',
    provenBy: WORKSHOP,
  },
  {
    claim: 'a demo record is signed by a demo key and nothing else is',
    file: 'firmware/workshop/seal.js',
    from: 'if (isDemo(work) !== signer.demo)',
    to: 'if (signer === undefined)',
    provenBy: WORKSHOP,
  },
  {
    claim: 'SQLite versions with the WAL-reset bug are refused',
    file: 'firmware/store/sqlite-version.js',
    from: 'if (minor < 7 || minor > 51)',
    to: 'if (minor < 7 || minor > 50)',
    provenBy: ['test/store/sqlite-version.test.js'],
  },
  {
    claim: 'recover gives out only what the record vouches for',
    file: 'firmware/cli/commands/evidence.js',
    from: 'if (sha256 !== exposure.imageSha256)',
    to: 'if (sha256 === undefined)',
    provenBy: ['test/cli-evidence/evidence.test.js'],
  },
  {
    claim: 'what is simulated is marked DEMO on the image',
    file: 'src/evidence/data-block.js',
    from: 'demo: facts.demo,',
    to: 'demo: false,',
    provenBy: ['test/evidence/data-block.test.js'],
  },
  {
    claim: 'the trigger is not woken only when a frame is due: a speeder in the beam is awaited awake',
    file: 'firmware/trigger/loop.js',
    from: 'if (this.#parts.controller.mayFireSoon())',
    to: 'if (this.#parts.controller === undefined)',
    provenBy: ['test/trigger/loop.test.js'],
  },
  {
    claim: 'seal: the signature is checked',
    file: 'src/evidence/cms.js',
    from: 'if (!seals.verifyEs256(decoded.signerSpki, decoded.attributesDer, decoded.signature))',
    to: 'if (seals === null)',
    provenBy: SEAL,
  },
  {
    claim: 'seal: the record is the one that was signed',
    file: 'src/evidence/cms.js',
    from: 'if (!sameBytes(sha256, decoded.contentSha256))',
    to: 'if (sha256.length === 0)',
    provenBy: SEAL,
  },
  {
    claim: 'seal: there is one spelling only',
    file: 'src/evidence/cms.js',
    from: 'if (!sameBytes(write(decoded, signer), bytes))',
    to: 'if (bytes.length === 0)',
    provenBy: SEAL,
  },
  {
    claim: 'seal: the certificates are those that were signed along',
    file: 'src/evidence/cms.js',
    from: 'if (sameBytes(signed, sha256))',
    to: 'if (signed.length === sha256.length)',
    provenBy: SEAL,
  },
  {
    claim: 'seal: a signature has one form only (low s)',
    file: 'src/evidence/es256.js',
    from: 's <= ORDER / 2n',
    to: 's < ORDER',
    provenBy: SEAL,
  },
  {
    claim: 'a key that others can read is never used',
    file: 'firmware/keys/file-signer.js',
    from: '(mode & 0o077) !== 0',
    to: '(mode & 0o007) !== 0',
    provenBy: ['test/keys/file-signer.test.js'],
  },
  {
    claim: 'what the DEMO root issued is DEMO, whatever its certificate says',
    file: 'firmware/keys/trust.js',
    from: 'if (reaches(known))',
    to: 'if (reaches(known) && signer.saysDemo)',
    provenBy: ['test/keys/trust.test.js'],
  },
];
