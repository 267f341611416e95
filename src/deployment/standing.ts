/** The limit and threshold that stand at a moment, worked out anew only when they may have changed. */
import { limitInForce } from '../site/limit-in-force.js';
import type { Reference } from '../site/reference.js';
import type { Site } from '../site/types.js';
import { NS_PER_MS, type MonotonicNs } from '../units.js';
import type { ClockMonitor } from './clock-monitor.js';

export class StandingLimit {
  private known: Site;
  private untilNs = -Infinity;

  constructor(
    private readonly site: Site,
    private readonly clock: ClockMonitor,
  ) {
    this.known = site;
    if (site.variableLimits.length === 0) this.untilNs = Infinity;
  }

  /** The clock was read anew, or other reference data came: what was known of the future may be wrong. */
  forget(): void {
    if (this.site.variableLimits.length > 0) this.untilNs = -Infinity;
  }

  /** The site with the limit of that moment. */
  at(nowNs: MonotonicNs, reference: Reference): Site {
    if (nowNs < this.untilNs) return this.known;
    const utc = this.clock.utcAt(nowNs);
    if (utc === null) return this.known;
    const { site, untilUtcMs } = limitInForce(reference, this.site, utc);
    this.known = site;
    this.untilNs = untilUtcMs === null ? Infinity : nowNs + (untilUtcMs - utc) * NS_PER_MS;
    return site;
  }
}
