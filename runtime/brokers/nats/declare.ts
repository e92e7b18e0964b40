import type { ConsumerConfig, ConsumerInfo, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { UsageError } from '../../errors.js';
import type { Topology } from '../broker.js';
import type { Bucket } from './bucket.js';
import { apiCodes, codeOf, type NatsConnection } from './connection.js';
import { keys } from './names.js';
import {
  type BindingEntry,
  type ExchangeEntry,
  type NatsConsumerConfig,
  type NatsStreamConfig,
  natsStreams,
  type QueueEntry,
} from './streams.js';

/**
 * Creates what is missing: streams before their consumers, both before the bindings that lead to them, so that no publisher is ever led to a queue that is
 * not there. What is there keeps its settings: limits, replicas and waits belong to the operator.
 *
 * Rejects with `UsageError` when the topology contradicts itself or what is there.
 */
export async function declare(connection: NatsConnection, bucket: Bucket, topology: Topology): Promise<void> {
  connection.refuseUnlessUp();
  refuseNonsense(topology);
  try {
    await createMissing(connection, bucket, topology);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UsageError(
      `JetStream refuses what is declared: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function createMissing(connection: NatsConnection, bucket: Bucket, topology: Topology): Promise<void> {
  const { streams, entries } = natsStreams(await withKnownKinds(bucket, topology), { replicas: connection.replicas });
  await bucketFirst(connection, bucket, topology, streams[0]?.config);
  for (const { config, consumers } of streams.slice(1)) {
    await createStream(connection, config);
    for (const consumer of consumers) await createConsumer(connection, config.name, consumer);
  }
  for (const { key, value } of entries) {
    if ('keys' in value) await bucket.update<BindingEntry>(key, (present) => mergedBinding(present, value));
    else if ('kind' in value)
      await bucket.update<ExchangeEntry>(key, (present) => (present === undefined ? value : undefined));
    else await bucket.update<QueueEntry>(key, (present) => mergedQueue(present, value));
  }
}

/** Contradictions are found before anything is created. */
async function bucketFirst(
  connection: NatsConnection,
  bucket: Bucket,
  { exchanges, queues }: Topology,
  config: NatsStreamConfig | undefined,
): Promise<void> {
  if (config !== undefined) await createStream(connection, config);
  for (const { name, kind } of exchanges) {
    const known = (await bucket.get<ExchangeEntry>(keys.exchange(name)))?.value.kind ?? kind;
    if (known !== kind) throw new UsageError(`exchange "${name}" is declared as ${known}, not as ${kind}`);
  }
  for (const { name, partitions } of queues) {
    const known = (await bucket.get<QueueEntry>(keys.queue(name)))?.value.partitions ?? partitions;
    if (known !== partitions) {
      throw new UsageError(
        `queue "${name}" has ${known} partitions, not ${partitions}: their number cannot change while messages wait in them; drain and delete its stream first`,
      );
    }
  }
}

function refuseNonsense({ exchanges, queues }: Topology): void {
  if (exchanges.some(({ name }) => name === '')) {
    throw new UsageError('the exchange without a name cannot be declared');
  }
  for (const { name, partitions, maxDeliveries } of queues) {
    if (name === '') throw new UsageError('a queue needs a name');
    if (!(partitions >= 1 && maxDeliveries >= 1)) {
      throw new UsageError(`queue "${name}" needs at least 1 partition and 1 delivery`);
    }
  }
}

/** A consumer may bind to an exchange that only its publisher declares. */
export async function withKnownKinds(bucket: Bucket, topology: Topology): Promise<Topology> {
  const named = new Set(topology.exchanges.map(({ name }) => name));
  const foreign = new Set(
    topology.queues
      .flatMap(({ bindings }) => bindings.map(({ exchange }) => exchange))
      .filter((name) => !named.has(name)),
  );
  const known = await Promise.all(
    [...foreign].map(async (name) => {
      const entry = await bucket.get<ExchangeEntry>(keys.exchange(name));
      if (entry === undefined) throw new UsageError(`exchange "${name}" is bound to a queue, but is not declared`);
      return entry.value;
    }),
  );
  return { ...topology, exchanges: [...topology.exchanges, ...known] };
}

async function createStream(connection: NatsConnection, config: NatsStreamConfig): Promise<void> {
  const present = await streamInfo(connection, config.name);
  if (present === undefined) {
    // The same request of another client at the same moment creates it once.
    await connection.ask(() =>
      connection.manager.streams.add(config as unknown as Partial<StreamConfig> & { name: string }),
    );
    return;
  }
  const missing = config.subjects.filter((subject) => !present.config.subjects.includes(subject));
  if (missing.length > 0 || present.config.retention !== config.retention) {
    throw new UsageError(
      `stream "${config.name}" is there with other subjects or another retention; "seamwright doctor" says how it differs`,
    );
  }
}

async function createConsumer(connection: NatsConnection, stream: string, config: NatsConsumerConfig): Promise<void> {
  // Asked first: servers before 2.10 take a creation for an update of what is there.
  if ((await consumerInfo(connection, stream, config.durable_name)) !== undefined) return;
  await connection.ask(() => connection.manager.consumers.add(stream, config as Partial<ConsumerConfig>));
}

function mergedBinding(present: BindingEntry | undefined, wanted: BindingEntry): BindingEntry | undefined {
  const all = [...new Set([...(present?.keys ?? []), ...wanted.keys])].sort();
  const same = present?.keys.length === all.length && present.partitions === wanted.partitions;
  return same ? undefined : { ...wanted, keys: all };
}

/** A queue of dead letters that another topology describes in full stays described. */
function mergedQueue(present: QueueEntry | undefined, wanted: QueueEntry): QueueEntry | undefined {
  const next = { ...present, ...wanted };
  return present !== undefined && JSON.stringify(next) === JSON.stringify(present) ? undefined : next;
}

/** Undefined when there is no such stream. */
export function streamInfo(connection: NatsConnection, name: string): Promise<StreamInfo | undefined> {
  return present(() => connection.ask(() => connection.manager.streams.info(name)));
}

/** Undefined when there is no such consumer. */
export function consumerInfo(
  connection: NatsConnection,
  stream: string,
  name: string,
): Promise<ConsumerInfo | undefined> {
  return present(() => connection.ask(() => connection.manager.consumers.info(stream, name)));
}

async function present<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (codeOf(error) === apiCodes.streamNotFound || codeOf(error) === apiCodes.consumerNotFound) return undefined;
    throw error;
  }
}
