import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../generator/check/registry.js';
import { judge, shown } from './judge.js';

const CASES = join(import.meta.dirname, '../cases/check');
const folders = readdirSync(CASES).sort();

/** Compares with expected.txt of a case. UPDATE_CASES=1 rewrites it; read the difference. */
function expectText(dir: string, actual: string): void {
  const file = join(dir, 'expected.txt');
  if (process.env.UPDATE_CASES === '1') writeFileSync(file, actual);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}

describe.each(rules)('rule $id', ({ id }) => {
  it('fires on its failing case, and no other error does', async () => {
    const dir = join(CASES, id, 'fails');
    const findings = await judge(dir);
    const mine = findings.filter((finding) => finding.rule === id);
    expect(mine).not.toEqual([]);
    expect(findings.filter((finding) => finding.severity === 'error' && finding.rule !== id)).toEqual([]);
    expectText(dir, shown(mine));
  });

  it('is silent on its clean case, and no error is there', async () => {
    const findings = await judge(join(CASES, id, 'clean'));
    expect(findings.filter((finding) => finding.rule === id || finding.severity === 'error')).toEqual([]);
  });
});

describe('contradictions of the source documents', () => {
  it.each(folders.filter((name) => name.startsWith('seed-')))('%s', async (name) => {
    const dir = join(CASES, name);
    const findings = await judge(join(dir, 'input'));
    expectText(dir, shown(findings));
  });
});

it('every case folder belongs to a rule', () => {
  const ids = rules.map((rule) => rule.id);
  expect(folders.filter((name) => !name.startsWith('seed-') && !ids.includes(name))).toEqual([]);
  expect(folders.filter((name) => name.startsWith('seed-') && !existsSync(join(CASES, name, 'input')))).toEqual([]);
});

describe('registry', () => {
  it('names every rule once, in the order of the alphabet, as its file is named', () => {
    const ids = rules.map((rule) => rule.id);
    const files = readdirSync(join(import.meta.dirname, '../../generator/check/rules')).map((file) =>
      file.replace(/\.ts$/, ''),
    );
    expect(ids).toEqual([...files].sort());
  });

  it('says of every rule what goes wrong and what to do', () => {
    for (const rule of rules) {
      for (const text of [rule.title, rule.why, rule.fix]) expect(text, rule.id).toMatch(/^[A-Z`].{10,}\.$/s);
      expect(rule.requirements, rule.id).not.toEqual([]);
    }
  });
});
