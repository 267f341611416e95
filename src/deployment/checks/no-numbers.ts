/** ICN-2: no image without a number that was leased durably. Resumes: the next lease brings some. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

export const noNumbers: Check = {
  id: 'no-numbers',
  rule: 'ICN-2',
  title: 'Leased numbers at hand',
  force: 'mandatory',
  source: 'store',
  resumes: true,
  judge({ leasedNumbers }) {
    const enough = leasedNumbers >= 1;
    const sentence = enough
      ? `ICN: ${leasedNumbers} leased numbers at hand; at least one required.`
      : 'ICN: no leased number at hand; at least one required.';
    return judged(enough, sentence, { value: leasedNumbers, unit: 'numbers', limit: 1 });
  },
};
