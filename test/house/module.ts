import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

/** One import or re-export, static or `import()`. */
export interface Import {
  readonly specifier: string;
  /** Path in this repository, forward slashes; undefined for a package. */
  readonly target: string | undefined;
  /** The package without its subpath (`ajv` for `ajv/dist/2020.js`); undefined for a path. */
  readonly dependency: string | undefined;
  /** `import type`, or every name marked `type`. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  /** Names that are imported as values. */
  readonly values: readonly string[];
  readonly line: number;
}

/** A TypeScript file as the laws see it. */
export interface Module {
  /** From the repository root, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
  readonly imports: readonly Import[];
}

export type Codebase = ReadonlyMap<string, Module>;

export const ROOT = join(import.meta.dirname, '../..');

const FOLDERS = ['generator', 'runtime', 'harness', 'services', 'generated', 'demo', 'bench', 'test'];

/** Every TypeScript file of this repository but those that golden cases hold. */
export function readCodebase(): Codebase {
  const paths = FOLDERS.flatMap((folder) => typescriptBelow(folder)).filter((path) => !path.startsWith('test/cases/'));
  return codebaseOf(Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')])));
}

/** The same from texts by path, for samples. */
export function codebaseOf(files: Readonly<Record<string, string>>): Codebase {
  return new Map(Object.entries(files).map(([path, text]) => [path, moduleOf(path, text)]));
}

/** Visits every node below `node`, parents first. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((inner) => visit(inner, see));
}

export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

function typescriptBelow(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/'))
    .sort();
}

function moduleOf(path: string, text: string): Module {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  visit(ast, (node) => {
    const found = importAt(node);
    if (found === undefined) return;
    imports.push({ ...found, ...resolved(path, found.specifier), line: lineOf(ast, node) });
  });
  return { path, text, ast, imports };
}

type Found = Pick<Import, 'specifier' | 'typeOnly' | 'dynamic' | 'values'>;

function importAt(node: ts.Node): Found | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const bindings = clause?.namedBindings;
    const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const values = elements.filter((element) => !element.isTypeOnly).map(importedName);
    const typeOnly =
      clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
      (elements.length > 0 && values.length === 0 && clause?.name === undefined);
    return { specifier: node.moduleSpecifier.text, typeOnly, dynamic: false, values: typeOnly ? [] : values };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    const elements = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
    const values = node.isTypeOnly
      ? []
      : elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text);
    return {
      specifier: node.moduleSpecifier.text,
      typeOnly: node.isTypeOnly || (elements.length > 0 && values.length === 0),
      dynamic: false,
      values,
    };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument === undefined || !ts.isStringLiteral(argument)) return undefined;
    return { specifier: argument.text, typeOnly: false, dynamic: true, values: [] };
  }
  // `import('./x.js').Name` in a type.
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
    return { specifier: node.argument.literal.text, typeOnly: true, dynamic: false, values: [] };
  return undefined;
}

function importedName(element: ts.ImportSpecifier): string {
  return (element.propertyName ?? element.name).text;
}

function resolved(from: string, specifier: string): Pick<Import, 'target' | 'dependency'> {
  const target = targetOf(from, specifier);
  if (target !== undefined) return { target, dependency: undefined };
  const parts = specifier.split('/');
  const dependency = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
  return { target, dependency: specifier.startsWith('node:') ? specifier : dependency };
}

function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return source(posix.join(dirname(from), specifier));
  if (specifier.startsWith('#generated/')) return source(`generated/${specifier.slice('#generated/'.length)}`);
  if (specifier === 'seamwright') return 'generator/index.ts';
  if (specifier === 'seamwright/runtime' || specifier === 'seamwright/harness')
    return `${specifier.slice('seamwright/'.length)}/index.ts`;
  return specifier.startsWith('seamwright/') ? `${specifier.slice('seamwright/'.length)}.ts` : undefined;
}

function source(path: string): string {
  return path.replace(/\.js$/, '.ts');
}
