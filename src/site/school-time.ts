/** May a camera work at a school site at this instant? (SCH-2, DEP-12) */
import type { UtcMs } from '../units.js';
import type { Reference } from './reference.js';
import type { Site } from './types.js';

export interface SchoolTime {
  readonly allowed: boolean;
  /** Why, with the day and the hours or the activity. */
  readonly sentence: string;
  /** The answer stays the same until then; null: for ever. */
  readonly untilUtcMs: UtcMs | null;
}

export function schoolTime(
  _reference: Pick<Reference, 'calendars' | 'activities'>,
  _site: Site,
  _utc: UtcMs,
): SchoolTime {
  throw new Error('not built yet');
}
