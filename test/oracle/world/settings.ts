/** What a watch must be told, because no output says it: how the pretend vans are configured, and the limits of the rules. */
export interface WorldSettings {
  /** Between beam and road, as configured. */
  readonly angleDeg: number;
  readonly shutterPulseMs: number;
  readonly deadTimeMs: number;
  /** The flash line rises so long before the shutter, and stays up for so long. */
  readonly flashLeadMs: number;
  readonly flashPulseMs: number;
  /** An image that has not come by then is given up. */
  readonly imageTimeoutMs: number;
  /** The feedback of the camera comes so long after the trigger at most. */
  readonly strobeToMs: number;
  /** A fix older than this is none; the same of a reading of the clock. */
  readonly staleFixS: number;
  readonly staleClockS: number;
  /** A board that is silent for longer is gone. */
  readonly boardStaleS: number;
  /** DEP-8, DEP-9. */
  readonly zoneM: number;
  readonly perLaneM: number;
}

export const USUAL: WorldSettings = {
  ...{ angleDeg: 22.5, shutterPulseMs: 50, deadTimeMs: 500, strobeToMs: 250 },
  ...{ flashLeadMs: 2, flashPulseMs: 50, imageTimeoutMs: 10_000 },
  ...{ staleFixS: 3, staleClockS: 5, boardStaleS: 1, zoneM: 250, perLaneM: 15 },
};

export const seconds = (ns: number): string => (ns / 1e9).toFixed(3);
