/** Evidence that cannot be kept is not made: disk full or database unusable. Resumes: what follows is stored again. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

export const storeFailed: Check = {
  id: 'store-failed',
  rule: 'store',
  title: 'Evidence can be stored',
  force: 'mandatory',
  source: 'store',
  resumes: true,
  judge: ({ store: { usable, detail } }) =>
    judged(usable, usable ? 'Store: usable.' : `Store: ${detail}`, { value: usable, limit: true }),
};
