import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../generator/cli/commands/breaking.js';
import { impactOf } from '../../generator/compat/impact.js';
import { excerpt } from '../../generator/report/breaking/findings.js';
import { breakingReporters } from '../../generator/report/breaking/registry.js';
import type { BreakingRun } from '../../generator/report/breaking/run.js';
import { judgement, modelWith } from './judgements.js';

const options = { color: false, elapsedMs: 900 };
const at = { file: 'contracts/shop/products/feature.yaml', line: 2, column: 10 };

const broken = judgement({
  pointer: '/properties/status',
  message: 'enum of "status" gains "lost".',
  fix: 'Let shop ship first.',
  order: 'reader-first',
  writers: ['catalogue'],
  readers: ['shop'],
  affected: [{ service: 'shop', feature: 'products', team: 'team-shop', why: 'its validator refuses this message' }],
  counterexample: {
    value: { id: 'p1', entityData: { name: 'a lamp', status: 'lost' } },
    writtenBy: 'new',
    refusedAt: '/entityData/status',
    refusal: 'must be one of "new", "sold"',
  },
});
const unproven = judgement({
  rule: 'schema-undecided',
  verdict: 'unknown',
  severity: 'warning',
  subject: 'message:Other',
});
const accepted = judgement({ rule: 'constant-changed', subject: 'constant:LIMIT' });
const safe = judgement({ rule: 'property-added', verdict: 'safe', severity: 'info', level: 'minor' });

function runOf(judgements = [broken, unproven, accepted, safe], waive = judgements.includes(accepted)): BreakingRun {
  const waivers = {
    products: waive ? [{ change: 'constant-changed constant:LIMIT', reason: 'agreed', approvedBy: 'team-shop' }] : [],
  };
  const services = { shop: {}, catalogue: {} };
  const impact = impactOf({
    judgements,
    revisions: { before: modelWith({ waivers: { products: [] }, services }), after: modelWith({ waivers, services }) },
    versioned: [{ kind: 'feature', name: 'products', before: '1.4.0', after: '1.4.1', at }],
    today: '2026-01-01',
  });
  return {
    findings: [],
    comparisons: [
      {
        system: 'shop',
        folder: 'contracts/shop',
        against: 'main@3f2c9aa',
        note: 'where this branch left main',
        isNew: false,
        findings: [],
        impact,
      },
    ],
  };
}

const report = (format: string, run = runOf()): string => breakingReporters[format]?.(run, options) ?? '';

it('text: verdict, versions, who is hit, the message that fails, the order, how to accept', () => {
  expect(report('text').split('\n')).toEqual([
    'BREAKING  products 1.4.0 -> needs 2.0.0 (is 1.4.1)',
    '',
    '  enum-value-added  enum of "status" gains "lost".',
    '    at    contracts/shop/products/asyncapi.yaml:7:3',
    '    hits  shop (products, team-shop): its validator refuses this message',
    '          {…, "entityData": {…, "status": "lost"}}  ->  /entityData/status must be one of "new", "sold"',
    '    order readers first: shop, then catalogue. Rolling shop back after catalogue has shipped makes it refuse what it gets.',
    '    fix:  Let shop ship first.',
    '    to accept  accept_breaking: [{ change: "enum-value-added message:ProductChanged/properties/status", reason: …, until: … }]',
    '',
    '  schema-undecided  enum of "status" gains "sold".',
    '    at    contracts/shop/products/asyncapi.yaml:7:3',
    '    to accept  accept_breaking: [{ change: "schema-undecided message:Other", reason: …, until: … }]',
    '',
    'Order to ship shop',
    '  1  shop: Read the new form of ProductChanged before it is written by catalogue.',
    '  2  catalogue: Write the new form of ProductChanged, which is read by shop by now.',
    '     no way back  From here on do not roll back shop: the new form of ProductChanged is on its way and would be refused.',
    '',
    'accepted  constant-changed constant:LIMIT: agreed (by team-shop)',
    '',
    'contracts/shop/products/feature.yaml:2:10: error version-not-bumped: feature "products" is 1.4.1, and the change (constant-changed, enum-value-added, schema-undecided) makes it 2.0.0.',
    '  fix: run "seamwright bump", or write version: 2.0.0.',
    '',
    '1 breaking, 1 unproven, 1 accepted, 1 safe change, compared with main@3f2c9aa (where this branch left main) in 0.9 s',
    '',
  ]);
});

it('text: each verdict has its word, and a clean run one line', () => {
  expect(report('text', runOf([unproven]))).toMatch(/^UNPROVEN {2}products/);
  expect(report('text', runOf([{ ...unproven, verdict: 'notice' }]))).toMatch(/^NOTICE {4}products/);
  expect(report('text', runOf([safe]))).toContain('1 safe change, compared with main@3f2c9aa');
});

it('an accepted change is still shipped in its order', () => {
  const ordered = { ...accepted, order: 'reader-first' as const, writers: ['catalogue'], readers: ['shop'] };
  const [impact] = runOf([accepted]).comparisons.map((each) => each.impact);
  expect(impact?.order.tiers).toEqual([]);
  const parsed = JSON.parse(report('json', runOf([ordered], true)));
  expect([parsed.findings.length, parsed.waived.length, parsed.deployOrder.length]).toEqual([1, 1, 2]);
});

it('exits 1 on a break, 3 on what is unproven, 0 on what is safe or accepted', () => {
  expect([[broken, unproven], [unproven, safe], [safe], [accepted]].map((each) => exitCodeOf(runOf(each)))).toEqual([
    1, 3, 0, 0,
  ]);
});

describe('json', () => {
  it('is one document of the promised shape', () => {
    const parsed = JSON.parse(report('json'));
    expect(parsed.findings[0]).toMatchObject({
      rule: 'enum-value-added',
      severity: 'error',
      file: 'contracts/shop/products/asyncapi.yaml',
      line: 7,
      column: 3,
      fix: 'Let shop ship first.',
      related: [],
      verdict: 'breaking',
      level: 'major',
      feature: 'products',
      subject: 'message:ProductChanged',
      affected: [
        { service: 'shop', feature: 'products', team: 'team-shop', why: 'its validator refuses this message' },
      ],
      counterexample: { id: 'p1', entityData: { name: 'a lamp', status: 'lost' } },
      refusal: { at: '/entityData/status', writtenBy: 'new' },
    });
    expect(parsed.requiredBumps).toMatchObject([{ feature: 'products', from: '1.4.0', to: '2.0.0', is: '1.4.1' }]);
    expect(parsed.deployOrder).toMatchObject([
      { tier: 1, services: ['shop'], why: expect.any(String) },
      { tier: 2, services: ['catalogue'], why: expect.any(String) },
    ]);
    expect(parsed.waived).toMatchObject([
      { rule: 'constant-changed', waiver: { reason: 'agreed', approvedBy: 'team-shop' } },
    ]);
    expect(parsed.summary).toEqual({
      errors: 2,
      warnings: 1,
      infos: 0,
      breaking: 1,
      unknown: 1,
      notices: 0,
      waived: 1,
      safe: 1,
    });
  });
});

describe('markdown', () => {
  it('says the verdict first and folds what is long', () => {
    const lines = report('markdown').split('\n');
    expect(lines.slice(0, 2)).toEqual(['<!-- seamwright breaking -->', '### seamwright: 1 breaking change']);
    expect(lines).toContain('| `shop` | team-shop | `enum-value-added` | its validator refuses this message |');
    expect(lines.filter((line) => line === '<details>')).toHaveLength(3);
    expect(lines.filter((line) => line === '</details>')).toHaveLength(3);
    expect(report('markdown', runOf([safe]))).toContain('### seamwright: nothing breaks');
    expect(report('markdown', runOf([unproven]))).toContain('nothing broken, 1 change unproven');
  });

  it('lets no text of a contract become markup, a mention or the end of a fence', () => {
    const evil = '</summary></details>\n```\n@everyone <script>x</script> | a `b` <!-- seamwright breaking -->';
    const run = runOf([
      {
        ...broken,
        message: evil,
        fix: evil,
        affected: [{ service: evil, feature: evil, team: evil, why: evil }],
        counterexample: { value: { a: evil }, writtenBy: 'old', refusedAt: '/a', refusal: evil },
      },
    ]);
    const text = report('markdown', run);
    // Within a fence and within a code span text is only text.
    const outside = text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').replace(/`[^`\n]+`/g, '');
    expect(outside).not.toMatch(/<script|@everyone/);
    expect(outside.match(/<\/details>/g)).toHaveLength(outside.match(/<details>/g)?.length ?? 0);
    expect(text.match(/^<!-- seamwright breaking -->/gm)).toHaveLength(1);
    for (const format of ['text', 'github']) {
      const lines = report(format, run).split('\n');
      expect(lines.filter((line) => line.startsWith('@everyone') || line.startsWith('```'))).toEqual([]);
    }
  });
});

it('sarif: what code scanning needs of version 2.1.0', () => {
  const log = JSON.parse(report('sarif'));
  expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version']);
  expect(log.version).toBe('2.1.0');
  const [run] = log.runs;
  const { rules, name } = run.tool.driver;
  expect(name).toBe('seamwright');
  expect(run.results.length).toBe(3);
  for (const result of run.results) {
    expect(['none', 'note', 'warning', 'error']).toContain(result.level);
    expect(rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.message.text).not.toBe('');
    expect(Object.keys(result.partialFingerprints)).not.toEqual([]);
    for (const { physicalLocation } of result.locations) {
      expect(physicalLocation.artifactLocation.uri).toMatch(/^contracts\//);
      expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      expect(physicalLocation.region.startColumn).toBeGreaterThan(0);
    }
  }
  expect(
    new Set(run.results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints)))
      .size,
  ).toBe(3);
});

it('github and junit: one annotation and one case for each, with the command named', () => {
  expect(report('github')).toMatch(
    /^::error file=contracts\/shop\/products\/asyncapi\.yaml,line=7,col=3,title=enum-value-added::enum of "status" gains "lost"\. Hits shop\./,
  );
  expect(report('github').trim().split('\n')).toHaveLength(3);
  expect(report('junit')).toContain('<testsuite name="seamwright breaking" tests="3" failures="2"');
  expect(report('junit', runOf([safe]))).toContain('<testcase classname="seamwright" name="breaking"/>');
});

it.each([
  [{ a: { b: [1, { c: 'x' }] }, d: 1 }, '/a/b/1/c', '{…, "a": {"b": […, {…"c": "x"}]}}'.replace('{…"c"', '{"c"')],
  [{ 'a/b': 1 }, '/a~1b', '{"a/b": 1}'],
  [{ a: 1 }, '', '{"a":1}'],
  ['x'.repeat(500), '', `"${'x'.repeat(158)}…`],
  [{ a: 1, b: 2 }, '/gone', '{…, "gone": nothing}'],
])('an excerpt keeps the way to what is refused', (value, pointer, shown) => {
  expect(excerpt(value, pointer)).toBe(shown);
});
