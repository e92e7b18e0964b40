import process from 'node:process';
import type { Broker } from '../../runtime/brokers/broker.js';
import { brokerFor } from '../../runtime/brokers/registry.js';
import { brokerUrl, databaseUrl } from '../../runtime/connection-urls.js';
import { UsageError } from '../../runtime/errors.js';
import { followersOf } from '../scenarios/edges.js';
import type { Subject } from '../subject.js';
import type { SystemUnderTest } from '../system.js';
import { identityOf } from '../world/identities.js';
import { tapOf, tapQueue } from '../world/roles.js';
import { createCast } from './cast.js';
import type { Defer } from './clean-up.js';
import type { LiveWorld } from './live-world.js';
import { filledEnvironment, type RunSettings, runSettings } from './run-settings.js';
import { scratchBroker } from './scratch-broker.js';
import { scratchDatabase } from './scratch-database.js';
import { dataFolder, freePort } from './servers/server.js';
import { serviceProcess } from './service-process.js';
import { openStandIns } from './stand-ins.js';
import { tcpProxy } from './tcp-proxy.js';

/** Starts a service under test on real servers, among its peers. All that was begun is undone by `defer`. Rejects with `UsageError` when servers are missing. */
export async function openWorld(
  system: SystemUnderTest,
  service: string,
  seed: number,
  defer: Defer,
): Promise<LiveWorld> {
  const subject = system.subject(service);
  const settings = runSettings(service, subject.model.services.get(service)?.run);
  const { definition } = subject.code;
  const needsDatabase = Object.values(settings.environment).some((text) => text.includes('SEAMWRIGHT_DATABASE_URL'));

  const scratch = await scratchBroker(brokerUrl(definition, process.env));
  defer(() => scratch.dispose());
  const database = needsDatabase ? await openDatabase(databaseUrl(definition, process.env), service) : undefined;
  if (database !== undefined) defer(() => database.dispose());
  const server = new URL(scratch.url);
  const line = await tcpProxy({ host: server.hostname, port: Number(server.port || usualPorts[server.protocol]) });
  defer(() => line.close());
  const broker = await brokerFor(scratch.url);
  defer(() => broker.close());

  const cast = createCast({ subject, broker: (name) => onStage(broker, name), databaseUrl: database?.url });
  defer(() => cast.stop());
  await broker.declare(tapOf(subject.services.values()));
  // So that nothing is told before who follows is there to hear it.
  await broker.declare(definition.topology);
  const tap = await broker.subscribe(tapQueue, { prefetch: 100 }, async (delivery) => {
    const { headers } = delivery.message;
    if (headers['ce-source'] === service) world.stage?.overheard(delivery.message);
    await delivery.ack();
  });
  defer(() => tap.stop());

  const port = await freePort();
  const front = await tcpProxy({ port });
  defer(() => front.close());
  const folder = dataFolder('live');
  defer(async () => folder.remove());
  const standIns = await openStandIns({ subject, seed, stage: () => world.stage }, defer);
  const environment = environmentOf(subject, settings, standIns, {
    SEAMWRIGHT_SCRATCH: folder.path,
    SEAMWRIGHT_BROKER_URL: line.through(scratch.url),
    SEAMWRIGHT_DATABASE_URL: database?.url,
    SEAMWRIGHT_PORT: String(port),
  });
  const running = serviceProcess({ service, settings, project: system.project, environment, port });
  const world: LiveWorld = {
    ...{ subject, settings, cast, broker, scratch, line },
    process: running,
    url: `http://127.0.0.1:${front.port}`,
    hasStore: database !== undefined,
    stage: undefined,
  };
  defer(() => running.stop());
  await running.start().catch((error: unknown) => {
    throw new UsageError(
      `the service cannot be started as services.yaml says: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  for (const follower of followersHere(subject)) await cast.follow(follower);
  return world;

  function onStage(shared: Broker, name: string): Broker {
    return new Proxy(shared, {
      get(target, member) {
        if (member === 'publish')
          return (...args: Parameters<Broker['publish']>) =>
            world.stage === undefined ? target.publish(...args) : world.stage.publish(target, name, ...args);
        const value: unknown = Reflect.get(target, member, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

const usualPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'redis:': 6379, 'nats:': 4222 };

async function openDatabase(url: string | undefined, service: string) {
  if (url === undefined)
    throw new UsageError(
      `"${service}" needs a database at the level "live": set SEAMWRIGHT_DATABASE_URL to a PostgreSQL server, in which a database of the run's own is made`,
    );
  return scratchDatabase(url);
}

/** Services that keep copies of what the one under test owns. */
function followersHere(subject: Subject): readonly string[] {
  const owned = Object.values(subject.code.definition.owned);
  return [...new Set(owned.flatMap(({ entity }) => followersOf(subject, entity).map(({ service }) => service)))];
}

function environmentOf(
  subject: Subject,
  settings: RunSettings,
  standIns: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const identity = identityOf(subject.model, subject.name);
  return {
    ...standIns,
    ...filledEnvironment(subject.name, settings, { ...process.env, ...standIns, ...given }),
    SEAMWRIGHT_TEST_MODE: '1',
    ...(identity?.signingKey !== undefined && { SEAMWRIGHT_SIGNING_KEY: identity.signingKey }),
    ...(identity?.trustedKeys !== undefined && { SEAMWRIGHT_TRUSTED_KEYS: JSON.stringify(identity.trustedKeys) }),
  };
}
