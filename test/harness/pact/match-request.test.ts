import { describe, expect, it } from 'vitest';
import type { HttpInteraction } from '../../../generator/emit/pact/pact-file.js';
import { matchRequest, type SentRequest } from '../../../harness/pact/consumer/match-request.js';

const interaction = {
  request: {
    method: 'POST',
    path: '/users',
    query: { dry: ['true'] },
    headers: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['k1'] },
    body: {
      content: { name: 'Ada', age: 36, tags: ['a'], nick: 'A' },
      contentType: 'application/json',
      encoded: false,
    },
    matchingRules: {
      header: { 'Idempotency-Key': { combine: 'AND', matchers: [{ match: 'type' }] } },
      body: {
        '$.name': { combine: 'AND', matchers: [{ match: 'type' }] },
        '$.age': { combine: 'AND', matchers: [{ match: 'integer' }] },
        '$.tags': { combine: 'AND', matchers: [{ match: 'type', min: 1 }] },
        '$.tags[*]': { combine: 'AND', matchers: [{ match: 'regex', regex: '^[a-z]$' }] },
        '$.nick': { combine: 'OR', matchers: [{ match: 'type' }, { match: 'null' }] },
      },
    },
  },
} as unknown as HttpInteraction;

const body = { name: 'Bob', age: 1, tags: ['x', 'y'], nick: null };

function sent(
  change: { method?: string; url?: string; headers?: Record<string, string>; body?: unknown } = {},
): SentRequest {
  return {
    method: change.method ?? 'POST',
    url: new URL(change.url ?? '/users?dry=true', 'http://localhost'),
    headers: new Headers({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'other',
      accept: '*/*',
      ...change.headers,
    }),
    body: JSON.stringify(change.body ?? body),
  };
}

describe('a request that was sent', () => {
  it('fits when it keeps the rules, whatever headers it has beside', () => {
    expect(matchRequest(interaction, sent())).toEqual([]);
  });

  it.each([
    ['method', { method: 'PUT' }],
    ['path', { url: '/user?dry=true' }],
    ['query.dry', { url: '/users' }],
    ['query.wet', { url: '/users?dry=true&wet=1' }],
    ['header.Content-Type', { headers: { 'content-type': 'text/plain' } }],
    ['$.name', { body: { ...body, name: 7 } }],
    ['$.age', { body: { ...body, age: 1.5 } }],
    ['$.tags', { body: { ...body, tags: [] } }],
    ['$.tags[1]', { body: { ...body, tags: ['x', 'YY'] } }],
    ['$.nick', { body: { ...body, nick: 5 } }],
    ['$.extra', { body: { ...body, extra: 1 } }],
    ['$.age', { body: { name: 'Bob', tags: ['x'], nick: null } }],
  ])('does not fit with another %s', (path, change) => {
    expect(matchRequest(interaction, sent(change)).map((each) => each.path)).toEqual([path]);
  });

  it('does not fit without its header', () => {
    const request = sent();
    request.headers.delete('idempotency-key');
    const [mismatch] = matchRequest(interaction, request);
    expect(mismatch).toMatchObject({ path: 'header.Idempotency-Key', expected: 'k1' });
    expect(mismatch?.sentence).toBe('header "Idempotency-Key": "k1" was agreed, nothing was sent');
  });
});
