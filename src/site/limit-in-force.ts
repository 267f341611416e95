/** The legal limit at an instant: a variable limit may hold on school days between two local times. */
import type { UtcMs } from '../units.js';
import type { Reference } from './reference.js';
import type { Site } from './types.js';

export interface LimitInForce {
  /** The site with the limit and the threshold of that instant; the same object for the same limit. */
  readonly site: Site;
  readonly untilUtcMs: UtcMs | null;
  /** Where it is not known whether a variable limit holds: why. Then nothing may be enforced. */
  readonly unknown: string | null;
}

export function limitInForce(_reference: Pick<Reference, 'calendars'>, site: Site, _utc: UtcMs): LimitInForce {
  return { site, untilUtcMs: null, unknown: null };
}
