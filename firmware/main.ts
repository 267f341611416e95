/**
 * The composition root: configuration -> drivers, processes, office, status page. What a van is made of is decided here and
 * nowhere else; `kerbside run` and the simulator start the same controller through it.
 */
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { KerbsideError, type ErrorName } from '../src/errors.js';
import { createEntryEncoder } from '../src/recording/index.js';
import type { Site } from '../src/site/types.js';
import {
  BENCH,
  keysFolder,
  radarLink,
  referenceFolder,
  toControllerConfig,
  type DeploymentSetup,
} from './config/load.js';
import { configSchema, type KerbsideConfig } from './config/schema.js';
import { softwareIdentity } from './config/software.js';
import { startConsole, type ConsoleOptions, type RunningConsole } from './console/server.js';
import { ControlServer } from './control/server.js';
import { clockInput, createClock, nowNs } from './drivers/clock.js';
import { startGpsd } from './drivers/gpsd.js';
import type { FromIoBoard, ToIoBoard } from './io-board/messages.js';
import { openSigner } from './keys/open-signer.js';
import { readCertificate } from './office/certificates.js';
import { forkChild } from './office/child.js';
import { startIoBoard } from './office/io-board-desk.js';
import { Office } from './office/office.js';
import { officeTiming, type OfficeParts, type Say } from './office/parts.js';
import type { Status, StatusBoard } from './office/status.js';
import { packCopies } from './reference/pack-store.js';
import { findEvidenceItem } from './store/evidence-files.js';
import { hasStore, readOldestUnexported } from './store/reader.js';
import type { LineSettings } from './trigger/messages.js';
import { BenchDesk } from './van/bench-desk.js';
import { NO_SITE } from './van/no-site.js';
import { readShelfAside } from './van/packs.js';
import { Van } from './van/van.js';

export interface KerbsideOptions {
  readonly config: KerbsideConfig;
  readonly site: Site;
  /** The road is pretended: everything is marked DEMO. Simulated lines alone make a session a demo in any case. */
  readonly demo: boolean;
  readonly say: Say;
}

export interface RunningKerbside {
  readonly board: StatusBoard;
  readonly status: Status;
  /** Address of the status page; null where it could not be opened. */
  readonly consoleUrl: string | null;
  /** Never resolves; rejects when the session cannot go on. */
  readonly fatal: Promise<never>;
  /** Resolves when the end was asked for on the control socket. */
  readonly closeAsked: Promise<unknown>;
  /** Closes the deployment in order and ends all processes. */
  close(): Promise<void>;
  /** Ends at once; what is open is recovered at the next start. */
  abort(): Promise<void>;
}

/**
 * Starts the controller; resolves when its deployment is open.
 *
 * @throws KerbsideError for whatever keeps the session from beginning, with the exit code for the command line
 */
export async function startKerbside(options: KerbsideOptions): Promise<RunningKerbside> {
  const { config } = options;
  const office = await startSession(options, BENCH);
  const clock = createClock();
  const desk = new BenchDesk(office, config, () => clock.monotonicNs());
  const control = await openControl(config, desk, office).catch(async (error: unknown) => {
    await office.abort();
    throw error;
  });
  const page = await openPage(config, office.board, (level, code, sentence) => {
    office.notice(level, code, sentence);
  });
  const end = async (how: () => Promise<void>): Promise<void> => {
    try {
      await how();
    } finally {
      await Promise.all([page?.stop(), control?.stop()]);
    }
  };
  return {
    board: office.board,
    get status() {
      return office.status;
    },
    consoleUrl: page?.url ?? null,
    fatal: office.fatal,
    closeAsked: desk.closeAsked,
    close: () => end(() => office.close()),
    abort: () => end(() => office.abort()),
  };
}

export type RunningVan = Pick<RunningKerbside, 'fatal' | 'closeAsked' | 'close' | 'abort' | 'consoleUrl'>;

/**
 * The van without a site file: resolves when it waits for a deployment to be opened on its control socket; a static
 * camera has opened its own site then.
 *
 * @throws KerbsideError for whatever keeps it from that
 */
export async function startVan({ config, demo, say }: Omit<KerbsideOptions, 'site'>): Promise<RunningVan> {
  await makeFolder(config.dataDir, 'store-failed', 'Data folder');
  const isDemo = demo || config.lines.driver === 'simulated';
  const { name: _name, files: _files, ...software } = softwareIdentity();
  const van = new Van({
    config,
    identity: { camera: config.camera.id, demo: isDemo, software, zone: 'Pacific/Auckland' },
    clock: createClock(),
    say,
    shelf: { folder: referenceFolder(config), load: () => readShelfAside(config) },
    settle: () => Office.settle(officeParts({ config, site: NO_SITE, demo, say }, BENCH)),
    oldestUnexported: async () =>
      hasStore(config.dataDir) ? ((await readOldestUnexported(config.dataDir)) ?? null) : null,
    startSession: ({ plan, site }, { reference }) => startSession({ config, site, demo, say }, { plan, reference }),
  });
  const notice = (level: 'info' | 'warning' | 'alarm', code: string, sentence: string): void => {
    van.notice(level, code, sentence);
  };
  // The socket first: whoever cannot have it shares the folder with another controller and must touch nothing.
  const control = await ControlServer.start(config.dataDir, van);
  const page = await openPage(config, van.board, notice);
  const end = async (how: () => Promise<void>): Promise<void> => {
    try {
      await how();
    } finally {
      await Promise.all([page?.stop(), control.stop()]);
    }
  };
  try {
    await van.begin();
  } catch (error) {
    await end(() => van.abort());
    throw error;
  }
  return {
    consoleUrl: page?.url ?? null,
    fatal: van.fatal,
    closeAsked: new Promise(() => undefined),
    close: () => end(() => van.close()),
    abort: () => end(() => van.abort()),
  };
}

/** One open deployment, from imported packs or at a bare site file. */
async function startSession(options: KerbsideOptions, setup: DeploymentSetup): Promise<Office> {
  const parts = officeParts(options, setup);
  await makeFolder(parts.imageFolder, 'image-unreadable', 'Camera folder');
  const office = await Office.start(parts);
  const shared = sharedNumbersWarning(options.config);
  if (shared !== null) office.notice('warning', 'icn-default-range', shared);
  return office;
}

async function makeFolder(folder: string, kind: ErrorName, what: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError(kind, `${what} ${folder} cannot be made (${reason}).`);
  });
}

/** At the bench the socket is a convenience: without it the camera works on. Another controller is a refusal in any case. */
async function openControl(config: KerbsideConfig, desk: BenchDesk, office: Office): Promise<ControlServer | null> {
  try {
    return await ControlServer.start(config.dataDir, desk);
  } catch (error) {
    if (!(error instanceof KerbsideError) || error.kind === 'store-locked') throw error;
    office.notice('warning', error.kind, error.message);
    return null;
  }
}

/** ICN-3: numbers are issued to a camera; the default range is every camera's. Null for a bench with simulated lines. */
export function sharedNumbersWarning({ icn, lines }: KerbsideConfig): string | null {
  const { firstDeployment, lastDeployment } = configSchema.shape.icn.parse(undefined);
  const isDefault = icn.firstDeployment === firstDeployment && icn.lastDeployment === lastDeployment;
  if (!isDefault || lines.driver === 'simulated') return null;
  return (
    `Configuration icn.firstDeployment and icn.lastDeployment are the default range, ${firstDeployment} to ${lastDeployment}: ` +
    'two cameras with it print the same numbers; set the range that was issued to this camera.'
  );
}

function officeParts({ config, site, demo, say }: KerbsideOptions, setup: DeploymentSetup): OfficeParts {
  const { folder } = config.images;
  if (config.images.source !== 'folder' || folder === undefined) {
    throw new KerbsideError(
      'not-available',
      `Configuration images.source is ${config.images.source} with folder ${folder ?? 'missing'}; expected source folder and its path.`,
    );
  }
  const clock = createClock();
  const controller = toControllerConfig(config, site, demo, setup);
  const { name: _name, files: _files, ...software } = softwareIdentity();
  const keys = keysFolder(config);
  return {
    dataDir: config.dataDir,
    range: config.icn,
    imageFolder: folder,
    controller,
    port: { path: config.radar.port, ...radarLink(config) },
    lines: lineSettings(config),
    software,
    keys: { folder: keys, check: () => checkKey(keys, controller.demo) },
    certificates: config.certificates.map(({ file, ...facts }) => readCertificate(facts, file ?? null)),
    packs: ({ heads }) => packCopies(referenceFolder(config), heads),
    who: whoStarts(),
    clock,
    clockInput: () => clockInput({ disciplined: false, uncertaintyMs: null }),
    startTrigger: forkChild(new URL('./trigger/main.js', import.meta.url)),
    startWorkshop: forkChild(new URL('./workshop/main.js', import.meta.url)),
    startPosition: (onInput) => startGpsd({ ...config.gps, clock, onInput }),
    ...ioBoard(config),
    recording: { ...config.recording, encoder: createEntryEncoder() },
    say,
    timing: officeTiming(controller),
  };
}

function ioBoard({ ioBoard: { driver, port, ...rest } }: KerbsideConfig): Pick<OfficeParts, 'startIoBoard'> {
  if (driver === 'none' || port === undefined) return {};
  const startChild = forkChild<ToIoBoard, FromIoBoard>(new URL('./io-board/main.js', import.meta.url));
  return { startIoBoard: (onInput) => startIoBoard({ settings: { port, ...rest }, startChild, onInput, nowNs }) };
}

/** A container may know no name for its user. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${String(process.getuid?.() ?? 'unknown')}`;
  }
}

/** @throws KerbsideError 'key-missing', 'key-unusable' */
async function checkKey(folder: string, demo: boolean): Promise<void> {
  await openSigner(folder, { demo });
}

/** Behind sudo stands a person; sudo itself sets the variable, anybody else could. */
function whoStarts(): string {
  const behind = process.env['SUDO_USER'];
  const username = userName();
  return behind === undefined || behind === '' ? username : `${behind} as ${username}`;
}

function lineSettings({ lines }: KerbsideConfig): LineSettings {
  if (lines.driver === 'simulated' && lines.socket !== undefined) return { driver: 'simulated', socket: lines.socket };
  if (lines.driver !== 'onoff') {
    throw new KerbsideError(
      'not-available',
      `Configuration lines.driver is ${lines.driver}; expected onoff or simulated.`,
    );
  }
  return {
    driver: 'onoff',
    gpioRoot: lines.gpioRoot,
    shutter: lines.shutter,
    flash: lines.flash ?? null,
    strobe: lines.strobe ?? null,
    tamper: lines.tamper ?? null,
    ready: lines.ready ?? null,
  };
}

/** The page is a convenience: without it the camera works on. */
async function openPage(
  config: KerbsideConfig,
  board: ConsoleOptions['board'],
  notice: (level: 'info' | 'warning', code: string, sentence: string) => void,
): Promise<RunningConsole | null> {
  const page = await startConsole({
    ...config.console,
    board,
    imagePath: async (icn) => {
      const item = await findEvidenceItem(config.dataDir, icn).catch(() => null);
      return item?.image?.path ?? null;
    },
  });
  if (typeof page !== 'string') {
    notice('info', 'console-open', `Status page: ${page.url}`);
    return page;
  }
  notice('warning', 'console-closed', page);
  return null;
}
