/**
 * `src/` decides from its inputs alone: no clock, no timer, no randomness, no machine's time zone. Otherwise a replay
 * could not give the same outputs years later on another computer.
 */
import ts from 'typescript';
import { lineOf, nodes, parse, type Rule } from './tree.js';

/** Names of the surroundings that no pure function may touch. */
const GLOBALS = new Set([
  ...['process', 'console', 'performance', 'crypto', 'fetch', 'navigator', 'require', 'globalThis', 'global'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'clearTimeout', 'clearInterval'],
  ...['Atomics', 'SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry', 'eval', 'Function', 'WebSocket', 'Worker'],
]);

const MEMBERS = new Set(['Date.now', 'Math.random', 'Temporal.Now']);

/** Methods of Date whose answer depends on the zone of the machine. */
const ZONED = new Set([
  ...['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds', 'getTimezoneOffset'],
  ...['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toDateString', 'toTimeString'],
]);

export const purity: Rule = (path, text) => {
  const file = parse(path, text);
  const found: string[] = [];
  for (const node of nodes(file)) {
    const what = impure(node);
    if (what !== null) found.push(`${path}:${lineOf(file, node)} uses ${what}`);
  }
  return found;
};

function impure(node: ts.Node): string | null {
  if (ts.isIdentifier(node)) return GLOBALS.has(node.text) && isFreeName(node) ? node.text : null;
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    if (MEMBERS.has(member)) return member;
    if (member === 'import.meta' || member.startsWith('import.meta.')) return 'import.meta';
    return ZONED.has(node.name.text) ? `${node.name.text}, which depends on the zone of the machine` : null;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date') {
    const count = node.arguments?.length ?? 0;
    if (count === 0) return 'new Date() without an argument';
    return count > 1 ? 'new Date(year, month, …), which depends on the zone of the machine' : null;
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  return ts.isAwaitExpression(node) ? 'await: nothing pure waits' : null;
}

/** True for a name that is read from the surroundings, not for `x.process`, `{ process: … }` or a type's member. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isEnumMember(parent) ||
    ts.isBindingElement(parent);
  return !(named && (parent.name === node || (ts.isBindingElement(parent) && parent.propertyName === node)));
}
