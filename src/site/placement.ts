/**
 * Where the van stands and where a vehicle is (DEP-8, DEP-9; the estimator's step 5). The van's own distance is judged
 * from its fix, a vehicle's from where the beam leaves the van. At a static site the camera's pole stands for the van.
 */
import type { Pass } from '../measurement/types.js';
import { metres, type Metres } from '../units.js';
import { DISTANCES } from './distances.js';
import { exclusionPoints, isClear, vanBound } from './exclusion.js';
import { chainageOf, lineLengthM, pointAt } from './geodesy.js';
import { beamAlong, beamReach, laneSpans, signOf } from './mounting.js';
import type { ExclusionBound, GeoPoint, Mounting, Site, VanPlacement, VehiclePlace } from './types.js';

/** A fix farther from the centreline is another place. */
export const OFF_SITE_M = DISTANCES.offSiteM;
/** How far outside a lane's edge a target still belongs to it: a body reflects from its near side, not its centre. */
const LANE_EDGE_M = 1;

type Refusal = VanPlacement['refusals'][number];

/**
 * @param uncertaintyM 95 % uncertainty of the position; it shortens every distance
 */
export function placeVan(site: Site, mounting: Mounting, position: GeoPoint, uncertaintyM: Metres): VanPlacement {
  const { chainageM, offLineM } = chainageOf(site.centreline, position);
  const { who } = DISTANCES[site.installation];
  const refusals: Refusal[] = [];
  if (!(offLineM <= OFF_SITE_M)) {
    const sentence =
      `The ${who}'s position is ${offLineM.toFixed(1)} m from the centreline of site ${site.code}; ` +
      `expected at most ${OFF_SITE_M} m.`;
    refusals.push({ rule: 'off-site', sentence });
  }
  for (const point of exclusionPoints(site)) {
    const distanceM = Math.abs(chainageM - point.chainageM);
    const bound = vanBound(site, mounting, point.rule);
    if (isClear(distanceM, uncertaintyM, bound.boundM)) continue;
    const sentence =
      `${point.rule}: the ${who} stands ${distanceM.toFixed(1)} m (uncertain by ${uncertaintyM.toFixed(1)} m) from ` +
      `${point.what} at chainage ${point.chainageM} m; expected at least ${bound.boundM.toFixed(1)} m ` +
      `(${boundWords(site, bound)}).`;
    refusals.push({ rule: point.rule, sentence });
  }
  const along = beamAlong(site, mounting);
  return { chainageM, offLineM, uncertaintyM, beamAlong: along, allowed: refusals.length === 0, refusals };
}

/** A place along the road, before it is made a position on the globe. */
export type RoadPlace = Omit<VehiclePlace, 'position'> & { readonly lateralM: number | null };

/**
 * With range and angle a vehicle has its own chainage and lane, and `from`/`to` span its whole path through the beam so
 * far; how far across the road it is, all its readings say together, since a radar may make up the last of a track. Without
 * them it may be anywhere in the beam's footprint on the monitored lanes. Without a van's position it may be anywhere on
 * the site. This is all that a decision needs.
 */
export function placeOnRoad(site: Site, mounting: Mounting, van: VanPlacement | null, pass: Pass): RoadPlace {
  const { lastRangeM: rangeM, lateralM } = pass;
  const unknown = { chainageM: null, rangeM, lane: null, lateralM: null };
  if (van === null) return { ...unknown, fromChainageM: metres(0), toChainageM: lineLengthM(site.centreline) };

  const antennaM = van.chainageM + signOf(site.deployment.vanHeading) * mounting.antennaAheadM;
  const chainageAt = (aheadM: number): Metres => metres(antennaM + signOf(van.beamAlong) * aheadM);
  const span = (nearM: number, farM: number): Pick<VehiclePlace, 'fromChainageM' | 'toChainageM'> => {
    const near = chainageAt(nearM);
    const far = chainageAt(farM);
    return { fromChainageM: metres(Math.min(near, far)), toChainageM: metres(Math.max(near, far)) };
  };
  if (rangeM === null || lateralM === null) {
    const reach = beamReach(site, mounting);
    return { ...unknown, ...span(reach.nearM, reach.farM) };
  }
  const aheadAtRange = (atM: number): number => Math.sqrt(Math.max(0, atM ** 2 - lateralM ** 2));
  return {
    chainageM: chainageAt(aheadAtRange(rangeM)),
    ...span(aheadAtRange(pass.minRangeM ?? rangeM), aheadAtRange(pass.maxRangeM ?? rangeM)),
    rangeM,
    lane: laneAt(site, lateralM),
    lateralM,
  };
}

/** The place with its position on the globe, where range and angle give one. */
export function placeVehicle(site: Site, mounting: Mounting, van: VanPlacement | null, pass: Pass): VehiclePlace {
  const { lateralM, ...place } = placeOnRoad(site, mounting, van, pass);
  if (van === null || place.chainageM === null || lateralM === null) return { ...place, position: null };
  const position = pointAt(site.centreline, place.chainageM, offsetOf(site, mounting, van, lateralM));
  return { ...place, position };
}

function boundWords(site: Site, bound: ExclusionBound): string {
  if (site.installation === 'static') return 'rule for a static camera';
  const lanes = site.lanes.filter((lane) => lane.monitored).length;
  return bound.boundBy === 'rule' ? `rule for ${lanes} monitored lanes` : 'reach of the beam by plane geometry';
}

/** The lane at a lateral distance; null beside the road. */
function laneAt(site: Site, lateralM: number): string | null {
  let best: { readonly id: string; readonly outsideM: number } | null = null;
  for (const { lane, nearM, farM } of laneSpans(site)) {
    const outsideM = Math.max(nearM - lateralM, lateralM - farM, 0);
    if (outsideM <= LANE_EDGE_M && (best === null || outsideM < best.outsideM)) best = { id: lane.id, outsideM };
  }
  return best === null ? null : best.id;
}

/**
 * Offset of a vehicle from the centreline, positive to the right of growing chainage. The van stands beside the road on
 * the side that its mounting states, so its unsigned distance from the centreline has a known sign; the antenna sits
 * `antennaOffsetM` to the right of the van's middle.
 */
function offsetOf(site: Site, mounting: Mounting, van: VanPlacement, lateralM: number): Metres {
  const headingSign = signOf(site.deployment.vanHeading);
  const towardsRoad = mounting.side === 'left' ? 1 : -1;
  const rightOfVanM = towardsRoad * (lateralM - van.offLineM) + mounting.antennaOffsetM;
  return metres(headingSign * rightOfVanM);
}
