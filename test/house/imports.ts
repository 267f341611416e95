/** Which file may import which (the table at the top of the architecture). */
import { posix } from 'node:path';
import ts from 'typescript';
import { PURE_LIBS } from './pure-libs.js';
import { lineOf, nodes, parse, type Rule } from './tree.js';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

export function importsOf(path: string, text: string): Import[] {
  const file = parse(path, text);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean, dynamic: boolean): void => {
    const known = specifier !== undefined && ts.isStringLiteralLike(specifier);
    // A computed specifier cannot be judged: it is shown as such and matches no allowed place.
    found.push({ specifier: known ? specifier.text : '(computed)', line: lineOf(file, node), typeOnly, dynamic });
  };
  for (const node of nodes(file)) {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnly(node.importClause), false);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node, node.moduleSpecifier, node.isTypeOnly, false);
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true, false);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false, true);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require') {
      add(node, node.arguments[0], false, true);
    }
  }
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** Path of the imported file from the top of the tree; null for a package or a module of Node. */
const targetOf = (path: string, specifier: string): string | null =>
  specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const inside = (target: string, ...folders: string[]): boolean =>
  folders.some((folder) => target === folder || target.startsWith(`${folder}/`));

/** The sentence that is broken, or null when the import is allowed. */
function judge(path: string, { specifier, typeOnly, dynamic }: Import): string | null {
  const target = targetOf(path, specifier);
  if (inside(path, 'src')) {
    if (target !== null)
      return inside(target, 'src', 'proto/generated') ? null : 'src/ may import only src/ and proto/';
    return Object.hasOwn(PURE_LIBS, packageOf(specifier)) ? null : 'src/ may use only the libraries of pure-libs.ts';
  }
  if (inside(path, 'hw-sim')) {
    if (target === null) return specifier === '(computed)' ? 'hw-sim/ may not compute what it imports' : null;
    const allowed = inside(target, 'hw-sim', 'proto/generated', 'src/ports', 'src/units.js');
    return allowed ? null : 'hw-sim/ may import only src/ports, src/units, proto/ and itself, never the code it tests';
  }
  if (inside(path, 'firmware')) {
    if (target === null) return null;
    // The oracles judge what is simulated, and nothing else knows them.
    if (inside(target, 'test') && !inside(target, 'test/oracle')) return 'firmware/ may not import tests';
    if (!inside(target, 'hw-sim', 'test')) return null;
    const simulate = /^firmware\/cli\/commands\/simulate/.test(path) && (dynamic || typeOnly);
    return simulate ? null : 'only the simulate command may load hw-sim/ and the oracles, by dynamic import';
  }
  if (inside(path, 'test/oracle') && target !== null) {
    // The messages of proto/ are the written format, which a stranger has, too.
    if (inside(target, 'test/oracle', 'proto/generated') || (typeOnly && inside(target, 'src'))) return null;
    return 'an oracle shares no code with what it judges: only types of src/';
  }
  return null;
}

export const importArrows: Rule = (path, text) =>
  importsOf(path, text).flatMap((each) => {
    const broken = judge(path, each);
    return broken === null ? [] : [`${path}:${each.line} imports ${each.specifier}: ${broken}`];
  });
