import { UsageError } from '../../errors.js';

/** What a URL says about a cluster: `kafka://user:password@a:9092,b:9092?sasl=scram-sha-256`; with TLS `kafka+ssl://`. */
export interface KafkaAddress {
  /** `host:port` of brokers to ask first; the rest of the cluster is learnt from them. */
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** How the cluster calls us in its logs and quotas. Default `seamwright`. */
  readonly clientId: string;
  /** Silence after which a consumer counts as dead, in ms. Default 30 000; brokers take 6 000 to 1 800 000 unless told otherwise. */
  readonly sessionTimeoutMs: number;
  /** Time that consumers have to give up partitions when others join or leave, in ms. Default 60 000. */
  readonly rebalanceTimeoutMs: number;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const parameters = ['sasl', 'clientId', 'sessionTimeoutMs', 'rebalanceTimeoutMs'];

/** Throws `UsageError`, which never holds the URL: it may have a password in it. */
export function kafkaAddress(url: string): KafkaAddress {
  // Not `new URL`: it takes no list of hosts. The last `@` ends the user, as a password may hold one.
  const parts = /^(kafka(?:\+ssl)?):\/\/(?:(.*)@)?([^@/?#]*)\/?(?:\?([^#@]*))?$/i.exec(url);
  if (parts === null) {
    throw new UsageError('a URL of Kafka reads "kafka://host:9092", with several hosts "kafka://a:9092,b:9092"');
  }
  const [, scheme = '', user, hosts = '', query = ''] = parts;
  const options = optionsOf(query);
  const sasl = credentials(user, options.get('sasl') ?? undefined);
  return {
    brokers: hosts.split(',').map(hostAndPort),
    ssl: scheme.toLowerCase() === 'kafka+ssl',
    ...(sasl && { sasl }),
    clientId: options.get('clientId') ?? 'seamwright',
    sessionTimeoutMs: milliseconds(options, 'sessionTimeoutMs', 30_000),
    rebalanceTimeoutMs: milliseconds(options, 'rebalanceTimeoutMs', 60_000),
  };
}

/** Where the cluster is, for people: never with user or password. */
export function describeAddress({ brokers }: KafkaAddress): string {
  return `Kafka at ${brokers.join(', ')}`;
}

function hostAndPort(text: string): string {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i.exec(text);
  if (parts === null || Number(parts[2] ?? 0) > 65_535) {
    throw new UsageError('a host in the URL of Kafka is not of the form "host" or "host:port"');
  }
  return `${parts[1]}:${parts[2] ?? '9092'}`;
}

function credentials(user: string | undefined, wanted: string | undefined): KafkaAddress['sasl'] {
  if (user === undefined) {
    if (wanted === undefined) return undefined;
    throw new UsageError('the URL of Kafka names a "sasl" mechanism but no user');
  }
  const mechanism = mechanisms.find((known) => known === (wanted ?? 'plain').toLowerCase());
  if (mechanism === undefined) throw new UsageError(`"sasl" in the URL of Kafka is one of ${mechanisms.join(', ')}`);
  const colon = user.indexOf(':');
  if (colon < 0) throw new UsageError('the URL of Kafka names a user without a password');
  return { mechanism, username: decoded(user.slice(0, colon)), password: decoded(user.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('the user in the URL of Kafka has a "%" that is no percent-encoding; write it as "%25"');
  }
}

function optionsOf(query: string): URLSearchParams {
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => !parameters.includes(name));
  if (unknown === undefined) return options;
  throw new UsageError(`the URL of Kafka has the unknown parameter "${unknown}"; known are ${parameters.join(', ')}`);
}

function milliseconds(options: URLSearchParams, name: string, usual: number): number {
  const text = options.get(name);
  if (text === null) return usual;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError(`"${name}" in the URL of Kafka is not a number of milliseconds`);
  return Number(text);
}
