import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { count } from './dhanman.js';
import { broken, type Dashboard, password, refusal, startDashboard, type WireCall } from './tools-dashboard.js';

describe('user registration of the tools dashboard', () => {
  let world: Dashboard;
  beforeAll(async () => {
    world = await startDashboard();
  }, 60_000);
  afterAll(() => world.stop());
  afterEach(() => {
    world.fault = undefined;
  });

  const newcomer = (change: object = {}) => ({
    email: `${randomUUID()}@mail.example`,
    password,
    name: 'Ada Byron',
    ...change,
  });
  const registerUser = (body: ReturnType<typeof newcomer>, idempotencyKey?: string) =>
    world.front.backGateway.registerUser({ body, ...(idempotencyKey !== undefined && { idempotencyKey }) });
  const users = (email: string, where = 'true') => count(world.postgres, 'users', `email = $1 and ${where}`, [email]);
  const welcomes = (id: string) => count(world.workers, 'tasks', `name = 'SendWelcomeEmail' and subject = $1`, [id]);
  const credentials = ({ from, path }: WireCall) => from === 'back-api' && path === '/auth/credentials';

  it('answers as schemas.response of its feature.yaml says', async () => {
    const contract = parse(readFileSync('contracts/tools-dashboard/user-registration/feature.yaml', 'utf8'));
    const ajv = new Ajv2020({ strict: true });
    addFormats.default(ajv);
    const body = newcomer();
    expect(ajv.validate(contract.schemas.request, body)).toBe(true);
    const response = await fetch(`${world.gateway.url}/api/user-registration`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await world.tokenOf('front-public', 'back-gateway')) },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    const answer = (await response.json()) as object;
    const fits = ajv.compile(contract.schemas.response);
    expect(fits(answer), JSON.stringify(fits.errors)).toBe(true);
    // A schema that takes anything would prove nothing.
    for (const field of ['id', 'email', 'role', 'permissions']) {
      expect(fits(Object.fromEntries(Object.entries(answer).filter(([name]) => name !== field)))).toBe(false);
    }
    expect(answer).toMatchObject({ email: body.email, role: 'user', permissions: ['profile:read', 'profile:write'] });
  });

  it('makes a user who can sign in and is welcomed once', async () => {
    const body = newcomer();
    const { id } = await registerUser(body);
    await world.settled();
    expect(await users(body.email, `status = 'active'`)).toBe(1);
    expect(await welcomes(id)).toBe(1);
    await world.front.backAuth.login({ body: { email: body.email, password } });
    const [row] = await world.postgres.service.transaction((tx) =>
      tx.query<{ readonly hash: string }>('select hashed_password as hash from users where id = $1', [id]),
    );
    expect(row?.hash).toMatch(/^scrypt\$16384\$8\$5\$/);
  });

  it('lets a GET right after it find the user', async () => {
    const body = newcomer();
    const { id } = await registerUser(body);
    const { access_token } = await world.front.backAuth.login({ body: { email: body.email, password } });
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await world.front.backApi.getUser({ id }, { headers })).toEqual({ id, name: 'Ada Byron' });
  });

  it('refuses an address that is taken, in any case, and a password that is easy to guess', async () => {
    const body = newcomer();
    await registerUser(body);
    await refusal(409, registerUser({ ...body, email: body.email.toUpperCase() }));
    expect((await refusal(422, registerUser(newcomer({ password: 'short' })))).problem?.detail).toMatch(
      /10 characters/,
    );
    const email = `${randomUUID()}@mail.example`;
    await refusal(422, registerUser(newcomer({ email, password: email.toUpperCase() })));
    expect(await users(email)).toBe(0);
  });

  it('takes a double click with one key for one registration, and answers both', async () => {
    const body = newcomer();
    const key = randomUUID();
    const answers = await Promise.all([registerUser(body, key), registerUser(body, key)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await registerUser(body, key)).toEqual(answers[0]);
    await world.settled();
    expect(await users(body.email)).toBe(1);
    expect(await welcomes(answers[0]?.id ?? '')).toBe(1);
  });

  it('lets one of two clicks without a key through', async () => {
    const body = newcomer();
    const outcomes = await Promise.allSettled([registerUser(body), registerUser(body)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { status: 409 } });
    expect(await users(body.email)).toBe(1);
  });

  it('refuses a key that comes again with another name or another password', async () => {
    const body = newcomer();
    const key = randomUUID();
    await registerUser(body, key);
    await refusal(409, registerUser({ ...body, name: 'Somebody else' }, key));
    await refusal(409, registerUser({ ...body, password: 'another good password' }, key));
    await world.front.backAuth.login({ body: { email: body.email, password } });
  });

  it('takes the user back when the credentials step fails, and registers the next time', async () => {
    const body = newcomer();
    const key = randomUUID();
    world.fault = (call) => (credentials(call) ? broken() : undefined);
    await refusal(503, registerUser(body, key));
    expect(await users(body.email)).toBe(0);
    world.fault = undefined;
    const { id } = await registerUser(body, key);
    await world.settled();
    expect([await users(body.email), await welcomes(id)]).toEqual([1, 1]);
  });

  it('takes the user back when the credentials were stored and the answer was lost', async () => {
    const body = newcomer();
    world.fault = (call) => (credentials(call) ? broken(call.send()) : undefined);
    await refusal(503, registerUser(body));
    expect(await users(body.email)).toBe(0);
    await refusal(401, world.front.backAuth.login({ body: { email: body.email, password } }));
  });

  it('takes the user back when back-auth stores and does not answer in time', async () => {
    const body = newcomer();
    world.fault = (call) => {
      if (!credentials(call)) return undefined;
      return call.send().then(async () => {
        expect(await users(body.email, 'hashed_password is not null')).toBe(1);
        return call.givenUp();
      });
    };
    await refusal(503, registerUser(body));
    expect(await users(body.email)).toBe(0);
  }, 20_000);

  it('lets credentials that come after all find nobody', async () => {
    const body = newcomer();
    let late: WireCall | undefined;
    world.fault = (call) => {
      if (!credentials(call)) return undefined;
      late = call;
      return broken();
    };
    await refusal(503, registerUser(body));
    expect((await late?.send())?.status).toBe(404);
    expect(await users(body.email)).toBe(0);
  });

  it('answers 201 when the activation succeeded and its answer was lost', async () => {
    const body = newcomer();
    world.fault = (call) =>
      call.from === 'back-api' && call.path.endsWith('/activation') ? broken(call.send()) : undefined;
    const { id } = await registerUser(body);
    world.fault = undefined;
    await world.settled();
    expect([await users(body.email, `status = 'active'`), await welcomes(id)]).toEqual([1, 1]);
  });

  it('frees the address after a minute when even the way back failed', async () => {
    const body = newcomer();
    world.fault = (call) =>
      credentials(call) || (call.from === 'back-api' && call.method === 'DELETE') ? broken() : undefined;
    await refusal(503, registerUser(body));
    world.fault = undefined;
    expect(await users(body.email, `status = 'pending'`)).toBe(1);
    await refusal(409, registerUser(body));
    await refusal(401, world.front.backAuth.login({ body: { email: body.email, password } }));
    await world.postgres.service.transaction((tx) =>
      tx.query(`update users set created_at = created_at - interval '61 seconds' where email = $1`, [body.email]),
    );
    await registerUser(body);
    expect(await users(body.email)).toBe(1);
  });

  it('carries one correlation id through every hop, the event and the task', async () => {
    const correlationId = `click-${randomUUID()}`;
    const before = world.calls.length;
    const response = await fetch(`${world.gateway.url}/api/user-registration`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-correlation-id': correlationId,
        ...(await world.tokenOf('front-public', 'back-gateway')),
      },
      body: JSON.stringify(newcomer()),
    });
    expect(response.headers.get('x-correlation-id')).toBe(correlationId);
    await world.settled();
    const hops = world.calls.slice(before);
    expect(hops.map(({ from, method, path }) => `${from} ${method} ${path.replace(/[0-9a-f-]{36}/, '*')}`)).toEqual([
      'back-gateway POST /api/user-registration',
      'back-api POST /users',
      'back-api POST /auth/credentials',
      'back-auth PUT /users/*/credentials',
      'back-api PUT /users/*/activation',
    ]);
    expect(new Set(hops.map(({ headers }) => headers.get('x-correlation-id')))).toEqual(new Set([correlationId]));
    expect(await count(world.workers, 'tasks', 'correlation_id = $1', [correlationId])).toBe(1);
    const logged = world.lines.filter(({ facts }) => facts.correlationId === correlationId);
    expect(new Set(logged.map(({ service }) => service))).toEqual(
      new Set(['back-gateway', 'back-api', 'back-auth', 'back-postgres', 'back-workers']),
    );
  });

  it('lets no service in that the contract does not name', async () => {
    const ask = (url: string, headers: Readonly<Record<string, string>>) =>
      fetch(`${url}/api/user-registration`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(newcomer()),
      });
    expect((await ask(world.gateway.url, {})).status).toBe(401);
    expect((await ask(world.api.url, await world.tokenOf('front-public', 'back-api'))).status).toBe(403);
    // A token for one service is of no use at another.
    expect((await ask(world.api.url, await world.tokenOf('back-gateway', 'back-auth'))).status).toBe(401);
  });

  it('logs neither passwords nor tokens', async () => {
    const body = newcomer();
    await registerUser(body);
    const { access_token, refresh_token } = await world.front.backAuth.login({ body: { email: body.email, password } });
    const text = JSON.stringify(world.lines, (_, value) =>
      value instanceof Error ? `${value.stack} ${value.cause}` : value,
    );
    expect(text.length).toBeGreaterThan(1000);
    for (const secret of [password, access_token, refresh_token, 'scrypt$']) expect(text.includes(secret)).toBe(false);
  });
});
