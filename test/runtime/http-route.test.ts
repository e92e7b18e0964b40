import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../runtime/http/route.js';

const routes = [
  '/users/{id}',
  '/users/me',
  '/users/{id}/orders',
  '/users/{id}/report-{name}.{ext}',
  '/users/{id}/report-{name}.csv',
  '/a.c/(x+)+$',
  '/files/{file.name}',
].map((path) => ({ method: 'GET', path, target: path }));
const find = createRouter([...routes, { method: 'PUT', path: '/users/{id}', target: 'put' }]);

describe('routes', () => {
  it.each([
    ['/users/7', '/users/{id}', { id: '7' }],
    ['/users/me', '/users/me', {}],
    ['/users/me/orders', '/users/{id}/orders', { id: 'me' }],
    ['/users/1/report-a.b.pdf', '/users/{id}/report-{name}.{ext}', { id: '1', name: 'a', ext: 'b.pdf' }],
    ['/users/1/report-a.csv', '/users/{id}/report-{name}.csv', { id: '1', name: 'a' }],
    ['/a.c/(x+)+$', '/a.c/(x+)+$', {}],
    ['/files/a%2Fb%20c', '/files/{file.name}', { 'file.name': 'a/b c' }],
  ])('%s is %s', (path, target, parameters) => {
    const match = find('GET', path);
    expect(match).toMatchObject({ kind: 'found', target });
    if (match.kind === 'found') expect(Object.fromEntries(match.parameters)).toEqual(parameters);
  });

  it.each(['/users/', '/users', '/abc/xx', '/users/1/report-.pdf', '/users/1/report-a.', '/USERS/me', '//users/1'])(
    '%s is none',
    (path) => expect(find('GET', path)).toEqual({ kind: 'none' }),
  );

  it('tells which methods a path has', () => {
    expect(find('POST', '/users/1')).toEqual({ kind: 'method', allow: ['GET', 'PUT'] });
    // `/users/me` has no PUT of its own, so the template with the parameter answers it.
    expect(find('PUT', '/users/me')).toMatchObject({ kind: 'found', target: 'put' });
  });

  it('tells malformed percent-encoding', () => {
    expect(find('GET', '/users/%E0%A4%A')).toEqual({ kind: 'malformed' });
  });

  it('refuses parameters that nothing separates', () => {
    expect(() => createRouter([{ method: 'GET', path: '/{a}{b}', target: 0 }])).toThrow('nothing separates');
  });

  it('finds every value of a template again', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cs}/u.test(text));
    fc.assert(
      fc.property(value, value, (id, name) => {
        const match = find('GET', `/users/${encodeURIComponent(id)}/report-${encodeURIComponent(name)}.csv`);
        expect(match).toMatchObject({ kind: 'found' });
        if (match.kind === 'found') expect(match.parameters.get('id')).toBe(id);
      }),
    );
  });

  it('stays fast on hostile paths', () => {
    const slow = createRouter([{ method: 'GET', path: `/${'{a}-'.repeat(20)}{z}x`, target: 0 }]);
    const started = performance.now();
    slow('GET', `/${'-'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
