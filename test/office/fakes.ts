/** Stand-ins for the child processes: plain objects behind the same interface; the workshop really writes files. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControllerConfig } from '../../src/controller-config.js';
import { EMPTY_CHAIN, nextLink } from '../../src/evidence/chain.js';
import type { ChainLink } from '../../src/evidence/record-envelope.js';
import { chainName, encodeWork, stemOf, type RecordWork } from '../../src/evidence/record-work.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { NOT_SURVEYED } from '../../src/site/types.js';
import type { ImageArrival, Input, Output } from '../../src/timeline.js';
import { degrees, kmh, metres, monotonicNs, utcMs } from '../../src/units.js';
import type { ChildEvents, StartChild } from '../../firmware/office/child.js';
import type { OfficeParts } from '../../firmware/office/parts.js';
import { Database } from '../../firmware/store/database.js';
import { STORE_FILE } from '../../firmware/store/store.js';
import type { FromTrigger, ToTrigger } from '../../firmware/trigger/messages.js';
import type { FromWorkshop, ToWorkshop } from '../../firmware/workshop/messages.js';
import { sampleContext } from '../evidence/samples.js';
import { jsonEncoder } from '../recording/samples.js';
import { RANGE } from '../store/samples.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Polls the real world of promises and files; the mocha timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

export class FakeTrigger {
  readonly inputs: Input[] = [];
  readonly icns: string[] = [];
  starts = 0;
  stopped = false;
  /** What it does when it is started: opens its devices, or faults. */
  onStart: (trigger: FakeTrigger) => void = (trigger) => {
    trigger.say({ type: 'started' });
  };
  /** What it does when the session closes; the real controller concludes first. */
  onClose: (trigger: FakeTrigger) => void = (trigger) => {
    trigger.put({ type: 'closed', atNs: monotonicNs(9e9) });
  };
  /** What it does with each input, beside remembering it. */
  onInput: (input: Input) => void = () => undefined;
  #events: ChildEvents<FromTrigger> | null = null;

  readonly start: StartChild<ToTrigger, FromTrigger> = (events) => {
    this.#events = events;
    return {
      send: (message) => {
        setImmediate(() => {
          this.#take(message);
        });
        return true;
      },
      kill: () => {
        this.die('signal SIGKILL');
      },
    };
  };

  say(message: FromTrigger): void {
    this.#events?.onMessage(structuredClone(message));
  }

  put(...outputs: Output[]): void {
    this.say({ type: 'outputs', outputs });
  }

  die(detail: string): void {
    const events = this.#events;
    this.#events = null;
    events?.onExit(detail);
  }

  async lease(count = 8): Promise<readonly string[]> {
    const before = this.icns.length;
    this.put({ type: 'request-lease', atNs: monotonicNs(1e9), count });
    await until(() => this.icns.length > before);
    return this.icns.slice(before);
  }

  ofType<T extends Input['type']>(type: T): Extract<Input, { type: T }>[] {
    return this.inputs.filter((input): input is Extract<Input, { type: T }> => input.type === type);
  }

  #take(message: ToTrigger): void {
    if (message.type === 'start') {
      this.starts += 1;
      this.onStart(this);
    } else if (message.type === 'stop') {
      this.stopped = true;
      this.die('exit code 0');
    } else {
      this.inputs.push(message.input);
      this.onInput(message.input);
      if (message.input.type === 'lease') this.icns.push(...message.input.icns);
      if (message.input.type === 'command' && message.input.command === 'close') this.onClose(this);
    }
  }
}

type SealMessage = Extract<ToWorkshop, { type: 'seal' }>;

export class FakeWorkshop {
  readonly asked: string[] = [];
  readonly forgotten: string[] = [];
  starts = 0;
  /** Null: seals; otherwise what it answers instead, or 'die', or 'silent'. */
  refuse: (exposure: ConcludedExposure) => null | 'die' | 'silent' | { sentence: string; retry: boolean } = () => null;
  #folder = '';
  #events: ChildEvents<FromWorkshop> | null = null;

  readonly start: StartChild<ToWorkshop, FromWorkshop> = (events) => {
    this.#events = events;
    this.starts += 1;
    return {
      send: (message) => {
        setImmediate(() => {
          if (this.#events === events) this.#take(message);
        });
        return true;
      },
      kill: () => {
        this.die('signal SIGKILL');
      },
    };
  };

  say(message: FromWorkshop): void {
    this.#events?.onMessage(message);
  }

  die(detail: string): void {
    const events = this.#events;
    this.#events = null;
    events?.onExit(detail);
  }

  /** The camera delivers a file. */
  deliver(name: string, bytes: Uint8Array, changes: Partial<ImageArrival> = {}): ImageArrival {
    writeFileSync(join(this.#folder, name), bytes);
    const image: ImageArrival = {
      imageId: name,
      fileName: name,
      sha256: sha256(bytes),
      bytes: bytes.length,
      problem: null,
      counter: null,
      cameraClockMs: null,
      cameraClockResolutionMs: 1000,
      serialNumber: null,
      duplicate: false,
      ...changes,
    };
    this.say({ type: 'image', image, atNs: 1e9 });
    return image;
  }

  #take(message: ToWorkshop): void {
    if (message.type === 'watch') {
      this.#folder = message.folder;
      mkdirSync(message.folder, { recursive: true });
    } else if (message.type === 'forget-image') {
      this.forgotten.push(message.imageId);
      const path = join(this.#folder, message.imageId);
      if (existsSync(path) && sha256(readFileSync(path)) === message.sha256) rmSync(path);
    } else if (message.type === 'stop') this.die('exit code 0');
    else this.#seal(message);
  }

  #seal(message: SealMessage): void {
    const { jobId, work, link } = message;
    const name = chainName(work);
    this.asked.push(stemOf(work));
    const refusal = work.type === 'exposure' ? this.refuse(work.exposure) : null;
    if (refusal === 'silent') return;
    if (refusal === 'die') this.die('signal SIGSEGV');
    else if (refusal !== null) {
      this.say({ type: 'failed', jobId, name, kind: 'disk-full', ...refusal });
    } else {
      const imageId = work.type === 'exposure' ? work.exposure.imageId : null;
      const original = imageId === null ? null : readFileSync(join(this.#folder, imageId));
      const files = writeSealed(message.directory, work, link, original);
      this.say({ type: 'sealed', jobId, name, ...files, stageMs: {} });
    }
  }
}

/** Files as a workshop leaves them; the record is a real one, image and signature only stand for theirs. */
export function writeSealed(directory: string, work: RecordWork, link: ChainLink, original: Uint8Array | null) {
  mkdirSync(directory, { recursive: true });
  const path = (ending: string): string => join(directory, `${stemOf(work)}.${ending}`);
  const sealed = original === null ? null : Buffer.concat([original, Buffer.from(`sealed ${stemOf(work)}`)]);
  const image = sealed === null ? null : { path: path('jpg'), sha256: sha256(sealed) };
  if (sealed !== null) writeFileSync(path('jpg'), sealed);
  const facts = {
    sealedImageSha256: image?.sha256 ?? null,
    splice: image === null ? null : { photoRows: 48, sealedRows: 96, edgeRows: 0 },
    cameraFileSha256: original === null ? null : sha256(original),
  };
  const record = encodeWork(work, link, facts, '0.1.0-test');
  writeFileSync(path('p7s'), 'a signature');
  writeFileSync(path('record'), record);
  return { image, record: { path: path('record'), sha256: sha256(record) } };
}

/** The same for an exposure of the sample deployment. */
export const writeSealedExposure = (
  directory: string,
  exposure: ConcludedExposure,
  original: Uint8Array | null,
  link: ChainLink = nextLink(EMPTY_CHAIN),
) => writeSealed(directory, { type: 'exposure', exposure, context: sampleContext }, link, original);

export const CONTROLLER: ControllerConfig = {
  camera: {
    id: 'SC-014',
    model: 'unknown',
    approvalNotice: null,
    serialNumber: null,
    shutterPulseMs: 50,
    flashLeadMs: 2,
    flashPulseMs: 50,
    flash: 'dark',
    deadTimeMs: 500,
    strobeWindowMs: [0, 250],
    imageTimeoutMs: 10_000,
    hasStrobe: false,
    hasReadyLine: false,
  },
  radar: {
    protocol: 'agd350',
    baudRate: 921_600,
    parity: 'odd',
    corrected: false,
    requireReadback: false,
    selfTest: false,
    angleReference: 'auto',
  },
  mounting: {
    facing: 'rear',
    side: 'left',
    antennaAheadM: metres(0),
    antennaOffsetM: metres(0),
    angleDeg: degrees(22.5),
    beamWidthDeg: degrees(5),
  },
  site: {
    code: '4711',
    road: 'Marine Parade',
    locality: 'Napier',
    version: null,
    ...NOT_SURVEYED,
    limitSource: null,
    zone: 'Pacific/Auckland',
    centreline: [
      { latitude: -39.49, longitude: 176.91 },
      { latitude: -39.5, longitude: 176.91 },
    ],
    lanes: [{ id: 'L1', direction: 'increasing', widthM: metres(3.5), monitored: true }],
    limitKmh: kmh(50),
    threshold: { speedKmh: kmh(61), authority: 'National Manager', date: '2026-01-15' },
    limitDrops: [],
    merges: [],
    temporaryLimit: false,
    school: null,
    deployment: { vanHeading: 'increasing', lateralM: metres(5) },
  },
  lines: ['shutter'],
  installation: 'mobile',
  plan: null,
  reference: NO_REFERENCE,
  equipment: { radarSerial: null, forks: [], selfTestEveryMinutes: null },
  hasIoBoard: false,
  demo: true,
};

export interface Van {
  readonly parts: OfficeParts;
  readonly trigger: FakeTrigger;
  readonly workshop: FakeWorkshop;
  readonly said: string[];
  /** Emits what the position source would. */
  position: (input: Input) => void;
}

/** One van on a data folder of its own, with short patience. */
export function makeVan(root: string): Van {
  const trigger = new FakeTrigger();
  const workshop = new FakeWorkshop();
  const said: string[] = [];
  let tick = 1e9;
  const clock = {
    monotonicNs: () => monotonicNs((tick += 1e6)),
    utcMs: () => utcMs(1_790_000_000_000 + tick / 1e6),
  };
  const van: Van = {
    trigger,
    workshop,
    said,
    position: () => undefined,
    parts: {
      dataDir: join(root, 'data'),
      range: RANGE,
      imageFolder: join(root, 'camera'),
      controller: CONTROLLER,
      port: { path: '/dev/radar', baudRate: 921_600, parity: 'odd' },
      lines: { driver: 'simulated', socket: join(root, 'lines') },
      software: sampleContext.software,
      keys: { folder: join(root, 'data', 'keys'), check: () => Promise.resolve() },
      certificates: [],
      who: 'technician',
      clock,
      clockInput: () => ({
        type: 'clock',
        atNs: clock.monotonicNs(),
        utcMs: clock.utcMs(),
        disciplined: false,
        uncertaintyMs: null,
      }),
      startTrigger: trigger.start,
      startWorkshop: workshop.start,
      startPosition: (onInput) => {
        van.position = onInput;
        return { stop: () => undefined };
      },
      recording: { partMb: 32, keepMb: 4096, encoder: jsonEncoder() },
      say: { progress: (text) => said.push(text), warn: (text) => said.push(text) },
      timing: {
        closeMs: 500,
        drainMs: 2000,
        stopMs: 500,
        retryMs: 5,
        restartMs: [1],
        clockEveryMs: 60_000,
        silentMs: 60_000,
        sealMs: 60_000,
      },
    },
  };
  return van;
}

/** What a second connection reads. */
export async function queryStore(dataDir: string, sql: string): Promise<Record<string, unknown>[]> {
  const database = await Database.open(join(dataDir, STORE_FILE), 'read');
  return database.all<Record<string, unknown>>(sql).finally(() => database.close());
}
