/** What a test changes in the hand-made run, and what the watch is to say of it. */
import type { Invariant } from '../oracle/world/index.js';
import { sealedImage, sha256Of, type SealedParts } from './hand-made-image.js';
import {
  CAR,
  concludes,
  factsOf,
  fires,
  firing,
  incident,
  justBefore,
  ns,
  output,
  overS,
  stampOf,
  step,
  strobes,
  vehicleOf,
  type Made,
} from './hand-made-world.js';

export type Change = (made: Made) => void;

export interface Case {
  readonly title: string;
  readonly invariant: Invariant;
  readonly broken: Change;
  /** Nearly the same, and well; absent: the run as it is made. */
  readonly well?: Change;
  /** Where one thing cannot be wrong without another. */
  readonly alsoFound?: readonly Invariant[];
}

export const drop = { direction: 'increasing' as const };
export const away = (made: Made, metres: number): void => {
  made.truth.site.limitDrops = [{ ...drop, chainageM: 1000 + metres }];
};
export const state =
  (name: string): Change =>
  (made) => {
    justBefore(made, step('tick', 10.2, {}, [output('state', { atNs: ns(10.2), state: name, reasons: [] })]));
  };
export const checks =
  (status: string, force: string): Change =>
  (made) => {
    const findings = [{ id: 'tailgate', force, status }];
    justBefore(made, step('tick', 10.2, {}, [output('checks', { atNs: ns(10.2), findings })]));
  };
export const reading = (made: Made) => (incident(made).readings ?? [])[3] ?? {};
export const pulse =
  (ms: number): Change =>
  (made) => {
    const fall = firing(made).outputs.find((each) => each.type === 'line' && each.value === 0) as { atNs: number };
    fall.atNs = ns(overS(CAR)) + ms * 1e6;
  };
export const secondShot =
  (atS: number): Change =>
  (made) => {
    const { steps, records } = made;
    const photo = [...fires('000001002', atS, 'alignment'), concludes('000001002', atS, 'alignment')];
    // Its feedback comes behind that of the incident, as its trigger does.
    const at = steps.indexOf(firing(made)) + 2;
    steps.splice(at, 0, step('tick', atS, {}, photo), strobes(atS + 0.012));
    const seen = { triggerNs: ns(atS), strobeNs: ns(atS + 0.012) };
    Object.assign(records[1]?.record ?? {}, { kind: 'alignment', reason: undefined, ...seen });
  };
export const late = (made: Made, seconds: number): void => {
  made.truth.vehicles = [vehicleOf({ ...CAR, entersS: CAR.entersS - seconds })];
  made.truth.faults.push({ fault: 'radar-delayed', target: 'radar', fromS: 5, toS: 12, note: '' });
};
export const unused = (made: Made) => made.records[1]?.record ?? {};
/** The antenna stays where it is: as if it were mounted far from where the van is said to stand. */
export const vanAt = (made: Made, chainageM: number): void => {
  made.truth.van.chainageM = chainageM;
  factsOf(made).vanChainageM = chainageM;
};
/** The camera's feedback comes so long after the trigger, and the record says so. */
export const strobeAt = (made: Made, ms: number): void => {
  const strobeNs = (incident(made).triggerNs ?? 0) + ms * 1e6;
  incident(made).strobeNs = strobeNs;
  const at = made.steps.findLastIndex(({ input }) => input.type === 'line-edge');
  Object.assign(made.steps[at]?.input ?? {}, { atNs: strobeNs });
  for (const each of made.steps[at + 1]?.outputs ?? []) {
    if (each.type === 'conclude') Object.assign(each.exposure, { strobeNs });
  }
};
/** The image is made anew from what the record says now, or from something else. */
export const reseal = (made: Made, other: Partial<SealedParts> = {}): void => {
  const [first] = made.records;
  if (first === undefined) return;
  first.image = sealedImage({ icn: '000001001', stamp: stampOf(factsOf(made).utcMs ?? 0), ...other });
  first.record.sealedImageSha256 = sha256Of(first.image);
};
