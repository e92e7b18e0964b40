import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..');

/**
 * Generates the contracts of a benchmark, `bench/<name>/contracts`, into a folder of this repository, where they find the library, and loads the modules
 * whose paths are given, their exports in one object; the folder goes afterwards.
 */
export async function withGenerated<Modules, T>(
  name: string,
  paths: readonly string[],
  work: (modules: Modules) => Promise<T>,
): Promise<T> {
  const folder = join(ROOT, 'bench/.work', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    cpSync(join(import.meta.dirname, name, 'contracts'), join(folder, 'contracts'), { recursive: true });
    writeFileSync(
      join(folder, 'contracts/seamwright.yaml'),
      `seamwright: "1"\nsystem: bench\noutput: bench/.work/${name}/generated\nservices: bench/.work/${name}/services\n`,
    );
    const command = [join(ROOT, 'dist/generator/cli/main.js'), 'generate', 'contracts', '--quiet'];
    execFileSync(process.execPath, command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const loaded = await Promise.all(paths.map((path): Promise<object> => import(join(folder, 'generated', path))));
    return await work(Object.assign({}, ...loaded) as Modules);
  } finally {
    rmSync(join(ROOT, 'bench/.work'), { recursive: true, force: true });
  }
}
