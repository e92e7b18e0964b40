import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Validator } from 'seamwright/runtime/validation';

const ROOT = fileURLToPath(new URL('../../../.seamwright/', import.meta.url));

/** Writes generated files inside the package, so that they can import it by name, and hands them to `use`. */
export async function withFiles<T>(
  files: ReadonlyMap<string, string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(ROOT, { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'test-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads every generated validator as a service would; by name of its type. */
export function loadValidators(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Validator<unknown>>> {
  return withFiles(files, async (folder) => {
    const module = (await import(join(folder, 'messages/index.gen.ts'))) as Readonly<
      Record<string, Validator<unknown>>
    >;
    return new Map(Object.entries(module).map(([name, validate]) => [name.replace(/^validate/, ''), validate]));
  });
}
