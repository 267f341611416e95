/**
 * What one key demands of another, and what the file may name but this version cannot do yet. The schema knows the
 * contract's whole vocabulary, so that a configuration for a later version gets a sentence that says what to use now
 * instead of "unknown value".
 */
import type { KerbsideConfig } from './schema.js';
import type { KeyPath } from './yaml-document.js';

export interface Objection {
  readonly path: KeyPath;
  /** Follows the key: `is …, expected …`. */
  readonly clause: string;
  /** True: the key is right, this version is too old for it. */
  readonly later: boolean;
}

type Check = (config: KerbsideConfig) => Objection | null;

const wrong = (path: KeyPath, clause: string): Objection => ({ path, clause, later: false });
const notYet = (path: KeyPath, found: string, instead: string): Objection => ({
  path,
  clause: `is ${found}, which comes with a later version, expected ${instead}`,
  later: true,
});

const CHECKS: readonly Check[] = [
  ({ lines }) => (lines.driver === 'gpiochip' ? notYet(['lines', 'driver'], 'gpiochip', 'onoff or simulated') : null),
  ({ images }) => (images.source === 'folder' ? null : notYet(['images', 'source'], images.source, 'folder')),
  ({ ioBoard }) =>
    ioBoard.driver === 'johnny-five' && ioBoard.port === undefined
      ? wrong(
          ['ioBoard', 'port'],
          'is missing, expected the serial device of the I/O board, since ioBoard.driver is johnny-five',
        )
      : null,
  ({ ioBoard, radar }) =>
    ioBoard.port !== undefined && ioBoard.port === radar.port
      ? wrong(['ioBoard', 'port'], 'is the same device as radar.port, expected a port of its own')
      : null,
  ({ lines }) =>
    lines.driver === 'simulated' && lines.socket === undefined
      ? wrong(['lines', 'socket'], 'is missing, expected the path of a Unix socket, since lines.driver is simulated')
      : null,
  ({ images }) =>
    images.source === 'folder' && images.folder === undefined
      ? wrong(['images', 'folder'], 'is missing, expected the folder of the camera, since images.source is folder')
      : null,
  ({ images, dataDir }) =>
    images.folder !== undefined && images.folder === dataDir
      ? wrong(['images', 'folder'], 'is the same folder as dataDir, expected a folder of its own for the camera')
      : null,
  ({ camera, lines }) =>
    camera.flash === 'always' && lines.flash === undefined
      ? wrong(['camera', 'flash'], 'is always, but lines.flash names no line, expected a line, or dark or never')
      : null,
  ({ camera: { shutterPulseMs, deadTimeMs } }) =>
    shutterPulseMs >= deadTimeMs
      ? wrong(
          ['camera', 'shutterPulseMs'],
          `is ${shutterPulseMs} ms, expected less than camera.deadTimeMs, ${deadTimeMs} ms: the line must fall before it rises again`,
        )
      : null,
  ({ camera: { flashPulseMs, flashLeadMs }, lines }) =>
    lines.flash !== undefined && flashPulseMs <= flashLeadMs
      ? wrong(
          ['camera', 'flashPulseMs'],
          `is ${flashPulseMs} ms, expected more than camera.flashLeadMs, ${flashLeadMs} ms: the flash must still be lit at the shutter`,
        )
      : null,
  ({ camera: { strobeWindowMs } }) =>
    strobeWindowMs[0] >= strobeWindowMs[1]
      ? wrong(
          ['camera', 'strobeWindowMs'],
          `is ${strobeWindowMs[0]} to ${strobeWindowMs[1]} ms, expected the first to be smaller than the second`,
        )
      : null,
  ({ camera: { strobeWindowMs, imageTimeoutMs } }) =>
    imageTimeoutMs <= strobeWindowMs[1]
      ? wrong(
          ['camera', 'imageTimeoutMs'],
          `is ${imageTimeoutMs} ms, expected more than the end of camera.strobeWindowMs, ${strobeWindowMs[1]} ms`,
        )
      : null,
  ({ icn }) =>
    icn.firstDeployment > icn.lastDeployment
      ? wrong(
          ['icn', 'firstDeployment'],
          `is ${icn.firstDeployment}, expected at most icn.lastDeployment, ${icn.lastDeployment}`,
        )
      : null,
  ({ installation: { kind, site }, siteFile }) =>
    kind === 'static' && site === undefined && siteFile === undefined
      ? wrong(
          ['installation', 'site'],
          'is missing, expected the code of the site where the camera stands, since installation.kind is static',
        )
      : null,
  ({ installation: { kind, site } }) =>
    kind === 'mobile' && site !== undefined
      ? wrong(
          ['installation', 'site'],
          `is ${site}, expected none: the operator of a mobile camera names the site when he opens a deployment`,
        )
      : null,
  ({ forks }) => {
    const again = forks.findIndex((fork, index) => forks.indexOf(fork) !== index);
    return again < 0
      ? null
      : wrong(['forks', again], `is ${forks[again] ?? ''}, which is named already, expected each once`);
  },
  sharedLine,
  sharedPin,
];

/** Two functions on one pin would fire the flash with the shutter or read back what was written. */
function sharedLine({ lines }: KerbsideConfig): Objection | null {
  if (lines.driver === 'simulated') return null;
  const owners = new Map<number, string>();
  for (const name of ['shutter', 'flash', 'strobe', 'tamper', 'ready'] as const) {
    const number = lines[name];
    if (number === undefined) continue;
    const owner = owners.get(number);
    if (owner !== undefined) {
      return wrong(['lines', name], `is ${number}, which lines.${owner} has already, expected a line of its own`);
    }
    owners.set(number, name);
  }
  return null;
}

/** Two functions on one pin of the I/O board: one of them would say what the other does. */
function sharedPin({ ioBoard }: KerbsideConfig): Objection | null {
  const owners = new Map<number | string, string>();
  for (const [name, pin] of Object.entries(ioBoard.pins)) {
    if (pin === null) continue;
    const owner = owners.get(pin);
    if (owner !== undefined) {
      return wrong(['ioBoard', 'pins', name], `is ${pin}, which ${owner} has already, expected a pin of its own`);
    }
    owners.set(pin, name);
  }
  if (ioBoard.driver === 'none' || owners.size > 0) return null;
  return wrong(['ioBoard', 'pins'], 'names no pin at all, expected one that is wired, or ioBoard.driver none');
}

/** Only for a configuration that the schema has accepted. */
export const crossCheck = (config: KerbsideConfig): Objection[] =>
  CHECKS.map((check) => check(config)).filter((objection) => objection !== null);
