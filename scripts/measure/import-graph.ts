import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import type { ImportingFile } from './folder-cycles.ts';

/** A source file: what it imports (types too), and how long it is. */
export interface MeasuredFile extends ImportingFile {
  readonly lines: number;
  /** Lines of each function that has a body, arrow functions of one expression left out. */
  readonly functionLines: readonly number[];
  /** Number of times the type `any` is written. */
  readonly anys: number;
}

/** The TypeScript files below some folders of a checkout, each measured. */
export function measuredFiles(root: string, folders: readonly string[]): readonly MeasuredFile[] {
  return folders
    .flatMap((folder) => sourcesIn(root, folder))
    .map((path) => measured(path, readFileSync(join(root, path), 'utf8')));
}

const sourcesIn = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();

function measured(path: string, text: string): MeasuredFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = new Set<string>();
  const functionLines: number[] = [];
  let anys = 0;
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith('.')) imports.add(normalize(join(dirname(path), specifier)));
    if (isFunction(node)) functionLines.push(linesOf(source, node));
    if (node.kind === ts.SyntaxKind.AnyKeyword) anys += 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, imports: [...imports], lines: text.trimEnd().split('\n').length, functionLines, anys };
}

/** Returns the module that an import, a re-export, a dynamic import or an import type names. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? textOf(node.arguments[0]) : undefined;
}

const textOf = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteral(node) ? node.text : undefined;

const isFunction = (node: ts.Node): boolean =>
  (ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    (ts.isArrowFunction(node) && ts.isBlock(node.body))) &&
  node.body !== undefined;

const linesOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getEnd()).line -
  source.getLineAndCharacterOfPosition(node.getStart()).line +
  1;
