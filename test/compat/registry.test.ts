import { describe, expect, it } from 'vitest';
import { compatRules } from '../../generator/compat/registry.js';
import { type Mirrored, mirrorBreaches } from './mirrors.js';

describe('registry of rules about changes', () => {
  it('lists every rule once, in the order of the alphabet', () => {
    const ids = compatRules.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('says of every rule what it finds, who is hurt, and what to do', () => {
    for (const rule of compatRules) {
      for (const text of [rule.title, rule.why, rule.fix]) expect(text, rule.id).toMatch(/^[A-Z`].{10,}\.$/s);
      expect(rule.requirements, rule.id).not.toEqual([]);
    }
  });
});

describe('mirrors: the same change seen from the other side', () => {
  it('are named by every rule, are there, and name each other', () => {
    expect(mirrorBreaches(compatRules)).toEqual([]);
  });

  it('are missed when one is gone, one-sided, its own, or has no reason', () => {
    const sample: readonly Mirrored[] = [
      { id: 'sent', mirror: 'received' },
      { id: 'received', mirror: 'sent' },
      { id: 'alone', mirror: 'gone' },
      { id: 'one-sided', mirror: 'sent' },
      { id: 'vain', mirror: 'vain' },
      { id: 'mute', mirror: { none: '' } },
      { id: 'reasoned', mirror: { none: 'There is only one side.' } },
    ];
    expect(mirrorBreaches(sample)).toEqual([
      '"alone" names the mirror "gone", which is no rule',
      '"one-sided" names the mirror "sent", which names "received"',
      '"vain" is its own mirror',
      '"mute" has no mirror and does not say why',
    ]);
  });
});
