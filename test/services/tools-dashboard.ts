import { generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  type Clock,
  developmentKeys,
  HttpStatusError,
  type Logger,
  type MemoryBroker,
  memoryBroker,
  serviceTokens,
  storeFor,
  systemClock,
} from 'seamwright/runtime';
import { expect } from 'vitest';
import { createFrontAdminClients, type FrontAdminClients } from '#generated/tools-dashboard/front-admin/clients.gen.js';
import {
  createFrontPublicClients,
  type FrontPublicClients,
} from '#generated/tools-dashboard/front-public/clients.gen.js';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createBackApiApp } from '../../services/tools-dashboard/back-api/create.js';
import { createBackAuthApp } from '../../services/tools-dashboard/back-auth/create.js';
import { createBackCassandraApp } from '../../services/tools-dashboard/back-cassandra/create.js';
import { createBackGatewayApp } from '../../services/tools-dashboard/back-gateway/create.js';
import { createBackPostgresApp } from '../../services/tools-dashboard/back-postgres/create.js';
import { createBackRedisApp } from '../../services/tools-dashboard/back-redis/create.js';
import { createBackWorkersApp } from '../../services/tools-dashboard/back-workers/create.js';
import type { Role } from '../../services/tools-dashboard/shared/roles.js';
import { badDay } from './bad-day.js';

/** One request between two services, as it lay on the wire. */
export interface WireCall {
  readonly from: string;
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: Headers;
  /** Sends it and waits for the answer, whether the caller still does or not. */
  send(): Promise<Response>;
  /** Rejects when the caller gives up. */
  givenUp(): Promise<never>;
}

/** What happens to requests between services; undefined lets one pass. */
export type WireFault = (call: WireCall) => Promise<Response> | undefined;

/** The services of the first six features in this process, called over real HTTP, on a bad day. */
export interface Dashboard {
  readonly broker: MemoryBroker;
  readonly gateway: ReturnType<typeof createBackGatewayApp>;
  readonly api: ReturnType<typeof createBackApiApp>;
  readonly auth: ReturnType<typeof createBackAuthApp>;
  readonly postgres: ReturnType<typeof createBackPostgresApp>;
  readonly cassandra: ReturnType<typeof createBackCassandraApp>;
  readonly redis: ReturnType<typeof createBackRedisApp>;
  readonly workers: ReturnType<typeof createBackWorkersApp>;
  readonly front: FrontPublicClients;
  readonly admin: FrontAdminClients;
  /** `authorization` with the token of a service. */
  tokenOf(service: Service, provider: string): Promise<Readonly<Record<string, string>>>;
  /** Lines that the services logged. */
  readonly lines: LogLine[];
  /** Every request between services since the start. */
  readonly calls: WireCall[];
  /** Set to break requests between services. */
  fault: WireFault | undefined;
  /** Features that are off. */
  readonly off: Set<string>;
  /** Moves the clock of all services and fronts on. */
  pass(seconds: number): void;
  /** Resolves when every message has had its effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface LogLine {
  readonly service: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const services = [
  ...(['front-public', 'front-admin', 'back-gateway', 'back-api', 'back-auth'] as const),
  ...(['back-postgres', 'back-redis', 'back-cassandra', 'back-workers'] as const),
];
type Service = (typeof services)[number];

export async function startDashboard(githubUrl = 'http://127.0.0.1:1'): Promise<Dashboard> {
  const broker = memoryBroker({ faults: badDay });
  const keys = developmentKeys(...services);
  const world = { fault: undefined as WireFault | undefined };
  const calls: WireCall[] = [];
  const lines: LogLine[] = [];
  const off = new Set<string>();
  let offsetMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
  const wire = (from: string) => (url: string, init: RequestInit) => {
    const { signal, ...patient } = init;
    const { pathname, search } = new URL(url);
    const call: WireCall = {
      from,
      method: init.method ?? 'GET',
      path: pathname + search,
      headers: new Headers(init.headers),
      send: () => fetch(url, patient),
      givenUp: () =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    calls.push(call);
    return world.fault?.(call) ?? fetch(url, init);
  };
  const base = (service: Service) => ({
    ...{ clock, security: keys[service], fetch: wire(service), log: logInto(lines, service) },
  });
  const on = async (service: Service) => {
    await dropPgliteSchema(service);
    return { ...base(service), broker: broker.connect(), store: storeFor('pglite:', service) };
  };
  const postgres = createBackPostgresApp(await on('back-postgres'));
  const redis = createBackRedisApp(await on('back-redis'));
  const cassandra = createBackCassandraApp(await on('back-cassandra'));
  const workers = createBackWorkersApp(await on('back-workers'));
  for (const app of [postgres, redis, cassandra, workers]) await app.start();
  const auth = createBackAuthApp({
    ...(await on('back-auth')),
    urls: { 'back-postgres': postgres.url, 'back-redis': redis.url, github: githubUrl },
    tokenPrivateKey: rsa,
    github: {
      clientId: 'client',
      clientSecret: 'secret of the application',
      authorizeUrl: 'https://github.example/login/oauth/authorize',
      redirectUrl: 'https://dashboard.example/auth/github/callback',
    },
    flags: (name) => !off.has(name),
  });
  await auth.start();
  const api = createBackApiApp({
    ...base('back-api'),
    urls: { 'back-auth': auth.url, 'back-postgres': postgres.url },
  });
  await api.start();
  const gateway = createBackGatewayApp({ ...base('back-gateway'), urls: { 'back-api': api.url } });
  await gateway.start();
  const stateful = [auth, postgres, cassandra, workers, redis];
  const apps = [gateway, api, ...stateful];
  const urls = { 'back-gateway': gateway.url, 'back-api': api.url, 'back-auth': auth.url };
  const tokens = (service: Service) => serviceTokens({ service, clock, ...keys[service] });
  // A person's token comes with the call.
  const clients = (service: Service) => ({
    ...base(service),
    urls,
    authorize: (call: Parameters<ReturnType<typeof serviceTokens>>[0]) =>
      call.schemes.includes('userToken') ? {} : tokens(service)(call),
  });
  return Object.assign(world, {
    ...{ broker, gateway, api, auth, postgres, cassandra, redis, workers, calls, lines, off },
    front: createFrontPublicClients(clients('front-public')),
    admin: createFrontAdminClients(clients('front-admin')),
    async tokenOf(service: Service, provider: string) {
      const { authorization = '' } = await tokens(service)({ provider, operation: '', schemes: [] });
      return { authorization };
    },
    pass(seconds: number) {
      offsetMs += seconds * 1000;
    },
    async settled() {
      // Twice: what the last one sends may be for the first one.
      for (const app of [...stateful, ...stateful]) await app.service.settled();
    },
    async stop() {
      for (const app of apps) await app.stop();
    },
  });
}

export const password = 'correct horse battery';

/** A new person; registered, unless the registration fails. */
export async function register({ front }: Dashboard, name = 'Ada Byron') {
  const email = `${randomUUID()}@mail.example`;
  const user = await front.backGateway.registerUser({ body: { email, password, name } });
  return { email, id: user.id };
}

/** Headers of somebody who is signed in. */
export async function signIn({ front }: Dashboard, email: string) {
  const tokens = await front.backAuth.login({ body: { email, password } });
  return { ...tokens, headers: { authorization: `Bearer ${tokens.access_token}` } };
}

/** Somebody with a role, signed in. Who was the first administrator, no contract says. */
export async function personOf(dashboard: Dashboard, role: Role) {
  const person = await register(dashboard);
  await dashboard.postgres.service.transaction((tx) =>
    tx.query('update users set role = $2 where id = $1', [person.id, role]),
  );
  return { ...person, ...(await signIn(dashboard, person.email)) };
}

/** A call that has to be refused with this status. */
export async function refusal(status: number, call: Promise<unknown>): Promise<HttpStatusError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpStatusError);
  expect(error).toMatchObject({ status });
  return error as HttpStatusError;
}

/** The connection breaks, before or after the request was carried out. */
export async function broken(sent?: Promise<Response>): Promise<Response> {
  await sent;
  throw new TypeError('fetch failed');
}

const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

function logInto(lines: LogLine[], service: string): Logger {
  const into = (facts: object, message: string) =>
    void lines.push({ service, facts: facts as LogLine['facts'], message });
  return { debug: into, info: into, warn: into, error: into };
}
