/**
 * From files that people write to what the program uses: `kerbside.yaml` and the site file (contract,
 * "Configuration"). Relative paths count from the folder of the file that states them, so that a configuration means
 * the same wherever the command is typed.
 */
import { accessSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ControllerConfig } from '../../src/controller-config.js';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { defaultLink } from '../../src/radar/index.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import type { Site } from '../../src/site/types.js';
import { degrees, metres } from '../../src/units.js';
import { crossCheck } from './cross-checks.js';
import { explain } from './issues.js';
import { dotted, problem, type Problem } from './problem.js';
import { configSchema, type KerbsideConfig } from './schema.js';
import { parseYaml, readTextFile, type YamlDocument } from './yaml-document.js';

export const CONFIG_PLACES: readonly string[] = ['kerbside.yaml', '/etc/kerbside/kerbside.yaml'];

export interface InspectedConfig {
  /** Absolute. */
  readonly file: string;
  /** null while there are problems. */
  readonly config: KerbsideConfig | null;
  /** All of them, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Name of the first problem's error: 'config-invalid', or 'not-available' for what comes later. */
  readonly kind: ErrorName;
  readonly document: YamlDocument;
}

/**
 * `--config FILE`, else `./kerbside.yaml`, else `/etc/kerbside/kerbside.yaml`.
 * @throws KerbsideError 'config-unreadable' when none is there
 */
export function findConfig(path: string | null, places: readonly string[] = CONFIG_PLACES): string {
  if (path !== null) return resolve(path);
  for (const place of places) {
    try {
      accessSync(place);
      return resolve(place);
    } catch {
      // Not here; an unreadable file in a folder that may not be entered is as good as absent.
    }
  }
  const looked = places.join(' and ');
  throw new KerbsideError('config-unreadable', `no configuration at ${looked}, expected one or --config FILE.`);
}

/**
 * Everything that is wrong with a configuration, at once.
 * @throws KerbsideError 'config-unreadable' when the file cannot be read at all
 */
export function inspectConfig(path: string | null): InspectedConfig {
  const file = findConfig(path);
  const document = parseYaml(file, readTextFile(file, 'config-unreadable'));
  const invalid = (problems: Problem[], kind: ErrorName): InspectedConfig => ({
    file,
    config: null,
    problems,
    kind,
    document,
  });
  if (document.problems.length > 0) return invalid([...document.problems], 'config-invalid');
  const parsed = configSchema.safeParse(document.value);
  if (!parsed.success) return invalid(explain(document, configSchema, parsed.error.issues), 'config-invalid');
  const config = resolvePaths(parsed.data, dirname(file));
  const objections = crossCheck(config);
  if (objections.length === 0) return { file, config, problems: [], kind: 'config-invalid', document };
  return invalid(
    objections.map(({ path: key, clause }) => problem(file, document.placeOfValue(key), dotted(key), clause)),
    objections.every(({ later }) => later) ? 'not-available' : 'config-invalid',
  );
}

/**
 * @param path from --config; null: the default places
 * @throws KerbsideError 'config-unreadable', 'config-invalid', 'not-available': the first problem and how many follow
 */
export function loadConfig(path: string | null): KerbsideConfig {
  const { config, problems, kind } = inspectConfig(path);
  if (config !== null) return config;
  throw refusal(kind, problems, 'kerbside config check');
}

/** @throws KerbsideError 'site-unreadable', 'site-invalid': the first problem and how many follow */
export function loadSite(path: string): Site {
  const { site, problems } = inspectSite(path);
  if (site !== null) return site;
  throw refusal('site-invalid', problems, 'kerbside config check');
}

/** Everything that is wrong with a site file, at once. @throws KerbsideError 'site-unreadable' */
export function inspectSite(path: string): { site: Site | null; problems: readonly Problem[] } {
  const file = resolve(path);
  const document = parseYaml(file, readTextFile(file, 'site-unreadable'));
  if (document.problems.length > 0) return { site: null, problems: document.problems };
  const parsed = siteSchema.safeParse(document.value);
  if (!parsed.success) return { site: null, problems: explain(document, siteSchema, parsed.error.issues) };
  try {
    return { site: toSite(parsed.data), problems: [] };
  } catch (error) {
    // What no schema can see, e.g. a limit drop beyond the end of the centreline.
    if (!(error instanceof KerbsideError)) throw error;
    const place = document.placeOfValue([]);
    return { site: null, problems: [problem(file, place, null, error.message.replace(/\.$/, ''))] };
  }
}

function refusal(kind: ErrorName, problems: readonly Problem[], tool: string): KerbsideError {
  const [first, ...rest] = problems.map(({ sentence }) => sentence);
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more, which ${tool} lists).`;
  return new KerbsideError(kind, rest.length === 0 ? (first ?? '') : `${(first ?? '').replace(/\.$/, '')}${more}`);
}

/** Keys that hold paths; a serial port is one, since a pty or a by-id link may stand beside the file. */
function resolvePaths(config: KerbsideConfig, folder: string): KerbsideConfig {
  const absolute = (path: string): string => resolve(folder, path);
  const { siteFile, lines, ioBoard, images, keys, reference, trust } = config;
  return {
    ...config,
    dataDir: absolute(config.dataDir),
    ...(siteFile === undefined ? {} : { siteFile: absolute(siteFile) }),
    radar: { ...config.radar, port: absolute(config.radar.port) },
    lines: {
      ...lines,
      gpioRoot: absolute(lines.gpioRoot),
      ...(lines.socket === undefined ? {} : { socket: absolute(lines.socket) }),
    },
    ioBoard: { ...ioBoard, ...(ioBoard.port === undefined ? {} : { port: absolute(ioBoard.port) }) },
    certificates: config.certificates.map((certificate) =>
      certificate.file === undefined ? certificate : { ...certificate, file: absolute(certificate.file) },
    ),
    images: { ...images, ...(images.folder === undefined ? {} : { folder: absolute(images.folder) }) },
    keys: { ...(keys.folder === undefined ? {} : { folder: absolute(keys.folder) }) },
    reference: { ...(reference.folder === undefined ? {} : { folder: absolute(reference.folder) }) },
    trust: {
      ...(trust.pib === undefined ? {} : { pib: absolute(trust.pib) }),
      ...(trust.calibration === undefined ? {} : { calibration: absolute(trust.calibration) }),
    },
  };
}

/** Speed and parity of the serial port: as configured, else as the radar leaves the factory. */
export function radarLink({ radar }: KerbsideConfig): Pick<ControllerConfig['radar'], 'baudRate' | 'parity'> {
  const usual = defaultLink(radar.protocol);
  return { baudRate: radar.baudRate ?? usual.baudRate, parity: radar.parity ?? usual.parity };
}

/** Where the keys of this camera lie. */
export const keysFolder = ({ keys, dataDir }: Pick<KerbsideConfig, 'keys' | 'dataDir'>): string =>
  keys.folder ?? join(dataDir, 'keys');

/** Where imported packs lie. */
export const referenceFolder = ({ reference, dataDir }: Pick<KerbsideConfig, 'reference' | 'dataDir'>): string =>
  reference.folder ?? join(dataDir, 'reference');

/** What a deployment from imported packs is told beside its site; BENCH for a bare site file. */
export type DeploymentSetup = Pick<ControllerConfig, 'plan' | 'reference'>;

export const BENCH: DeploymentSetup = { plan: null, reference: NO_REFERENCE };

/** @param demo true when the road is pretended, too; simulated lines alone make a session a demo in any case */
export function toControllerConfig(
  config: KerbsideConfig,
  site: Site,
  demo: boolean,
  setup: DeploymentSetup = BENCH,
): ControllerConfig {
  const { camera, radar, mounting, lines } = config;
  return {
    camera: {
      id: camera.id,
      model: camera.model,
      approvalNotice: camera.approvalNotice,
      serialNumber: camera.serialNumber,
      shutterPulseMs: camera.shutterPulseMs,
      flashLeadMs: camera.flashLeadMs,
      flashPulseMs: camera.flashPulseMs,
      flash: camera.flash,
      deadTimeMs: camera.deadTimeMs,
      strobeWindowMs: camera.strobeWindowMs,
      imageTimeoutMs: camera.imageTimeoutMs,
      hasStrobe: lines.strobe !== undefined,
      hasReadyLine: lines.ready !== undefined,
    },
    radar: {
      protocol: radar.protocol,
      ...radarLink(config),
      corrected: radar.corrected,
      requireReadback: radar.requireReadback,
      selfTest: radar.selfTest,
      angleReference: radar.angleReference,
    },
    mounting: {
      facing: mounting.facing,
      side: mounting.side,
      antennaAheadM: metres(mounting.antennaAheadM),
      antennaOffsetM: metres(mounting.antennaOffsetM),
      angleDeg: degrees(radar.angleDeg),
      beamWidthDeg: degrees(radar.beamWidthDeg),
    },
    site,
    lines: lines.flash === undefined ? ['shutter'] : ['shutter', 'flash'],
    installation: config.installation.kind,
    ...setup,
    equipment: {
      radarSerial: radar.serialNumber,
      forks: config.forks,
      selfTestEveryMinutes: radar.protocol === 'agd350' && radar.selfTest ? radar.selfTestEveryMinutes : null,
    },
    hasIoBoard: config.ioBoard.driver !== 'none',
    demo: demo || lines.driver === 'simulated',
  };
}
