import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentPair } from './pair.js';

/** Something that compares two documents: how it is run, and of which paths it says that they break. */
export interface Comparer {
  readonly name: string;
  readonly args: (pair: DocumentPair) => readonly string[];
  /** Numbers of the paths it complains of. */
  readonly complaints: (output: string) => ReadonlySet<number>;
}

const CLI = join(import.meta.dirname, '../../dist/generator/cli/main.js');
const VERSIONS = { 'openapi-diff': '0.24.1', '@useoptic/optic': '1.0.9' };

/** seamwright first, then the peers, installed into a temporary folder that is kept for the next run. */
export function comparers(): readonly Comparer[] {
  const modules = join(installed(), 'node_modules');
  return [
    {
      name: 'seamwright breaking',
      args: ({ before, after }) => [CLI, 'breaking', after, '--against', before, '--format', 'json'],
      complaints: (output) => {
        const { findings } = JSON.parse(output) as { findings: readonly { level?: string; subject?: string }[] };
        return numbersIn(findings.filter(({ level }) => level === 'major').map(({ subject }) => subject ?? ''));
      },
    },
    {
      name: 'openapi-diff 0.24.1',
      args: ({ files }) => [join(modules, 'openapi-diff/bin/openapi-diff'), ...files],
      complaints: (output) => {
        const start = output.indexOf('{');
        const report = start < 0 ? {} : (JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as object);
        const differences = 'breakingDifferences' in report ? (report.breakingDifferences as readonly unknown[]) : [];
        return numbersIn(differences.map((difference) => JSON.stringify(difference)));
      },
    },
    {
      name: 'Optic 1.0.9',
      args: ({ files }) => [join(modules, '@useoptic/optic/build/index.js'), 'diff', ...files, '--check'],
      // Operations that fail a check are headed by an x.
      complaints: (output) => numbersIn(output.split('\n').filter((line) => /^x [A-Z]+ \//.test(line))),
    },
  ];
}

function numbersIn(texts: readonly string[]): ReadonlySet<number> {
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/items?-?(\d+)/gi)].slice(0, 1).map((match) => Number(match[1]))),
  );
}

function installed(): string {
  const dir = join(tmpdir(), 'seamwright-bench-breaking');
  if (existsSync(join(dir, 'node_modules/openapi-diff')) && existsSync(join(dir, 'node_modules/@useoptic/optic')))
    return dir;
  mkdirSync(dir, { recursive: true });
  // Optic does not start with the newest ajv that its ranges allow.
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true, overrides: { ajv: '8.17.1' } }));
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  console.log(`installing ${wanted.join(' and ')} into ${dir}`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], {
    cwd: dir,
    stdio: 'ignore',
  });
  return dir;
}
