/** Other cameras near by: static cameras on the same road (DEP-11), deployments at this or an adjoining site (DEP-10). */
import type { Metres, UtcMs } from '../units.js';
import type { Bulletin, StaticCamera } from './reference.js';
import type { GeoPoint, Site } from './types.js';

export interface NearCamera {
  readonly camera: StaticCamera;
  readonly distanceM: Metres;
  readonly boundM: Metres;
  readonly clear: boolean;
}

/**
 * The static camera that is too near, or else the nearest that counts; null where none counts.
 *
 * @param site with the limit in force
 */
export function nearestStaticCamera(
  _site: Site,
  _van: { readonly point: GeoPoint; readonly chainageM: Metres; readonly uncertaintyM: Metres },
  _cameras: readonly StaticCamera[],
  _utc: UtcMs,
): NearCamera | null {
  throw new Error('not built yet');
}

export interface OtherDeployment {
  readonly siteCode: string;
  readonly cameraId: string;
  readonly untilUtcMs: UtcMs;
}

/** Another camera's deployment at the same or an adjoining site now; null: none. Also when the next one begins. */
export function otherDeployment(
  _site: Site,
  _cameraId: string,
  _bulletin: Bulletin,
  _utc: UtcMs,
): { readonly found: OtherDeployment | null; readonly untilUtcMs: UtcMs } {
  throw new Error('not built yet');
}
