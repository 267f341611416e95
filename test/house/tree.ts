/** What the house tests look at: the files of this checkout, as text and as TypeScript's syntax tree. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  // The tests run from dist/test/house; the lock file stands only at the top of the checkout.
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}

export const ROOT = findRoot();

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Paths relative to the top, sorted; generated code is nobody's handwriting. */
export function filesUnder(folders: readonly string[], suffix: string): string[] {
  return folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
        .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
    )
    .filter((path) => !path.startsWith('proto/generated/'))
    .sort();
}

export const sourceFiles = (...folders: string[]): string[] => filesUnder(folders, '.ts');

const parsed = new Map<string, ts.SourceFile>();

/** Several rules read the same file: it is parsed once. */
export function parse(path: string, text: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known?.text === text) return known;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  parsed.set(path, file);
  return file;
}

/** Every node of the tree below `top`, parents first. */
export function nodes(top: ts.Node): readonly ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    all.push(node);
    ts.forEachChild(node, visit);
  };
  visit(top);
  return all;
}

export const lineOf = (file: ts.SourceFile, node: ts.Node): number =>
  file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

/** A rule of the house: what is wrong in one file, each as `path:line what`. */
export type Rule = (path: string, text: string) => string[];

/** All breaches of a rule in the files of this checkout. */
export const breaches = (rule: Rule, files: readonly string[]): string[] =>
  files.flatMap((path) => rule(path, read(path)));
