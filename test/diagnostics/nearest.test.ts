import { expect, it } from 'vitest';
import { nearest, nearestAll } from '../../generator/diagnostics/nearest.js';

const KEYS = ['consumers', 'owner', 'on', 'waits_for', 'tie_breaker', 'timeout'];

it.each([
  ['consumer', 'consumers'],
  ['waitsFor', 'waits_for'],
  ['tie-breaker', 'tie_breaker'],
  ['onwer', 'owner'],
  ['Timeout', 'timeout'],
  ['tiemout', 'timeout'],
])('%s means %s', (typed, meant) => expect(nearest(typed, KEYS)).toBe(meant));

it.each(['colour', 'x', 'zz', 'publisher'])('%s means nothing known', (typed) =>
  expect(nearest(typed, KEYS)).toBeUndefined(),
);

it('puts the nearest first', () =>
  expect(nearestAll('Orders', ['Ordered', 'Order', 'Other'], 3)).toEqual(['Order', 'Ordered']));
