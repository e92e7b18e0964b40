import { describe, expect, it } from 'vitest';
import { parseNatsUrl } from '../../../runtime/brokers/nats/url.js';
import { UsageError } from '../../../runtime/errors.js';

describe('the URL of a NATS broker', () => {
  it.each([
    ['nats://localhost', { servers: ['localhost:4222'], tls: false, replicas: 1, label: 'localhost:4222' }],
    ['tls://a:1,b/', { servers: ['a:1', 'b:4222'], tls: true, replicas: 1, label: 'a:1, b:4222' }],
    ['nats://u:p%40@a,nats://u:p%40@b:2', login({ kind: 'password', user: 'u', password: 'p@' }, ['a:4222', 'b:2'])],
    ['nats://to%3Aken@a', login({ kind: 'token', token: 'to:ken' }, ['a:4222'])],
    ['nats://a?nkey=SUA', login({ kind: 'nkey', seed: 'SUA' }, ['a:4222'])],
    ['nats://a?nkey=SUA&jwt=ey', login({ kind: 'nkey', seed: 'SUA', jwt: 'ey' }, ['a:4222'])],
    ['nats://[::1]:5?replicas=3', { servers: ['[::1]:5'], tls: false, replicas: 3, label: '[::1]:5' }],
  ])('reads %s', (url, meaning) => {
    expect(parseNatsUrl(url)).toEqual(meaning);
  });

  it.each([
    'nats://',
    'nats:host',
    'http://secret@host',
    'nats://u:secret@host:port',
    'nats://u:secret@host:99999',
    'nats://u:secret@a b',
    'nats://u:%zz@secret',
    'nats://host?replicas=6&nkey=secret',
    'nats://host?jwt=secret',
    'nats://host?nope=secret',
    'nats://u:secret@host/stream',
  ])('refuses %s without repeating it', (url) => {
    const refusal = thrown(() => parseNatsUrl(url));
    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).not.toContain('secret');
  });
});

function login(as: object, servers: readonly string[]): object {
  return { servers, tls: false, login: as, replicas: 1, label: servers.join(', ') };
}

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
