/** Mutants of signed reference data: what must be refused, and which tests must notice when it is not. */
import type { Mutant } from './mutants.js';

const IMPORT = ['test/reference/import-pack.test.js'];

export const PACK_MUTANTS: readonly Mutant[] = [
  {
    claim: 'a pack is believed only under a root of its own issuer',
    file: 'firmware/reference/open-pack.js',
    from: 'if (root !== null && accepted.some((each) => sameBytes(each, root)))',
    to: 'if (root !== null)',
    provenBy: IMPORT,
  },
  {
    claim: 'a van that knows a real root takes no DEMO pack',
    file: 'firmware/reference/roots.js',
    from: 'roots[kind].length > 0 ? roots[kind] :',
    to: 'roots[kind].length > 0 ? [...roots[kind], demoIssuerRoot(kind)] :',
    provenBy: IMPORT,
  },
  {
    claim: 'an older pack does not come in force because the newer one was taken away',
    file: 'firmware/reference/import-pack.js',
    from: 'newest(current, everImported(folder, head.kind, roots))',
    to: 'current',
    provenBy: IMPORT,
  },
  {
    claim: 'an expired issuer signs nothing any more',
    file: 'firmware/reference/open-pack.js',
    from: 'if (nowMs <= notAfterMs)',
    to: 'if (nowMs > 0)',
    provenBy: IMPORT,
  },
];
