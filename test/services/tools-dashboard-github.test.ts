import { randomInt, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { count } from './dhanman.js';
import { type Dashboard, refusal, register, startDashboard } from './tools-dashboard.js';

interface Account {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** GitHub as far as the contract knows it: a code counts once, a token belongs to one account. */
async function fakeGithub() {
  const codes = new Map<string, Account>();
  const tokens = new Map<string, Account>();
  const state = { failing: 0, seen: [] as { readonly path: string; readonly authorization: string | undefined }[] };
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    state.seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (state.failing > 0) {
      state.failing -= 1;
      return answer(502, { message: 'Server Error' });
    }
    if (request.url === '/login/oauth/access_token') {
      const { code, client_secret } = JSON.parse(Buffer.concat(chunks).toString());
      const account = client_secret === 'secret of the application' ? codes.get(code) : undefined;
      codes.delete(code);
      if (account === undefined) return answer(200, { error: 'bad_verification_code' });
      const token = `gho_${randomUUID()}`;
      tokens.set(`Bearer ${token}`, account);
      return answer(200, { access_token: token, token_type: 'bearer', scope: 'read:user' });
    }
    const account = tokens.get(request.headers.authorization ?? '');
    if (account === undefined) return answer(401, { message: 'Bad credentials' });
    // GitHub tells much more than the contract names.
    return answer(200, { ...account, avatar_url: 'https://github.example/a.png', followers: 8 });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** A code for an account, as the browser brings it back. */
    code(account: Account): string {
      const code = randomUUID();
      codes.set(code, account);
      return code;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('GitHub sign-in of the tools dashboard', () => {
  let world: Dashboard;
  let github: Awaited<ReturnType<typeof fakeGithub>>;
  beforeAll(async () => {
    github = await fakeGithub();
    world = await startDashboard(github.url);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await github.stop();
  });
  afterEach(() => {
    github.state.failing = 0;
    github.state.seen.length = 0;
    world.off.clear();
  });

  const account = (change: Partial<Account> = {}): Account => {
    const id = randomInt(1, 1_000_000_000);
    return { id, login: `octocat-${id}`, name: 'The Octocat', email: `${id}@mail.example`, ...change };
  };
  const begin = () => fetch(`${world.auth.url}/auth/github/start`, { redirect: 'manual' });
  const start = async () => {
    const response = await begin();
    expect(response.status).toBe(302);
    return { response, state: new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? '' };
  };
  const finish = (code: string, state: string, githubState = state) =>
    world.front.backAuth.finishGithubSignIn({ code, state, githubState });
  const userOf = async (token: string) => {
    const response = await fetch(`${world.auth.url}/auth/tokens/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await world.tokenOf('back-api', 'back-auth')) },
      body: JSON.stringify({ token }),
    });
    return ((await response.json()) as { readonly userId: string }).userId;
  };

  it('leads to GitHub with a state in the address and in a cookie that scripts cannot read', async () => {
    const { response, state } = await start();
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe('https://github.example/login/oauth/authorize');
    expect(location.searchParams.get('client_id')).toBe('client');
    expect(state).toMatch(/^[\w-]{32}$/);
    expect(response.headers.get('set-cookie')).toBe(
      `github_state=${state}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect((await start()).state).not.toBe(state);
  });

  it('registers who comes for the first time and knows them the second time', async () => {
    const person = account();
    const first = await finish(github.code(person), (await start()).state);
    const second = await finish(github.code({ ...person, email: 'changed@mail.example' }), (await start()).state);
    const id = await userOf(first.access_token);
    expect(await userOf(second.access_token)).toBe(id);
    await world.settled();
    expect(
      await count(world.postgres, 'users', `id = $1 and status = 'active' and github_id = $2`, [id, String(person.id)]),
    ).toBe(1);
    expect(await count(world.workers, 'tasks', 'subject = $1', [id])).toBe(1);
    expect(await count(world.cassandra, 'login_records', `user_id = $1 and method = 'github'`, [id])).toBe(2);
    expect(
      (await world.front.backAuth.refreshTokens({ body: { refresh_token: second.refresh_token } })).expires_in,
    ).toBe(900);
  });

  it('makes one user of two first sign-ins at the same time', async () => {
    const person = account();
    const states = [(await start()).state, (await start()).state];
    const [one, two] = await Promise.all(states.map((state) => finish(github.code(person), state)));
    expect(await userOf(one?.access_token ?? '')).toBe(await userOf(two?.access_token ?? ''));
    await world.settled();
    expect(await count(world.postgres, 'users', 'github_id = $1', [String(person.id)])).toBe(1);
  });

  it('takes a state once', async () => {
    const { state } = await start();
    const person = account();
    await finish(github.code(person), state);
    github.state.seen.length = 0;
    await refusal(400, finish(github.code(person), state));
    expect(github.state.seen).toEqual([]);
  });

  it('takes no state of another browser, none that nobody gave, and none that is old', async () => {
    const [mine, other] = [(await start()).state, (await start()).state];
    await refusal(400, finish(github.code(account()), mine, other));
    await refusal(400, world.front.backAuth.finishGithubSignIn({ code: github.code(account()), state: other }));
    await refusal(400, finish(github.code(account()), 'made-up'));
    world.pass(601);
    await refusal(400, finish(github.code(account()), mine));
    expect(github.state.seen).toEqual([]);
  });

  it('takes no code that GitHub does not take', async () => {
    await refusal(400, finish('made-up', (await start()).state));
  });

  it('does not give the user with an address to whoever has it at GitHub', async () => {
    const { email, id } = await register(world);
    await refusal(409, finish(github.code(account({ email })), (await start()).state));
    expect(await count(world.postgres, 'users', 'id = $1 and github_id is null', [id])).toBe(1);
    await refusal(409, finish(github.code(account({ email: null })), (await start()).state));
  });

  it('answers 503 when GitHub fails, without asking twice for the code, and tells nothing of its answer', async () => {
    github.state.failing = 1;
    const error = await refusal(503, finish(github.code(account()), (await start()).state));
    expect(github.state.seen.map(({ path }) => path)).toEqual(['/login/oauth/access_token']);
    expect(JSON.stringify(error.problem)).not.toContain('Server Error');
    await finish(github.code(account()), (await start()).state);
  });

  it('shows GitHub the token of the person and nothing of ours', async () => {
    await finish(github.code(account()), (await start()).state);
    const [exchange, user] = github.state.seen;
    expect(exchange?.authorization).toBeUndefined();
    expect(user?.authorization).toMatch(/^Bearer gho_/);
  });

  it('writes the name of the account where there is none of the person', async () => {
    const person = account({ name: null });
    const { access_token } = await finish(github.code(person), (await start()).state);
    expect(
      await count(world.postgres, 'users', 'id = $1 and name = $2', [await userOf(access_token), person.login]),
    ).toBe(1);
  });

  it('is not there while its flag is off, unlike the sign-in with a password', async () => {
    const { state } = await start();
    world.off.add('github-auth');
    expect((await begin()).status).toBe(404);
    await refusal(404, finish(github.code(account()), state));
    expect(github.state.seen).toEqual([]);
    const { email } = await register(world);
    await world.front.backAuth.login({ body: { email, password: 'correct horse battery' } });
    world.off.clear();
    await finish(github.code(account()), state);
  });
});
