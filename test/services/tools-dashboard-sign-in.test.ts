import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { count } from './dhanman.js';
import {
  broken,
  type Dashboard,
  password,
  personOf,
  refusal,
  register,
  signIn,
  startDashboard,
} from './tools-dashboard.js';

describe('sign-in, profiles and roles of the tools dashboard', () => {
  let world: Dashboard;
  beforeAll(async () => {
    world = await startDashboard();
  }, 60_000);
  afterAll(() => world.stop());
  afterEach(() => {
    world.fault = undefined;
  });

  const verify = async (token: string) => {
    const response = await fetch(`${world.auth.url}/auth/tokens/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await world.tokenOf('back-api', 'back-auth')) },
      body: JSON.stringify({ token }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const login = (email: string, secret = password) => world.front.backAuth.login({ body: { email, password: secret } });
  const refresh = (token: string) => world.front.backAuth.refreshTokens({ body: { refresh_token: token } });

  it('gives tokens that say who it is', async () => {
    const { email, id } = await register(world);
    const tokens = await login(email.toUpperCase());
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const [header = ''] = tokens.access_token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(await verify(tokens.access_token)).toMatchObject({ status: 200, body: { userId: id, role: 'user' } });
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const { email } = await register(world);
    const wrong = await refusal(401, login(email, 'wrong password'));
    const unknown = await refusal(401, login('nobody@mail.example', 'wrong password'));
    expect(wrong.problem?.detail).toBe(unknown.problem?.detail);
  });

  it('answers 429 to the sixth try, right or wrong, until 15 minutes are over', async () => {
    const { email } = await register(world);
    const guesses = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7].map((n) =>
        login(email, `guess number ${n}`).catch((error: { readonly status: number }) => error.status),
      ),
    );
    expect(guesses.sort()).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const { retryAfterS } = await refusal(429, login(email));
    expect(retryAfterS).toBeGreaterThan(880);
    expect(retryAfterS).toBeLessThanOrEqual(900);
    await login((await register(world)).email);
    world.pass(901);
    await login(email);
  });

  it('forgets wrong tries after a right one', async () => {
    const { email } = await register(world);
    for (const secret of ['wrong 1', 'wrong 2', 'wrong 3', 'wrong 4', password, 'wrong 5', 'wrong 6']) {
      await login(email, secret).catch(() => {});
    }
    await login(email);
  });

  it('takes an access token for 900 seconds and not one more', async () => {
    const { email } = await register(world);
    const { access_token } = await login(email);
    world.pass(895);
    expect((await verify(access_token)).status).toBe(200);
    world.pass(5);
    expect((await verify(access_token)).status).toBe(401);
    await refusal(401, world.front.backApi.getProfile({}, { headers: { authorization: `Bearer ${access_token}` } }));
  });

  it('refreshes once per token, for seven days, and takes neither token for the other', async () => {
    const { email } = await register(world);
    const first = await login(email);
    expect((await verify(first.refresh_token)).status).toBe(401);
    await refusal(401, refresh(first.access_token));
    world.pass(1000);
    const second = await refresh(first.refresh_token);
    expect((await verify(second.access_token)).status).toBe(200);
    await refusal(401, refresh(first.refresh_token));
    world.pass(604_800);
    await refusal(401, refresh(second.refresh_token));
  });

  it('lets one of two refreshes with one token through', async () => {
    const { email } = await register(world);
    const { refresh_token } = await login(email);
    const outcomes = await Promise.allSettled([refresh(refresh_token), refresh(refresh_token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes no token of somebody else’s making', async () => {
    const { email } = await register(world);
    const { access_token } = await login(email);
    const [header = '', payload = '', signature = ''] = access_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    for (const token of [`${header}.${forged}.${signature}`, `${unsigned}.${forged}.`, 'nonsense']) {
      expect((await verify(token)).status).toBe(401);
    }
  });

  it('signs in while back-cassandra is down, which gets the record when it is back', async () => {
    const { email, id } = await register(world);
    await world.settled();
    const records = () => count(world.cassandra, 'login_records', 'user_id = $1', [id]);
    await world.cassandra.stop();
    await login(email);
    await world.cassandra.start();
    await world.settled();
    expect(await records()).toBe(1);
  });

  it('answers 503 while back-postgres cannot be had, and knows the person afterwards', async () => {
    const { email } = await register(world);
    world.fault = ({ from, path }) => (from === 'back-auth' && path.startsWith('/users/') ? broken() : undefined);
    await refusal(503, login(email));
    world.fault = undefined;
    await login(email);
  });

  describe('profiles', () => {
    it('are made, read and changed by whom they belong to', async () => {
      const { id, headers } = await personOf(world, 'user');
      expect(await world.front.backApi.getProfile({}, { headers })).toBeNull();
      await refusal(404, changeProfile({ bio: 'None yet.' }, headers));
      const made = await createProfile({ name: ' Ada ', preferences: { theme: 'dark', newsletter: true } }, headers);
      expect(made).toMatchObject({ userId: id, name: 'Ada', preferences: { theme: 'dark', newsletter: true } });
      expect(await world.front.backApi.getProfile({}, { headers })).toEqual(made);
      const changed = await changeProfile({ bio: 'Counts machines.', preferences: { theme: 'light' } }, headers);
      expect(changed).toEqual({ ...made, bio: 'Counts machines.', preferences: { theme: 'light', newsletter: true } });
      expect(await count(world.postgres, 'profiles', 'user_id = $1 and bio is not null', [id])).toBe(1);
    });

    it('are refused when they are incomplete, with 422, and a second one with 409', async () => {
      const { headers } = await personOf(world, 'user');
      for (const body of [{}, { name: '' }, { name: '   ' }, { bio: 'No name.' }]) {
        expect((await refusal(422, createProfile(body, headers))).problem?.detail).toBe('Profile incomplete');
      }
      await createProfile({ name: 'Ada' }, headers);
      await refusal(409, createProfile({ name: 'Ada' }, headers));
      await refusal(422, changeProfile({ name: ' ' }, headers));
    });

    it('are stored once when the answer to the api is lost', async () => {
      const { id, headers } = await personOf(world, 'user');
      let lost = 0;
      world.fault = (call) =>
        call.from === 'back-api' && call.method === 'POST' && call.path === '/profiles' && lost++ === 0
          ? broken(call.send())
          : undefined;
      expect(await createProfile({ name: 'Ada' }, headers)).toMatchObject({ userId: id });
      expect([lost, await count(world.postgres, 'profiles', 'user_id = $1', [id])]).toEqual([2, 1]);
    });

    it('need a token', async () => {
      await refusal(401, createProfile({ name: 'Ada' }, {}));
      await refusal(401, createProfile({ name: 'Ada' }, { authorization: 'Bearer nonsense' }));
      // The token of a service speaks for nobody.
      await refusal(401, createProfile({ name: 'Ada' }, await world.tokenOf('front-public', 'back-api')));
    });

    type Body = Parameters<Dashboard['front']['backApi']['createProfile']>[0]['body'];
    type Change = Parameters<Dashboard['front']['backApi']['changeProfile']>[0]['body'];
    type Headers = Readonly<Record<string, string>>;
    const createProfile = (body: Body, headers: Headers) => world.front.backApi.createProfile({ body }, { headers });
    const changeProfile = (body: Change, headers: Headers) => world.front.backApi.changeProfile({ body }, { headers });
  });

  describe('lookup', () => {
    it('gives the name in the state "user exists", and null for nobody and for who still registers', async () => {
      await world.postgres.service.transaction((tx) =>
        tx.query(
          `insert into users (id, email, name, status) values ('123', 'john@mail.example', 'John Doe', 'active'), ('124', 'jane@mail.example', 'Jane Doe', 'pending')`,
        ),
      );
      const { headers } = await personOf(world, 'user');
      expect(await world.front.backApi.getUser({ id: '123' }, { headers })).toEqual({ id: '123', name: 'John Doe' });
      expect(await world.front.backApi.getUser({ id: '124' }, { headers })).toBeNull();
      expect(await world.front.backApi.getUser({ id: '125' }, { headers })).toBeNull();
    });
  });

  describe('roles', () => {
    const changeRole = (id: string, role: 'user' | 'manager' | 'admin', headers: Readonly<Record<string, string>>) =>
      world.admin.backApi.changeRole({ id, body: { role } }, { headers });

    it.each([
      ['user', 403, 403],
      ['manager', 200, 403],
      ['admin', 200, 200],
    ] as const)('seen and given by a %s: %d, %d', async (role, seen, given) => {
      const { headers, id } = await personOf(world, role);
      const other = await register(world);
      const statusOf = (call: Promise<unknown>) =>
        call.then(
          () => 200,
          (error: { readonly status: number }) => error.status,
        );
      expect(await statusOf(world.admin.backApi.getRole({ id: other.id }, { headers }))).toBe(seen);
      expect(await statusOf(changeRole(other.id, 'manager', headers))).toBe(given);
      expect(await world.admin.backApi.getRole({ id }, { headers })).toEqual({ role });
      expect(await count(world.postgres, 'users', `id = $1 and role = 'manager'`, [other.id])).toBe(
        given === 200 ? 1 : 0,
      );
    });

    it('of nobody are 404', async () => {
      const { headers } = await personOf(world, 'admin');
      await refusal(404, changeRole('nobody', 'user', headers));
      expect(await world.admin.backApi.getRole({ id: 'nobody' }, { headers })).toBeNull();
    });

    it('that change end the sessions of the user and of nobody else', async () => {
      const admin = await personOf(world, 'admin');
      const { email, id } = await register(world);
      const session = await signIn(world, email);
      expect((await verify(session.access_token)).status).toBe(200);
      await changeRole(id, 'manager', admin.headers);
      await world.settled();
      expect((await verify(session.access_token)).status).toBe(401);
      await refusal(401, refresh(session.refresh_token));
      await refusal(401, world.front.backApi.getProfile({}, { headers: session.headers }));
      expect((await verify(admin.access_token)).status).toBe(200);
      world.pass(1);
      const again = await signIn(world, email);
      expect(await verify(again.access_token)).toMatchObject({ status: 200, body: { role: 'manager' } });
    });

    it('that stay the same end nothing', async () => {
      const admin = await personOf(world, 'admin');
      const { email, id } = await register(world);
      const session = await signIn(world, email);
      expect(await changeRole(id, 'user', admin.headers)).toEqual({ role: 'user' });
      await world.settled();
      expect((await verify(session.access_token)).status).toBe(200);
    });

    it('taken away count at once, whatever an old token says', async () => {
      const admin = await personOf(world, 'admin');
      const other = await personOf(world, 'admin');
      const victim = await register(world);
      // Nothing is settled in between: the event may still be on its way.
      await changeRole(other.id, 'user', admin.headers);
      const error = await changeRole(victim.id, 'admin', other.headers).catch((reason: unknown) => reason);
      expect([401, 403]).toContain((error as { readonly status: number }).status);
    });
  });
});
