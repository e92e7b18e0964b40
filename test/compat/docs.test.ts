import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compatRulesPage, type DocumentedChange } from '../../generator/compat/docs.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import { lineDiff } from '../../generator/compat/line-diff.js';
import { compatRules } from '../../generator/compat/registry.js';

const CASES = join(import.meta.dirname, '../cases/compat');
const PAGE = join(import.meta.dirname, '../../docs/breaking-rules.md');

function documentedChange(id: string): DocumentedChange {
  const before = filesIn(join(CASES, id, 'before'));
  const after = filesIn(join(CASES, id, 'after'));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const { judgements } = JSON.parse(readFileSync(join(CASES, id, 'expected.json'), 'utf8')) as {
    readonly judgements: readonly Judgement[];
  };
  const files = paths.map((path) => [path, before.get(path) ?? '', after.get(path) ?? ''] as const);
  return { files: files.filter(([, old, young]) => old !== young), judgements };
}

function filesIn(dir: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(dir, path), readFileSync(path, 'utf8')]),
  );
}

it('docs/breaking-rules.md is what the rules and their cases say', () => {
  const page = compatRulesPage(compatRules, new Map(compatRules.map(({ id }) => [id, documentedChange(id)])));
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

it('shows every rule with its own case', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const { id } of compatRules) {
    const [section = ''] = page.split(`\n## ${id}\n`).slice(1);
    expect(section.split('\n## ')[0], id).toMatch(new RegExp(`^\\S+ ${id}: `, 'm'));
  }
});

describe('the difference of two texts', () => {
  it('shows what went and what came, with two lines around', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].join('\n');
    const after = ['a', 'b', 'c', 'D', 'e', 'f', 'g', 'h', 'i', 'j'].join('\n');
    expect(lineDiff(before, after)).toEqual([' b', ' c', '-d', '+D', ' e', ' f', ' …', ' h', ' i', '+j']);
  });

  it('is empty for equal texts, and whole for one that came or went', () => {
    expect(lineDiff('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(lineDiff('', 'a\nb\n')).toEqual(['+a', '+b']);
    expect(lineDiff('a\n', '')).toEqual(['-a']);
  });
});
