/** A pass with its verdict, as stored for every vehicle, offender or not (STAT-1). */
import type { VoidReason } from '../measurement/types.js';
import type { Along, ObserveReason, VehiclePlace, VerdictKind } from '../site/types.js';
import type { KmH, Metres, MonotonicNs, UtcMs } from '../units.js';

export interface Verdict {
  readonly kind: VerdictKind;
  /** null for enforce. */
  readonly reason: ObserveReason | VoidReason | null;
  readonly limitKmh: KmH;
  readonly thresholdKmh: KmH;
  /** Direction of travel along the road; null where the radar does not know. */
  readonly along: Along | null;
  readonly place: VehiclePlace;
}

export interface PassSummary {
  readonly passId: number;
  readonly trackKey: number | null;
  readonly direction: 'approach' | 'recede' | 'unknown';
  readonly firstNs: MonotonicNs;
  readonly lastNs: MonotonicNs;
  /** UTC of the first reading; null while the clock is not known. */
  readonly utcMs: UtcMs | null;
  readonly speedKmh: KmH | null;
  readonly truncatedKmh: number | null;
  readonly readingsUsed: number;
  readonly readingsCut: number;
  readonly travelM: Metres;
  readonly verdict: Verdict;
  /** False while the camera was not enforcing: measured for statistics only; `whyNot` says the state's reason. */
  readonly armed: boolean;
  readonly whyNot: string | null;
  /** First ICN fired for this pass; null when none. */
  readonly icn: string | null;
}
