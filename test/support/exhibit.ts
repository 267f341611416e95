/**
 * Real exhibits, small ones: radar frames that measure what the record says, a photo of 64 x 48, stamped, sealed and
 * signed by the workshop's own code, chained, with the account of their deployment.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueDemo, selfIssue, spkiOf } from '../../firmware/keys/certificates.js';
import { toPem } from '../../firmware/keys/pem.js';
import { seal } from '../../firmware/workshop/seal.js';
import type { DeploymentEvent, EventType } from '../../src/deployment/events.js';
import { chainLine, EMPTY_CHAIN, nextLink, type ChainHead } from '../../src/evidence/chain.js';
import { toLowS } from '../../src/evidence/es256.js';
import type { EventFacts } from '../../src/evidence/event-record.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import { chainName, deploymentOf, type RecordWork } from '../../src/evidence/record-work.js';
import type { DeploymentFacts } from '../../src/evidence/session-records.js';
import type { ConcludedExposure, ExposureKind } from '../../src/evidence/types.js';
import { createPassTracker } from '../../src/measurement/pass-tracker.js';
import type { Measurement } from '../../src/measurement/types.js';
import { createRadarDriver } from '../../src/radar/index.js';
import type { Reading } from '../../src/radar/reading.js';
import type { Signer } from '../../src/ports/signer.js';
import { kmh, metres, monotonicNs, utcMs } from '../../src/units.js';
import { emptyExposure, fullExposure, fullFacts, sampleContext } from '../evidence/samples.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { jpegFile, withExif } from '../workshop/camera-files.js';

const SOFTWARE = '0.1.0';
export const DEPLOYMENT = '000123';
/** When everything here was sealed: the moment of the sample exposure. */
export const SEALED_MS = Math.floor((fullFacts.utcMs ?? 0) / 1000) * 1000 + 2000;

/** Signs with a key in memory. */
function memorySigner(key: KeyObject, certificate: Uint8Array, demo: boolean): Signer {
  return {
    certificates: [certificate],
    demo,
    sign: async (bytes) => toLowS(Uint8Array.from(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))),
  };
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Another key under the public DEMO root at each call. */
export async function demoSigner(): Promise<Signer> {
  const key = newKey();
  const subject = { organisation: 'Kerbside DEMO - NOT EVIDENCE', commonName: 'Kerbside DEMO camera' };
  return memorySigner(key, await issueDemo(spkiOf(key), subject, SEALED_MS), true);
}

/** A device with a root of its own, another one at each call. */
export async function deviceSigner(): Promise<{
  readonly signer: Signer;
  readonly root: Uint8Array;
  readonly rootPem: string;
}> {
  const key = newKey();
  const { certificate, root } = await selfIssue(
    spkiOf(key),
    { organisation: 'Road Policing', commonName: 'SC-014' },
    SEALED_MS,
  );
  return { signer: memorySigner(key, certificate, false), root, rootPem: toPem('CERTIFICATE', root) };
}

/** A receding vehicle as an AGD 350 reports it, in the frames of the manual. */
export function passReadings(speedKmh: number, count = 8): Reading[] {
  const { decoder } = createRadarDriver({
    ...sampleContext.geometry,
    protocol: 'agd350',
    requireReadback: false,
    selfTest: false,
  });
  const readings: Reading[] = [];
  for (let i = 0; i < count; i += 1) {
    const body = [
      ...['04', (43_200 + i / 20).toFixed(2), '7', 'R', (speedKmh + (i % 3) * 0.1).toFixed(1), 'K'],
      ...[(24 + i).toFixed(1), (-0.5 + i / 10).toFixed(1), '12', 'P', '61.5'],
    ];
    const frame = Uint8Array.from(Buffer.from(agdFrameText(body.join(',')), 'latin1'));
    decoder.push(frame, monotonicNs(4.5e9 + i * 50e6), (event) => {
      if (event.type === 'reading') readings.push(event.reading);
    });
  }
  return readings;
}

function measure(readings: readonly Reading[]): Measurement {
  const { angleDeg, beamWidthDeg, angleReference } = sampleContext.geometry;
  const { traits } = createRadarDriver({
    ...sampleContext.geometry,
    protocol: 'agd350',
    requireReadback: false,
    selfTest: false,
  });
  const tracker = createPassTracker(
    { angleDeg, beamWidthDeg, angleReference, beamTurned: 'left', largestFootprintM: metres(6.33) },
    traits,
  );
  const measured: Measurement[] = [];
  const take = (event: { measurement: Measurement }): void => void measured.push(event.measurement);
  for (const reading of readings) tracker.add(reading, take);
  tracker.advance(monotonicNs(100e9), take);
  const last = measured.at(-1);
  if (last === undefined) throw new Error('the pass was never measured');
  return last;
}

export interface Wishes {
  readonly demo?: boolean;
  /** Images of the deployment, 001 first. */
  readonly kinds?: readonly ExposureKind[];
  readonly readings?: number;
  /** Events between opening and closing. */
  readonly story?: readonly (Partial<DeploymentEvent> & Pick<DeploymentEvent, 'type'>)[];
}

export const icnOf = (image: number): string => `${DEPLOYMENT}${String(image).padStart(3, '0')}`;

/** @param cameraSha256 of the camera's file, which lies in the spool under `imageId` */
export function exposureOf(kind: ExposureKind, image: number, demo: boolean, count = 8): ConcludedExposure {
  const icn = icnOf(image);
  const own = { icn, incident: icn, imageNumber: 1, imageCount: 1, kind, concludedNs: monotonicNs(6e9 + image * 1e9) };
  const imageId = kind === 'void' || kind === 'test' ? null : `DSC_${String(image).padStart(4, '0')}.JPG`;
  if (kind === 'void') {
    const facts = { ...emptyExposure.facts, demo };
    return { ...emptyExposure, ...own, reason: 'lease-unused', facts };
  }
  const isMeasured = kind === 'incident' || kind === 'annulled';
  const bare = { ...fullExposure, ...own, imageId, imageSha256: null, reason: null };
  if (!isMeasured) {
    const facts = { ...fullFacts, speedKmh: null, truncatedKmh: null, readingsUsed: 0, readingsCut: 0, demo };
    const reason = kind === 'unmatched' ? ('no-trigger' as const) : null;
    return { ...bare, reason, passId: null, verdict: null, readings: [], facts };
  }
  const readings = passReadings(103 + image, count);
  const { speedKmh, truncatedKmh, readingsUsed, readingsCut } = measure(readings);
  const facts = { ...fullFacts, speedKmh, truncatedKmh, readingsUsed, readingsCut, demo };
  const verdict = { ...fullExposure.verdict!, kind: 'enforce' as const, reason: null };
  if (kind === 'incident') return { ...bare, readings, facts, verdict };
  return {
    ...bare,
    readings,
    facts,
    reason: 'lane-not-monitored',
    verdict: { ...verdict, kind: 'observe', reason: 'lane-not-monitored' },
  };
}

export interface Exhibit {
  readonly name: string;
  readonly record: Uint8Array;
  readonly signature: Uint8Array;
  readonly image: Uint8Array | null;
}

export interface MadeSet {
  /** The data folder; its evidence lies in `evidence/`. */
  readonly dataDir: string;
  readonly evidence: string;
  readonly signer: Signer;
  readonly exhibits: readonly Exhibit[];
}

export const CERTIFICATE_COPY = Buffer.from('certificate of accuracy, two pages');

export const contextOfSet: RecordContext = {
  ...sampleContext,
  certificates: sampleContext.certificates.map((certificate) => ({
    ...certificate,
    sha256: createHash('sha256').update(CERTIFICATE_COPY).digest('hex'),
  })),
};

/** Seals one record after the other, as a camera does, and keeps the chain file. */
export class ExhibitMaker {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'kerbside-exhibits-'));
  readonly evidence = join(this.dataDir, 'evidence');
  readonly spool = join(this.dataDir, 'spool');
  head: ChainHead = EMPTY_CHAIN;

  constructor(readonly signer: Signer) {
    mkdirSync(this.spool, { recursive: true });
    mkdirSync(this.evidence);
  }

  async add(work: RecordWork): Promise<Exhibit> {
    const made = work.type === 'exposure' ? { ...work, exposure: this.#withPhoto(work.exposure) } : work;
    const folder = join(this.evidence, deploymentOf(made));
    const link = nextLink(this.head);
    const { image, record } = await seal(
      { work: made, link, directory: folder, softwareVersion: SOFTWARE },
      { source: { folder: this.spool, isInspected: () => true }, signer: this.signer, utcMs: () => SEALED_MS },
    );
    this.head = { sequence: link.sequence, sha256: record.sha256 };
    appendFileSync(join(this.evidence, 'chain.sha256'), chainLine({ sha256: record.sha256, name: chainName(made) }));
    const stem = record.path.replace(/\.record$/, '');
    return {
      name: stem.slice(stem.lastIndexOf('/') + 1),
      record: Uint8Array.from(readFileSync(record.path)),
      signature: Uint8Array.from(readFileSync(`${stem}.p7s`)),
      image: image === null ? null : Uint8Array.from(readFileSync(image.path)),
    };
  }

  #withPhoto(exposure: ConcludedExposure): ConcludedExposure {
    if (exposure.imageId === null) return exposure;
    const seed = Number(exposure.icn.slice(-3));
    const photo = withExif(jpegFile(64, 48, seed), { make: 'Nordlicht', model: 'NX-12', serial: 'SN-1' });
    writeFileSync(join(this.spool, exposure.imageId), photo);
    return { ...exposure, imageSha256: createHash('sha256').update(photo).digest('hex') };
  }
}

/** Change of parameters, every kind that was wished for, and the account: one deployment from its first day to its last. */
export async function makeSet(signer: Signer, wishes: Wishes = {}): Promise<MadeSet> {
  const { kinds = ['sync', 'incident', 'void', 'unmatched', 'incident'], readings = 8, story = [] } = wishes;
  const { demo } = signer;
  const maker = new ExhibitMaker(signer);
  const exhibits: Exhibit[] = [];
  const { software, eventCounter, parametersSha256 } = contextOfSet;
  const common = { deployment: DEPLOYMENT, cameraId: 'SC-014', demo, software, eventCounter };
  const changes = [{ name: 'radar.angleDeg', oldValue: '22', newValue: '22.5' }];
  exhibits.push(
    await maker.add({
      type: 'parameters',
      facts: { ...common, changedUtcMs: SEALED_MS - 5000, who: 'officer', changes, parametersSha256 },
    }),
  );
  const events = [await maker.add(eventOf(common, 1, 'opened'))];
  for (const [i, kind] of kinds.entries()) {
    exhibits.push(
      await maker.add({ type: 'exposure', exposure: exposureOf(kind, i + 1, demo, readings), context: contextOfSet }),
    );
  }
  for (const [i, told] of story.entries()) events.push(await maker.add(eventOf(common, i + 2, told.type, told)));
  events.push(await maker.add(eventOf(common, story.length + 2, 'closed')));
  const folder = join(maker.evidence, DEPLOYMENT);
  mkdirSync(join(folder, 'certificates'));
  writeFileSync(join(folder, 'certificates', 'radar.pdf'), CERTIFICATE_COPY);
  exhibits.push(await maker.add({ type: 'deployment', facts: accountOf(kinds, events.length, common) }));
  return { dataDir: maker.dataDir, evidence: maker.evidence, signer, exhibits: [...exhibits, ...events] };
}

export function eventOf(
  common: Omit<EventFacts, 'number' | 'event'>,
  number: number,
  type: EventType,
  changes: Partial<DeploymentEvent> = {},
): RecordWork {
  const at = { atNs: monotonicNs(number * 1e9), utcMs: utcMs(SEALED_MS - 9000 + number), by: 'controller' };
  const event = { type, ...at, code: type, sentence: `Deployment ${type}.`, detail: { number }, ...changes };
  return { type: 'event', facts: { ...common, number, event } };
}

function accountOf(
  kinds: readonly ExposureKind[],
  eventCount: number,
  common: Pick<DeploymentFacts, 'deployment' | 'cameraId' | 'demo' | 'software' | 'eventCounter'>,
): DeploymentFacts {
  const counts = [...new Set(kinds)].map((kind) => ({ kind, count: kinds.filter((other) => other === kind).length }));
  return {
    ...common,
    ...{ follows: null, siteCode: 'WN-0417', openedUtcMs: SEALED_MS - 9000, closedUtcMs: SEALED_MS, ended: 'closed' },
    leases: [{ lease: 1, firstIcn: icnOf(1), lastIcn: icnOf(kinds.length) }],
    ...{ numberCount: kinds.length, counts, firstSequence: 1, lastSequence: kinds.length + eventCount + 1, eventCount },
  };
}

/** Speeds of a pass that is none: for records that say another speed than their frames. */
export const otherSpeed = (exposure: ConcludedExposure): ConcludedExposure => ({
  ...exposure,
  facts: {
    ...exposure.facts,
    speedKmh: kmh((exposure.facts.speedKmh ?? 0) + 1),
    truncatedKmh: (exposure.facts.truncatedKmh ?? 0) + 1,
  },
});
