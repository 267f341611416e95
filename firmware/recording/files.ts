/** Names of a recording's files: `recording.kbr`, then `recording-0002.kbr` and so on, all in the deployment's folder. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';

const NAME = /^recording(?:-(\d{4,}))?\.kbr$/;

export interface RecordingPart {
  readonly part: number;
  readonly path: string;
}

export const partName = (part: number): string =>
  part === 1 ? 'recording.kbr' : `recording-${String(part).padStart(4, '0')}.kbr`;

/** @returns the number of the file within its recording; null: the name is no recording's */
export function partOf(name: string): number | null {
  const found = NAME.exec(name);
  if (found === null) return null;
  return found[1] === undefined ? 1 : Number(found[1]);
}

/**
 * The files of a recording, in order.
 *
 * @throws KerbsideError 'recording-unreadable' when the folder cannot be read
 */
export function partsIn(folder: string): RecordingPart[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
  const parts = names.flatMap((name) => {
    const part = partOf(name);
    return part === null ? [] : [{ part, path: join(folder, name) }];
  });
  return parts.sort((a, b) => a.part - b.part);
}

/** All files of all recordings in a data folder, in order of deployments and then of files. */
export function recordingPaths(dataDir: string): string[] {
  const evidence = join(dataDir, 'evidence');
  if (!existsSync(evidence)) return [];
  const deployments = readdirSync(evidence).filter((name) => /^\d{6}$/.test(name));
  return deployments.sort().flatMap((name) => partsIn(join(evidence, name)).map(({ path }) => path));
}

/** Folders of deployments that have a recording, in a data folder or in its folder of evidence. */
export function deploymentFolders(folder: string): string[] {
  const below = join(folder, 'evidence');
  const evidence = existsSync(below) ? below : folder;
  const names = readdirSync(evidence, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d{6}$/.test(entry.name))
    .map(({ name }) => join(evidence, name));
  return names.filter((path) => partsIn(path).length > 0).sort();
}

export function unreadable(path: string, error: unknown): KerbsideError {
  const reason = error instanceof Error ? error.message : String(error);
  return new KerbsideError('recording-unreadable', `Recording ${path} cannot be read (${reason}).`, { cause: error });
}
