/** Content of a pack from its text: kind, everything that is wrong with line and column, or what it says. */
import { KerbsideError } from '../../src/errors.js';
import { PACK_FORMAT } from '../../src/site/packs/head.js';
import { PACK_SCHEMAS, readPackContent, type PackContent } from '../../src/site/packs/index.js';
import { PACK_KINDS, type PackKind } from '../../src/site/reference.js';
import type { UtcMs } from '../../src/units.js';
import { explain } from '../config/issues.js';
import { dotted, nearest, oneOf, problem, shown, type Problem } from '../config/problem.js';
import { parseYaml, type YamlDocument } from '../config/yaml-document.js';

export interface ReadContent {
  readonly kind: PackKind;
  readonly serial: number;
  readonly issuedUtcMs: UtcMs;
  readonly content: PackContent;
}

/** A document whose kind is known and whose values are not judged yet. */
export interface KnownDocument {
  readonly kind: PackKind;
  readonly document: YamlDocument;
}

/**
 * @param bytes YAML or JSON in UTF-8
 * @param origin name of the file for sentences
 * @throws KerbsideError 'pack-invalid'
 */
export function kindOfContent(bytes: Uint8Array, origin: string): KnownDocument {
  const document = parseYaml(origin, decode(bytes, origin));
  if (document.problems.length > 0) throw invalid(document.problems);
  const { value } = document;
  const head = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  if (head['format'] !== PACK_FORMAT) throw wrong(document, 'format', head['format'], PACK_FORMAT);
  if (head['version'] !== 1) throw wrong(document, 'version', head['version'], '1');
  const kind = PACK_KINDS.find((each) => each === head['kind']);
  if (kind !== undefined) return { kind, document };
  const found = head['kind'];
  const guess = typeof found === 'string' ? nearest(found, PACK_KINDS) : null;
  throw wrong(document, 'kind', found, `${oneOf(PACK_KINDS)}${guess === null ? '' : ` (did you mean ${guess}?)`}`);
}

/** @throws KerbsideError 'pack-invalid' with the first problem and how many follow */
export function readContent({ kind, document }: KnownDocument): ReadContent {
  const reading = readPackContent(kind, document.value);
  if (!reading.ok) throw invalid(problemsOf({ kind, document }));
  const { serial, issuedUtcMs, content } = reading;
  return { kind, serial, issuedUtcMs, content };
}

/** All of them, in the order of the file. */
export function problemsOf({ kind, document }: KnownDocument): Problem[] {
  const reading = readPackContent(kind, document.value);
  if (reading.ok) return [];
  const complaints = reading.complaints.map(({ path, clause }) =>
    problem(document.file, document.placeOfValue(path), dotted(path), clause),
  );
  return [...explain(document, PACK_SCHEMAS[kind], reading.issues), ...complaints].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
}

function decode(bytes: Uint8Array, origin: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const sentence = `${origin}: holds bytes that are no text, expected UTF-8.`;
    throw new KerbsideError('pack-invalid', sentence, { cause });
  }
}

const wrong = (document: YamlDocument, key: string, found: unknown, expected: string): KerbsideError =>
  invalid([problem(document.file, document.placeOfValue([key]), key, `is ${shown(found)}, expected ${expected}`)]);

function invalid(problems: readonly Problem[]): KerbsideError {
  const [first = '', ...more] = problems.map(({ sentence }) => sentence);
  const sentence = more.length === 0 ? first : `${first.replace(/\.$/, '')} (and ${more.length} more).`;
  return new KerbsideError('pack-invalid', sentence);
}
