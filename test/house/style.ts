/** Small bans that keep every file readable: length, `any`, stray output, switched-off checks, leftovers. */
import ts from 'typescript';
import { lineOf, nodes, parse, type Rule } from './tree.js';

export const MOST_LINES = 400;

export const fileLength: Rule = (path, text) => {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines <= MOST_LINES ? [] : [`${path}:1 has ${lines} lines, at most ${MOST_LINES}`];
};

/** Each module says first what it is. */
export const headerComment: Rule = (path, text) =>
  /^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(text) ? [] : [`${path}:1 has no header comment`];

export const noAny: Rule = (path, text) =>
  where(path, text, (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : null));

/** A line that must print says why, in the comment that switches lint's own check off for it. */
export const noConsole: Rule = (path, text) => {
  const lines = text.split('\n');
  return where(path, text, (node, line) => {
    if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== 'console') return null;
    return REASONED.test(lines[line - 2] ?? '') ? null : node.getText();
  });
};

const SUITES = new Set(['describe', 'it', 'context', 'specify', 'suite', 'test']);

export const noOnly: Rule = (path, text) =>
  where(path, text, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'only') return null;
    return SUITES.has(node.expression.getText()) ? node.getText() : null;
  });

/** Words are put together, so that this file does not accuse itself. */
const word = (...parts: string[]): string => parts.join('');
const OFF = word('eslint-dis', 'able');
const LEFTOVERS = new RegExp(
  [
    `\\b(${word('TO', 'DO')}|${word('FIX', 'ME')})\\b`,
    `${word('@ts-', 'ignore')}|${word('@ts-', 'nocheck')}`,
    `${OFF}(?!-next-line)`,
  ].join('|'),
);

/** A check that is switched off for one line must say why, after `--`. */
const SILENCED = new RegExp(`${OFF}-next-line(?!.*-- \\S)`);
const REASONED = new RegExp(`${OFF}-next-line no-console -- \\S`);

export const noLeftovers: Rule = (path, text) =>
  text.split('\n').flatMap((line, index) => {
    const found = LEFTOVERS.exec(line)?.[0] ?? SILENCED.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1} has ${found}`];
  });

function where(path: string, text: string, look: (node: ts.Node, line: number) => string | null): string[] {
  const file = parse(path, text);
  return nodes(file).flatMap((node) => {
    const line = lineOf(file, node);
    const found = look(node, line);
    return found === null ? [] : [`${path}:${line} has ${found}`];
  });
}
