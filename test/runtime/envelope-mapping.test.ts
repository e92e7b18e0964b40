import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvelopeMapping } from '../../runtime/envelope.js';
import { atPath, composeBody, opWord, readBody } from '../../runtime/envelope-mapping.js';
import { UsageError } from '../../runtime/errors.js';

const mapping: EnvelopeMapping = {
  id: 'messageId',
  time: 'createdUtcDate',
  op: 'crudAction',
  force: 'isForceSync',
  sequence: 'entityData.version',
  data: 'entityData',
  ops: { created: 'Created', updated: 'Updated', deleted: 'Deleted' },
};

describe('composeBody', () => {
  it('puts entity and facts where the contract wants them, in its words', () => {
    const entity = { id: 'e1', tags: ['a'] };
    const facts = { id: 'm1', time: '2026-11-20T10:00:00Z', op: 'created', sequence: '3', epoch: '1' } as const;
    expect(composeBody(mapping, entity, facts)).toEqual({
      messageId: 'm1',
      createdUtcDate: '2026-11-20T10:00:00Z',
      crudAction: 'Created',
      isForceSync: false,
      entityData: { id: 'e1', tags: ['a'], version: '3' },
    });
    expect(entity).toEqual({ id: 'e1', tags: ['a'] });
  });

  it('is the entity itself without a mapping, and the entity with facts when it has no place of its own', () => {
    const entity = { id: 'e1' };
    expect(composeBody(undefined, entity, { id: 'm1' })).toBe(entity);
    expect(composeBody({ id: 'meta.id' }, entity, { id: 'm1' })).toEqual({ id: 'e1', meta: { id: 'm1' } });
  });

  it('is read back as the facts', () => {
    const kinds = fc.constantFrom('created' as const, 'updated' as const, 'deleted' as const);
    fc.assert(
      fc.property(fc.string(), kinds, fc.boolean(), fc.object(), (id, op, force, entity) => {
        const { values, problems } = readBody(mapping, composeBody(mapping, entity, { id, op, force, sequence: '12' }));
        expect(problems).toEqual([]);
        expect(values).toEqual({ id, op, force: String(force), sequence: '12' });
      }),
    );
  });

  it.each(['__proto__.polluted', 'a.constructor.b', 'a.prototype'])('refuses the path %s', (path) => {
    expect(() => composeBody({ id: path }, {}, { id: 'm1' })).toThrow(UsageError);
    expect(() => composeBody({ data: path }, {}, {})).toThrow(UsageError);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('carries an own property named __proto__ as data', () => {
    const entity: unknown = JSON.parse('{"__proto__":{"admin":true},"id":"e1"}');
    const body = composeBody({ id: 'messageId' }, entity, { id: 'm1' }) as object;
    expect(JSON.stringify(body)).toBe('{"__proto__":{"admin":true},"id":"e1","messageId":"m1"}');
    expect('admin' in body).toBe(false);
  });
});

describe('opWord', () => {
  it.each([
    [mapping, 'deleted', 'Deleted'],
    [mapping, 'snapshot', 'Updated'],
    [{ ops: { snapshot: 'Full' } }, 'snapshot', 'Full'],
    [{ op: 'kind' }, 'snapshot', 'snapshot'],
    [undefined, 'created', 'created'],
  ] as const)('%j tells %s as %s', (words, op, word) => {
    expect(opWord(words, op)).toBe(word);
  });
});

describe('atPath', () => {
  it.each([
    ['a.b', 1],
    ['list', [1]],
    ['a.c', undefined],
    ['a.b.c', undefined],
    ['list.0', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
    ['a.__proto__.x', undefined],
  ])('%s', (path, value) => {
    const body: unknown = JSON.parse('{"a":{"b":1,"__proto__":{"x":1}},"list":[1]}');
    expect(atPath(body, path)).toEqual(value);
  });
});
