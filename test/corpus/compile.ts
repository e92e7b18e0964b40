import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Compiles what lies in the named folders below `dir` as one program, under the settings that the README promises. Returns the errors by folder.
 */
export async function compile(
  dir: string,
  folders: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const modules = join(dir, 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(ROOT, join(modules, 'seamwright'), 'junction');
  const tsconfig = {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023'],
      module: 'NodeNext',
      customConditions: ['seamwright-source'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      // Only our own dependencies have declarations here; the packed test checks those that users get.
      skipLibCheck: true,
      noEmit: true,
    },
    include: folders.flatMap((folder) => [`${folder}/generated`, `${folder}/services`]),
  };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(tsconfig));
  const output = await typeScript(dir);
  const errors = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    if (!line.includes('error TS')) continue;
    const folder = folders.find((name) => line.startsWith(`${name}/`)) ?? '';
    errors.set(folder, [...(errors.get(folder) ?? []), line.trim()]);
  }
  const outside = errors.get('');
  if (outside !== undefined) throw new Error(`errors outside of generated code:\n${outside.slice(0, 5).join('\n')}`);
  return errors;
}

function typeScript(dir: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
  return new Promise((resolve, reject) => {
    execFile(
      'node',
      [compiler, '-p', '.', '--pretty', 'false'],
      { cwd: dir, maxBuffer: 2 ** 29 },
      (error, stdout, stderr) => {
        if (error !== null && !stdout.includes('error TS'))
          reject(new Error(`the compiler failed: ${stderr || error.message}`));
        else resolve(stdout);
      },
    );
  });
}
