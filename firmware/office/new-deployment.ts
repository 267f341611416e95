/** What every record of a deployment states, whatever it shows: put together once, when the deployment opens. */
import { createHash } from 'node:crypto';
import { openedEvent } from '../../src/deployment/office-events.js';
import { factsOf } from '../../src/evidence/facts.js';
import { measuringParameters, parametersText } from '../../src/evidence/parameters.js';
import { contextOf } from '../../src/evidence/record-context.js';
import type { NewDeployment } from '../store/rows.js';
import type { OfficeParts } from './parts.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What opening a deployment takes of the office's parts. */
export type DeploymentParts = Pick<OfficeParts, 'controller' | 'software' | 'certificates' | 'who' | 'clock'>;

export function newDeployment({ controller, software, certificates, who, clock }: DeploymentParts): NewDeployment {
  const { site, camera, demo } = controller;
  const parameters = measuringParameters(controller, software);
  const siteSha256 = sha256Hex(JSON.stringify(site));
  const certificateFacts = certificates.map(({ facts }) => facts);
  const openedUtcMs = clock.utcMs();
  const nothingKnown = {
    site,
    position: null,
    van: null,
    utcMs: null,
    clockUncertaintyMs: null,
    radarSettingsUnconfirmed: false,
    account: null,
  };
  return {
    siteCode: site.code,
    cameraId: camera.id,
    demo,
    facts: factsOf(controller, nothingKnown, null),
    softwareVersion: software.version,
    openedUtcMs,
    context: contextOf(controller, {
      software,
      siteSha256,
      certificates: certificateFacts,
      eventCounter: 0,
      parametersSha256: sha256Hex(parametersText(parameters)),
    }),
    parameters,
    who,
    opened: openedEvent(controller, {
      atNs: clock.monotonicNs(),
      utcMs: openedUtcMs,
      startedBy: who,
      siteSha256,
      software,
      certificates: certificateFacts,
    }),
  };
}
