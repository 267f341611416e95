/**
 * Voltage of the van's battery. Does not resume: a weak battery recovers as soon as the load is gone and falls again under
 * it, so that the camera would begin and end without pause.
 */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessBoardReports } from './judge.js';

/** A 12 V lead battery under load is nearly empty here, and the flash draws more than it then gives. */
export const BATTERY_LOW_V = 11.5;

export const batteryLow: Check = {
  id: 'battery-low',
  rule: 'board',
  title: 'Battery voltage',
  force: 'mandatory',
  source: 'board',
  resumes: false,
  judge(facts) {
    const aside = unlessBoardReports(facts);
    if (aside !== null) return aside;
    const volts = facts.board.report?.batteryV ?? null;
    if (volts === null) return notApplicable('Battery: its voltage is not wired to the board.');
    const sentence = `Battery: ${volts.toFixed(2)} V; at least ${BATTERY_LOW_V} V required.`;
    const details = { value: volts, unit: 'V', limit: BATTERY_LOW_V, takenNs: facts.board.reportNs };
    return judged(volts >= BATTERY_LOW_V, sentence, details);
  },
};
