/** Configuration and site file for the pretend van: what an installer and PIB would have written for a real one. */
import type { Workspace } from '../simulation/workspace.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Scenario = ReturnType<PretendWorld['loadScenario']>;

export function writeConfiguration(
  world: PretendWorld,
  scenario: Scenario,
  workspace: Workspace,
  ports: { readonly gpsPort: number; readonly consolePort: number },
): void {
  const { name, instruments, van, site } = scenario.file;
  const { anchor, altitudeM: _altitudeM, lengthM, ...siteFacts } = site;
  workspace.write(workspace.siteFile, `Site of the scenario ${name}. DEMO: this road does not exist.`, {
    ...siteFacts,
    version: `${name}, pretended`,
    limitSource: { authority: siteFacts.threshold.authority, date: siteFacts.threshold.date },
    centreline: [world.positionAt(anchor, 0), world.positionAt(anchor, lengthM)],
    deployment: { vanHeading: van.heading, lateralM: van.lateralM },
  });
  workspace.write(workspace.configFile, `Configuration of the scenario ${name}. DEMO: no such van exists.`, {
    camera: {
      id: 'DEMO-1',
      model: world.CAMERA.model,
      approvalNotice: null,
      serialNumber: world.CAMERA.serialNumber,
      flash: instruments.flash,
    },
    dataDir: workspace.dataDir,
    siteFile: workspace.siteFile,
    radar: {
      protocol: instruments.radar,
      port: workspace.radarPath,
      ...world.RADAR_LINKS[instruments.radar],
      angleDeg: instruments.angleDeg,
      beamWidthDeg: instruments.beamWidthDeg,
      corrected: false,
    },
    mounting: { facing: van.facing, side: van.side, antennaAheadM: van.antennaAheadM, antennaOffsetM: 0 },
    gps: { host: '127.0.0.1', port: ports.gpsPort },
    lines: { driver: 'simulated', shutter: 17, flash: 27, strobe: 22, socket: workspace.linesSocket },
    images: { source: 'folder', folder: workspace.cameraFolder },
    console: { host: '127.0.0.1', port: ports.consolePort },
  });
}
