/**
 * A YAML file that remembers where everything stands, so that a mistake can be answered with line and column.
 * YAML 1.2 core schema: `yes` is a word, not a boolean, and a date stays a string. Surprise: the yaml package treats
 * an unknown tag as a warning only; here it is a mistake like any other, since the value would not be what was meant.
 */
import { readFileSync, statSync } from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { problem, type Problem } from './problem.js';

export type KeyPath = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlDocument {
  readonly file: string;
  /** Plain value; undefined when the syntax is broken. */
  readonly value: unknown;
  /** Syntax problems, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Where the value of `path` begins, or the innermost parent that exists. */
  placeOfValue(path: KeyPath): Place;
  /** Where the key itself is written. */
  placeOfKey(path: KeyPath): Place;
}

/** No honest configuration is longer; bounds the work that a wrong file can cause. */
const MOST_BYTES = 1_000_000;

/**
 * Reads a text file that somebody named.
 * @throws KerbsideError of `kind` when it is missing, unreadable, too long or not UTF-8
 */
export function readTextFile(file: string, kind: ErrorName): string {
  try {
    const stat = statSync(file);
    // A pipe or a device could be read for ever, and Ctrl-C is not heard meanwhile.
    if (!stat.isFile()) {
      const found = stat.isDirectory() ? 'is a folder' : 'is no ordinary file';
      throw new KerbsideError(kind, `${file}: ${found}, expected a YAML file.`);
    }
    if (stat.size > MOST_BYTES) {
      throw new KerbsideError(kind, `${file}: is ${stat.size} bytes long, expected at most ${MOST_BYTES}.`);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof KerbsideError) throw error;
    throw new KerbsideError(kind, `${file}: ${whyUnreadable(error)}.`, { cause: error });
  }
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist, expected a YAML file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user, expected read permission';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'holds bytes that are no text, expected UTF-8';
    default:
      return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Never throws: what is wrong is in `problems`. */
export function parseYaml(file: string, text: string): YamlDocument {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const parsed = Array.isArray(documents) ? documents : [];
  const first = parsed[0] as Document | undefined;
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = parsed
    .slice(0, 1)
    .flatMap((document) =>
      [...document.errors, ...document.warnings].map(({ pos, message }) =>
        problem(file, placeAt(pos[0]), null, `the YAML cannot be read: ${inOneClause(message)}`),
      ),
    );
  const second = parsed[1];
  if (second) {
    const found = 'a second YAML document begins here, expected one document in the file';
    problems.push(problem(file, placeAt(second.range[0]), null, found));
  }
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = first?.toJS() ?? null;
    } catch (error) {
      // Only aliases can fail here: unresolved ones and the bombs that expand without end.
      problems.push(problem(file, placeAt(0), null, `the YAML cannot be read: ${inOneClause(String(error))}`));
    }
  }
  const root = first?.contents ?? null;
  return {
    file,
    value,
    problems,
    placeOfValue: (path) => placeAt(walk(root, path).valueAt),
    placeOfKey: (path) => placeAt(walk(root, path).keyAt),
  };
}

/** The package's messages may span lines and end in a full stop. */
const inOneClause = (message: string): string =>
  message
    .replace(/^\w*Error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/[.:]\s*$/, '');

function walk(root: unknown, path: KeyPath): { keyAt: number; valueAt: number } {
  let node = root;
  let keyAt = startOf(root) ?? 0;
  let valueAt = keyAt;
  for (const step of path) {
    if (isAlias(node)) break; // what is wrong stands where the alias points to; the alias is what can be shown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) break;
      keyAt = startOf(pair.key) ?? valueAt;
      valueAt = startOf(pair.value) ?? keyAt;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) break;
      keyAt = valueAt = startOf(item) ?? valueAt;
      node = item;
    } else break;
  }
  return { keyAt, valueAt };
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
