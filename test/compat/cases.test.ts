import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import { compatRules } from '../../generator/compat/registry.js';
import { loadModel } from './load-model.js';

const CASES = join(import.meta.dirname, '../cases/compat');

async function judged(dir: string): Promise<readonly Judgement[]> {
  const before = await loadModel(join(dir, 'before'));
  const after = await loadModel(join(dir, 'after'));
  if (before === undefined || after === undefined) throw new Error(`${dir} holds no two revisions`);
  return judge(diff(before, after), { before, after });
}

/** What the rule of the case says in full, and what other rules say of the same step in a word. */
function golden(id: string, all: readonly Judgement[]): string {
  const mine = all.filter((judgement) => judgement.rule === id);
  const others = all.filter((judgement) => judgement.rule !== id);
  const also = others.map(({ rule, verdict, subject, pointer = '' }) => `${verdict} ${rule} ${subject}${pointer}`);
  return `${JSON.stringify({ judgements: mine, also }, null, 2)}\n`;
}

describe.each(compatRules)('rule $id', ({ id }) => {
  const dir = join(CASES, id);

  it('judges its case', async () => {
    const all = await judged(dir);
    expect(all.filter((judgement) => judgement.rule === id)).not.toEqual([]);
    for (const { rule, message, at, subject } of all) {
      expect(message, rule).toMatch(/\.$/);
      expect(message, rule).not.toMatch(/undefined|\[object|NaN|""/);
      expect(at.file, rule).not.toBe('');
      expect(subject, rule).not.toBe('');
    }
    const actual = golden(id, all);
    const file = join(dir, 'expected.json');
    if (process.env.UPDATE_CASES === '1') writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

describe('cases', () => {
  it('belong to rules', () => {
    const ids = compatRules.map((rule) => rule.id);
    expect(readdirSync(CASES).filter((name) => !ids.includes(name))).toEqual([]);
    expect(ids.filter((id) => !existsSync(join(CASES, id, 'expected.json')))).toEqual([]);
  });
});
