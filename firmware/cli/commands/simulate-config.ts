/** Configuration, site file and packs for the pretend van: what an installer and the issuers would have given a real one. */
import { stringify } from 'yaml';
import { KerbsideError } from '../../../src/errors.js';
import type { PackKind } from '../../../src/site/reference.js';
import { importPack } from '../../reference/import-pack.js';
import { DEMO_ONLY } from '../../reference/roots.js';
import { signDemoPack } from '../../reference/sign-pack.js';
import type { Workspace } from '../simulation/workspace.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Scenario = ReturnType<PretendWorld['loadScenario']>;

/** Where things are in one run. */
export interface Places {
  readonly dataDir: string;
  readonly siteFile: string;
  readonly radarPath: string;
  readonly linesSocket: string;
  readonly ioBoardPath: string;
  readonly cameraFolder: string;
  readonly gpsPort: number;
  readonly consolePort: number;
}

/** What an installer would write for this scenario, as plain data. */
export function configurationOf(world: PretendWorld, { file }: Scenario, places: Places): Record<string, unknown> {
  const { instruments, van, deployment } = file;
  const isBench = deployment === 'bench';
  const { CREW } = world;
  return {
    camera: {
      id: CREW.cameraId,
      model: world.CAMERA.model,
      approvalNotice: isBench ? null : CREW.approvalNotice,
      serialNumber: world.CAMERA.serialNumber,
      flash: instruments.flash,
    },
    dataDir: places.dataDir,
    ...(isBench ? { siteFile: places.siteFile } : { vehicle: CREW.vehicle, forks: [CREW.fork] }),
    radar: {
      protocol: instruments.radar,
      port: places.radarPath,
      serialNumber: CREW.radarSerial,
      ...world.RADAR_LINKS[instruments.radar],
      angleDeg: instruments.angleDeg,
      beamWidthDeg: instruments.beamWidthDeg,
      corrected: false,
    },
    mounting: { facing: van.facing, side: van.side, antennaAheadM: van.antennaAheadM, antennaOffsetM: 0 },
    gps: { host: '127.0.0.1', port: places.gpsPort },
    lines: { driver: 'simulated', shutter: 17, flash: 27, strobe: 22, socket: places.linesSocket },
    ...(isBench ? {} : { ioBoard: { driver: 'johnny-five', port: places.ioBoardPath } }),
    images: { source: 'folder', folder: places.cameraFolder },
    console: { host: '127.0.0.1', port: places.consolePort },
  };
}

export function writeConfiguration(
  world: PretendWorld,
  scenario: Scenario,
  workspace: Workspace,
  ports: { readonly gpsPort: number; readonly consolePort: number },
): void {
  const { name, deployment } = scenario.file;
  if (deployment === 'bench') {
    const title = `Site of the scenario ${name}. DEMO: this road does not exist.`;
    workspace.write(workspace.siteFile, title, siteFileOf(world, scenario));
  }
  const { dataDir, siteFile, radarPath, linesSocket, ioBoardPath, cameraFolder } = workspace;
  const places = { dataDir, siteFile, radarPath, linesSocket, ioBoardPath, cameraFolder, ...ports };
  const title = `Configuration of the scenario ${name}. DEMO: no such van exists.`;
  workspace.write(workspace.configFile, title, configurationOf(world, scenario, places));
}

/** Site file of a bench, as plain data. */
export function siteFileOf(world: PretendWorld, { file: { name, van, site } }: Scenario): Record<string, unknown> {
  const { anchor, altitudeM: _altitudeM, lengthM, ...siteFacts } = site;
  return {
    ...siteFacts,
    version: `${name}, pretended`,
    limitSource: { authority: siteFacts.threshold.authority, date: siteFacts.threshold.date },
    centreline: [world.positionAt(anchor, 0), world.positionAt(anchor, lengthM)],
    deployment: { vanHeading: van.heading, lateralM: van.lateralM },
  };
}

/**
 * Signs with the DEMO issuers what the scenario knows and imports it, as `kerbside site import` and its neighbours do.
 *
 * @returns the kinds, in the order in which they were imported
 * @throws KerbsideError 'scenario-invalid' where the scenario's site is one that no issuer could sign
 */
export async function importPacks(
  world: PretendWorld,
  scenario: Scenario,
  workspace: Workspace,
  referenceFolder: string,
): Promise<PackKind[]> {
  const now = new Date();
  const imported: PackKind[] = [];
  for (const content of world.scenarioPacks(scenario.file, world.CAMERA.model, now)) {
    const { kind } = content as { readonly kind: PackKind };
    const origin = `scenario ${scenario.file.name}, ${kind} pack`;
    const bytes = await signDemoPack(kind, stringify(content), now.getTime(), origin).catch((error: unknown) => {
      if (!(error instanceof KerbsideError)) throw error;
      throw new KerbsideError('scenario-invalid', error.message, { cause: error });
    });
    const file = workspace.keep(`${kind}.pack`, bytes);
    const kinds = [kind];
    await importPack({ folder: referenceFolder, file, roots: DEMO_ONLY, kinds, by: 'simulate', nowMs: now.getTime() });
    imported.push(kind);
  }
  return imported;
}
