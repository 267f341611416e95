/** EXP-1, OPR-3: age of the oldest image that PIB has not confirmed. Refuses nothing: not enforcing exports nothing. */
import { EXPORT_DAYS, exportAge } from '../export-age.js';
import type { Check } from '../readiness.js';
import { judged, NO_TIME } from './judge.js';

export const exportDue: Check = {
  id: 'export-due',
  rule: 'EXP-1',
  title: 'Export to PIB in time',
  force: 'advisory',
  source: 'store',
  resumes: true,
  judge({ oldestUnexportedUtcMs, utcMs }) {
    if (utcMs === null) return NO_TIME;
    const { days, level, sentence } = exportAge(oldestUnexportedUtcMs, utcMs);
    const fine = level === 'none' || level === 'fine';
    return judged(fine, sentence, { value: days, unit: 'days', limit: EXPORT_DAYS.warning });
  },
};
