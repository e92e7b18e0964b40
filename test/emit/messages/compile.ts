import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the files of a compilation seem to lie: inside the package, so that it can import itself by name. */
const FOLDER = join(ROOT, 'generated', 'compiled-in-memory');

/** The strictest settings under which users compile what we generate. */
export const STRICTEST: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['seamwright-source'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Compiles files held in memory with TypeScript's API; returns the errors in readable form. */
export function compile(files: ReadonlyMap<string, string>): readonly string[] {
  const held = new Map([...files].map(([path, text]) => [join(FOLDER, path), text]));
  const host = ts.createCompilerHost(STRICTEST);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => held.has(path) || fileExists(path);
  host.readFile = (path) => held.get(path) ?? readFile(path);
  host.directoryExists = () => true;
  host.getSourceFile = (path, languageVersion, onError, fresh) => {
    const text = held.get(path);
    return text === undefined
      ? getSourceFile(path, languageVersion, onError, fresh)
      : ts.createSourceFile(path, text, languageVersion, true);
  };
  const program = ts.createProgram([...held.keys()], STRICTEST, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const line = diagnostic.file?.text.split('\n')[place?.line ?? 0] ?? '';
    return `${diagnostic.file?.fileName.slice(FOLDER.length + 1)}:${(place?.line ?? 0) + 1} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}\n    ${line.slice(0, 300)}`;
  });
}

/** A JSON value as a TypeScript expression. */
export function literalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `[${JSON.stringify(key)}]: ${literalText(inner)}`);
  return `{ ${members.join(', ')} }`;
}
