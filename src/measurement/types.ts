/** Words of measurement: passes, their measurement, and the closed set of reasons why one is void. */
import type { Reading, TargetDirection } from '../radar/reading.js';
import type { Degrees, KmH, Metres, MonotonicNs } from '../units.js';

/** Every refusal of a pass has one of these stable codes; each is counted and stored (domain/measurement.md). */
export const VOID_REASONS = [
  'too-few-readings',
  'path-too-short',
  'two-speeds', // more than one cluster: two vehicles, or one that cannot be measured
  'two-vehicles', // another pass in the beam at the same time and the radar cannot separate them
  'direction-mixed',
  'direction-unknown',
  'range-not-monotonic',
  'lateral-wanders', // it moves across the road, which no vehicle that is measured does
  'range-does-not-move', // the speeds say that it travels, the ranges that it stays
  'double-reflection',
  'angle-implausible', // the stated angle lies outside the beam that was configured
  'length-implausible',
  'above-ceiling',
  'test-target', // simulated or fork readings took part
  'clock-backwards',
  'radar-late', // what the radar says reaches us late: the photo would show another vehicle
  'photo-missed', // the pass ended before an exposure could be made of it
  'verification-failed', // approaching: the whole pass does not confirm the provisional value
  'link-interrupted',
] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

export interface Measurement {
  readonly valid: boolean;
  /** First reason that voids the pass; null when valid. */
  readonly reason: VoidReason | null;
  /** Mean of the one cluster, full precision; null when there is none. */
  readonly speedKmh: KmH | null;
  /** The same, truncated to whole km/h: what is compared with the threshold and printed. */
  readonly truncatedKmh: number | null;
  readonly readingsUsed: number;
  readonly readingsCut: number;
  /** Estimated path of the vehicle during the pass, metres along the road. */
  readonly travelM: Metres;
}

/** What is known of one vehicle through the beam. */
export interface Pass {
  /** 1, 2, 3 … within the session. */
  readonly id: number;
  readonly trackKey: number | null;
  readonly direction: TargetDirection;
  readonly firstNs: MonotonicNs;
  readonly lastNs: MonotonicNs;
  /** All readings so far, in order of arrival. Shared, not copied: do not keep it past the event. */
  readonly readings: readonly Reading[];
  /** Nearest and farthest slant range; null without range. */
  readonly minRangeM: Metres | null;
  readonly maxRangeM: Metres | null;
  /** Of the last reading; null without range. */
  readonly lastRangeM: Metres | null;
  /** Across the road from the antenna, mean of all readings; null where range or angle is not stated. */
  readonly lateralM: Metres | null;
}

export type PassEvent =
  /**
   * Approaching: the value so far is valid. Emitted with every reading from some 3.5 m after entry on, until the
   * controller settles the pass (it fired) or the pass is over, since the mean may cross the threshold late.
   */
  | { readonly type: 'provisional'; readonly pass: Pass; readonly measurement: Measurement; readonly atNs: MonotonicNs }
  /** The pass is over. For a receding vehicle this is the moment of the photo. Emitted exactly once a pass. */
  | { readonly type: 'complete'; readonly pass: Pass; readonly measurement: Measurement; readonly atNs: MonotonicNs };

export type PassEventSink = (event: PassEvent) => void;

/** What the angle field of a radar is measured from; `auto` decides by which of the two lies in the beam. */
export type AngleReference = 'auto' | 'boresight' | 'road';

export interface MeasurementSettings {
  /** Angle between the beam's axis and the road. */
  readonly angleDeg: Degrees;
  readonly angleReference: AngleReference;
  /** Side to which the beam is turned from the road's axis, seen from behind the radar. */
  readonly beamTurned: 'left' | 'right';
  /** Full beam width; 5 degrees unless configured. */
  readonly beamWidthDeg: Degrees;
  /** Longest stretch of a monitored lane that lies in the beam; Infinity for a beam along the road. */
  readonly largestFootprintM: Metres;
}
