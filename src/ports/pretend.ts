/**
 * The seam between the controller in virtual time and whatever pretends to be its world: events with their times in,
 * line changes and what an operator can see out, and the truth for whoever judges afterwards. Plain data and types alone.
 * Times are the van's monotonic clock; the pretend world owns it.
 */
import type { BoardReport, Input, InputLineName, Output, OperatorCommand, OutputLineName } from '../timeline.js';
import type { MonotonicNs, UtcMs } from '../units.js';

/** What an operator asks for. */
export type OperatorRequest =
  | {
      readonly type: 'open';
      readonly site: string;
      readonly operator: string;
      readonly lanes: readonly string[];
      readonly heading: 'increasing' | 'decreasing';
      readonly lateralM: number;
    }
  | { readonly type: 'command'; readonly command: OperatorCommand }
  | { readonly type: 'attest'; readonly check: string; readonly statement: string; readonly given: boolean }
  | { readonly type: 'fork-test'; readonly fork: string };

export type VanEvent =
  /** What one read of the radar's port returned. */
  | { readonly type: 'radar-bytes'; readonly atNs: MonotonicNs; readonly bytes: Uint8Array }
  | { readonly type: 'radar-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  | { readonly type: 'gps-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  /** One line of gpsd, as it is sent. */
  | { readonly type: 'gps-line'; readonly atNs: MonotonicNs; readonly line: string }
  /** What the system clock says of itself. */
  | {
      readonly type: 'clock';
      readonly atNs: MonotonicNs;
      readonly utcMs: UtcMs;
      readonly disciplined: boolean;
      readonly uncertaintyMs: number | null;
    }
  | { readonly type: 'line-edge'; readonly atNs: MonotonicNs; readonly line: InputLineName; readonly value: 0 | 1 }
  /** The camera has delivered a file. */
  | { readonly type: 'file'; readonly atNs: MonotonicNs; readonly fileName: string; readonly bytes: Uint8Array }
  | { readonly type: 'board-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  | { readonly type: 'board'; readonly atNs: MonotonicNs; readonly report: BoardReport }
  /** The disk can be written, or not any more. */
  | { readonly type: 'disk'; readonly atNs: MonotonicNs; readonly usable: boolean; readonly detail: string }
  /** Everything that is not on the disk is gone; the computer runs again at `backNs`. */
  | { readonly type: 'power-cut'; readonly atNs: MonotonicNs; readonly backNs: MonotonicNs }
  /** The process that runs the controller dies and is started again at `backNs`. */
  | { readonly type: 'trigger-died'; readonly atNs: MonotonicNs; readonly backNs: MonotonicNs }
  | { readonly type: 'operator'; readonly atNs: MonotonicNs; readonly request: OperatorRequest };

/** What the world can see of the camera: the operator's screen. */
export type Seen = Extract<Output, { type: 'state' | 'checks' | 'event' | 'notice' | 'closed' }>;

export interface PretendVan {
  /** When the next event happens; Infinity: never. Changes with each call of any other method. */
  nextNs(): number;
  /** The next event; null where nothing came of it after all. To be called only when `nextNs()` is finite. */
  next(): VanEvent | null;
  /** An output line of the controller has changed. */
  line(line: OutputLineName, value: 0 | 1, atNs: MonotonicNs): void;
  radarCommand(bytes: Uint8Array, atNs: MonotonicNs): void;
  /** Called for each of these outputs, in order. */
  see(seen: Seen, atNs: MonotonicNs): void;
  /** Whole only at the end. */
  truth(): Truth;
}

/** Constant acceleration from `fromS` on, until the next piece. Seconds count from `Truth.startNs`. */
export interface TruthMotion {
  readonly fromS: number;
  /** Of the vehicle's front, metres along the road ahead of the antenna in the direction the beam looks; negative: behind. */
  readonly frontAheadM: number;
  /** Positive: away from the antenna, in the direction the beam looks. */
  readonly speedMs: number;
  readonly accelerationMs2: number;
}

export interface TruthVehicle {
  readonly plate: string;
  readonly kind: string;
  readonly lengthM: number;
  readonly laneId: string;
  /** Along the road's chainage. */
  readonly direction: 'increasing' | 'decreasing';
  /** From the antenna to the vehicle's middle, across the road. */
  readonly lateralM: number;
  readonly motion: readonly TruthMotion[];
}

export interface TruthFault {
  /** Name in the catalogue of faults. */
  readonly fault: string;
  /** radar, gps, camera, strobe, lines, board, disk, clock, power, operator or world. */
  readonly target: string;
  readonly fromS: number;
  readonly toS: number;
  /** What exactly was done, for people. */
  readonly note: string;
}

/** The shutter opened. */
export interface TruthExposure {
  /** The camera's own count. */
  readonly counter: number;
  readonly atNs: MonotonicNs;
  /** Vehicles with any part in the beam at that moment. */
  readonly inBeam: readonly string[];
  /** Vehicles with any part in the picture at that moment. */
  readonly inPicture: readonly string[];
}

/** A file that the camera delivered, whole or not. */
export interface TruthFile {
  readonly fileName: string;
  /** Hex, of the bytes that were delivered. */
  readonly sha256: string;
  /** Which exposure it shows. */
  readonly counter: number;
  readonly deliveredNs: MonotonicNs;
  readonly whole: boolean;
}

export interface Truth {
  readonly scenario: string;
  readonly seed: number;
  readonly radar: 'agd350' | 'ops243';
  /** Monotonic time of second 0 of the scenario. */
  readonly startNs: MonotonicNs;
  /** True UTC of that moment. */
  readonly startUtcMs: UtcMs;
  readonly durationS: number;
  readonly site: {
    readonly limitKmh: number;
    readonly thresholdKmh: number;
    /** From the van outward. */
    readonly lanes: readonly {
      readonly id: string;
      readonly direction: 'increasing' | 'decreasing';
      readonly monitored: boolean;
      readonly lateralM: number;
      readonly widthM: number;
    }[];
    /** Empty where DEP-8 does not apply (SCH-5). */
    readonly limitDrops: readonly { readonly chainageM: number; readonly direction: 'increasing' | 'decreasing' }[];
    readonly merges: readonly { readonly chainageM: number; readonly direction: 'increasing' | 'decreasing' }[];
  };
  readonly van: {
    readonly chainageM: number;
    readonly antennaChainageM: number;
    /** +1: the beam looks towards growing chainage. */
    readonly beamSign: 1 | -1;
    /** As it should be, and as it is: they differ where the radar is misaligned. */
    readonly angleDeg: number;
    readonly trueAngleDeg: number;
    readonly beamWidthDeg: number;
    readonly latitude: number;
    readonly longitude: number;
  };
  readonly vehicles: readonly TruthVehicle[];
  readonly faults: readonly TruthFault[];
  readonly exposures: readonly TruthExposure[];
  readonly files: readonly TruthFile[];
  /** When a tuning fork was held before the antenna. */
  readonly forks: readonly { readonly fromS: number; readonly toS: number; readonly speedKmh: number }[];
}

/** One record as it is written down, in the order of the chain. */
export interface KeptRecord {
  /** Path in the data folder, e.g. evidence/000001/000001001.record. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The image that stands beside it, stamped; null: none. */
  readonly image: Uint8Array | null;
}

export interface WorldFinding {
  /** Stable name of the invariant, e.g. above-threshold, wrong-vehicle, icn-twice. */
  readonly invariant: string;
  /** Seconds of the scenario; null where it has no one moment. */
  readonly atS: number | null;
  readonly sentence: string;
}

export interface WorldVerdict {
  readonly violations: readonly WorldFinding[];
  readonly passes: number;
  readonly enforced: number;
  readonly observed: number;
  readonly voided: number;
  readonly falseEnforcements: number;
  /** Offenders with nothing in their way that were not enforced. */
  readonly missedOffenders: number;
  /** Offenders not enforced, by cause; those with a good cause are no violation. */
  readonly missesByCause: Readonly<Record<string, number>>;
  readonly cleanOffenders: number;
  readonly maxSpeedErrorKmh: number;
  /** What was wrong and no camera with these instruments could know, by what it was. */
  readonly tolerated: Readonly<Record<string, number>>;
}

/** Watches a run as it goes and judges it at its end. Keeps no more of it than it needs. */
export interface WorldWatch {
  /** @param life 1, 2, 3 … : each controller that was made, in order */
  step(life: number, input: Input, outputs: readonly Output[]): void;
  kept(record: KeptRecord): void;
  end(truth: Truth): WorldVerdict;
}

export type { BoardReport, InputLineName, OperatorCommand, OutputLineName } from '../timeline.js';
