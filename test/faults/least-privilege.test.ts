import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokerAccess, type ServiceAccess } from '../../generator/emit/brokers/access.js';
import { generateFiles } from '../../generator/pipeline.js';
import { natsServerPath } from '../../harness/live/servers/nats.js';
import { eventually, freePort, type LiveServer, launch } from '../../harness/live/servers/server.js';
import type { Broker, Delivery } from '../../runtime/brokers/broker.js';
import { brokerFor } from '../../runtime/brokers/registry.js';
import { World } from '../cli/world.js';

/** What the contracts of a system with an owner, followers and the runtime's own control messages become. */
interface Made {
  readonly access: ReadonlyMap<string, ServiceAccess>;
  /** Content of a file below `topology/`. */
  file(name: string): string;
}

const world = new World();
afterAll(() => world.remove());

/** Read once: only the servers differ. */
let shared: Promise<Made> | undefined;

async function make(): Promise<Made> {
  const dir = join(world.cwd, 'contracts');
  cpSync(join(import.meta.dirname, '../../contracts/easyplatform'), dir, { recursive: true });
  const settings = join(dir, 'seamwright.yaml');
  const text = readFileSync(settings, 'utf8').replace(/^topology: .*$/m, 'topology: [rabbitmq, nats, redis]');
  writeFileSync(settings, text);
  const { model, files = [] } = await generateFiles(dir, { cwd: world.cwd, env: {}, today: '2026-01-01' });
  if (model === undefined) throw new Error('the contracts cannot be read');
  return {
    access: new Map(brokerAccess(model).map((one) => [one.service, one])),
    file(name) {
      const found = files.find(({ path }) => path === `topology/${name}`);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found.content;
    },
  };
}

const exchange = 'easyplatform.entity-events';
const owner = 'accounts';
const follower = 'text-snippet-insights';

/** Why it was refused, causes included: a broker that is merely away would not do. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const reasons: string[] = [];
  let error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  for (; error instanceof Error; error = error.cause) reasons.push(error.message);
  return reasons.join(' | ');
}

const forbidden = /does not let|NOPERM|permissions? violation/i;

const message = (id: string) => ({
  headers: { 'ce-id': id, 'ce-type': 'CompanyEntityEventBusMessage', 'ce-partitionkey': 'c1' },
  body: new TextEncoder().encode('{}'),
});

/** Each server is given the generated users, and answers with a URL for each. */
interface Guarded {
  readonly server: Pick<LiveServer, 'dispose'>;
  urlOf(service: string): string;
}

function suite(name: string, guard: (made: Made) => Promise<Guarded | undefined>): void {
  describe(`users of ${name}, with the generated permissions`, () => {
    let made: Made;
    let guarded: Guarded | undefined;
    const open: Broker[] = [];

    beforeAll(async () => {
      shared ??= make();
      made = await shared;
      guarded = await guard(made);
      if (guarded === undefined && process.env.SEAMWRIGHT_REQUIRE_SERVICES === '1') throw new Error(`no ${name} here`);
    });
    afterEach(async () => {
      for (const broker of open.splice(0)) await broker.close();
    });
    afterAll(async () => guarded?.server.dispose());

    /** A broker as one service sees it, with everything declared that the service declares. */
    async function as(service: string): Promise<Broker> {
      const access = made.access.get(service);
      if (guarded === undefined || access === undefined) throw new Error(`nobody is called ${service}`);
      const broker = await brokerFor(guarded.urlOf(service));
      open.push(broker);
      await broker.declare(access.topology);
      return broker;
    }

    it('can do all that their services do', async ({ skip }) => {
      if (guarded === undefined) return skip(`no ${name} here`);
      const [leader, copy] = [await as(owner), await as(follower)];
      const seen: string[] = [];
      const receive = async (delivery: Delivery): Promise<void> => {
        seen.push(`${delivery.message.headers['ce-id']} ${delivery.attempt}`);
        if (delivery.message.headers['ce-id'] === 'poison') return delivery.deadLetter({ why: 'poison' });
        return delivery.attempt === 1 ? delivery.retry(1) : delivery.ack();
      };
      await copy.subscribe(`${follower}.entity-events`, { prefetch: 5 }, receive);
      await leader.publish({ exchange, key: 'accounts.company.created', partitionKey: 'c1' }, message('fine'));
      await leader.publish({ exchange, key: 'accounts.user.deleted', partitionKey: 'c1' }, message('poison'));
      await eventually(async () => expect(seen.sort()).toEqual(['fine 1', 'fine 2', 'poison 1']), 20_000);

      const asked: string[] = [];
      await leader.subscribe('accounts.control', { prefetch: 1 }, async (delivery) => {
        asked.push(delivery.message.headers['ce-id'] ?? '');
        await delivery.ack();
      });
      await copy.publish({ exchange: 'easyplatform.control', key: owner }, message('please'));
      await eventually(async () => expect(asked).toEqual(['please']), 20_000);
    });

    it('can neither tell what is not theirs to tell nor take what is for others', async ({ skip }) => {
      if (guarded === undefined) return skip(`no ${name} here`);
      const [, copy, other] = [
        await as(owner),
        await as(follower),
        await as(follower),
        await as('text-snippet-hiring'),
      ];
      const forged = { exchange, key: 'accounts.company.created', partitionKey: 'c1' };
      expect(await refusal(other.publish(forged, message('forged')))).toMatch(forbidden);
      expect(await refusal(copy.subscribe('accounts.control', { prefetch: 1 }, async () => {}))).toMatch(forbidden);
    });
  });
}

suite('RabbitMQ', async (made) => {
  const { rabbitmqServer } = await import('../../harness/live/servers/rabbitmq.js');
  const server = await rabbitmqServer();
  if (server === null) return undefined;
  for (const service of made.access.keys()) await server.ctl('add_user', service, `${service}-password`);
  for (const name of ['rabbitmq.definitions.json', 'rabbitmq.permissions.json']) {
    world.write({ [name]: made.file(name) });
    await server.ctl('import_definitions', world.path(name));
  }
  return { server, urlOf: (service) => `amqp://${service}:${service}-password@127.0.0.1:${server.port}` };
});

suite('Redis', async (made) => {
  const { redisServer } = await import('../../harness/live/servers/redis.js');
  const lines = made.file('redis.acl').trimEnd().split('\n');
  const withPasswords = lines.map((line) => line.replace(/^user (\S+) /, 'user $1 >$1-password '));
  // "resetpass" stands behind the password in the line and would take it away again.
  world.write({
    'users.acl': `${withPasswords.map((line) => line.replace(' resetpass', '')).join('\n')}\nuser default on nopass ~* &* +@all\n`,
  });
  const server = await redisServer({ settings: { aclfile: world.path('users.acl') } });
  if (server === null) return undefined;
  return { server, urlOf: (service) => `redis://${service}:${service}-password@127.0.0.1:${server.port}` };
});

suite('NATS', async (made) => {
  const path = natsServerPath();
  if (path === undefined) return undefined;
  const port = await freePort();
  world.write({
    'nats.permissions.conf': made.file('nats.permissions.conf'),
    'server.conf': `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${world.path('jetstream')}" }\ninclude ./nats.permissions.conf\n`,
  });
  const passwords = [...made.access.keys()].map((service) => [passwordVariable(service), `${service}-password`]);
  const running = launch(path, ['-c', world.path('server.conf')], {
    env: { ...process.env, ...Object.fromEntries(passwords) },
  });
  await eventually(async () => {
    if (running.process.exitCode !== null) throw new Error(`nats-server ended: ${running.said()}`);
    expect(running.said()).toContain('Server is ready');
  }, 20_000);
  const dispose = async (): Promise<void> => {
    running.process.kill('SIGKILL');
    await running.gone;
  };
  return { server: { dispose }, urlOf: (service) => `nats://${service}:${service}-password@127.0.0.1:${port}` };
});

function passwordVariable(service: string): string {
  return `NATS_PASSWORD_${service.replaceAll('-', '_').toUpperCase()}`;
}
