import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type DocumentedCase, rulesPage } from '../../generator/check/docs.js';
import { rules } from '../../generator/check/registry.js';

const CASES = join(import.meta.dirname, '../cases/check');
const PAGE = join(import.meta.dirname, '../../docs/rules.md');

/** The files that the expected findings name, in the order of their names. */
function documentedCase(id: string): DocumentedCase {
  const dir = join(CASES, id, 'fails');
  const output = readFileSync(join(dir, 'expected.txt'), 'utf8');
  const named = [...output.matchAll(/^(?: {2}also )?([^\s:]+\.yaml):\d+:\d+/gm)].map((match) => match[1] ?? '');
  const files = [...new Set(named)].sort().map((path) => [path, readFileSync(join(dir, path), 'utf8')] as const);
  return { files, output };
}

it('docs/rules.md is what the rules and their cases say', () => {
  const page = rulesPage(rules, new Map(rules.map((rule) => [rule.id, documentedCase(rule.id)])));
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

it('shows every rule with its example, and no example of another rule', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const { id } of rules) {
    const [section = ''] = page.split(`\n## ${id}\n`).slice(1);
    expect(section.split('\n## ')[0], id).toContain(` ${id}: `);
  }
});
