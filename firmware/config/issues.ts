/**
 * zod's issues as sentences of this house. zod knows the path and the rule; the YAML document knows the place and the
 * value; the schema's JSON Schema knows the keys that would have been right.
 */
import { z } from 'zod';
import { dotted, nearest, oneOf, problem, shown, type Problem } from './problem.js';
import type { KeyPath, YamlDocument } from './yaml-document.js';

type Issue = z.core.$ZodIssue;

/** All issues of one document, in the order of the file. */
export function explain(document: YamlDocument, schema: z.ZodType, issues: readonly Issue[]): Problem[] {
  return issues
    .flatMap((issue) => explainOne(document, schema, issue))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function explainOne(document: YamlDocument, schema: z.ZodType, issue: Issue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const whole = [...path, key];
      return problem(document.file, document.placeOfKey(whole), dotted(whole), unknownKey(key, known));
    });
  }
  const found = valueAt(document.value, path);
  const key = path.length === 0 ? 'the file' : dotted(path);
  const place = found === undefined ? document.placeOfKey(path) : document.placeOfValue(path);
  return [problem(document.file, place, key, complaint(issue, found))];
}

/** zod's own wording begins like this; anything else was written for this key by the schema's author. */
const ZODS_OWN = /^(Invalid|Too small|Too big|Unrecognized)\b/;

function complaint(issue: Issue, found: unknown): string {
  const written = issue.message.replace(/\.$/, '');
  if (written.startsWith('expected ')) return `is ${shown(found)}, ${written}`;
  if (!ZODS_OWN.test(written)) return `: ${written}`;
  const hint =
    issue.code === 'invalid_value' && typeof found === 'string' ? meant(found, issue.values.map(String)) : '';
  return `is ${shown(found)}, expected ${expected(issue)}${hint}`;
}

const meant = (found: string, known: readonly string[]): string => {
  const guess = nearest(found, known);
  return guess === null ? '' : ` (did you mean ${guess}?)`;
};

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess !== null) return `is no known key, did you mean ${guess}`;
  return known.length === 0 ? 'is no known key' : `is no known key, expected one of ${known.join(', ')}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  null: 'null',
};

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return bound('least', issue.origin, issue.minimum, issue.inclusive ?? true);
    case 'too_big':
      return bound('most', issue.origin, issue.maximum, issue.inclusive ?? true);
    case 'invalid_format':
      return 'pattern' in issue ? `a text like ${issue.pattern ?? issue.format}` : `a valid ${issue.format}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    default:
      // Unions, records and maps: zod's own words are the best there are.
      return `something else: ${issue.message.replace(/\.$/, '')}`;
  }
}

function bound(side: 'least' | 'most', origin: string, limit: number | bigint, inclusive: boolean): string {
  const count = `at ${side} ${limit}`;
  if (origin === 'string') return `${count} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array' || origin === 'set') return `${count} entr${limit === 1 ? 'y' : 'ies'}`;
  if (inclusive) return count;
  return `${side === 'least' ? 'more' : 'less'} than ${limit}`;
}

export function valueAt(root: unknown, path: KeyPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

/** Keys that the schema knows at `path`; empty where it leaves them open. */
export function knownKeys(schema: z.ZodType, path: KeyPath): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as SchemaNode;
  let nodes: SchemaNode[] = spread(root);
  for (const step of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof step === 'number' ? (node.prefixItems?.[step] ?? node.items) : node.properties?.[step];
      return next === undefined ? [] : spread(next);
    });
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

const spread = (node: SchemaNode): SchemaNode[] => [
  node,
  ...[...(node.anyOf ?? []), ...(node.allOf ?? [])].flatMap((inner) => spread(inner)),
];
