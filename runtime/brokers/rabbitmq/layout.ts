import { UsageError } from '../../errors.js';
import type { Exchange, Queue, Topology } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';

/** Arguments of a queue or an exchange, as `rabbitmqctl list_queues arguments` shows them. */
export type Arguments = Readonly<Record<string, string | number | boolean>>;

export interface ExchangeLayout {
  readonly name: string;
  readonly type: Exchange['kind'] | 'x-consistent-hash';
  readonly arguments: Arguments;
}

export interface QueueLayout {
  readonly name: string;
  readonly arguments: Arguments;
}

export interface BindingLayout {
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly key: string;
}

/** Everything that a topology is in RabbitMQ, in an order in which it can be declared. All of it is durable. */
export interface Layout {
  readonly exchanges: readonly ExchangeLayout[];
  readonly queues: readonly QueueLayout[];
  readonly bindings: readonly BindingLayout[];
}

/** Header by which partitions are chosen: an attribute of CloudEvents, so that producers of any kind can set it. */
export const partitionHeader = 'ce-partitionkey';

/**
 * What is declared for a topology: its exchanges, its queues with their partitions, retry steps and dead letters, and the bindings. `declare`, `diff` and
 * `rabbitmqDefinitions` all read this, so that they cannot disagree.
 *
 * Throws `UsageError` for what RabbitMQ cannot hold: a name of more than 255 bytes, or one resource with two meanings.
 */
export function layoutOf(topology: Topology): Layout {
  const parts = topology.queues.map(partsOf);
  const exchanges = [
    ...topology.exchanges.map(({ name, kind }): ExchangeLayout => ({ name, type: kind, arguments: {} })),
    ...parts.flatMap((part) => part.exchanges),
  ];
  const queues = parts.flatMap((part) => part.queues);
  const bindings = parts.flatMap((part) => part.bindings);
  const nameless = bindings.find(({ source }) => source === '');
  if (nameless) throw new UsageError(`queue "${nameless.destination}" cannot be bound to the exchange without a name`);
  return {
    exchanges: distinct('exchange', exchanges),
    queues: distinct('queue', queues),
    bindings: [...new Map(bindings.map((one) => [JSON.stringify(one), one])).values()],
  };
}

/** Names of the queues that hold a queue's messages: itself, or one per partition. */
export function partitionNames({ name, partitions }: Pick<Queue, 'name' | 'partitions'>): readonly string[] {
  return partitions === 1 ? [name] : Array.from({ length: partitions }, (_, index) => partitionName(name, index + 1));
}

/** Name of the queue of one partition, counted from 1. */
export function partitionName(queue: string, partition: number): string {
  return `${queue}.p${partition}`;
}

/** Where a message goes that is to reach a queue, and no other: the nameless exchange, or the one that spreads the queue's partitions. */
export function entranceOf({ name, partitions }: Pick<Queue, 'name' | 'partitions'>): {
  readonly exchange: string;
  readonly key: string;
} {
  return { exchange: partitions === 1 ? '' : name, key: name };
}

function partsOf(queue: Queue): Layout {
  if (!(queue.partitions >= 1 && queue.maxDeliveries >= 1)) {
    throw new UsageError(`queue "${queue.name}" needs at least 1 partition and 1 delivery`);
  }
  const { name, partitions, deadLetter, deadLetterExchange } = queue;
  const entrance = entranceOf(queue);
  const names = partitionNames(queue);
  const spread = partitions > 1;
  return {
    exchanges: [
      ...(spread ? [{ name, type: 'x-consistent-hash', arguments: { 'hash-header': partitionHeader } } as const] : []),
      ...(deadLetterExchange ? [{ name: deadLetterExchange, type: 'direct', arguments: {} } as const] : []),
    ],
    queues: [
      { name: deadLetter, arguments: deadLetterArguments },
      ...names.map((partition) => ({ name: partition, arguments: argumentsOf(queue) })),
      ...retryLadder(queue).map((step) => ({
        name: step.name,
        arguments: { ...keepUntilTaken(entrance.exchange, entrance.key), 'x-message-ttl': step.delayMs },
      })),
    ],
    bindings: [
      ...(deadLetterExchange
        ? [{ source: deadLetterExchange, destination: deadLetter, destinationType: 'queue', key: deadLetter } as const]
        : []),
      // The key of such a binding is its weight: every partition gets the same share of the keys.
      ...(spread
        ? names.map((destination) => ({ source: name, destination, destinationType: 'queue', key: '1' }) as const)
        : []),
      ...queue.bindings.map(({ exchange, key }) => ({
        source: exchange,
        destination: name,
        destinationType: spread ? ('exchange' as const) : ('queue' as const),
        key,
      })),
    ],
  };
}

function argumentsOf(queue: Queue): Arguments {
  const ttl = queue.messageTtlMs === undefined ? {} : { 'x-message-ttl': queue.messageTtlMs };
  const single = queue.partitions > 1 ? { 'x-single-active-consumer': true } : {};
  if (queue.type === 'classic') {
    return {
      'x-queue-type': 'classic',
      'x-dead-letter-exchange': queue.deadLetterExchange ?? '',
      'x-dead-letter-routing-key': queue.deadLetter,
      ...(queue.priorityMax === undefined ? {} : { 'x-max-priority': queue.priorityMax }),
      ...ttl,
      ...single,
    };
  }
  return {
    ...keepUntilTaken(queue.deadLetterExchange ?? '', queue.deadLetter),
    // The limit counts failed deliveries: a limit of 3 allows 4 of them.
    'x-delivery-limit': queue.maxDeliveries - 1,
    ...ttl,
    ...single,
  };
}

/** Dead-letters without losing a message when the target is away for a moment; RabbitMQ asks for `reject-publish` with it. */
function keepUntilTaken(exchange: string, key: string): Arguments {
  return {
    'x-queue-type': 'quorum',
    'x-dead-letter-exchange': exchange,
    'x-dead-letter-routing-key': key,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}

/**
 * Whoever looks at dead letters takes them and gives them back, which counts as a failed delivery. A limit must be there: RabbitMQ 4 has one of 20 by default
 * and drops what exceeds it, and without any limit quorum queues may put a returned message at the end. So it is one that nobody reaches.
 */
const deadLetterArguments: Arguments = { 'x-queue-type': 'quorum', 'x-delivery-limit': 2_147_483_647 };

function distinct<T extends { readonly name: string }>(kind: string, all: readonly T[]): readonly T[] {
  const byName = new Map<string, T>();
  for (const one of all) {
    if (one.name === '') throw new UsageError(`the ${kind} without a name cannot be declared`);
    if (Buffer.byteLength(one.name) > 255) {
      throw new UsageError(`the name of ${kind} "${one.name.slice(0, 60)}..." is longer than 255 bytes`);
    }
    const known = byName.get(one.name) ?? one;
    if (JSON.stringify(known) !== JSON.stringify(one)) {
      throw new UsageError(`${kind} "${one.name}" is declared twice, with different settings`);
    }
    byName.set(one.name, one);
  }
  return [...byName.values()];
}
