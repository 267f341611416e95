/**
 * Pass + site -> verdict. Enforce if and only if the truncated speed is above the site's threshold (DET-1), the
 * direction and lane are monitored, and every place where the vehicle may be is outside every exclusion zone (DEP-8,
 * DEP-9, at a static site its own) by more than the position's uncertainty. Everything else is observed with its reason, or void with the
 * measurement's: all of them are kept (STAT-1).
 */
import type { Measurement, Pass } from '../measurement/types.js';
import { exclusionPoints, isClear } from '../site/exclusion.js';
import { monitoredDirections, travelAlong } from '../site/mounting.js';
import { placeOnRoad, placeVehicle, type RoadPlace } from '../site/placement.js';
import type { Along, Mounting, ObserveReason, Site, VanPlacement } from '../site/types.js';
import type { Verdict } from './types.js';

const ZONE_REASON = { 'DEP-8': 'exclusion-zone-limit-drop', 'DEP-9': 'exclusion-zone-merge' } as const;

type Reason = Verdict['reason'];

/**
 * The decision alone: why this vehicle is not enforced, null when it is. Works out nothing that only the record needs,
 * because the shutter waits for it.
 *
 * @param van null while the van's position is not known: then nothing is enforced
 */
export function refusalOf(
  site: Site,
  mounting: Mounting,
  van: VanPlacement | null,
  pass: Pass,
  measurement: Measurement,
): Reason {
  if (!measurement.valid) return measurement.reason;
  const along = travelAlong(site, mounting, pass.direction);
  const slow = speedReason(site, measurement);
  if (slow !== null) return slow;
  const place = placeOnRoad(site, mounting, van, pass);
  return laneReason(site, along, place) ?? vanReason(van) ?? zoneReason(site, van, place);
}

/** The decision with everything that is written down about it. */
export function judge(
  site: Site,
  mounting: Mounting,
  van: VanPlacement | null,
  pass: Pass,
  measurement: Measurement,
): Verdict {
  const reason = refusalOf(site, mounting, van, pass, measurement);
  const kind = reason === null ? 'enforce' : measurement.valid ? 'observe' : 'void';
  return {
    kind,
    reason,
    limitKmh: site.limitKmh,
    thresholdKmh: site.threshold.speedKmh,
    along: travelAlong(site, mounting, pass.direction),
    place: placeVehicle(site, mounting, van, pass),
  };
}

function speedReason(site: Site, measurement: Measurement): ObserveReason | null {
  const { truncatedKmh } = measurement;
  return truncatedKmh !== null && truncatedKmh > site.threshold.speedKmh ? null : 'not-above-threshold';
}

function laneReason(site: Site, along: Along | null, place: RoadPlace): ObserveReason | null {
  if (along === null || !monitoredDirections(site).has(along)) return 'direction-not-monitored';
  // A target that range and angle put beside the road is in no lane at all.
  if (place.lane === null && place.chainageM !== null) return 'lane-not-monitored';
  // Where the radar cannot tell the lane, every lane of that direction must be one that may be enforced.
  const possible = site.lanes.filter((lane) =>
    place.lane === null ? lane.direction === along : lane.id === place.lane,
  );
  return possible.every((lane) => lane.monitored) ? null : 'lane-not-monitored';
}

/** A van that may not stand where it stands enforces nothing, wherever the vehicle is. */
function vanReason(van: VanPlacement | null): ObserveReason | null {
  if (van === null) return 'place-unknown';
  if (van.allowed) return null;
  const rules = van.refusals.map((refusal) => refusal.rule);
  if (rules.includes('DEP-8')) return ZONE_REASON['DEP-8'];
  return rules.includes('DEP-9') ? ZONE_REASON['DEP-9'] : 'place-unknown';
}

function zoneReason(site: Site, van: VanPlacement | null, place: RoadPlace): ObserveReason | null {
  const uncertaintyM = van?.uncertaintyM ?? Infinity;
  const { fromChainageM, toChainageM } = place;
  let reason: ObserveReason | null = null;
  for (const point of exclusionPoints(site)) {
    const { zoneM } = point;
    const nearestM = Math.max(fromChainageM - point.chainageM, point.chainageM - toChainageM, 0);
    if (isClear(nearestM, uncertaintyM, zoneM)) continue;
    const farthestM = Math.max(Math.abs(fromChainageM - point.chainageM), Math.abs(toChainageM - point.chainageM));
    if (place.chainageM !== null || farthestM + uncertaintyM < zoneM) return ZONE_REASON[point.rule];
    // Part of the footprint is clear: the vehicle may be inside or outside.
    reason = 'place-unknown';
  }
  return reason;
}
