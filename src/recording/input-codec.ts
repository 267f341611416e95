/** Inputs of the controller to and from their messages (proto/recording.proto). */
import type { kerbside } from '../../proto/generated/recording.js';
import type { ErrorName } from '../errors.js';
import type { Reference } from '../site/reference.js';
import type { BoardReport, GpsFix, ImageArrival, Input, InputLineName, OperatorCommand } from '../timeline.js';
import { monotonicNs, utcMs } from '../units.js';
import { canonicalJson, parseCanonicalJson } from './canonical-json.js';
import { damaged, known, needed } from './damage.js';

type Message = kerbside.recording.v1.Input.$Properties;

const LINES: readonly InputLineName[] = ['strobe', 'tamper', 'ready'];
const COMMANDS: readonly OperatorCommand[] = ['close', 'sync', 'self-test', 'start', 'suspend', 'alignment'];

export function toInputMessage(input: Input): Message {
  const { atNs } = input;
  switch (input.type) {
    case 'radar-bytes':
      return { atNs, radarBytes: input.bytes };
    case 'tick':
      return { atNs, tick: {} };
    case 'radar-link':
      return { atNs, radarLink: { up: input.up, detail: input.detail } };
    case 'gps-link':
      return { atNs, gpsLink: { up: input.up, detail: input.detail } };
    case 'board-link':
      return { atNs, boardLink: { up: input.up, detail: input.detail } };
    case 'gps-fix':
      return { atNs, gpsFix: input.fix };
    case 'clock':
      return {
        atNs,
        clock: { utcMs: input.utcMs, disciplined: input.disciplined, uncertaintyMs: input.uncertaintyMs },
      };
    case 'line-edge':
      return { atNs, lineEdge: { line: input.line, value: input.value } };
    case 'board':
      return { atNs, board: input.report };
    case 'image':
      return { atNs, image: input.image };
    case 'lease':
      return { atNs, lease: { icns: [...input.icns] } };
    case 'store':
      return { atNs, store: { usable: input.usable, detail: input.detail } };
    case 'command':
      return { atNs, command: { command: input.command, by: input.by ?? null } };
    case 'reference':
      return { atNs, referenceJson: canonicalJson(input.reference) };
    case 'attest':
      return { atNs, attest: input.attestation };
    case 'fork-test':
      return { atNs, forkTest: { fork: input.fork, by: input.by } };
    case 'unexported':
      return { atNs, unexported: { oldestUtcMs: input.oldestUtcMs } };
  }
}

/** @throws KerbsideError 'recording-damaged' */
export function fromInputMessage(message: Message): Input {
  const atNs = monotonicNs(needed(message.atNs, 'time of an input'));
  if (message.radarBytes != null) return { type: 'radar-bytes', atNs, bytes: new Uint8Array(message.radarBytes) };
  if (message.tick != null) return { type: 'tick', atNs };
  if (message.radarLink != null) return { type: 'radar-link', atNs, ...linkOf(message.radarLink) };
  if (message.gpsLink != null) return { type: 'gps-link', atNs, ...linkOf(message.gpsLink) };
  if (message.boardLink != null) return { type: 'board-link', atNs, ...linkOf(message.boardLink) };
  if (message.gpsFix != null) return { type: 'gps-fix', atNs, fix: fixOf(message.gpsFix) };
  if (message.board != null) return { type: 'board', atNs, report: boardOf(message.board) };
  if (message.image != null) return { type: 'image', atNs, image: imageOf(message.image) };
  if (message.lease != null) return { type: 'lease', atNs, icns: message.lease.icns ?? [] };
  return rareInput(message, atNs);
}

function rareInput(message: Message, atNs: Input['atNs']): Input {
  const { clock, lineEdge, store, command, attest, forkTest, unexported, referenceJson } = message;
  if (clock != null) {
    const disciplined = needed(clock.disciplined, 'word about the discipline of the clock');
    const uncertaintyMs = clock.uncertaintyMs ?? null;
    return { type: 'clock', atNs, utcMs: utcMs(needed(clock.utcMs, 'UTC of the clock')), disciplined, uncertaintyMs };
  }
  if (lineEdge != null) {
    const value = needed(lineEdge.value, 'value of a line');
    if (value !== 0 && value !== 1) throw damaged(`has a line at ${String(value)}, expected 0 or 1`);
    return { type: 'line-edge', atNs, line: known(LINES, lineEdge.line, 'line'), value };
  }
  if (store != null) {
    const detail = needed(store.detail, 'detail of the store');
    return { type: 'store', atNs, usable: needed(store.usable, 'word about the store'), detail };
  }
  if (command != null) {
    const by = command.by == null ? {} : { by: command.by };
    return { type: 'command', atNs, command: known(COMMANDS, command.command, 'command'), ...by };
  }
  if (attest != null) {
    const attestation = {
      check: needed(attest.check, 'check of an attestation'),
      by: needed(attest.by, 'name in an attestation'),
      statement: needed(attest.statement, 'statement of an attestation'),
      given: needed(attest.given, 'yes or no of an attestation'),
    };
    return { type: 'attest', atNs, attestation };
  }
  if (forkTest != null) {
    return {
      type: 'fork-test',
      atNs,
      fork: needed(forkTest.fork, 'fork'),
      by: needed(forkTest.by, 'name at a fork test'),
    };
  }
  if (unexported != null) {
    const { oldestUtcMs } = unexported;
    return { type: 'unexported', atNs, oldestUtcMs: oldestUtcMs == null ? null : utcMs(oldestUtcMs) };
  }
  if (referenceJson != null)
    return { type: 'reference', atNs, reference: parseCanonicalJson(referenceJson) as Reference };
  throw damaged('has an input of a kind that this version does not know');
}

function linkOf({ up, detail }: kerbside.recording.v1.Link.$Properties): { up: boolean; detail: string } {
  return { up: needed(up, 'word about a link'), detail: needed(detail, 'detail of a link') };
}

function fixOf(fix: kerbside.recording.v1.GpsFix.$Properties): GpsFix {
  return {
    mode: needed(fix.mode, 'mode of a fix'),
    status: fix.status ?? null,
    utcMs: fix.utcMs == null ? null : utcMs(fix.utcMs),
    latitude: fix.latitude ?? null,
    longitude: fix.longitude ?? null,
    altitudeM: fix.altitudeM ?? null,
    speedMs: fix.speedMs ?? null,
    horizontalErrorM: fix.horizontalErrorM ?? null,
  };
}

function boardOf(board: kerbside.recording.v1.Board.$Properties): BoardReport {
  return {
    tailgateOpen: board.tailgateOpen ?? null,
    tailgateClosed: board.tailgateClosed ?? null,
    parkLights: board.parkLights ?? null,
    tamperLoopWhole: board.tamperLoopWhole ?? null,
    batteryV: board.batteryV ?? null,
    cabinetC: board.cabinetC ?? null,
    flashReady: board.flashReady ?? null,
    armKey: board.armKey ?? null,
  };
}

function imageOf(image: kerbside.recording.v1.Image.$Properties): ImageArrival {
  return {
    imageId: needed(image.imageId, 'id of an image'),
    fileName: needed(image.fileName, 'file name of an image'),
    sha256: needed(image.sha256, 'SHA-256 of an image'),
    bytes: needed(image.bytes, 'size of an image'),
    problem: (image.problem ?? null) as ErrorName | null,
    counter: image.counter ?? null,
    cameraClockMs: image.cameraClockMs ?? null,
    cameraClockResolutionMs: needed(image.cameraClockResolutionMs, 'resolution of the camera clock'),
    serialNumber: image.serialNumber ?? null,
    duplicate: needed(image.duplicate, 'word about a duplicate'),
  };
}
