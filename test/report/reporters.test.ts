import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../generator/diagnostics/finding.js';
import { reporters } from '../../generator/report/registry.js';

const GOLDEN = join(import.meta.dirname, '../cases/report');
const options = { color: false, elapsedMs: 412, rules: 38, features: 6 };

const usual: readonly Finding[] = [
  {
    rule: 'entity-single-owner',
    severity: 'error',
    message: 'entity "Employee" is owned by "people" and by "accounts".',
    at: { file: 'contracts/easyplatform/employee-sync/feature.yaml', line: 9, column: 12 },
    subject: 'entity:Employee',
    related: [{ at: { file: 'contracts/easyplatform/user-sync/feature.yaml', line: 22, column: 12 }, message: '' }],
    fix: 'keep one owner; let "accounts" keep a copy (consumers: [accounts]).',
  },
  {
    rule: 'retry-budget-exceeds-deadline',
    severity: 'warning',
    message: '4 tries of policy "internal" take up to 54 s, its deadline is 10 s.',
    at: { file: 'contracts/dhanman/invoice-creation/feature.yaml', line: 41, column: 7 },
    fix: 'lower initial_interval, or raise deadline.',
  },
  {
    rule: 'sync-chain-depth',
    severity: 'info',
    message: '3 calls wait for each other: "a" -> "b" -> "c" -> "d".',
    at: { file: 'a b/feature.yaml', line: 1, column: 1 },
    related: [{ at: { file: 'a b/feature.yaml', line: 2, column: 3 }, message: '"b" calls "c"' }],
  },
];

/** What a contract could hold to break out of a report. */
const hostile: readonly Finding[] = [
  {
    rule: 'message-undeclared',
    severity: 'error',
    message: 'message "a\n::error::forged\r\n\u001b[2J<script>|`@all`%0A&]]>" is unknown.',
    at: { file: 'x\n,y:|`.yaml', line: 1, column: 1 },
    fix: 'write "</failure>".',
    related: [{ at: { file: 'other.yaml', line: 1, column: 1 }, message: 'first\nsecond' }],
  },
];

const sets = { none: [], usual, hostile } as const;

describe.each(Object.keys(reporters))('report %s', (format) => {
  it.each(Object.entries(sets))('of %s findings', (name, findings) => {
    const actual = reporters[format]?.(findings, options) ?? '';
    const file = join(GOLDEN, `${name}.${format}.txt`);
    if (process.env.UPDATE_CASES === '1') writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const breaking = fc.string({
  unit: fc.constantFrom('\n', '\r', '::', '|', '`', '<', '>', '&', '"', ']]>', '%', '\u001b[', '\u2028', 'x'),
  maxLength: 12,
});
const anyText = fc.oneof(text, breaking);
const position = fc.record({ file: anyText, line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) });
const anyFinding: fc.Arbitrary<Finding> = fc.record(
  {
    rule: fc.constantFrom('no-timeout', 'no-retry'),
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: anyText,
    at: position,
    subject: anyText,
    fix: anyText,
    related: fc.array(fc.record({ at: position, message: anyText }), { maxLength: 2 }),
  },
  { requiredKeys: ['rule', 'severity', 'message', 'at'] },
) as fc.Arbitrary<Finding>;
const anyFindings = fc.array(anyFinding, { maxLength: 5 });

function report(format: string, findings: readonly Finding[]): string {
  return reporters[format]?.(findings, options) ?? '';
}

describe('whatever a contract holds', () => {
  it('text has one line for each finding, place and fix, and one summary', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const lines = report('text', findings).split(/[\n\r\u2028\u2029]/).length;
        const expected = findings.reduce(
          (sum, each) => sum + 1 + (each.related?.length ?? 0) + (each.fix === undefined ? 0 : 1),
          0,
        );
        expect(lines).toBe(expected + 2);
      }),
    );
  });

  it('json and sarif are one document with every finding', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        expect(JSON.parse(report('json', findings)).findings).toHaveLength(findings.length);
        expect(JSON.parse(report('sarif', findings)).runs[0].results).toHaveLength(findings.length);
      }),
    );
  });

  it('github has one command for each finding', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const lines = report('github', findings).split(/[\n\r]/);
        expect(lines.slice(0, -1).every((line) => /^::(error|warning|notice) file=/.test(line))).toBe(true);
        expect(lines).toHaveLength(findings.length + 1);
      }),
    );
  });

  it('junit opens and closes its own elements only', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const tags = [...report('junit', findings).matchAll(/<\/?([a-z-]+)/g)].map(([tag]) => tag);
        const cases = Math.max(1, findings.length);
        expect(tags.filter((tag) => tag === '<testcase')).toHaveLength(cases);
        expect(new Set(tags.map((tag) => tag.replace(/^<\/?/, '')))).toEqual(
          new Set([
            'testsuites',
            'testsuite',
            'testcase',
            ...(findings.some((each) => each.severity === 'error') ? ['failure'] : []),
            ...(findings.some((each) => each.severity !== 'error') ? ['system-out'] : []),
          ]),
        );
      }),
    );
  });

  it('markdown has one row of four cells for each finding', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const rows = report('markdown', findings)
          .split(/[\n\r\u2028\u2029]/)
          .filter((line) => /^\| (error|warning|info) /.test(line));
        expect(rows).toHaveLength(findings.length);
        for (const row of rows) expect(row.replace(/\\\\/g, '').match(/(?<!\\)\|/g)).toHaveLength(5);
      }),
    );
  });
});

it('colours only when asked', () => {
  expect(reporters.text?.(usual, { ...options, color: true })).toContain('\u001b[31merror');
  expect(reporters.text?.(usual, options)).not.toContain('\u001b');
});
