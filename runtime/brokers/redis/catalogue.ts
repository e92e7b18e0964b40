import type { Address, Exchange, Queue } from '../broker.js';
import { topicMatcher } from '../topic-match.js';
import type { RedisConnection } from './connection.js';
import { group, type RedisKeys } from './keys.js';
import { readCatalogue } from './scripts/catalogue.js';

/** What Redis keeps about an exchange. */
export interface ExchangeSettings {
  readonly kind: Exchange['kind'];
  readonly atMostOnce: boolean;
}

/** What Redis keeps about a queue. One of dead letters has neither a limit nor dead letters of its own. */
export interface QueueSettings {
  readonly partitions: number;
  readonly maxDeliveries?: number;
  readonly deadLetter?: string;
  readonly messageTtlMs?: number;
}

export type Binding = readonly [exchange: string, key: string, queue: string];

interface Route {
  readonly queue: string;
  readonly takes: (key: string) => boolean;
}

/** What is declared, as of one version: Redis knows no exchanges, so publishers route. */
export interface Catalogue {
  /** '' when nothing is declared. */
  readonly version: string;
  readonly exchanges: ReadonlyMap<string, ExchangeSettings>;
  readonly queues: ReadonlyMap<string, QueueSettings>;
  readonly bindings: readonly Binding[];
  /** Queues that take a message, each once. */
  route(address: Address): readonly string[];
}

export async function catalogueOf(connection: RedisConnection, keys: RedisKeys): Promise<Catalogue> {
  const reply = await connection.run(readCatalogue, [keys.version, keys.exchanges, keys.queues, keys.bindings], []);
  const [version, exchangeFields, queueFields, members] = reply as [Buffer, Buffer[], Buffer[], Buffer[]];
  const exchanges = pairs<ExchangeSettings>(exchangeFields);
  const queues = pairs<QueueSettings>(queueFields);
  const bindings = members.map((member) => JSON.parse(String(member)) as Binding);
  const routes = new Map<string, Route[]>();
  for (const [exchange, key, queue] of bindings) {
    const kind = exchanges.get(exchange)?.kind;
    if (kind === undefined || !queues.has(queue)) continue;
    routes.set(exchange, [...(routes.get(exchange) ?? []), { queue, takes: matcher(kind, key) }]);
  }
  return {
    version: String(version),
    exchanges,
    queues,
    bindings,
    route({ exchange, key }) {
      if (exchange === '') return queues.has(key) ? [key] : [];
      const taking = (routes.get(exchange) ?? []).filter(({ takes }) => takes(key));
      return [...new Set(taking.map(({ queue }) => queue))];
    },
  };
}

/** Settings of a queue that the contracts describe, as they are kept. */
export function settingsOf({ partitions, maxDeliveries, deadLetter, messageTtlMs }: Queue): QueueSettings {
  return { partitions, maxDeliveries, deadLetter, ...(messageTtlMs !== undefined && { messageTtlMs }) };
}

/** What the scripts of a queue begin with: keys, and arguments. */
export interface QueueScope {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

export function scopeOf(keys: RedisKeys, name: string, settings: QueueSettings): QueueScope {
  // What fails among the dead letters goes to their end; there is no further place.
  const dead = settings.deadLetter ?? name;
  return {
    keys: [
      keys.asleep(name),
      keys.stream(dead, 0),
      keys.asleep(dead),
      keys.takers(name),
      ...partitionKeys(keys, name, settings.partitions),
    ],
    args: [group, JSON.stringify(name), settings.maxDeliveries ?? Number.MAX_SAFE_INTEGER],
  };
}

/** Stream and waiting set of each partition. */
export function partitionKeys(keys: RedisKeys, name: string, partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => [
    keys.stream(name, partition),
    keys.again(name, partition),
  ]).flat();
}

function matcher(kind: Exchange['kind'], bound: string): (key: string) => boolean {
  if (kind === 'fanout') return () => true;
  return kind === 'topic' ? topicMatcher(bound) : (key) => key === bound;
}

function pairs<T>(fields: readonly Buffer[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    found.set(String(fields[index]), JSON.parse(String(fields[index + 1])) as T);
  }
  return found;
}
