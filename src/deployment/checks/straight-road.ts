/** The surveyed road where the camera stands and looks, worked out once for each fix. */
import { lineLengthM } from '../../site/geodesy.js';
import { beamReach, signOf } from '../../site/mounting.js';
import { straightnessOf, type Straightness } from '../../site/straightness.js';
import type { Mounting, Site, VanPlacement } from '../../site/types.js';
import { metres, type Metres } from '../../units.js';
import { lastFor } from './memory.js';

export interface Stretch extends Straightness {
  /** How much of the stretch that was asked for was surveyed. */
  readonly surveyedM: Metres;
}

function stretch(van: VanPlacement, site: Site, aheadM: number): Stretch {
  const lengthM = lineLengthM(site.centreline);
  const within = (chainageM: number): Metres => metres(Math.min(Math.max(chainageM, 0), lengthM));
  const ends = [within(van.chainageM), within(van.chainageM + signOf(van.beamAlong) * aheadM)] as const;
  const [fromM, toM] = [metres(Math.min(...ends)), metres(Math.max(...ends))];
  return { ...straightnessOf(site.centreline, site.altitudesM, fromM, toM), surveyedM: metres(toM - fromM) };
}

/** From the camera in the direction of its beam. */
export const roadAhead = lastFor(stretch);

/** From the van to where the beam leaves the farthest monitored lane. */
export const roadInBeam = lastFor((van: VanPlacement, site: Site, mounting: Mounting): Stretch =>
  stretch(van, site, beamReach(site, mounting).farM),
);
