import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterDefinition, ParameterStyle, ScalarType } from '../../runtime/http/operation.js';
import { formPairs, readParameters } from '../../runtime/http/read-parameters.js';
import { createRouter } from '../../runtime/http/route.js';
import { writeParameters } from '../../runtime/http/write-parameters.js';

type Described = Partial<ParameterDefinition> & Pick<ParameterDefinition, 'in' | 'type'>;

function parameter(given: Described): ParameterDefinition {
  return { name: 'p', as: 'p', required: false, ...given };
}

/** Writes a value into a request and reads it back on the other side. */
function roundTrip(given: Described, value: unknown): unknown {
  const definition = parameter(given);
  const path = definition.in === 'path' ? '/x/{p}/y' : '/x';
  const operation = { path, parameters: [definition] };
  const written = writeParameters(operation, () => value);
  const headers = new Headers(written.headers.map(([name, text]): [string, string] => [name, text]));
  if (written.cookie !== '') headers.set('cookie', written.cookie);
  const url = new URL(`http://host${written.path}${written.query === '' ? '' : `?${written.query}`}`);
  const match = createRouter([{ method: 'GET', path, target: 0 }])('GET', url.pathname);
  if (match.kind !== 'found') throw new Error(`${url.pathname} is ${match.kind}`);
  const read = readParameters(operation, { path: match.parameters, query: formPairs(url.search), headers });
  return { ...read.path, ...read.query, ...read.headers, ...read.cookies }.p;
}

const isDots = (text: string): boolean => text === '.' || text === '..';
const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/\p{Cs}/u.test(value) && !isDots(value));
const visible = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~!$;=&/?%"'), minLength: 1 });

describe('parameters survive the way over the wire', () => {
  it.each<[ParameterDefinition['in'], fc.Arbitrary<string>]>([
    ['path', text],
    ['query', text],
    ['cookie', text],
    ['header', visible],
  ])('any text in a %s', (place, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(roundTrip({ in: place, type: 'string' }, value)).toBe(value);
      }),
    );
  });

  it.each<ParameterDefinition['in']>(['path', 'query', 'cookie', 'header'])('numbers and booleans in a %s', (place) => {
    const numbers = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (Object.is(value, -0) ? 0 : value));
    fc.assert(
      fc.property(numbers, (value) => {
        expect(roundTrip({ in: place, type: 'number' }, value)).toBe(value);
      }),
    );
    expect(roundTrip({ in: place, type: 'boolean' }, false)).toBe(false);
  });

  // Separators are part of the text of an item where a list is one text: items without them.
  const item = fc.string({ unit: fc.constantFrom(...'ab01-_~'), minLength: 1 });
  it.each<[ParameterDefinition['in'], ParameterStyle, boolean]>([
    ['query', 'form', true],
    ['query', 'form', false],
    ['query', 'spaceDelimited', false],
    ['query', 'pipeDelimited', false],
    ['path', 'simple', false],
    ['path', 'label', false],
    ['path', 'label', true],
    ['path', 'matrix', false],
    ['path', 'matrix', true],
    ['header', 'simple', false],
    ['cookie', 'form', false],
  ])('lists in a %s, style %s, explode %s', (place, style, explode) => {
    const lists = fc.array(item, { minLength: 1 });
    fc.assert(
      fc.property(lists, (value) => {
        expect(roundTrip({ in: place, style, explode, type: { list: 'string' } }, value)).toEqual(value);
      }),
    );
  });

  it.each<[ParameterDefinition['in'], ParameterStyle, boolean]>([
    ['query', 'form', true],
    ['query', 'form', false],
    ['query', 'deepObject', true],
    ['path', 'simple', false],
    ['path', 'simple', true],
    ['header', 'simple', true],
    ['header', 'simple', false],
  ])('objects in a %s, style %s, explode %s', (place, style, explode) => {
    const type = { fields: { low: 'number', name: 'string' } as Record<string, ScalarType> };
    expect(roundTrip({ in: place, style, explode, type }, { low: 1.5, name: 'a' })).toEqual({ low: 1.5, name: 'a' });
  });

  it('values of any form as JSON', () => {
    const type = { fields: {} };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const wanted: unknown = JSON.parse(JSON.stringify(value));
        expect(roundTrip({ in: 'query', style: 'json', type }, value)).toEqual(wanted);
      }),
    );
  });
});

describe('what a caller may not send', () => {
  it.each(['.', '..', '%2e', ''])('"%s" as a whole path segment', (value) => {
    const operation = { path: '/users/{p}/orders', parameters: [parameter({ in: 'path', type: 'string' })] };
    const write = () => writeParameters(operation, () => value);
    // A percent sign is encoded, so only real dots lead elsewhere.
    if (value === '%2e') expect(write().path).toBe('/users/%252e/orders');
    else expect(write).toThrow(/must not be empty|leads to another path/);
  });

  it('a line break in a header', () => {
    const operation = { path: '/', parameters: [parameter({ in: 'header', type: 'string' })] };
    expect(() => writeParameters(operation, () => 'a\r\nx: y')).toThrow('no header can carry');
  });

  it('an object where a scalar stands', () => {
    const operation = { path: '/', parameters: [parameter({ in: 'query', type: { list: 'string' } })] };
    expect(() => writeParameters(operation, () => [{}])).toThrow(
      'query parameter "p" must be a string, number or boolean',
    );
  });

  it('nothing for a required parameter', () => {
    const operation = { path: '/', parameters: [parameter({ in: 'query', type: 'string', required: true })] };
    expect(() => writeParameters(operation, () => undefined)).toThrow('query parameter "p" is missing');
  });
});

describe('what a server reads', () => {
  const read = (given: Described, query: string) =>
    readParameters(
      { parameters: [parameter(given)] },
      { path: new Map(), query: formPairs(query), headers: new Headers() },
    ).query.p;

  it.each(['0x10', '1e', ' 1', '01', 'Infinity', '', '1,5'])('leaves "%s" as text where a number is due', (value) => {
    expect(read({ in: 'query', type: 'number' }, `p=${encodeURIComponent(value)}`)).toBe(value);
  });

  it('leaves what is no boolean as text', () => {
    expect(read({ in: 'query', type: 'boolean' }, 'p=TRUE')).toBe('TRUE');
  });

  it('does not choose between two values of one scalar', () => {
    expect(read({ in: 'query', type: 'number' }, 'p=1&p=2')).toEqual([1, 2]);
  });

  it('takes a parameter called __proto__ for a parameter', () => {
    const definition = parameter({ in: 'query', type: 'string', name: '__proto__', as: '__proto__' });
    const { query } = readParameters(
      { parameters: [definition] },
      { path: new Map(), query: formPairs('__proto__=x'), headers: new Headers() },
    );
    expect(Object.keys(query)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
