/**
 * What becomes of numbers whose fate is open when a session or its trigger process ends (processes.md, crash table;
 * ICN-2: a void number is a record, not a hole). Pure: rows in, records to be written out.
 *
 * The controller takes numbers strictly in order and journals each trigger within milliseconds, so after a crash only
 * the next number can have been fired without a trace: that one is unknown, the ones behind it were never used.
 */
import type { ConcludedExposure, ExposureFacts, ExposureReason } from '../../src/evidence/types.js';
import type { MonotonicNs } from '../../src/units.js';
import type { NumberRow } from '../store/rows.js';

export interface OpenNumber extends NumberRow {
  /** The facts of its deployment. */
  readonly facts: ExposureFacts;
}

/**
 * @param open numbers without an end and without a waiting job, in order
 * @param ended 'orderly': the controller said that everything is concluded; 'crash': it was cut off
 */
export function accountFor(
  open: readonly OpenNumber[],
  ended: 'orderly' | 'crash',
  concludedNs: MonotonicNs,
): ConcludedExposure[] {
  let nextIsUnknown = ended === 'crash';
  return open.map((number) => {
    if (number.state === 'fired') return voidOf(number, 'image-missed', concludedNs);
    const reason = nextIsUnknown ? 'crash-unknown' : 'lease-unused';
    nextIsUnknown = false;
    return voidOf(number, reason, concludedNs);
  });
}

function voidOf(number: OpenNumber, reason: ExposureReason, concludedNs: MonotonicNs): ConcludedExposure {
  const { icn, start, facts } = number;
  return {
    icn,
    incident: start?.incident ?? icn,
    imageNumber: start?.imageNumber ?? 1,
    imageCount: start?.imageCount ?? 1,
    kind: 'void',
    reason,
    passId: start?.passId ?? null,
    verdict: null,
    triggerNs: start?.atNs ?? null,
    strobeNs: null,
    imageNs: null,
    concludedNs,
    flash: start?.flash ?? false,
    imageId: null,
    imageSha256: null,
    account: null,
    matching: null,
    facts: { ...facts, utcMs: start?.utcMs ?? null },
    readings: [],
  };
}
