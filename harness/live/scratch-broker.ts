import { UsageError } from '../../runtime/errors.js';
import type { Scratch } from './scratch-database.js';
import { scratchRabbitmq } from './scratch-rabbitmq.js';
import { scratchRedis } from './scratch-redis.js';
import type { LiveServer } from './servers/server.js';

/** A place on a broker that is empty and nobody else's, for one run. */
export interface ScratchBroker extends Scratch {
  /** Kills the broker and starts it again; absent where it is not ours alone. */
  restart?(): Promise<void>;
}

type Open = (url: string) => Promise<ScratchBroker>;

const places: Readonly<Record<string, Open>> = {
  amqp: scratchRabbitmq,
  redis: scratchRedis,
  private: privateBroker,
};

/** Rejects with `UsageError` when the broker that `url` names cannot be had for oneself. */
export async function scratchBroker(url: string | undefined): Promise<ScratchBroker> {
  const scheme = url?.split(':')[0]?.toLowerCase() ?? '';
  const open = Object.hasOwn(places, scheme) ? places[scheme] : undefined;
  if (url === undefined || scheme === 'memory' || open === undefined) {
    const found =
      url === undefined || scheme === 'memory' ? 'none is named' : `"${scheme}:" has no place that is a run's own`;
    throw new UsageError(
      `the level "live" needs a real broker, and ${found}: set SEAMWRIGHT_BROKER_URL to amqp://user:password@host or redis://host, or to private:rabbitmq, private:redis or private:nats for a server of the run's own`,
    );
  }
  return open(url);
}

const servers: Readonly<Record<string, () => Promise<LiveServer | null>>> = {
  rabbitmq: async () => (await import('./servers/rabbitmq.js')).rabbitmqServer(),
  redis: async () => (await import('./servers/redis.js')).redisServer(),
  nats: async () => (await import('./servers/nats.js')).natsServer(),
};

async function privateBroker(url: string): Promise<ScratchBroker> {
  const kind = url.slice(url.indexOf(':') + 1).replace(/^\/\//, '');
  const start = Object.hasOwn(servers, kind) ? servers[kind] : undefined;
  if (start === undefined)
    throw new UsageError(`SEAMWRIGHT_BROKER_URL=private: takes ${Object.keys(servers).join(', ')}, not "${kind}"`);
  const server = await start().catch((error: unknown) => {
    throw new UsageError(
      `a private ${kind} cannot be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  if (server === null) throw new UsageError(`a private ${kind} cannot be started: it is not installed on this machine`);
  return {
    url: server.url,
    dispose: () => server.dispose(),
    async restart() {
      await server.kill();
      await server.start();
    },
  };
}
