/**
 * Opens a van's folders after whatever has happened to them, lets the office recover and close in order, and says what was
 * lost. It looks twice: before the recovery at what had to be there already, and afterwards at the whole account.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { decodeRecord } from '../../src/evidence/record.js';
import type { ImageArrival } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import { Database } from '../../firmware/store/database.js';
import { hasStore, readExposures } from '../../firmware/store/reader.js';
import type { ExposureRow } from '../../firmware/store/rows.js';
import { STORE_FILE } from '../../firmware/store/store.js';
import { verify } from '../../firmware/verify/verify.js';
import { isInProgress } from '../../firmware/workshop/folder-watch.js';
import { sampleExposure } from '../store/samples.js';
import type { Acknowledgement } from './acknowledgements.js';
import { foldersIn, ScriptedTrigger, vanParts } from './scripted-van.js';
import { sha256Of } from './session.js';

const PATIENCE_MS = 8000;

type Row = ExposureRow;

interface StoredNumber {
  icn: string;
  state: string;
  kind: string | null;
  reason: string | null;
}

/**
 * @param verified the whole folder is verified, too, as `kerbside evidence verify` does it
 * @returns one sentence for each thing that is lost or wrong; empty when all is well
 */
export async function findLosses(
  root: string,
  keys: string,
  acknowledged: readonly Acknowledgement[],
  verified = false,
): Promise<string[]> {
  const losses: string[] = [];
  try {
    losses.push(...(await firstLook(root, acknowledged)));
    const fresh = await recoverAndClose(root, keys);
    const leased = new Set(acknowledged.flatMap((what) => (what.type === 'leased' ? what.icn : [])));
    for (const icn of fresh) if (leased.has(icn)) losses.push(`number ${icn} was leased again after the restart`);
    losses.push(...(await secondLook(root, acknowledged)));
    if (verified) losses.push(...(await strangersLook(root)));
  } catch (error) {
    losses.push(`the folder cannot be opened again: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  }
  return losses;
}

/** What the office had called committed is in the store before anything is recovered, and its files are whole. */
async function firstLook(root: string, acknowledged: readonly Acknowledgement[]): Promise<string[]> {
  const { dataDir } = foldersIn(root);
  const committed = acknowledged.filter((what) => what.type === 'committed');
  const forgotten = acknowledged.filter((what) => what.type === 'forgotten');
  if (committed.length + forgotten.length === 0) return [];
  const rows = hasStore(dataDir) ? await readExposures(dataDir) : [];
  const lost = committed.flatMap(({ icn, kind, reason }) => {
    const row = rows.find(({ exposure }) => exposure.icn === icn);
    if (row === undefined) return `number ${icn} was committed and is not in the store`;
    return sameEnd(icn, row.exposure, { kind, reason });
  });
  const images = new Set(rows.flatMap((row) => (row.imageFile === null ? [] : row.exposure.imageSha256)));
  const early = forgotten
    .filter(({ sha256 }) => !images.has(sha256))
    .map(({ sha256 }) => `image ${sha256.slice(0, 8)} was given free before it was committed`);
  return [...lost, ...early, ...rows.flatMap((row) => damageOf(dataDir, row))];
}

/** The next session: recovers, takes what the spool still holds, closes. @returns the numbers that it was given */
async function recoverAndClose(root: string, keys: string): Promise<readonly string[]> {
  const trigger = new ScriptedTrigger();
  const { spool } = foldersIn(root);
  mkdirSync(spool, { recursive: true });
  const fresh = new Promise<readonly string[]>((resolve) => (trigger.onLease = resolve));
  const early: ImageArrival[] = [];
  trigger.onImage = (image) => void early.push(image);
  const office = await Office.start(vanParts(root, keys, trigger, () => undefined));
  try {
    trigger.put({ type: 'request-lease', atNs: monotonicNs(1e9), count: 1 + imagesIn(spool).length });
    const icns = await Promise.race([fresh, office.fatal]);
    const free = [...icns];
    trigger.onImage = ({ imageId, sha256, duplicate, problem }) => {
      const icn = duplicate || problem !== null ? undefined : free.shift();
      if (icn === undefined) {
        trigger.put({ type: 'drop-image', atNs: monotonicNs(6e9), imageId, reason: problem ?? 'duplicate' });
      } else {
        const changes = { kind: 'unmatched', reason: 'late-image', imageId, imageSha256: sha256 } as const;
        trigger.put({ type: 'conclude', exposure: sampleExposure(icn, changes) });
      }
    };
    early.splice(0).forEach(trigger.onImage);
    await Promise.race([spoolIsEmpty(spool), office.fatal]);
    await office.close();
    return icns;
  } finally {
    await office.abort();
  }
}

const imagesIn = (spool: string): string[] => readdirSync(spool).filter((name) => !isInProgress(name));

async function spoolIsEmpty(spool: string): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (imagesIn(spool).length > 0) {
    if (performance.now() > untilMs) throw new Error(`images stay in the spool: ${imagesIn(spool).join(', ')}`);
    await delay(2);
  }
}

async function secondLook(root: string, acknowledged: readonly Acknowledgement[]): Promise<string[]> {
  const { dataDir } = foldersIn(root);
  const { numbers, check, open } = await readStore(join(dataDir, STORE_FILE));
  const rows = await readExposures(dataDir);
  const byIcn = new Map(rows.map((row) => [row.exposure.icn, row]));
  const losses = check === 'ok' ? [] : [`quick_check says ${check}`];
  if (open > 0) losses.push(`${open} deployments are still open`);
  if (byIcn.size !== rows.length) losses.push('a number has two exposures');
  for (const { icn, state, kind, reason } of numbers) {
    const row = byIcn.get(icn);
    if (state !== 'concluded' || row === undefined) losses.push(`number ${icn} is ${state} and has no end`);
    else losses.push(...sameEnd(icn, row.exposure, { kind, reason }));
  }
  const known = new Set(numbers.map(({ icn }) => icn));
  for (const name of recordNames(dataDir)) {
    if (!byIcn.has(basename(name, '.record'))) losses.push(`record ${name} has no row in the store`);
  }
  for (const what of acknowledged) losses.push(...keptPromise(what, known, byIcn));
  return [...losses, ...rows.flatMap((row) => damageOf(dataDir, row)), ...lostImages(root, rows, acknowledged)];
}

/** What a record says of a vehicle is the script's invention here: no radar has seen one. */
const OF_THE_CONTENT: ReadonlySet<string> = new Set(['record-required', 'measurement', 'verdict']);

/** What somebody who only has the folder finds wrong with it. */
async function strangersLook(root: string): Promise<string[]> {
  const request = { paths: [join(foldersIn(root).dataDir, 'evidence')], rootFiles: [] };
  const { exhibits, set } = await verify(request, { draw: null, line: () => undefined, nowMs: () => 0 });
  const checks = [...exhibits.flatMap(({ path, checks: made }) => made.map((check) => ({ ...check, path }))), ...set];
  const failed = checks.filter(({ id, status }) => status === 'failed' && !OF_THE_CONTENT.has(id));
  return failed.map((check) => `verify: ${JSON.stringify(check)}`);
}

async function readStore(file: string): Promise<{ numbers: StoredNumber[]; check: string; open: number }> {
  const database = await Database.open(file, 'read');
  try {
    const check = await database.get<{ quick_check: string }>('PRAGMA quick_check');
    const numbers = await database.all<StoredNumber>('SELECT icn, state, kind, reason FROM numbers ORDER BY icn');
    const open = await database.get<{ open: number }>('SELECT COUNT(*) AS open FROM deployments WHERE ended IS NULL');
    return { numbers, check: check?.quick_check ?? 'nothing', open: open?.open ?? -1 };
  } finally {
    await database.close();
  }
}

function keptPromise(what: Acknowledgement, known: ReadonlySet<string>, byIcn: ReadonlyMap<string, Row>): string[] {
  if (what.type === 'leased') return known.has(what.icn) ? [] : [`number ${what.icn} was leased and is forgotten`];
  if (what.type === 'committed') {
    const row = byIcn.get(what.icn);
    return row === undefined ? [`exhibit ${what.icn} is lost`] : sameEnd(what.icn, row.exposure, what);
  }
  if (what.type !== 'journalled') return [];
  const reason = byIcn.get(what.icn)?.exposure.reason ?? null;
  return reason === 'lease-unused' || reason === 'crash-unknown'
    ? [`number ${what.icn} was fired and journalled, and is ${reason}`]
    : [];
}

function sameEnd(icn: string, found: Outcome, expected: Outcome): string[] {
  if (found.kind === expected.kind && found.reason === expected.reason) return [];
  return [
    `number ${icn} is ${String(found.kind)} ${found.reason}, expected ${String(expected.kind)} ${expected.reason}`,
  ];
}

interface Outcome {
  readonly kind: string | null;
  readonly reason: string | null;
}

/** Files of one row against their hashes, and the camera's original against the record. */
function damageOf(dataDir: string, row: Row): string[] {
  const { icn, imageSha256 } = row.exposure;
  try {
    const recordBytes = readFileSync(join(dataDir, row.recordFile));
    if (sha256Of(recordBytes) !== row.recordSha256) return [`record ${row.recordFile} is damaged`];
    const record = decodeRecord(recordBytes);
    if (record.exposure.icn !== icn) return [`record ${row.recordFile} names ${record.exposure.icn}`];
    if (row.imageFile === null) return record.sealedImageSha256 === null ? [] : [`number ${icn} has lost its image`];
    const image = readFileSync(join(dataDir, row.imageFile));
    if (sha256Of(image) !== row.imageSha256) return [`image ${row.imageFile} is damaged`];
    const original = sha256Of(recoverOriginal(image));
    return original === imageSha256 ? [] : [`image ${row.imageFile} gives back another original`];
  } catch (error) {
    return [`number ${icn}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Each image of the camera is in evidence once, or kept aside, or still in the spool. */
function lostImages(root: string, rows: readonly Row[], acknowledged: readonly Acknowledgement[]): string[] {
  const { dataDir, spool } = foldersIn(root);
  const sealed = rows.flatMap((row) => (row.imageFile === null ? [] : row.exposure.imageSha256));
  const twice = sealed.filter((sha256, index) => sealed.indexOf(sha256) !== index);
  const kept = new Set([...sealed, ...hashesIn(join(dataDir, 'dropped')), ...hashesIn(spool)]);
  const lost = acknowledged.flatMap((what) => (what.type === 'delivered' && !kept.has(what.sha256) ? what.sha256 : []));
  return [
    ...lost.map((sha256) => `image ${sha256.slice(0, 8)} is lost`),
    ...twice.map((sha256) => `image ${String(sha256).slice(0, 8)} is in evidence twice`),
  ];
}

function hashesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => sha256Of(readFileSync(join(folder, name))));
}

function recordNames(dataDir: string): string[] {
  const folder = join(dataDir, 'evidence');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /(^|\/)\d{9}\.record$/.test(name));
}
