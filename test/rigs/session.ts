/**
 * The session that every storage rig runs: a deployment is opened, numbers are leased, some are fired, the camera delivers,
 * each kind of end occurs once, and the deployment is closed. Whatever is acknowledged on the way is told at that moment.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KerbsideError } from '../../src/errors.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { ImageArrival } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import type { Status } from '../../firmware/office/status.js';
import { Journal } from '../../firmware/store/journal.js';
import { sampleExposure, samplePass, sampleStart } from '../store/samples.js';
import type { Acknowledge } from './acknowledgements.js';
import { foldersIn, ScriptedTrigger, vanParts } from './scripted-van.js';
import type { Supplies } from './supplies.js';

export interface SessionHooks {
  readonly acknowledge: Acknowledge;
  /** Around what is the camera's work and not the product's: it is not made to fail. */
  readonly asCamera: <T>(work: () => T) => T;
}

export type SessionEnd =
  { readonly went: 'well' } | { readonly went: 'refused'; readonly error: unknown } | { readonly went: 'stalled' };

const LEASED = 5;
/** A session takes some 100 ms; one that is still waiting after so long waits for ever. */
const PATIENCE_MS = 8000;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A camera that syncs what it delivers, so that losing the file later is never the camera's fault. */
function deliver(spool: string, name: string, bytes: Uint8Array): void {
  const temporary = join(spool, `${name}.part`);
  const file = openSync(temporary, 'w');
  writeFileSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(spool, name));
  syncFolder(spool);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** Tells each number once, when the board shows it: that is when people see it. */
export function tellCommitted(office: Office, acknowledge: Acknowledge): void {
  const told = new Set<string>();
  const look = ({ exposures }: Status): void => {
    for (const { icn, kind, reason } of exposures) {
      if (told.has(icn)) continue;
      told.add(icn);
      acknowledge({ type: 'committed', icn, kind, reason });
    }
  };
  look(office.status);
  office.board.onChange(look);
}

/** Who hears that a trigger is in the journal: one session at a time runs in a process. */
let onJournalled: (icn: string) => void = () => undefined;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its journal below
const { append } = Journal.prototype;
Journal.prototype.append = async function (this: Journal, value: unknown): Promise<void> {
  await append.call(this, value);
  if (typeof value === 'object' && value !== null && 'icn' in value) onJournalled(String(value.icn));
};

interface Plan {
  readonly kind: ConcludedExposure['kind'];
  readonly reason: ConcludedExposure['reason'];
  readonly picture: number | null;
  readonly fired: boolean;
}

/** One of each. The orphan is the only one that was never fired. */
const PLANS: readonly Plan[] = [
  { kind: 'sync', reason: null, picture: 0, fired: true },
  { kind: 'incident', reason: null, picture: 1, fired: true },
  { kind: 'void', reason: 'image-missed', picture: null, fired: true },
  { kind: 'unmatched', reason: 'no-trigger', picture: 2, fired: false },
];
/** Delivered last: the bytes of picture 1 once more. Where the first cannot be read at once, this one comes before it. */
const DUPLICATE = 'IMG_0009.JPG';

const nameOf = (picture: number): string => `IMG_000${picture}.JPG`;

/** @param root of the van's folders. Resolves when the session is over, whichever way; never rejects. */
export async function runSession(root: string, { pictures, keys }: Supplies, hooks: SessionHooks): Promise<SessionEnd> {
  let office: Office | null = null;
  const patience = new AbortController();
  try {
    const { spool } = foldersIn(root);
    hooks.asCamera(() => {
      mkdirSync(spool, { recursive: true });
      for (const folder of [root, dirname(root)]) syncFolder(folder);
    });
    onJournalled = (icn) => hooks.acknowledge({ type: 'journalled', icn });
    const trigger = new ScriptedTrigger();
    const stalled = delay(PATIENCE_MS, 'stalled' as const, { signal: patience.signal });
    const script = (async () => {
      office = await Office.start(vanParts(root, keys, trigger, hooks.acknowledge));
      tellCommitted(office, hooks.acknowledge);
      await Promise.race([play(office, trigger, spool, pictures, hooks), office.fatal]);
      await office.close();
      return 'well' as const;
    })();
    return { went: await Promise.race([script, stalled]) };
  } catch (error) {
    return { went: 'refused', error };
  } finally {
    patience.abort();
    await (office as Office | null)?.abort().catch(() => undefined);
  }
}

async function play(
  office: Office,
  trigger: ScriptedTrigger,
  spool: string,
  pictures: Supplies['pictures'],
  { acknowledge, asCamera }: SessionHooks,
): Promise<void> {
  const icns = await leaseNumbers(trigger, acknowledge);
  const arrived = imagesArrive(trigger, icns, pictures.map(sha256Of));
  const committed = allCommitted(office, icns.slice(0, PLANS.length));
  PLANS.forEach(({ kind, fired }, index) => {
    if (!fired) return;
    trigger.put({ type: 'fire', exposure: sampleStart(icns[index]!, { kind: kind === 'sync' ? 'sync' : 'incident' }) });
  });
  trigger.put({ type: 'pass', pass: samplePass(1) });
  PLANS.forEach(({ picture, kind, reason }, index) => {
    if (picture === null) trigger.put({ type: 'conclude', exposure: sampleExposure(icns[index]!, { kind, reason }) });
    else deliverAcknowledged(picture, nameOf(picture));
  });
  deliverAcknowledged(1, DUPLICATE);
  await Promise.all([arrived, committed]);

  function deliverAcknowledged(picture: number, name: string): void {
    const bytes = pictures[picture]!;
    asCamera(() => deliver(spool, name, bytes));
    acknowledge({ type: 'delivered', sha256: sha256Of(bytes) });
  }
}

function leaseNumbers(trigger: ScriptedTrigger, acknowledge: Acknowledge): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    trigger.onLease = (icns) => {
      for (const icn of icns) acknowledge({ type: 'leased', icn });
      if (new Set(icns).size === icns.length) resolve(icns);
      else reject(new Error(`a number was leased twice: ${icns.join(', ')}`));
    };
    trigger.put({ type: 'request-lease', atNs: monotonicNs(1e9), count: LEASED });
  });
}

/** Concludes each picture under its number, drops the duplicate; resolves when every image has been heard of. */
function imagesArrive(trigger: ScriptedTrigger, icns: readonly string[], hashes: readonly string[]): Promise<void> {
  const waiting = new Set([DUPLICATE, ...PLANS.flatMap(({ picture }) => (picture === null ? [] : nameOf(picture)))]);
  return new Promise((resolve) => {
    trigger.onImage = (image: ImageArrival) => {
      const { imageId, sha256 } = image;
      const index = PLANS.findIndex(({ picture }) => picture !== null && hashes[picture] === sha256);
      const plan = PLANS[index];
      if (plan === undefined || image.duplicate || image.problem !== null) {
        trigger.put({ type: 'drop-image', atNs: monotonicNs(6e9), imageId, reason: image.problem ?? 'duplicate' });
      } else {
        const changes = { kind: plan.kind, reason: plan.reason, imageId, imageSha256: sha256 };
        trigger.put({ type: 'conclude', exposure: sampleExposure(icns[index]!, changes) });
      }
      waiting.delete(imageId);
      if (waiting.size === 0) resolve();
    };
  });
}

function allCommitted(office: Office, icns: readonly string[]): Promise<void> {
  const open = new Set(icns);
  return new Promise((resolve) => {
    office.board.onChange(({ exposures }) => {
      for (const { icn } of exposures) open.delete(icn);
      if (open.size === 0) resolve();
    });
  });
}

/** The sentence with which a session ended wrongly; null when it went well or was refused as it should be. */
export function whatWentWrong(end: SessionEnd): string | null {
  if (end.went === 'stalled') return 'the session stalled';
  if (end.went === 'well' || end.error instanceof KerbsideError) return null;
  const { error } = end;
  return `the session ended with an untyped error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
