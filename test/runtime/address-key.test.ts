import { describe, expect, it } from 'vitest';
import { fillKey } from '../../runtime/address-key.js';
import { topicMatches } from '../../runtime/brokers/topic-match.js';

describe('fillKey', () => {
  it('fills every parameter', () => {
    expect(fillKey('depot.{depotId}.{op}', { depotId: '7', op: 'created' })).toBe('depot.7.created');
  });

  it('keeps a value one word, so that a pattern with * still matches', () => {
    const key = fillKey('depot.{depotId}.sent', { depotId: '10.5 #*' });
    expect(topicMatches('depot.*.sent', key)).toBe(true);
  });

  it.each([{}, { depotId: '' }])('refuses a missing value (%j): the message would reach nobody', (values) => {
    expect(() => fillKey('depot.{depotId}', values)).toThrow('needs a value for "depotId"');
  });

  it('takes no value from a prototype', () => {
    expect(() => fillKey('{constructor}', {})).toThrow('needs a value');
  });
});
