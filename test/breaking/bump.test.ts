import fc from 'fast-check';
import semver from 'semver';
import { expect, it } from 'vitest';
import { bumpsOf, raised, type Versioned, versionFindings } from '../../generator/compat/bump.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import { judgement } from './judgements.js';

const at = { file: 'contracts/shop/products/feature.yaml', line: 2, column: 10 };
const feature: Versioned = { kind: 'feature', name: 'products', before: '1.4.0', after: '1.4.1', at };
const major = judgement({
  writers: ['catalogue'],
  readers: ['shop'],
  affected: [{ service: 'shop', feature: '', team: '', why: '' }],
});
const minor = judgement({ rule: 'property-added', verdict: 'safe', level: 'minor' });

const bumps = (items: readonly Versioned[], judgements: readonly Judgement[], insisting = judgements) =>
  bumpsOf(items, judgements, new Set(insisting), [
    { consumer: 'shop', provider: 'catalogue', range: '>=1.0.0 <2', feature: 'products', at },
    { consumer: 'mail', provider: 'catalogue', range: '>=1.0.0', feature: 'products', at },
  ]);

it.each([
  ['1.4.2', 'major', '2.0.0'],
  ['1.4.2', 'minor', '1.5.0'],
  ['1.4.2', 'patch', '1.4.3'],
  ['0.4.2', 'major', '0.5.0'],
  ['0.4.2', 'minor', '0.4.3'],
  ['2.0.0-rc.1', 'major', '2.0.0'],
] as const)('%s with a %s change becomes %s', (from, level, to) => {
  expect(raised(from, level)).toBe(to);
});

it('the next version is always higher, and a caret range never admits a break', () => {
  const number = fc.integer({ min: 0, max: 50 });
  fc.assert(
    fc.property(number, number, number, (a, b, c) => {
      const from = `${a}.${b}.${c}`;
      for (const level of ['major', 'minor', 'patch'] as const) expect(semver.gt(raised(from, level), from)).toBe(true);
      expect(semver.satisfies(raised(from, 'major'), `^${from}`)).toBe(false);
      if (a + b > 0) expect(semver.satisfies(raised(from, 'minor'), `^${from}`)).toBe(true);
    }),
  );
});

it('a feature takes the highest level of its changes, and says which rules ask for it', () => {
  const [bump] = bumps([feature], [minor, major]);
  expect(bump).toMatchObject({ from: '1.4.0', to: '2.0.0', is: '1.4.1', done: false, because: ['enum-value-added'] });
  expect(versionFindings(bumps([feature], [minor, major]))).toMatchObject([
    { rule: 'version-not-bumped', severity: 'error', message: expect.stringContaining('is 1.4.1, and the change') },
  ]);
  expect(bumps([{ ...feature, after: '2.0.0' }], [major])[0]?.done).toBe(true);
  expect(bumps([{ ...feature, name: 'other' }], [major])).toEqual([]);
});

it('a forgotten minor step is no finding; what is unproven or accepted is a warning', () => {
  expect(versionFindings(bumps([feature], [minor]))).toEqual([]);
  expect(bumps([feature], [minor])[0]).toMatchObject({ level: 'minor', to: '1.5.0' });
  expect(versionFindings(bumps([feature], [major], []))).toMatchObject([{ severity: 'warning' }]);
});

it('a document follows what lies in it, a service what it provides', () => {
  const items: readonly Versioned[] = [
    { kind: 'document', name: major.at.file, before: '1.0.0', after: '1.0.0', at },
    { kind: 'document', name: 'contracts/shop/other.yaml', before: '1.0.0', after: '1.0.0', at },
    { kind: 'service', name: 'catalogue', before: '1.2.0', after: '1.2.0', at },
    { kind: 'service', name: 'shop', before: '1.0.0', after: '1.0.0', at },
  ];
  const found = bumps(items, [major]);
  expect(found.map(({ name, to }) => [name, to])).toEqual([
    [major.at.file, '2.0.0'],
    ['catalogue', '2.0.0'],
    ['shop', '1.0.1'],
  ]);
  expect(versionFindings(found).map(({ rule, severity, subject }) => [rule, severity, subject])).toEqual([
    ['version-not-bumped', 'warning', `document:${major.at.file}`],
    ['version-not-bumped', 'warning', 'service:catalogue'],
    ['version-range-left', 'warning', 'dependency:shop->catalogue'],
  ]);
});

it('who asks for another version changes, not who has it', () => {
  const asked = { ...major, subject: 'dependency:shop->catalogue' };
  expect(bumps([{ kind: 'service', name: 'catalogue', before: '1.2.0', after: '1.2.0', at }], [asked])).toEqual([]);
});

it('judges no version that is none', () => {
  expect(bumps([{ ...feature, before: 'first' }], [major])).toEqual([]);
});
