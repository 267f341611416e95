/**
 * Error names and reason codes are stable strings that manuals and scripts refer to: each is raised somewhere, and each
 * is explained in docs/codes.md with the number and exit code that the program really uses. So are the checks of the
 * verifier.
 */
import assert from 'node:assert/strict';
import ts from 'typescript';
import { ERRORS } from '../../src/errors.js';
import { EXHIBIT_CHECKS } from '../../src/evidence/verify/checks.js';
import { SET_CHECKS } from '../../src/evidence/verify/set-types.js';
import { EXPOSURE_KINDS, EXPOSURE_REASONS } from '../../src/evidence/types.js';
import { VOID_REASONS } from '../../src/measurement/types.js';
import { DISCARD_REASONS } from '../../src/radar/reading.js';
import { OBSERVE_REASONS } from '../../src/site/types.js';
import { nodes, parse, read, sourceFiles } from './tree.js';

const DEFINITIONS = [
  ...[
    'src/errors.ts',
    'src/evidence/types.ts',
    'src/measurement/types.ts',
    'src/radar/reading.ts',
    'src/site/types.ts',
  ],
];

/** String literals and keys of objects in the product, apart from the files that only list the codes. */
function literals(files: readonly string[], text: (path: string) => string): Set<string> {
  const found = new Set<string>();
  for (const path of files) {
    for (const node of nodes(parse(path, text(path)))) {
      if (ts.isStringLiteralLike(node)) found.add(node.text);
    }
  }
  return found;
}

const product = sourceFiles('src', 'firmware', 'hw-sim').filter((path) => !DEFINITIONS.includes(path));
const used = literals(product, read);
/** Without the spaces that keep the columns straight. */
const codes = read('docs/codes.md').replace(/ +/g, ' ');

/** A code is either used or marked reserved, never both: the mark goes with the first use. */
const misused = (names: readonly string[], markdown: string, inUse: ReadonlySet<string>): string[] =>
  names.filter((name) => inUse.has(name) === new RegExp(`\\| \`${name}\` \\|[^\\n]*\\breserved: `).test(markdown));

const undocumented = (names: readonly string[], markdown: string): string[] =>
  names.filter((name) => !markdown.includes(`| \`${name}\` |`));

describe('the house: codes', () => {
  it('every error is raised somewhere, or reserved', () => {
    assert.deepEqual(misused(Object.keys(ERRORS), codes, used), []);
  });

  it('every error is in docs/codes.md with its number and its exit code', () => {
    const missing = Object.entries(ERRORS)
      .map(([name, [number, exit]]) => `| ${number} | \`${name}\` | ${exit} |`)
      .filter((row) => !codes.includes(row));
    assert.deepEqual(missing, []);
  });

  const GROUPS: Readonly<Record<string, readonly string[]>> = {
    'reason for a void pass': VOID_REASONS,
    'reason to observe only': OBSERVE_REASONS,
    'reason why a number has no evidence': EXPOSURE_REASONS,
    'kind of a number': EXPOSURE_KINDS,
    'reason to discard radar bytes': DISCARD_REASONS,
    'check of a set': Object.keys(SET_CHECKS),
  };
  for (const [group, names] of Object.entries(GROUPS)) {
    it(`every ${group} is in docs/codes.md`, () => {
      assert.deepEqual(undocumented(names, codes), []);
    });
  }

  it('every check of an exhibit is in docs/codes.md with its part', () => {
    const missing = Object.entries(EXHIBIT_CHECKS)
      .map(([id, { part }]) => `| \`${id}\` | ${part} |`)
      .filter((row) => !codes.includes(row));
    assert.deepEqual(missing, []);
  });

  it('every reason is given somewhere, or reserved', () => {
    const reasons = [...VOID_REASONS, ...OBSERVE_REASONS, ...EXPOSURE_REASONS, ...DISCARD_REASONS];
    assert.deepEqual(misused(reasons, codes, used), []);
  });

  it('would notice a code that nobody uses or explains', () => {
    assert.equal(literals(['a.ts'], () => "const a = 'known'; // 'other'").has('other'), false);
    const rows = '| `a` | text |\n| `b` | reserved: text |\n| 1 | `c` | 2 | reserved: text |\n| `d` | text |\n';
    assert.deepEqual(misused(['a', 'b', 'c', 'd'], rows, new Set(['a', 'b'])), ['b', 'd']);
    assert.deepEqual(undocumented(['known', 'other'], '| `known` | text |'), ['other']);
  });
});
