/** The surveyed road where the camera stands and looks (DEP-7, SITE-4), worked out once for each fix. */
import { straightnessOf, stretchOf, type Straightness } from '../../site/straightness.js';
import type { Mounting, Site, VanPlacement } from '../../site/types.js';
import { metres, type Metres } from '../../units.js';
import { lastFor } from './memory.js';

export interface RoadAhead extends Straightness {
  readonly lengthM: Metres;
}

export const roadAhead = lastFor((van: VanPlacement, site: Site, mounting: Mounting): RoadAhead => {
  const { fromM, toM } = stretchOf(site, mounting, van.chainageM);
  return { ...straightnessOf(site.centreline, site.altitudesM, fromM, toM), lengthM: metres(toM - fromM) };
});

export function bendWords({ lengthM, turnDeg, sagittaM, surveyed }: RoadAhead): string {
  const where = `the ${lengthM.toFixed(0)} m of road ahead`;
  if (!surveyed) return `${where} are not all surveyed`;
  return `${where} turn by ${turnDeg.toFixed(1)}° (${sagittaM.toFixed(2)} m off their chord)`;
}
