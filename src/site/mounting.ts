/**
 * How the beam leaves the van and where it meets the lanes: plane geometry of domain/rules.md ("Geometry of the
 * exclusion zone") and domain/measurement.md ("Geometry"). Lateral distances are measured from the antenna towards the
 * road, at right angles to it; `lateralM` of the site is the one to the centre of the nearest lane.
 */
import type { TargetDirection } from '../radar/reading.js';
import { type Metres, metres, toRadians } from '../units.js';
import { remembered } from './remembered.js';
import type { Along, Lane, Mounting, Site } from './types.js';

export interface LaneSpan {
  readonly lane: Lane;
  readonly nearM: number;
  readonly farM: number;
}

/** Stretch of road ahead of the antenna in the direction of the beam. */
export interface Reach {
  readonly nearM: Metres;
  readonly farM: Metres;
}

export const reversed = (along: Along): Along => (along === 'increasing' ? 'decreasing' : 'increasing');
/** +1 where chainage grows, -1 where it falls. */
export const signOf = (along: Along): 1 | -1 => (along === 'increasing' ? 1 : -1);

/**
 * Side to which the beam is turned from the road's axis, seen from behind the radar: towards the road. A van on the
 * left of its carriageway has the road on its right; looking out of its rear window the same road lies to the left.
 */
export function beamTurned(mounting: Mounting): 'left' | 'right' {
  return (mounting.facing === 'front') === (mounting.side === 'left') ? 'right' : 'left';
}

/** Direction in which the beam leaves the van, along the road. */
export function beamAlong(site: Site, mounting: Mounting): Along {
  const { vanHeading } = site.deployment;
  return mounting.facing === 'front' ? vanHeading : reversed(vanHeading);
}

/** Direction of travel of a target; null where the radar does not know whether it comes or goes. */
export function travelAlong(site: Site, mounting: Mounting, direction: TargetDirection): Along | null {
  if (direction === 'unknown') return null;
  const away = beamAlong(site, mounting);
  return direction === 'recede' ? away : reversed(away);
}

/** Directions of travel in which at least one lane is monitored. */
export const monitoredDirections = remembered((site: Site): ReadonlySet<Along> => {
  return new Set(site.lanes.filter((lane) => lane.monitored).map((lane) => lane.direction));
});

/** Near and far edge of each lane, seen from the antenna. */
export const laneSpans = remembered((site: Site): readonly LaneSpan[] => {
  let nearM = site.deployment.lateralM - (site.lanes[0]?.widthM ?? 0) / 2;
  return site.lanes.map((lane) => {
    const span = { lane, nearM, farM: nearM + lane.widthM };
    nearM = span.farM;
    return span;
  });
});

/** Longest stretch of a monitored lane that lies in the beam: that of the farthest lane's far edge. */
export function largestFootprintM(site: Site, mounting: Mounting): Metres {
  const farM = Math.max(...laneSpans(site).map(({ lane, farM: edgeM }) => (lane.monitored ? edgeM : 0)));
  const half = mounting.beamWidthDeg / 2;
  if (mounting.angleDeg <= half) return metres(Infinity);
  const cotangent = (deg: number): number => 1 / Math.tan(toRadians(deg));
  return metres(farM * (cotangent(mounting.angleDeg - half) - cotangent(mounting.angleDeg + half)));
}

/**
 * Where the beam crosses the monitored lanes: from its steep edge on the nearest lane's near edge to its flat edge on
 * the farthest lane's far edge. For one to four lanes of 3.5 m, 5.25 m off, the far end is 19.2, 28.8, 38.5, 48.1 m.
 */
export function beamReach(site: Site, mounting: Mounting): Reach {
  const spans = laneSpans(site).filter((span) => span.lane.monitored);
  const nearM = Math.max(0, Math.min(...spans.map((span) => span.nearM)));
  const farM = Math.max(...spans.map((span) => span.farM));
  const half = mounting.beamWidthDeg / 2;
  return {
    nearM: metres(Math.max(0, nearM / Math.tan(toRadians(mounting.angleDeg + half)))),
    // A beam along the road has no far end: the distance then is infinite and every van is refused.
    farM: metres(mounting.angleDeg > half ? farM / Math.tan(toRadians(mounting.angleDeg - half)) : Infinity),
  };
}
