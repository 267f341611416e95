/**
 * `kerbside evidence list|show|recover`: reads the data folder of the configuration, whether a controller runs on it or
 * not, and changes nothing there.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exportAge } from '../../../src/deployment/export-age.js';
import { EXIT, KerbsideError } from '../../../src/errors.js';
import { recoverOriginal } from '../../../src/evidence/jpeg/private-data.js';
import { loadConfig } from '../../config/load.js';
import {
  findEvidenceItem,
  listEvidenceItems,
  readEvidence,
  readRecordFile,
  sha256Hex,
} from '../../store/evidence-files.js';
import { hasStore, readOldestUnexported } from '../../store/reader.js';
import type { CommandAction } from '../context.js';
import { exportLine, listTable, showTable, toListEntry, toShowDocument } from '../evidence-view.js';
import { writeWhole } from '../write-whole.js';

export interface ShowOptions {
  readonly icn: string;
}

export interface RecoverOptions extends ShowOptions {
  /** null: ICN.original.jpg in the current folder. */
  readonly output: string | null;
  /** Write over a file that is there. */
  readonly force?: boolean;
}

/** Every number, whether it has an image or only a reason why it has none. */
export const listEvidence: CommandAction<object> = async (context) => {
  const { dataDir } = loadConfig(context.configPath);
  const items = await listEvidenceItems(dataDir);
  if (context.json) context.printJson(items.map(toListEntry));
  else if (items.length === 0) context.progress(`No evidence in ${dataDir} yet.`);
  else {
    context.print(listTable(items, context.color));
    const oldestUtcMs = hasStore(dataDir) ? await readOldestUnexported(dataDir) : undefined;
    // A copy without a store cannot tell what PIB has confirmed.
    if (oldestUtcMs !== undefined) context.print(exportLine(exportAge(oldestUtcMs, Date.now()), context.color));
  }
  return EXIT.good;
};

/** @throws KerbsideError 'icn-unknown', 'evidence-damaged' */
export const showEvidence: CommandAction<ShowOptions> = async (context, { icn }) => {
  const { dataDir } = loadConfig(context.configPath);
  const item = await findEvidenceItem(dataDir, icn);
  const record = await readRecordFile(item.record.path);
  if (context.json) context.printJson(toShowDocument(item, record));
  else context.print(showTable(item, record, context.color));
  return EXIT.good;
};

/**
 * The camera's own file, byte for byte; its SHA-256 is compared with the one in the record before anything is written.
 *
 * @throws KerbsideError 'icn-unknown', 'evidence-damaged', 'usage' when the file is there already
 */
export const recoverEvidence: CommandAction<RecoverOptions> = async (context, { icn, output, force }) => {
  const { dataDir } = loadConfig(context.configPath);
  const item = await findEvidenceItem(dataDir, icn);
  if (item.image === null) {
    const { kind, reason } = item.exposure;
    throw new KerbsideError('icn-unknown', `Number ${icn} has no image to recover: ${kind}, ${reason ?? 'no reason'}.`);
  }
  const target = resolve(output ?? `${icn}.original.jpg`);
  if (existsSync(target) && force !== true) {
    throw new KerbsideError('usage', `File ${target} exists already; give another --output, or --force to replace it.`);
  }
  const { exposure } = await readRecordFile(item.record.path);
  const original = recoverOriginal(await readEvidence(item.image.path));
  const sha256 = sha256Hex(original);
  if (sha256 !== exposure.imageSha256) {
    throw new KerbsideError(
      'evidence-damaged',
      `Image ${item.image.path} gives a file with SHA-256 ${sha256}; its record says ${exposure.imageSha256 ?? 'none'}.`,
    );
  }
  await writeWhole(target, original);
  if (context.json) context.printJson({ icn, file: target, bytes: original.length, sha256 });
  else context.print(`${target}: ${String(original.length)} bytes, SHA-256 ${sha256}, as in the record`);
  return EXIT.good;
};
