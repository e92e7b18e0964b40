import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../generator/cli/commands/verify.js';
import type { Plan } from '../../harness/plan.js';
import { junitReport } from '../../harness/report/junit.js';
import { writeReports } from '../../harness/report/write-reports.js';
import {
  type FailureReport,
  type ScenarioResult,
  type ServiceResult,
  summaryOf,
  type VerifyResult,
} from '../../harness/result.js';
import { elementsOf } from './xml.js';

const plan: Plan = {
  ...{ seamwright: 1, system: 'shop', service: 'orders', scenario: 'poison', level: 'sim', seed: 1, jitter: 0 },
  ...{ steps: [], faults: [] },
};
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('<a b="c">', ']]>', '&lt;', '-->', '\u0000\u001b[31m', '\ud800', '\uffff', "'\n\t\r"),
);
const failure: fc.Arbitrary<FailureReport> = fc.record({
  ...{ invariant: text, sentence: text, promise: text, service: text, target: text },
  ...{ schedule: fc.nat(), schedules: fc.nat(), plan: fc.constant(plan), words: fc.array(text, { maxLength: 3 }) },
  timeline: fc.array(fc.record({ ms: fc.nat(), service: text, kind: text, what: text, row: text }), { maxLength: 3 }),
  shrunk: fc.constant({ from: { steps: 1, faults: 1 }, to: { steps: 1, faults: 1 }, tries: 1 }),
});
const base = { scenario: text, seed: fc.nat(), schedules: fc.nat(), invariants: fc.array(text, { maxLength: 2 }) };
const scenario: fc.Arbitrary<ScenarioResult> = fc.oneof(
  fc.record({ ...base, status: fc.constant('passed' as const) }),
  fc.record({ ...base, status: fc.constant('skipped' as const), reason: text }),
  fc.record({ ...base, status: fc.constant('failed' as const), reason: text }),
  fc.record({ ...base, status: fc.constant('failed' as const), reason: text, failure }),
);
const service: fc.Arbitrary<ServiceResult> = fc.record({
  ...{ system: text, service: text, level: fc.constantFrom('pact', 'sim', 'sql', 'live') },
  ...{ scenarios: fc.array(scenario, { maxLength: 4 }), tookMs: fc.nat() },
});
const results: fc.Arbitrary<VerifyResult> = fc
  .array(service, { maxLength: 3 })
  .map((services) => ({ services, summary: summaryOf(services) }));

describe('JUnit of a verification', () => {
  it('is well-formed whatever names and stories hold, and counts what is in it', () => {
    fc.assert(
      fc.property(results, (result) => {
        const [root, ...inner] = elementsOf(junitReport(result));
        const { passed, failed, skipped } = result.summary;
        expect(root).toMatchObject({ name: 'testsuites', depth: 0 });
        expect(numbers(root)).toEqual({ tests: passed + failed + skipped, failures: failed, skipped });
        const suites = inner.filter(({ depth }) => depth === 1);
        expect(suites.map(numbers)).toEqual(
          result.services.map(({ scenarios }) => ({
            tests: scenarios.length,
            failures: scenarios.filter(({ status }) => status === 'failed').length,
            skipped: scenarios.filter(({ status }) => status === 'skipped').length,
          })),
        );
        const count = (name: string): number => inner.filter((element) => element.name === name).length;
        expect([count('testcase'), count('failure'), count('skipped')]).toEqual([
          passed + failed + skipped,
          failed,
          skipped,
        ]);
      }),
    );
  });

  it('tells everything that is not as a Pact file says', () => {
    const mismatches = Array.from({ length: 20 }, (_, index) => ({
      ...{ interaction: `web -> orders: a request for order ${index}`, path: index === 0 ? '' : '$.body.id' },
      ...{ expected: 'a', actual: 'b', sentence: `not so ${index}` },
    }));
    const failed = { scenario: 'pact-provider', seed: 1, schedules: 20, invariants: [], status: 'failed' } as const;
    const scenarios = [{ ...failed, reason: 'not so 0', mismatches }];
    const services = [{ system: 'shop', service: 'orders', level: 'pact', scenarios, tookMs: 1 }] as const;
    const xml = junitReport({ services, summary: summaryOf(services) });
    const told = mismatches.filter(
      ({ interaction, sentence }) => xml.includes(interaction.replace('>', '&gt;')) && xml.includes(sentence),
    );
    expect(told).toEqual(mismatches);
    expect(xml).toContain('a request for order 19\n  $.body.id: not so 19');
    expect(elementsOf(xml).filter(({ name }) => name === 'failure').length).toBe(1);
  });

  it.each([
    ['an element that stays open', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['a bare ampersand', '<a>&</a>'],
    ['an ampersand in an attribute', '<a b="&"/>'],
    ['a bracket in an attribute', '<a b="<"/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a control character', '<a>\u001b</a>'],
    ['text outside', '<a/>b'],
  ])('would be caught with %s', (_, xml) => {
    expect(() => elementsOf(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)).toThrow();
  });
});

describe('verify --report', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'verify-reports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes a page, JSON and JUnit of one result', () => {
    const [result] = fc.sample(
      results.filter(({ services }) => services.length > 1),
      { numRuns: 1, seed: 5 },
    );
    if (result === undefined) throw new Error('no result');
    expect(writeReports(result, 'deep/report', folder)).toEqual([
      'deep/report/report.html',
      'deep/report/report.json',
      'deep/report/report.xml',
    ]);
    const read = (name: string): string => readFileSync(join(folder, 'deep/report', name), 'utf8');
    expect(JSON.parse(read('report.json'))).toEqual(JSON.parse(JSON.stringify(result)));
    expect(read('report.xml')).toBe(`${junitReport(result)}\n`);
    expect(read('report.html')).toMatch(/^<!doctype html>/i);
  });

  it.each(['text', 'json', 'junit'])(
    'beside what is printed as %s, which it leaves alone',
    async (format) => {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await verifyCommand({
        args: ['contracts/mesh'],
        options: { format, service: ['api-gateway'], level: ['pact'], report: join(folder, 'report') },
        io: {
          ...{ cwd: process.cwd(), env: {}, today: '2026-01-01', interactive: false, color: false },
          out: (line) => void out.push(line),
          err: (line) => void err.push(line),
          progress: () => {},
          elapsedMs: () => 0,
          interrupted: () => new Promise(() => {}),
        },
      });
      expect(code).toBe(0);
      expect(readdirSync(join(folder, 'report')).sort()).toEqual(['report.html', 'report.json', 'report.xml']);
      expect(existsSync(join(folder, 'report/report.html'))).toBe(true);
      expect(err.length).toBe(format === 'text' ? 3 : 0);
      const kept = JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8')) as VerifyResult;
      expect(kept.summary.passed).toBeGreaterThan(0);
      if (format === 'json') expect(JSON.parse(out.join('\n'))).toEqual(kept);
      if (format === 'junit') expect(numbers(elementsOf(out.join('\n'))[0]).tests).toBe(total(kept));
    },
    60_000,
  );
});

function total({ services }: VerifyResult): number {
  return services.reduce((sum, { scenarios }) => sum + scenarios.length, 0);
}

function numbers(element: ReturnType<typeof elementsOf>[number] | undefined) {
  const { tests, failures, skipped } = element?.attributes ?? {};
  return { tests: Number(tests), failures: Number(failures), skipped: Number(skipped) };
}
