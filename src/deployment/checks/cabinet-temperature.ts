/** Temperature within the cabinet. Resumes: a static site has nobody who would begin anew after a hot afternoon. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessBoardReports } from './judge.js';

/** Single-board computers slow down and cameras stop above this; the loop to the trigger is no longer on time then. */
export const CABINET_HOT_C = 60;
/** Lenses mist and batteries of the camera fail below this. */
export const CABINET_COLD_C = -10;

export const cabinetTemperature: Check = {
  id: 'cabinet-temperature',
  rule: 'board',
  title: 'Temperature of the cabinet',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const aside = unlessBoardReports(facts);
    if (aside !== null) return aside;
    const celsius = facts.board.report?.cabinetC ?? null;
    if (celsius === null) return notApplicable('Cabinet: its temperature is not wired to the board.');
    return judged(
      celsius >= CABINET_COLD_C && celsius <= CABINET_HOT_C,
      `Cabinet: ${celsius.toFixed(1)} °C; ${CABINET_COLD_C} to ${CABINET_HOT_C} °C required.`,
      { value: celsius, unit: '°C', limit: `${CABINET_COLD_C} to ${CABINET_HOT_C}`, takenNs: facts.board.reportNs },
    );
  },
};
