/**
 * Other cameras near by: static cameras on the same road (DEP-11), deployments at this or an adjoining site (DEP-10).
 *
 * The same road is the same road id, whatever its name is there. Along the road counts where both places are surveyed on
 * it; else the straight line, which is never longer and so errs on the safe side. A site without a road id may lie on
 * any camera's road: then every camera counts. Adjoining holds both ways because packs with one-sided lists are refused.
 */
import { metres, utcMs, type KmH, type Metres, type UtcMs } from '../units.js';
import type { LocalDate } from './dates.js';
import { DISTANCES } from './distances.js';
import { isClear } from './exclusion.js';
import { straightLineM } from './geodesy.js';
import { signOf } from './mounting.js';
import type { Bulletin, StaticCamera } from './reference.js';
import type { GeoPoint, Site } from './types.js';

export interface NearCamera {
  readonly camera: StaticCamera;
  readonly distanceM: Metres;
  readonly boundM: Metres;
  readonly clear: boolean;
}

/** The van on its site. */
export interface VanPlace {
  readonly point: GeoPoint;
  readonly chainageM: Metres;
  /** 95 %; it shortens every distance. */
  readonly uncertaintyM: Metres;
}

/**
 * The static camera that is too near, or else the nearest that counts; null where none counts.
 *
 * @param site with the limit in force
 * @param postedKmh limit of the site at other times: whether a static camera has the variable one as well is not in its
 * data, so that one with either limit counts
 */
export function nearestStaticCamera(
  site: Site,
  van: VanPlace,
  cameras: readonly StaticCamera[],
  today: LocalDate,
  postedKmh: KmH = site.limitKmh,
): NearCamera | null {
  const { fastFromKmh, slowM, fastM } = DISTANCES.separation;
  const boundM = Math.max(site.limitKmh, postedKmh) < fastFromKmh ? slowM : fastM;
  let nearest: NearCamera | null = null;
  for (const camera of cameras) {
    if (!isOnRoad(site, camera) || !operates(camera, today)) continue;
    if (camera.limitKmh !== site.limitKmh && camera.limitKmh !== postedKmh) continue;
    const distanceM = distanceTo(site, van, camera);
    const clear = isClear(distanceM, van.uncertaintyM, boundM);
    // A distance that is no number is not clear, and comes before all that are.
    if (nearest === null || (nearest.clear && !clear) || (nearest.clear === clear && distanceM < nearest.distanceM)) {
      nearest = { camera, distanceM, boundM, clear };
    }
  }
  return nearest;
}

function isOnRoad({ roadReference }: Site, camera: StaticCamera): boolean {
  return roadReference === null || roadReference.roadId === camera.roadId;
}

/** From its first day to its last, both included. */
function operates({ operatesFrom, operatesUntil }: StaticCamera, today: LocalDate): boolean {
  return operatesFrom <= today && (operatesUntil === null || today <= operatesUntil);
}

function distanceTo({ roadReference }: Site, van: VanPlace, camera: StaticCamera): Metres {
  if (roadReference === null || camera.roadChainageM === null) return straightLineM(van.point, camera.position);
  const alongM = roadReference.startM + signOf(roadReference.direction) * van.chainageM;
  return metres(Math.abs(alongM - camera.roadChainageM));
}

export interface OtherDeployment {
  readonly siteCode: string;
  readonly cameraId: string;
  readonly untilUtcMs: UtcMs;
}

/**
 * Another camera's deployment at the same or an adjoining site now, the one that lasts longest; null: none. `untilUtcMs`
 * is when that ends or, where there is none, when the next one begins; never beyond the bulletin's own validity.
 */
export function otherDeployment(
  site: Site,
  cameraId: string,
  bulletin: Bulletin,
  utc: UtcMs,
): { readonly found: OtherDeployment | null; readonly untilUtcMs: UtcMs } {
  const codes = new Set([site.code, ...site.adjoining]);
  const others = bulletin.deployments.filter((each) => codes.has(each.siteCode) && each.cameraId !== cameraId);
  const now = others.filter(({ fromUtcMs, untilUtcMs }) => fromUtcMs <= utc && utc < untilUtcMs);
  const [longest] = now.toSorted((one, other) => other.untilUtcMs - one.untilUtcMs);
  if (longest === undefined) {
    const starts = others.map(({ fromUtcMs }) => fromUtcMs).filter((fromUtcMs) => fromUtcMs > utc);
    return { found: null, untilUtcMs: utcMs(Math.min(bulletin.validUntilUtcMs, ...starts)) };
  }
  const { siteCode, cameraId: other, untilUtcMs } = longest;
  const endMs = utcMs(Math.min(untilUtcMs, bulletin.validUntilUtcMs));
  return { found: { siteCode, cameraId: other, untilUtcMs }, untilUtcMs: endMs };
}
