import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The strictest settings a user may have. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['seamwright-source'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
};

const parsed = new Map<string, ts.SourceFile | undefined>();

/** Type errors of files given as text by absolute path, as `path(line): message`. They lie in this project, so that `seamwright/runtime` is its own source. */
export function compileErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const virtual = new Map([...files].filter(([path]) => path.endsWith('.ts')));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  host.directoryExists = () => true;
  host.getSourceFile = (path, version, ...rest) => {
    const content = virtual.get(path);
    if (content !== undefined) return ts.createSourceFile(path, content, version);
    // Libraries and the runtime are the same for every case.
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, version, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([...virtual.keys()], options, host);
  // File by file: bodies of the runtime, which has a check of its own, are then left alone.
  const found = [...virtual.keys()].flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)));
  return [...new Set(found)]
    .filter((diagnostic) => diagnostic.file === undefined || virtual.has(diagnostic.file.fileName))
    .map((diagnostic) => {
      const { file, start = 0 } = diagnostic;
      const place =
        file === undefined
          ? ''
          : `${file.fileName.slice(root.length + 1)}(${file.getLineAndCharacterOfPosition(start).line + 1}): `;
      return place + ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    });
}
