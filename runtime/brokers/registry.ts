import { UsageError } from '../errors.js';
import type { Broker } from './broker.js';

type Open = (url: string) => Promise<Broker>;

/** One line per URL scheme; a driver is loaded only when its scheme is asked for. */
const brokers: Readonly<Record<string, Open>> = {
  amqp: async (url) => (await import('./rabbitmq.js')).rabbitmqBroker(url),
  amqps: async (url) => (await import('./rabbitmq.js')).rabbitmqBroker(url),
  kafka: async (url) => (await import('./kafka.js')).kafkaBroker(url),
  'kafka+ssl': async (url) => (await import('./kafka.js')).kafkaBroker(url),
  memory: async (url) => (await import('./memory.js')).sharedMemoryBroker(url).connect(),
  nats: async (url) => (await import('./nats.js')).natsBroker(url),
  tls: async (url) => (await import('./nats.js')).natsBroker(url),
  redis: async (url) => (await import('./redis.js')).redisBroker(url),
  rediss: async (url) => (await import('./redis.js')).redisBroker(url),
};

/**
 * A connection to the broker that a URL names. Absent: the memory broker of this process.
 *
 * Rejects with `UsageError` when no broker bears the scheme; with the broker's `UnavailableError` when it cannot be reached.
 */
export async function brokerFor(url = 'memory:'): Promise<Broker> {
  // Not `new URL`: lists of hosts (`kafka://a:9092,b:9092`) are no URLs to it.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const open = Object.hasOwn(brokers, scheme) ? brokers[scheme] : undefined;
  if (open !== undefined) return open(url);
  throw new UsageError(
    `no broker is known for ${named(scheme)}; known are ${Object.keys(brokers)
      .map((known) => `"${known}:"`)
      .join(', ')}`,
  );
}

/** Never the URL itself: it may hold a password. */
function named(scheme: string): string {
  return scheme === '' ? 'a URL without a scheme' : `"${scheme}:"`;
}
