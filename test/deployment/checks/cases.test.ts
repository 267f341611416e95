/** For each check the facts by which it alone refuses, and the nearest ones that it accepts, named by the rule's id. */
import assert from 'node:assert/strict';
import { CHECKS } from '../../../src/deployment/checks/index.js';
import { EQUIPMENT_CASES } from './equipment-cases.js';
import { PAPER_CASES } from './paper-cases.js';
import { PLACE_CASES } from './place-cases.js';
import { codesOf, findingOf, judge } from './world.js';

const CASES = [...EQUIPMENT_CASES, ...PAPER_CASES, ...PLACE_CASES];
const checkOf = (id: string) => CHECKS.find((check) => check.id === id);

describe('readiness checks', () => {
  it('nothing refuses where everything is in order', () => {
    const evaluation = judge({});
    assert.deepEqual(evaluation.refusals, []);
    assert.equal(evaluation.resumes, true);
    assert.deepEqual(
      evaluation.findings.filter(({ status }) => status === 'fail' || status === 'unknown'),
      [],
    );
  });

  for (const { check, title, fails, passes } of CASES) {
    it(`${title} (${check})`, () => {
      const bad = judge(fails);
      assert.deepEqual(codesOf(bad), [check], JSON.stringify(bad.refusals));
      assert.equal(findingOf(bad, check).status, 'fail');
      assert.equal(bad.resumes, checkOf(check)?.resumes);
      assert.ok((bad.refusals[0]?.sentence.length ?? 0) > 10, bad.refusals[0]?.sentence);
      const good = judge(passes);
      assert.deepEqual(codesOf(good), [], JSON.stringify(good.refusals));
      assert.equal(findingOf(good, check).status, 'pass');
    });
  }

  it('every check that can refuse has facts by which it alone refuses, and the title names its rule', () => {
    const proven = new Set(CASES.map(({ check }) => check));
    const able = CHECKS.filter(({ force }) => force !== 'advisory').map(({ id }) => id);
    assert.deepEqual([...proven].sort(), [...able].sort());
    for (const { check, title } of CASES) {
      const rule = checkOf(check)?.rule ?? '';
      if (/^[A-Z]+-\d/.test(rule)) assert.ok(title.startsWith(rule), `${check}: ${title}`);
    }
  });
});
