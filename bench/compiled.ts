import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');
/** What is written in TypeScript and takes part. */
const sources = ['generator', 'runtime', 'harness', 'generated', 'services', 'bench'];
const others = ['contracts', 'schema', 'templates'];

/** Gives a copy of this repository as plain JavaScript, which goes afterwards: sources that are turned into it while they load run more slowly. */
export async function withCompiled<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-compiled-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const name of others) cpSync(join(root, name), join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest()));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings()));
    const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
    const { status } = spawnSync(process.execPath, [compiler, '-p', folder], { stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error('the sources cannot be compiled');
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The package finds itself in the copy: what its exports name as sources is compiled there. */
function manifest(): object {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const exports = Object.entries(own.exports).map(([name, target]) => [
    name,
    typeof target === 'string' ? target : target['seamwright-source']?.replace(/\.ts$/, '.js'),
  ]);
  return { ...own, exports: Object.fromEntries(exports) };
}

function settings(): object {
  const compilerOptions = { noEmit: false, noCheck: true, outDir: '.', rootDir: root };
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions,
    include: sources.map((name) => join(root, name)),
    exclude: [],
  };
}
