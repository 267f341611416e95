/**
 * The composition root: configuration -> drivers, processes, office, status page. What a van is made of is decided here and
 * nowhere else; `kerbside run` and the simulator start the same controller through it.
 */
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { KerbsideError } from '../src/errors.js';
import type { Site } from '../src/site/types.js';
import { keysFolder, radarLink, toControllerConfig } from './config/load.js';
import { configSchema, type KerbsideConfig } from './config/schema.js';
import { softwareIdentity } from './config/software.js';
import { startConsole, type RunningConsole } from './console/server.js';
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
import { findEvidenceItem } from './store/evidence-files.js';
import type { LineSettings } from './trigger/messages.js';

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
  const parts = officeParts(options);
  await mkdir(parts.imageFolder, { recursive: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('image-unreadable', `Camera folder ${parts.imageFolder} cannot be made (${reason}).`);
  });
  const office = await Office.start(parts);
  const shared = sharedNumbersWarning(options.config);
  if (shared !== null) office.notice('warning', 'icn-default-range', shared);
  const page = await openPage(options.config, office);
  const end = async (how: () => Promise<void>): Promise<void> => {
    try {
      await how();
    } finally {
      await page?.stop();
    }
  };
  return {
    board: office.board,
    get status() {
      return office.status;
    },
    consoleUrl: page?.url ?? null,
    fatal: office.fatal,
    close: () => end(() => office.close()),
    abort: () => end(() => office.abort()),
  };
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

function officeParts({ config, site, demo, say }: KerbsideOptions): OfficeParts {
  const { folder } = config.images;
  if (config.images.source !== 'folder' || folder === undefined) {
    throw new KerbsideError(
      'not-available',
      `Configuration images.source is ${config.images.source} with folder ${folder ?? 'missing'}; expected source folder and its path.`,
    );
  }
  const clock = createClock();
  const controller = toControllerConfig(config, site, demo);
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
    who: whoStarts(),
    clock,
    clockInput: () => clockInput({ disciplined: false, uncertaintyMs: null }),
    startTrigger: forkChild(new URL('./trigger/main.js', import.meta.url)),
    startWorkshop: forkChild(new URL('./workshop/main.js', import.meta.url)),
    startPosition: (onInput) => startGpsd({ ...config.gps, clock, onInput }),
    ...ioBoard(config),
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
async function openPage(config: KerbsideConfig, office: Office): Promise<RunningConsole | null> {
  const page = await startConsole({
    ...config.console,
    board: office.board,
    imagePath: async (icn) => {
      const item = await findEvidenceItem(config.dataDir, icn).catch(() => null);
      return item?.image?.path ?? null;
    },
  });
  if (typeof page !== 'string') {
    office.notice('info', 'console-open', `Status page: ${page.url}`);
    return page;
  }
  office.notice('warning', 'console-closed', page);
  return null;
}
