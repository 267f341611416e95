/**
 * What a fault is: data of the scenario (`FaultSpec`), an entry of the catalogue that says what its name means, and what it
 * does while it is at work. Words are PX4's: off, stuck, garbage, wrong, slow, delayed, intermittent.
 */
import type { OutputLineName, VanEvent } from '../../src/ports/pretend.js';
import type { Random } from '../prng.js';
import type { Echo } from '../road/beam.js';
import type { LineChange } from '../virtual/lies.js';

export const FAULT_WORDS = ['off', 'stuck', 'garbage', 'wrong', 'slow', 'delayed', 'intermittent'] as const;
export type FaultWord = (typeof FAULT_WORDS)[number];

export const FAULT_TARGETS = [
  ...(['radar', 'gps', 'camera', 'strobe', 'lines', 'board', 'disk', 'clock', 'power', 'operator'] as const),
] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

/** The one number that a fault may be given. */
export interface FaultAmount {
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

export interface FaultSpec {
  /** Name in the catalogue. */
  readonly kind: string;
  readonly fromS: number;
  readonly toS: number;
  /** In the unit of the catalogue; absent: the usual one. */
  readonly amount?: number | undefined;
}

/** Where a fault takes hold; whatever is left out stays as it is. Times are monotonic, ns. */
export interface Hold {
  /** It begins: what happens by itself then. */
  begin?(atNs: number): readonly VanEvent[];
  /** It ends. */
  end?(atNs: number): readonly VanEvent[];
  /** In place of this event; later times hold it back. */
  event?(event: VanEvent): readonly VanEvent[];
  echoes?(echoes: readonly Echo[], timeS: number): readonly Echo[];
  /** It makes echoes of its own: every frame is to be worked out. */
  readonly hasEchoes?: boolean;
  line?(line: OutputLineName, value: 0 | 1, atNs: number): readonly LineChange[];
  /** For the whole run. */
  readonly misalignmentDeg?: number;
}

export interface FaultKind {
  readonly name: string;
  readonly target: FaultTarget;
  readonly word: FaultWord;
  readonly says: string;
  readonly amount: FaultAmount | null;
  /** Where only radars of this kind have it. */
  readonly radar?: 'agd350' | 'ops243';
  make(amount: number, random: Random, spec: FaultSpec): Hold;
}

/** Most faults have no amount: whether they are at work is all. */
export const kind = (
  name: string,
  target: FaultTarget,
  word: FaultWord,
  says: string,
  make: (amount: number, random: Random, spec: FaultSpec) => Hold,
  amount: FaultAmount | null = null,
): FaultKind => ({ name, target, word, says, amount, make });

export const amount = (unit: string, least: number, most: number, usual: number): FaultAmount => ({
  unit,
  least,
  most,
  usual,
});

/** Only events of one type are touched. */
export function on<Type extends VanEvent['type']>(
  type: Type,
  change: (event: Extract<VanEvent, { type: Type }>) => readonly VanEvent[],
): Hold {
  return {
    event: (event) => (event.type === type ? change(event as Extract<VanEvent, { type: Type }>) : [event]),
  };
}
