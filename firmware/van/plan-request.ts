/**
 * From what the operator asks to what the controller is told: the site out of the packs, the plan, and the site as it is
 * worked this time (lanes, heading, lateral distance). What is plainly wrong is refused here with one sentence; whether the
 * van may enforce there, now, is a matter of the checks.
 *
 * Rules met here: SITE-3 (only imported sites), OPR-1 (an operator whom a pack knows), OPR-5 (a vehicle is named).
 */
import type { DeploymentPlan } from '../../src/deployment/plan.js';
import { KerbsideError } from '../../src/errors.js';
import type { Site } from '../../src/site/types.js';
import { metres } from '../../src/units.js';
import type { KerbsideConfig } from '../config/schema.js';
import type { RequestOf } from '../control/messages.js';
import { some } from './session-desk.js';
import type { Shelved } from './shelf.js';

export type OpenRequest = Omit<RequestOf<'open'>, 'type' | 'id' | 'by'>;

export interface Planned {
  readonly plan: DeploymentPlan;
  readonly site: Site;
}

/** @throws KerbsideError 'deployment-invalid' with the first thing that is wrong */
export function planDeployment(request: OpenRequest, config: KerbsideConfig, shelved: Shelved): Planned {
  const site = knownSite(request.site, shelved);
  const { kind } = config.installation;
  if (site.installation !== kind) {
    throw invalid(`site ${site.code} is for a ${site.installation} camera, expected a ${kind} one (installation.kind)`);
  }
  const lanes = knownLanes(request.lanes, site);
  const halfM = (site.lanes[0]?.widthM ?? 0) / 2;
  if (request.lateralM < halfM) {
    throw invalid(`--lateral is ${request.lateralM} m, expected at least ${halfM} m, outside the nearest lane`);
  }
  knownOperator(request.operator, shelved);
  const vehicle = request.vehicle ?? config.vehicle;
  if (vehicle === null)
    throw invalid('no vehicle is named (OPR-5), expected --vehicle or vehicle in the configuration');
  const plan: DeploymentPlan = {
    operatorId: request.operator,
    vehicle,
    lanes,
    vanHeading: request.heading,
    lateralM: metres(request.lateralM),
    occupier: request.occupier,
    weather: request.weather,
    start: 'operator',
  };
  return { plan, site: asPlanned(site, plan) };
}

/**
 * A static camera: nobody on board, its own site, every lane that the site monitors, enforcement begins by itself.
 *
 * @throws KerbsideError 'deployment-invalid'
 */
export function planStatic(config: KerbsideConfig, shelved: Shelved): Planned {
  const { site: code } = config.installation;
  if (code === undefined) throw invalid('installation.site is missing, expected the code of the static site');
  const site = knownSite(code, shelved);
  if (site.installation !== 'static') {
    throw invalid(`site ${code} is for a ${site.installation} camera, expected a static site (installation.site)`);
  }
  const plan: DeploymentPlan = {
    operatorId: null,
    vehicle: null,
    lanes: site.lanes.filter(({ monitored }) => monitored).map(({ id }) => id),
    vanHeading: site.deployment.vanHeading,
    lateralM: site.deployment.lateralM,
    occupier: null,
    weather: null,
    start: 'automatic',
  };
  return { plan, site: asPlanned(site, plan) };
}

/** The site with the lanes of the plan monitored, others not, and the van as it stands. */
export const asPlanned = (site: Site, { lanes, vanHeading, lateralM }: DeploymentPlan): Site => ({
  ...site,
  lanes: site.lanes.map((lane) => ({ ...lane, monitored: lanes.includes(lane.id) })),
  deployment: { vanHeading, lateralM },
});

/** @throws KerbsideError 'deployment-invalid' with the list of those that are known */
export function knownSite(code: string, { sites }: Shelved): Site {
  const site = sites.find((each) => each.code === code);
  if (site !== undefined) return site;
  if (sites.length === 0) {
    throw invalid(`site ${code} is not known, since no sites pack is imported (SITE-3), expected kerbside site import`);
  }
  throw invalid(
    `site ${code} is not in the imported pack (SITE-3), expected one of ${some(sites.map((each) => each.code))}`,
  );
}

function knownLanes(wanted: readonly string[], site: Site): readonly string[] {
  const known = site.lanes.map(({ id }) => id);
  const strange = wanted.find((id) => !known.includes(id));
  if (strange !== undefined) {
    throw invalid(`lane ${strange} is not one of site ${site.code}, expected some of ${known.join(', ')}`);
  }
  const twice = wanted.find((id, index) => wanted.indexOf(id) !== index);
  if (twice !== undefined) throw invalid(`lane ${twice} is named twice, expected each lane once`);
  return known.filter((id) => wanted.includes(id));
}

/** OPR-1. Whether the training is still valid is a check of its own. @throws KerbsideError 'deployment-invalid' */
export function knownOperator(id: string, { reference: { operators } }: Shelved): void {
  if (operators.some((each) => each.id === id)) return;
  if (operators.length === 0) {
    throw invalid(
      `operator ${id} is not known, since no operators pack is imported (OPR-1), expected kerbside operator import`,
    );
  }
  throw invalid(
    `operator ${id} is not in the imported pack (OPR-1), expected one of ${some(operators.map((each) => each.id))}`,
  );
}

const invalid = (what: string): KerbsideError => new KerbsideError('deployment-invalid', `Deployment: ${what}.`);
