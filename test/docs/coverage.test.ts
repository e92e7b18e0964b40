import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../generator/check/registry.js';
import { readTemplates } from '../../generator/load/templates.js';
import * as runtime from '../../runtime/index.js';
import { ROOT, readPage, readPages } from './pages.js';

const reference = (name: string): string => readPage(`docs/reference/${name}.md`).text;
const code = (...words: readonly string[]): readonly string[] => words.map((word) => `\`${word}\``);

describe('the reference is complete', () => {
  it('runtime: every export, value or type', () => {
    const index = readFileSync(join(ROOT, 'runtime/index.ts'), 'utf8');
    const listed = [...index.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/\{([^}]*)\}/g)].flatMap(([, names = '']) =>
      names.split(','),
    );
    const names = new Set([
      ...Object.keys(runtime),
      ...listed.map((name) => name.replace(/^\s*type\s/, '').trim()).filter(Boolean),
    ]);
    expect(names.size).toBeGreaterThan(60);
    expect(absent(reference('runtime'), code(...names))).toEqual([]);
  });

  it('runtime: every metric', () => {
    const metrics = matches('runtime', /'((?:seamwright|messaging)\.[a-z_]+\.[a-z_.]+)'/g);
    expect(metrics.length).toBeGreaterThan(15);
    expect(absent(reference('runtime'), code(...metrics))).toEqual([]);
  });

  it('errors: every class with its code', () => {
    const classes = Object.keys(runtime).filter((name) => name.endsWith('Error'));
    const codes = classes.flatMap((name) =>
      matches('runtime', new RegExp(`class ${name}\\b[\\s\\S]*?super\\(\\s*'([a-z-]+)'`, 'g')),
    );
    expect(codes.length).toBeGreaterThan(8);
    expect(absent(reference('errors-and-exit-codes'), code(...codes, ...classes))).toEqual([]);
  });

  it('errors: every reason and header of a dead letter', () => {
    const text = readFileSync(join(ROOT, 'runtime/consume/consumer.ts'), 'utf8');
    const [, union = ''] = /type DeadReason =([^;]+);/.exec(text) ?? [];
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason = '']) => reason);
    const headers = matches('runtime', /'(sw-[a-z-]+)'/g);
    expect(Math.min(reasons.length, headers.length)).toBeGreaterThan(8);
    expect(absent(reference('errors-and-exit-codes'), code(...reasons, ...headers))).toEqual([]);
  });

  it('errors: every finding that is no rule', () => {
    const pattern = /(?:rule: |(?:report|refused?)\(\s*|problem\(\s*(?='openapi))'([a-z]+(?:-[a-z]+)*)'/g;
    const ids = ['load', 'emit', 'render', 'write'].flatMap((stage) => matches(`generator/${stage}`, pattern));
    const catalogue = readFileSync(join(ROOT, 'generator/emit/schema-problems.ts'), 'utf8');
    const [, severities = ''] = /const SEVERITY[^{]*\{([^}]*)\}/.exec(catalogue) ?? [];
    const codes = [...severities.matchAll(/'([a-z-]+)':/g)].map(([, name]) => `schema-${name}`);
    expect(Math.min(ids.length, codes.length)).toBeGreaterThan(5);
    const known = new Set(rules.map((rule) => rule.id));
    const others = [...ids, ...codes].filter((id) => !known.has(id));
    expect(absent(reference('errors-and-exit-codes'), code(...others))).toEqual([]);
  });

  it('rules: every rule has its section', () => {
    expect(
      absent(
        readPage('docs/rules.md').text,
        rules.map(({ id }) => `\n## ${id}\n`),
      ),
    ).toEqual([]);
  });

  it('templates: every template that can be replaced', () => {
    const names = readTemplates.builtIn().map(({ name }) => name);
    expect(absent(readPage('docs/guides/templates.md').text, code(...names))).toEqual([]);
  });
});

describe('pages', () => {
  it('show only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: object };
    const shown = readPages().flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
    );
    expect(shown.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('are all reached from the README or the index of the documentation', () => {
    const entry = readPage('README.md').text + readPage('docs/README.md').text.replaceAll('](', '](docs/');
    const pages = readPages()
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
    expect(pages.filter((path) => !entry.includes(`](${path}`))).toEqual([]);
  });
});

function absent(page: string, wanted: readonly string[]): readonly string[] {
  return wanted.filter((text) => !page.includes(text));
}

/** First groups of a pattern in every TypeScript file below a folder, each once. */
function matches(folder: string, pattern: RegExp): readonly string[] {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const found = paths.flatMap((path) =>
    [...readFileSync(join(ROOT, folder, path), 'utf8').matchAll(pattern)].map(([, name = '']) => name),
  );
  return [...new Set(found)].sort();
}
