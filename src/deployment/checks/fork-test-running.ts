/** While a fork is awaited every reading is the test's and none is a vehicle's. Resumes: the test ends by itself. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

export const forkTestRunning: Check = {
  id: 'fork-test-running',
  rule: 'radar',
  title: 'No fork test under way',
  force: 'mandatory',
  source: 'tests',
  resumes: true,
  judge: ({ forkTestRunning: running }) =>
    judged(!running, running ? 'Fork test: under way; readings belong to it.' : 'Fork test: none under way.', {
      value: running,
      limit: false,
    }),
};
