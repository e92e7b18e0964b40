import { describe, expect, it } from 'vitest';
import { applyAcceptances } from '../../generator/check/acceptance.js';
import { rules } from '../../generator/check/registry.js';
import type { Finding } from '../../generator/diagnostics/finding.js';
import type { Acceptance } from '../../generator/load/documents.js';

const at = { file: 'seamwright.yaml', line: 7, column: 5 };

function finding(rule: string, subject: string): Finding {
  return { rule, severity: 'error', message: 'something.', at: { file: 'feature.yaml', line: 1, column: 1 }, subject };
}

const found = [
  finding('no-timeout', 'http:a->b'),
  finding('no-timeout', 'http:a->c'),
  finding('no-retry', 'http:a->b'),
];

function apply(...entries: Omit<Acceptance, 'at' | 'reason'>[]) {
  const acceptances = entries.map((entry) => ({ ...entry, reason: 'known', at }));
  const { findings, accepted } = applyAcceptances(found, acceptances, rules, '2026-01-31');
  return {
    left: findings.filter((each) => found.includes(each)).map((each) => `${each.rule} ${each.subject}`),
    complaints: findings.filter((each) => !found.includes(each)).map((each) => `${each.rule}: ${each.message}`),
    accepted: accepted.map((each) => `${each.finding.rule} ${each.finding.subject}`),
  };
}

describe('acceptances', () => {
  it('take out the finding of their subject only', () => {
    expect(apply({ rule: 'no-timeout', subject: 'http:a->b' })).toEqual({
      left: ['no-timeout http:a->c', 'no-retry http:a->b'],
      complaints: [],
      accepted: ['no-timeout http:a->b'],
    });
  });

  it('without a subject take out every finding of the rule', () => {
    expect(apply({ rule: 'no-timeout' }).left).toEqual(['no-retry http:a->b']);
  });

  it('hold on their last day', () => {
    const { left, complaints } = apply({ rule: 'no-retry', until: '2026-01-31' });
    expect([left, complaints]).toEqual([['no-timeout http:a->b', 'no-timeout http:a->c'], []]);
  });

  it('that have expired let the finding back in and say so', () => {
    expect(apply({ rule: 'no-timeout', until: '2026-01-30' })).toEqual({
      left: ['no-timeout http:a->b', 'no-timeout http:a->c', 'no-retry http:a->b'],
      complaints: [
        'acceptance-expired: the acceptance of "no-timeout" ended on 2026-01-30; its 2 findings count again.',
      ],
      accepted: [],
    });
  });

  it('that match nothing are findings, expired or not', () => {
    const unused = 'acceptance-unused: the acceptance of "no-retry" for "http:a->x" matches no finding.';
    expect(apply({ rule: 'no-retry', subject: 'http:a->x' }).complaints).toEqual([unused]);
    expect(apply({ rule: 'no-retry', subject: 'http:a->x', until: '2020-01-01' }).complaints).toEqual([unused]);
  });

  it('of a rule that does not exist say which was meant', () => {
    const [complaint] = applyAcceptances(
      found,
      [{ rule: 'no-retyr', reason: 'known', at }],
      rules,
      '2026-01-31',
    ).findings.slice(-1);
    expect(complaint).toMatchObject({ rule: 'rule-unknown', at, fix: expect.stringContaining('"no-retry"') });
  });

  it('beside an expired one of the same finding still hold', () => {
    expect(
      apply({ rule: 'no-retry', until: '2020-01-01' }, { rule: 'no-retry', until: '2027-01-01' }).left,
    ).not.toContain('no-retry http:a->b');
  });
});
