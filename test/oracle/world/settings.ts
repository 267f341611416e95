/** What a watch must be told, because no output says it: how the pretend vans are configured, and the limits of the rules. */
export interface WorldSettings {
  /** Between beam and road, as configured. */
  readonly angleDeg: number;
  readonly shutterPulseMs: number;
  readonly deadTimeMs: number;
  /** The feedback of the camera comes so long after the trigger at most. */
  readonly strobeToMs: number;
  /** A fix, or a reading of the clock, older than this is none. */
  readonly staleS: number;
  /** A board that is silent for longer is gone. */
  readonly boardStaleS: number;
  /** DEP-8, DEP-9. */
  readonly zoneM: number;
  readonly perLaneM: number;
}

export const USUAL: WorldSettings = {
  ...{ angleDeg: 22.5, shutterPulseMs: 50, deadTimeMs: 500, strobeToMs: 250 },
  ...{ staleS: 5, boardStaleS: 1, zoneM: 250, perLaneM: 15 },
};

export const seconds = (ns: number): string => (ns / 1e9).toFixed(3);
