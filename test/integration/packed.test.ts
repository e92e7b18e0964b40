import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const CONTRACTS = join(ROOT, 'test/fixtures/packed/contracts');

/** The strictest a user may have. */
const tsconfig = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['generated', 'services'],
};

let folder = '';
/** What `npm install` of the tarball left; the second repository borrows it. */
let installed = '';

// One pack and one install for all cases: they take most of the time.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seamwright-packed-'));
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, maxBuffer: 1e8 });
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [{ readonly filename: string }];
  const first = await repository('commonjs', undefined);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)], { cwd: first });
  installed = join(first, 'node_modules');
}, 420_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['commonjs', 'module'] as const)('the packed tarball in an empty %s repository', (type) => {
  let dir = '';

  beforeAll(async () => {
    dir = type === 'commonjs' ? join(folder, type) : await repository(type, installed);
    await cp(CONTRACTS, join(dir, 'contracts'), { recursive: true });
    await writeFile(join(dir, 'tsconfig.json'), JSON.stringify(tsconfig));
  });

  it('checks contracts of the user', async () => {
    const { code, stdout } = await seamwright(dir, 'check', '--format', 'json');
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly severity: string }[] };
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(code).toBe(0);
  });

  it('generates, and finds nothing to do the second time', async () => {
    const first = await seamwright(dir, 'generate');
    expect(first, first.stdout).toMatchObject({ code: 0 });
    const again = await seamwright(dir, 'generate', '--check', '--format', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({ drift: [] });
    expect(again.code).toBe(0);
  });

  it.each([
    ['5.9', 'node_modules/typescript/bin/tsc'],
    ['7', 'node_modules/@typescript/native/bin/tsc'],
  ])('type-checks what it generated with TypeScript %s', async (version, tsc) => {
    const compiler = join(ROOT, tsc);
    expect((await run('node', [compiler, '--version'])).stdout).toContain(`Version ${version}`);
    const listed = await outcome('node', [compiler, '-p', '.', '--listFiles'], dir);
    expect(listed.stdout).not.toMatch(/error TS/);
    expect(listed.code).toBe(0);
    // A compiler that was given nothing finds nothing.
    expect(listed.stdout.match(/\.gen\.ts$/gm)?.length ?? 0).toBeGreaterThan(25);
  });

  it('finds an error in generated types when there is one', async () => {
    const file = join(dir, 'services/lending-library/desk/main.ts');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      `${text}\nconst wrong: number = await desk.copies.ShelvedTitle.get('1');\nconsole.log(wrong);\n`,
    );
    const checked = await outcome('node', [join(ROOT, 'node_modules/@typescript/native/bin/tsc'), '-p', '.'], dir);
    await writeFile(file, text);
    expect(checked.stdout).toMatch(/desk\/main\.ts.*error TS2322/);
  });
});

/** An empty folder after `npm init -y`. */
async function repository(type: 'commonjs' | 'module', borrowed: string | undefined): Promise<string> {
  const dir = join(folder, type);
  await mkdir(dir);
  await run('npm', ['init', '-y'], { cwd: dir });
  await run('npm', ['pkg', 'set', `type=${type}`], { cwd: dir });
  if (borrowed !== undefined) await symlink(borrowed, join(dir, 'node_modules'), 'junction');
  return dir;
}

function seamwright(dir: string, ...args: readonly string[]): Promise<Outcome> {
  return outcome('npx', ['--no-install', 'seamwright', ...args], dir);
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end; an exit code other than 0 is a result, not an exception. */
async function outcome(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  try {
    return { code: 0, ...(await run(command, args, { cwd, maxBuffer: 1e8 })) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: code ?? -1, stdout, stderr };
  }
}
