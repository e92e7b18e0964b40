import { describe, expect, it } from 'vitest';
import { changeName } from '../../generator/compat/change-name.js';
import { applyWaivers } from '../../generator/compat/waivers.js';
import { judgement, modelWith } from './judgements.js';

const broken = judgement({ pointer: '/properties/status' });
const change = changeName(broken);
const reason = 'agreed';

function waive(entry: Record<string, string>, feature = 'products', was = false, judgements = [broken]) {
  const after = modelWith({ waivers: { products: [], orders: [], [feature]: [{ change, reason, ...entry }] } });
  const before = was ? after : modelWith({ waivers: { products: [], orders: [] } });
  return applyWaivers(judgements, { before, after }, '2026-06-15');
}

describe('a waiver', () => {
  it('excuses the change it names, with its reason', () => {
    const { counting, waived, findings } = waive({ until: '2026-06-15', approvedBy: 'team-a' });
    expect(counting).toEqual([]);
    expect(waived).toEqual([
      { judgement: broken, feature: 'products', reason, until: '2026-06-15', approvedBy: 'team-a' },
    ]);
    expect(findings).toEqual([]);
  });

  it('excuses exactly that one', () => {
    const others = [
      judgement({ pointer: '/properties/statuses' }),
      judgement({ pointer: '/properties' }),
      judgement({ pointer: '/properties/status', rule: 'enum-value-removed' }),
      judgement({ pointer: '/properties/status', subject: 'message:ProductChange' }),
      judgement({ pointer: '/properties/status', features: ['orders'] }),
    ];
    const { counting, waived } = waive({}, 'products', false, [broken, ...others]);
    expect(counting).toEqual(others);
    expect(waived.map((each) => each.judgement)).toEqual([broken]);
  });

  it.each([
    'enum-value-added message:ProductChanged/properties/status',
    'enum-value-added ProductChanged/properties/status',
    '  enum-value-added   ProductChanged/properties/status ',
  ])('may be written as "%s"', (written) => {
    expect(waive({ change: written }).waived).toHaveLength(1);
  });

  it('may excuse what is unproven, and needs not excuse what is safe', () => {
    expect(waive({}, 'products', false, [{ ...broken, verdict: 'unknown' }]).waived).toHaveLength(1);
    const { counting, findings } = waive({}, 'products', false, [{ ...broken, verdict: 'safe' }]);
    expect(counting).toHaveLength(1);
    expect(findings).toMatchObject([{ rule: 'waiver-unused' }]);
  });

  it.each([
    [{ until: '2026-06-14' }, 'waiver-expired', 'error'],
    [{ until: 'soon' }, 'waiver-invalid', 'error'],
    [{ until: '9999-99-99' }, 'waiver-invalid', 'error'],
    [{ change: 'enum-value-added message:Other' }, 'waiver-unused', 'warning'],
  ])('with %j is a finding, and the change counts', (entry, rule, severity) => {
    const { counting, findings } = waive(entry);
    expect(counting).toEqual([broken]);
    expect(findings).toMatchObject([{ rule, severity, at: { file: 'feature.yaml' } }]);
  });

  it('of a feature that the change does not concern is a finding that says where it belongs', () => {
    const { counting, findings } = waive({}, 'orders');
    expect(counting).toEqual([broken]);
    expect(findings).toMatchObject([{ rule: 'waiver-unused', fix: 'move the entry to "products".' }]);
  });

  it('whose change has landed may go, which is no more than advice', () => {
    expect(waive({}, 'products', true, []).findings).toMatchObject([{ rule: 'waiver-unused', severity: 'info' }]);
    expect(waive({}, 'products', false, []).findings).toMatchObject([{ rule: 'waiver-unused', severity: 'warning' }]);
  });

  it('that is misspelt names the change that it may have meant', () => {
    expect(waive({ change: change.replace('status', 'state') }).findings[0]?.fix).toContain(change);
  });
});
