/** Mutants of the verifier: what it must refuse, and which tests must notice when it does not. */
import type { Mutant } from './mutants.js';

const EXHIBIT = ['test/evidence/verify/exhibit.test.js'];
const FORGERIES = ['test/evidence/verify/forgeries.test.js'];
const READER = ['test/evidence/verify/signature-reader.test.js'];
const SET = ['test/evidence/verify/set.test.js'];

export const VERIFY_MUTANTS: readonly Mutant[] = [
  {
    claim: 'a signature is checked, not only read',
    file: 'src/evidence/verify/signature-checks.js',
    from: 'if (!algorithms.verifyEs256(signerSpki, attributesDer, signature))',
    to: 'if (signerSpki.length === 0)',
    provenBy: FORGERIES,
  },
  {
    claim: 'a signature file that is like one before it is still compared to the last byte',
    file: 'src/evidence/verify/signature-reader.js',
    from: 'if (!isSameAround(bytes, known))',
    to: 'if (known.bytes.length === 0)',
    provenBy: READER,
  },
  {
    claim: 'a signature covers the record that stands beside it',
    file: 'src/evidence/verify/signature-checks.js',
    from: 'if (sameBytes(found, contentSha256))',
    to: 'if (found.length === contentSha256.length)',
    provenBy: FORGERIES,
  },
  {
    claim: 'whoever signs must stand under a root that is trusted',
    file: 'src/evidence/verify/signature-checks.js',
    from: "list.note('certificate-trusted', trusted ? null : untrusted(sentence));",
    to: "list.note('certificate-trusted', null);",
    provenBy: EXHIBIT,
  },
  {
    claim: 'a demonstration is never signed by a real key, nor the other way round',
    file: 'src/evidence/verify/exhibit.js',
    from: 'if (demo === read.demo)',
    to: 'if (demo !== undefined)',
    provenBy: EXHIBIT,
  },
  {
    claim: 'the image is the one whose SHA-256 the signed record states',
    file: 'src/evidence/verify/image-checks.js',
    from: 'if (found === expected)',
    to: 'if (found.length === expected.length)',
    provenBy: FORGERIES,
  },
  {
    claim: 'a field that was taken out of a record is missed',
    file: 'src/evidence/verify/record-checks.js',
    from: "list.note('record-complete', sentences.length === 0 ? null :",
    to: "list.note('record-complete', sentences.length >= 0 ? null :",
    provenBy: FORGERIES,
  },
  {
    claim: "a measurement follows from the radar's own frames",
    file: 'src/evidence/verify/remeasure.js',
    from: 'if (isSame(found, facts))',
    to: 'if (found.used >= 0)',
    provenBy: FORGERIES,
  },
  {
    claim: 'each record carries the hash of the one before',
    file: 'src/evidence/verify/chain.js',
    from: 'else if (member.previousSha256 !== before.sha256)',
    to: "else if (member.previousSha256 === '')",
    provenBy: SET,
  },
  {
    claim: 'ICN-2: every number of every lease has its record',
    file: 'src/evidence/verify/ledger.js',
    from: 'filter((icn) => !there.has(icn))',
    to: "filter((icn) => icn === '')",
    provenBy: SET,
  },
  {
    claim: 'the event counter never falls',
    file: 'src/evidence/verify/event-counter.js',
    from: 'if (counter < before.counter)',
    to: 'if (counter < 0)',
    provenBy: SET,
  },
  {
    claim: 'an image without its record is judged by whom its certificate comes from',
    file: 'src/evidence/verify/image-checks.js',
    from: "list.note('certificate-trusted', trusted ? null : untrusted(sentence));",
    to: "list.note('certificate-trusted', null);",
    provenBy: FORGERIES,
  },
  {
    claim: 'one key has one history, in whatever folders its records lie',
    file: 'src/evidence/verify/set.js',
    from: 'other.sha256 !== member.sha256',
    to: "other.sha256 === ''",
    provenBy: SET,
  },
  {
    claim: 'ICN-2: the account speaks of all records of its deployment',
    file: 'src/evidence/verify/ledger.js',
    from: 'if (first !== firstSequence || last !== lastSequence)',
    to: 'if (last !== lastSequence)',
    provenBy: SET,
  },
];
