/**
 * DEP-4: is the distance that the operator entered one at which a van stands? "About" one and a half lane widths from the
 * normal path of vehicles, which is the middle of the nearest lane; the tolerance stands in the table of distances.
 */
import { metres, type Metres } from '../units.js';
import { DISTANCES, MILLIMETRE_M } from './distances.js';
import type { Site } from './types.js';

export interface LateralRange {
  readonly ok: boolean;
  readonly expectedM: Metres;
  readonly fromM: Metres;
  readonly toM: Metres;
}

/** @param lateralM from the antenna to the centre of the nearest lane */
export function lateralPlausible(site: Site, lateralM: Metres): LateralRange {
  const { laneWidths, toleranceLaneWidths } = DISTANCES.lateral;
  const widthM = site.lanes[0]?.widthM ?? NaN;
  const fromM = metres((laneWidths - toleranceLaneWidths) * widthM);
  const toM = metres((laneWidths + toleranceLaneWidths) * widthM);
  const ok = lateralM >= fromM - MILLIMETRE_M && lateralM <= toM + MILLIMETRE_M;
  return { ok, expectedM: metres(laneWidths * widthM), fromM, toM };
}
