/**
 * What the issuers would have told the pretend van: content of the packs for one scenario, around the day on which it runs.
 * Plain data as the issuers write them; whoever runs the simulation signs them with the DEMO issuers' keys.
 */
import { positionAt } from '../road/geodesy.js';
import type { ScenarioFile } from './schema.js';

/** Who and what takes part; the controller's configuration and plan must say the same. */
export const CREW = {
  operatorId: 'DEMO-OP',
  vehicle: 'DEMO01',
  cameraId: 'DEMO-1',
  cameraModel: 'Kerbside pretend camera',
  approvalNotice: 'DEMO notice 1, no gazette knows it',
  radarSerial: 'DEMO-350-0001',
  fork: 'DEMO-FORK-80',
  forkKmh: 80,
} as const;

const DAY_MS = 86_400_000;

/** By kind, in the order in which they are imported. */
export function scenarioPacks(file: ScenarioFile, cameraModel: string, now: Date): Record<string, unknown>[] {
  const date = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  const instant = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();
  const head = (kind: string) => ({ format: 'kerbside-pack', version: 1, kind, serial: 1, issuedAt: instant(0) });
  const certificate = (kind: string, subject: string, forkKmh: number | null = null) => ({
    kind,
    number: `DEMO-${kind}-1`,
    subject,
    issuer: 'DEMO calibration services',
    issuedOn: date(-100),
    forkKmh,
  });
  return [
    { ...head('sites'), sites: [siteContent(file, date(-400), date(-40))], staticCameras: [] },
    {
      ...head('operators'),
      operators: [{ id: CREW.operatorId, name: 'Demo Operator', trainedOn: date(-200), validUntil: date(160) }],
      vehicles: [{ registration: CREW.vehicle, description: 'Pretend van', from: date(-700) }],
    },
    { ...head('bulletin'), validFrom: instant(-1), validUntil: instant(7), deployments: [] },
    {
      ...head('certificates'),
      certificates: [
        certificate('camera', CREW.cameraId),
        certificate('radar', CREW.radarSerial),
        certificate('fork', CREW.fork, CREW.forkKmh),
      ],
      approvedTypes: [{ model: cameraModel, notice: CREW.approvalNotice, gazettedOn: date(-300) }],
    },
  ];
}

/** The site as PIB would have surveyed it. */
function siteContent({ name, site, van }: ScenarioFile, approvedOn: string, thresholdOn: string): object {
  const { anchor, altitudeM, lengthM, threshold, limitKmh, ...facts } = site;
  const authority = threshold.authority;
  return {
    ...facts,
    limitKmh,
    version: `${name}, pretended`,
    threshold: { ...threshold, date: threshold.date < thresholdOn ? threshold.date : thresholdOn },
    limitSource: { authority, date: approvedOn },
    limitHistory: [{ limitKmh, from: approvedOn, authority }],
    approval: { authority, date: approvedOn },
    roadReference: { roadId: `DEMO-${site.code}`, startM: 0, direction: 'increasing' },
    centreline: [positionAt(anchor, 0), positionAt(anchor, lengthM)],
    altitudesM: [altitudeM, altitudeM],
    deployment: { vanHeading: van.heading, lateralM: van.lateralM },
  };
}
