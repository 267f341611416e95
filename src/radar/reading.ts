/**
 * What every radar decoder yields, whatever the radar: readings, discards, heartbeats, replies and errors
 * (domain/radar-protocols.md, "What holds for every decoder").
 */
import type { Degrees, KmH, Metres, MonotonicNs } from '../units.js';

export const RADAR_PROTOCOLS = ['agd350', 'ops243'] as const;
export type RadarProtocol = (typeof RADAR_PROTOCOLS)[number];

export type TargetDirection = 'approach' | 'recede' | 'unknown';

/** One radar value. Absent is null, never zero. */
export interface Reading {
  /** The radar's own track number; null where the radar has none. */
  readonly trackKey: number | null;
  /** Speed as the radar states it, converted to km/h, always >= 0: along the beam unless `corrected`. */
  readonly speedKmh: KmH;
  /** True when the stream already holds true speed, so that no cosine may be applied again. */
  readonly corrected: boolean;
  readonly direction: TargetDirection;
  readonly rangeM: Metres | null;
  /** Angle the radar states for the target, degrees, positive clockwise seen from above; null where it states none. */
  readonly angleDeg: Degrees | null;
  /** Heading of the target relative to the radar (0 away, 90 left to right, 180 toward); null where none. */
  readonly bearingDeg: Degrees | null;
  /** Signal strength in the radar's own unit. */
  readonly strength: number | null;
  /** The radar's own time in seconds, unwrapped by nobody. */
  readonly radarTimeS: number | null;
  /** Host's monotonic time of the frame's first byte: read time minus wire time at the baud rate. */
  readonly atNs: MonotonicNs;
  /** Exactly the bytes of the frame (a copy, safe to keep). */
  readonly raw: Uint8Array;
  /** A simulated target or a fork test can never become evidence. */
  readonly test: 'simulated' | 'fork' | null;
}

export const DISCARD_REASONS = [
  'garbage', // bytes that belong to no frame
  'checksum', // framing right, check wrong
  'malformed', // fields missing, not numeric or out of their range
  'oversize', // no end within the longest possible frame
  'unknown-type', // a well-formed message this decoder has no use for
  'above-ceiling', // speed past the radar's ceiling: may be an alias
  'not-json', // a line in JSON mode that is not JSON
  'unit-unknown', // a speed whose unit is not known to be safe
  'untracked', // a detection without a track (AGD 02): never measured
] as const;
export type DiscardReason = (typeof DISCARD_REASONS)[number];

export interface Discard {
  readonly reason: DiscardReason;
  readonly bytes: number;
  readonly atNs: MonotonicNs;
  /** At most 64 bytes of what was thrown away, for the technician. */
  readonly sample: Uint8Array;
}

export type RadarEvent =
  | { readonly type: 'reading'; readonly reading: Reading }
  | { readonly type: 'discard'; readonly discard: Discard }
  | { readonly type: 'heartbeat'; readonly atNs: MonotonicNs; readonly text: string }
  | { readonly type: 'reply'; readonly atNs: MonotonicNs; readonly text: string; readonly isError: boolean }
  /** The radar's own error message, 1 to 6 for the AGD. */
  | { readonly type: 'radar-error'; readonly atNs: MonotonicNs; readonly number: number };

export type RadarEventSink = (event: RadarEvent) => void;

/** Bytes -> events. One instance a link; pure, never throws, bounded work and memory a call. */
export interface RadarDecoder {
  /**
   * @param chunk bytes as they were read; not kept
   * @param readAtNs when the last byte of the chunk was read
   */
  push(chunk: Uint8Array, readAtNs: MonotonicNs, emit: RadarEventSink): void;
  /** Forget a half frame, e.g. after the link was lost. */
  reset(): void;
}

/** What measurement must know of a radar. */
export interface RadarTraits {
  readonly protocol: RadarProtocol;
  readonly hasTracks: boolean;
  readonly hasRange: boolean;
  readonly hasAngle: boolean;
  /** A pass (track) is over when it had no reading for this long. More than 100 ms, see docs/decisions. */
  readonly passGapNs: number;
}

/** Health of the conversation with the radar. */
export interface RadarCondition {
  /** False: nothing may be enforced. */
  readonly usable: boolean;
  /** Stable reason: 'starting' | 'silent' | 'radar-error' | 'self-test-failed' | 'self-test-running' | 'settings-refused' | 'settings-unconfirmed'. */
  readonly reason: string | null;
  readonly sentence: string;
  /** Set when settings were sent but the radar never answered (requireReadback: false lets the session go on). */
  readonly unconfirmed: boolean;
}

/** unanswered: the radar has no self-test, or does not hear. */
export type SelfTestState = 'idle' | 'running' | 'passed' | 'failed' | 'unanswered';

/**
 * The talk with one radar: settings sent and read back, heartbeat watchdog, error messages, self-test. Pure state
 * machine: commands come out of `takeCommands`, time comes in by `atNs`.
 */
export interface RadarDialogue {
  /** The link has (re-)opened: start the configuration from the beginning. */
  linkUp(atNs: MonotonicNs): void;
  linkDown(atNs: MonotonicNs): void;
  /** Every decoder event, in order. */
  onEvent(event: RadarEvent): void;
  tick(atNs: MonotonicNs): void;
  /** Runs the radar's self-test where it has one (AGD *TS, both directions); the outcome shows in `condition`. */
  startSelfTest(atNs: MonotonicNs): void;
  selfTestState(): SelfTestState;
  /** Commands to be written to the radar now, in order; empties the queue. */
  takeCommands(): Uint8Array[];
  condition(atNs: MonotonicNs): RadarCondition;
}

export interface RadarSettings {
  readonly protocol: RadarProtocol;
  readonly baudRate: number;
  readonly parity: 'none' | 'odd' | 'even';
  /** Does the stream already hold true speed? */
  readonly corrected: boolean;
  /** Refuse enforcement until every setting was confirmed by the radar's own answer. */
  readonly requireReadback: boolean;
  /** Session-start self-test where the radar has one. */
  readonly selfTest: boolean;
}

/** All that one protocol brings; `src/radar/index.ts` maps protocol names to these. */
export interface RadarDriver {
  readonly traits: RadarTraits;
  readonly decoder: RadarDecoder;
  readonly dialogue: RadarDialogue;
}
