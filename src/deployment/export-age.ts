/**
 * EXP-1: all data of a mobile camera reaches PIB no later than five days after the first image was recorded; OPR-3: it is
 * downloaded every two to five days. So there is a warning from the second day on, an alarm from the fourth, and after
 * the fifth it is overdue. Days are whole spans of 24 hours since the image, not dates: no time zone moves them.
 */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** EXP-1. A change of the rule is a change here. */
export const EXPORT_DAYS = { warning: 2, alarm: 4, overdue: 5 } as const;

export type ExportLevel = 'none' | 'fine' | 'warning' | 'alarm' | 'overdue';

export interface ExportAge {
  /** With fractions; null where no image waits. */
  readonly days: number | null;
  readonly level: ExportLevel;
  /** With the age and the limit, for people. */
  readonly sentence: string;
}

/**
 * @param oldestUtcMs when the oldest image was made whose arrival at PIB was not confirmed; null: there is none
 * @param nowUtcMs the clock that tells the age; an image of the future counts as new
 */
export function exportAge(oldestUtcMs: number | null, nowUtcMs: number): ExportAge {
  if (oldestUtcMs === null)
    return { days: null, level: 'none', sentence: 'No image waits for its export to PIB (EXP-1).' };
  const ageMs = Math.max(0, nowUtcMs - oldestUtcMs);
  const days = ageMs / DAY_MS;
  const level = levelOf(days);
  const age = `The oldest image that PIB has not confirmed is ${ageText(ageMs)} old`;
  const limit = `EXP-1 allows ${EXPORT_DAYS.overdue} days`;
  const advice = { fine: '', warning: ': export it', alarm: ': export it at once', overdue: ': it is overdue' }[level];
  return { days, level, sentence: `${age}; ${limit}${advice}.` };
}

/** How loudly an age is to be told; null: it is only shown. */
export function noticeLevel(level: ExportLevel): 'warning' | 'alarm' | null {
  if (level === 'none' || level === 'fine') return null;
  return level === 'warning' ? 'warning' : 'alarm';
}

/** No later than five days: to the millisecond five days are still in time. */
function levelOf(days: number): 'fine' | 'warning' | 'alarm' | 'overdue' {
  if (days > EXPORT_DAYS.overdue) return 'overdue';
  if (days >= EXPORT_DAYS.alarm) return 'alarm';
  return days >= EXPORT_DAYS.warning ? 'warning' : 'fine';
}

function ageText(ageMs: number): string {
  const days = Math.floor(ageMs / DAY_MS);
  const hours = Math.floor((ageMs % DAY_MS) / HOUR_MS);
  const hoursText = `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
  if (days === 0) return hoursText;
  return `${days} ${days === 1 ? 'day' : 'days'} ${hoursText}`;
}
