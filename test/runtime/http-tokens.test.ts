import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { UsageError } from '../../runtime/errors.js';
import { type Authenticate, anyOf } from '../../runtime/http/authenticate.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { createServer } from '../../runtime/http/server.js';
import { serviceTokens, verifyServiceToken } from '../../runtime/http/service-token.js';
import { verifyJwt } from '../../runtime/http/user-token.js';
import { developmentKeys } from '../../runtime/security/development-keys.js';

const keys = developmentKeys('sales', 'purchase', 'common');
const listUsers: OperationDefinition = {
  ...{ name: 'listUsers', method: 'GET', path: '/users', parameters: [], security: ['serviceToken'] },
  replies: [{ status: '200', content: [{ type: 'application/json', kind: 'json' }] }],
  callers: ['sales'],
};

function serverWith<Caller>(authenticate: Authenticate<Caller>, operation = listUsers) {
  const server = createServer(
    { service: 'common', basePath: '', operations: [operation] },
    { listUsers: ({ caller }: { readonly caller: unknown }) => ({ status: 200, body: caller }) },
    { authenticate },
  );
  return (headers: Readonly<Record<string, string>> = {}) =>
    server.fetch(new Request('http://common/users', { headers }));
}

const call = { provider: 'common', operation: 'listUsers', schemes: ['serviceToken'] };

describe('tokens of services', () => {
  const start = (service: 'sales' | 'purchase' | 'common', clock = new VirtualClock()) => ({
    clock,
    tokens: serviceTokens({ service, clock, ...keys[service] }),
    ask: serverWith(verifyServiceToken({ service: 'common', clock, ...keys.common })),
  });

  it('open what the contract lets their service call', async () => {
    const { tokens, ask } = start('sales');
    const answer = await ask(await tokens(call));
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'service:sales', service: 'sales' }]);
  });

  it('of another service are 403, with the reason', async () => {
    const { tokens, ask } = start('purchase');
    const answer = await ask(await tokens(call));
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([403, 'Bearer error="insufficient_scope"']);
    expect(await answer.json()).toMatchObject({ detail: '"purchase" may not call listUsers' });
  });

  it('open everything to a trusted service where no edge names any', async () => {
    const { callers: _, ...open } = listUsers;
    const { tokens, clock } = start('purchase');
    const ask = serverWith(verifyServiceToken({ service: 'common', clock, ...keys.common }), open);
    expect((await ask(await tokens(call))).status).toBe(200);
  });

  it.each([
    ['none', {}, 'Bearer'],
    ['one of another scheme', { authorization: 'Basic YTpi' }, 'Bearer'],
    ['nonsense', { authorization: 'Bearer a.b.c' }, 'Bearer'],
  ])('missing are 401: %s', async (_, headers, challenge) => {
    const answer = await start('sales').ask(headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
  });

  it('are for one provider only', async () => {
    const { tokens, ask } = start('sales');
    expect((await ask(await tokens({ ...call, provider: 'people' }))).status).toBe(401);
  });

  it('expire, and are made anew after half their life', async () => {
    const { tokens, ask, clock } = start('sales');
    const first = await tokens(call);
    await clock.advance(149_000);
    expect(await tokens(call)).toEqual(first);
    await clock.advance(2_000);
    expect(await tokens(call)).not.toEqual(first);
    expect((await ask(first)).status).toBe(200);
    await clock.advance(160_000);
    const late = await ask(first);
    expect([late.status, late.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="the token has expired"',
    ]);
    expect((await ask(await tokens(call))).status).toBe(200);
  });

  it('signed with the key of somebody else prove nothing', async () => {
    const { ask, clock } = start('sales');
    const forged = serviceTokens({ service: 'sales', clock, ...keys.purchase });
    expect((await ask(await forged(call))).status).toBe(401);
    const { privateKey } = generateKeyPairSync('ed25519');
    const kid = JSON.parse(
      Buffer.from(
        String((await start('sales').tokens(call)).authorization)
          .slice(7)
          .split('.')[0] ?? '',
        'base64url',
      ).toString(),
    ).kid;
    const nowS = clock.now() / 1000;
    const token = await new SignJWT({ iss: 'sales', sub: 'sales', aud: 'common', iat: nowS, exp: nowS + 60 })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .sign(privateKey);
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(401);
    const none = [
      { alg: 'none', kid },
      { iss: 'sales', sub: 'sales', aud: 'common', iat: nowS, exp: nowS + 60 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    expect((await ask({ authorization: `Bearer ${none}.` })).status).toBe(401);
  });

  it('need a key, and somebody to trust', () => {
    expect(() => serviceTokens({ service: 'sales' })).toThrow(UsageError);
    expect(() => verifyServiceToken({ service: 'common' })).toThrow(UsageError);
    expect(() => serviceTokens({ service: 'sales', ...keys.sales, lifetimeMs: 3_600_001 })).toThrow('at most an hour');
  });

  it('of a very long life are refused', async () => {
    const { ask, clock } = start('sales');
    const { signingKey } = keys.sales;
    const { createPrivateKey, createPublicKey } = await import('node:crypto');
    const { keyId } = await import('../../runtime/security/keys.js');
    const key = createPrivateKey(signingKey ?? '');
    const nowS = clock.now() / 1000;
    const token = await new SignJWT({ iss: 'sales', sub: 'sales', aud: 'common', iat: nowS, exp: nowS + 3_601 })
      .setProtectedHeader({ alg: 'EdDSA', kid: keyId(createPublicKey(key)) })
      .sign(key);
    expect(await (await ask({ authorization: `Bearer ${token}` })).json()).toMatchObject({
      detail: 'the token lives too long',
    });
  });
});

describe('tokens of persons', () => {
  const clock = new VirtualClock();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const place = { issuer: 'https://login.example', audience: 'common', clock };
  const token = (change: Record<string, unknown> = {}, key: KeyObject = rsa.privateKey, alg = 'RS256') => {
    const nowS = Math.floor(clock.now() / 1000);
    const claims = { iss: place.issuer, aud: 'common', sub: 'ada', iat: nowS, exp: nowS + 900, ...change };
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'one' }).sign(key);
  };
  const bearer = async (made: Promise<string>) => ({ authorization: `Bearer ${await made}` });

  it('give their subject and claims, by a key or by a published set of keys', async () => {
    const jwks = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'one', alg: 'RS256' }] };
    for (const source of [{ key: pem }, { jwks }]) {
      const answer = await serverWith(verifyJwt({ ...place, ...source }))(await bearer(token({ roles: ['admin'] })));
      expect([answer.status, await answer.json()]).toMatchObject([200, { id: 'ada', claims: { roles: ['admin'] } }]);
    }
  });

  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => token({ iss: 'https://evil.example' })],
    ['for another audience', () => token({ aud: 'sales' })],
    ['that have expired', () => token({ exp: Math.floor(clock.now() / 1000) - 6 })],
    ['without an end', () => token({ exp: undefined })],
    ['without a subject', () => token({ sub: undefined })],
    ['not good yet', () => token({ nbf: Math.floor(clock.now() / 1000) + 60 })],
    ['of another key', () => token({}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
    ['of another algorithm', () => token({}, rsa.privateKey, 'PS256')],
  ])('are refused: %s', async (_, made) => {
    const answer = await serverWith(verifyJwt({ ...place, key: pem }))(await bearer(made()));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('cannot be checked while nobody hands out the keys', async () => {
    const ask = serverWith(verifyJwt({ ...place, jwks: new URL('http://127.0.0.1:1/jwks') }));
    expect((await ask(await bearer(token()))).status).toBe(503);
  });

  it('are never checked with a shared secret, nor with a private key', () => {
    expect(() => verifyJwt({ ...place, key: pem, algorithms: ['HS256'] })).toThrow('"HS256" is none');
    expect(() =>
      verifyJwt({ ...place, key: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }),
    ).toThrow('private key');
    expect(() => verifyJwt(place)).toThrow('either');
  });

  it('and tokens of services open one door', async () => {
    const either = anyOf<{ readonly id: string }>(
      verifyJwt({ ...place, key: pem }),
      verifyServiceToken({ service: 'common', clock, ...keys.common }),
    );
    const ask = serverWith(either);
    expect((await ask(await bearer(token()))).status).toBe(200);
    expect((await ask(await serviceTokens({ service: 'sales', clock, ...keys.sales })(call))).status).toBe(200);
    expect((await ask(await serviceTokens({ service: 'purchase', clock, ...keys.purchase })(call))).status).toBe(403);
    expect((await ask()).status).toBe(401);
  });
});
