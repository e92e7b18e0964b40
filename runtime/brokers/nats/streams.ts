import type { Exchange, Queue, Topology } from '../broker.js';
import {
  bucketPrefix,
  bucketStream,
  consumerOf,
  keys,
  retryConsumer,
  retrySubjectOf,
  streamOf,
  subjectOf,
} from './names.js';

/** A stream as JetStream's API takes it; durations in nanoseconds. */
export interface NatsStreamConfig {
  readonly name: string;
  readonly description: string;
  readonly subjects: readonly string[];
  readonly retention: 'workqueue' | 'limits';
  readonly storage: 'file';
  /** `new`: a stream that its operator has bounded refuses messages instead of losing the oldest. */
  readonly discard: 'new';
  readonly duplicate_window: number;
  readonly num_replicas: number;
  readonly max_msgs_per_subject?: number;
  readonly allow_rollup_hdrs?: boolean;
  readonly allow_direct?: boolean;
  readonly deny_delete?: boolean;
}

/** A durable pull consumer as JetStream's API takes it; durations in nanoseconds. */
export interface NatsConsumerConfig {
  readonly durable_name: string;
  readonly filter_subject: string;
  readonly ack_policy: 'explicit';
  readonly deliver_policy: 'all';
  readonly replay_policy: 'instant';
  readonly ack_wait: number;
  /** Without a limit: JetStream would stop handing the message out and leave it where nobody looks. The consumer moves it to the dead letters. */
  readonly max_deliver: -1;
  readonly max_ack_pending: number;
}

/** What the bucket knows of an exchange. */
export type ExchangeEntry = Pick<Exchange, 'name' | 'kind'>;

/** What the bucket knows of a queue. One without `deadLetter` is a queue of dead letters. */
export type QueueEntry = Pick<Queue, 'name' | 'partitions'> &
  Partial<Pick<Queue, 'deadLetter' | 'maxDeliveries' | 'messageTtlMs'>>;

/** What the bucket knows of the bindings between one exchange and one queue. */
export interface BindingEntry {
  readonly exchange: string;
  readonly kind: Exchange['kind'];
  readonly queue: string;
  readonly partitions: number;
  readonly keys: readonly string[];
}

export interface NatsStreams {
  /** In the order in which they are created. */
  readonly streams: readonly { readonly config: NatsStreamConfig; readonly consumers: readonly NatsConsumerConfig[] }[];
  /** Entries of the key-value bucket `seamwright`, by key, in the order in which they are written. */
  readonly entries: readonly { readonly key: string; readonly value: ExchangeEntry | QueueEntry | BindingEntry }[];
}

/** Time without a sign of life after which a message is taken from its consumer. Live ones renew it three times as often. */
export const ackWaitMs = 15_000;

/** Time in which a publish that is repeated under the same `Nats-Msg-Id` is stored once. */
export const duplicateWindowMs = 120_000;

/**
 * A topology in the terms of JetStream: exactly what `declare` creates when nothing is there.
 *
 * Each queue, dead letters included, is one work-queue stream with a subject per partition and one for messages that wait for their next try; each subject
 * has a durable pull consumer. Bindings are entries of a key-value bucket: publishers read them and send one copy to each queue, because one stream per queue
 * is the only layout in which everything a queue gets (by any exchange, directly, after a retry) has one order on every server version.
 */
export function natsStreams(topology: Topology, options: { readonly replicas?: number } = {}): NatsStreams {
  const replicas = options.replicas ?? 1;
  const queues = [...topology.queues, ...deadLetterQueues(topology)];
  const kinds = new Map(topology.exchanges.map(({ name, kind }) => [name, kind]));
  return {
    streams: [
      { config: bucketConfig(replicas), consumers: [] },
      ...queues.map((queue) => ({ config: queueConfig(queue, replicas), consumers: consumersOf(queue) })),
    ],
    entries: [
      ...topology.exchanges.map(({ name, kind }) => ({ key: keys.exchange(name), value: { name, kind } })),
      ...queues.map((queue) => ({ key: keys.queue(queue.name), value: queueEntry(queue) })),
      ...topology.queues.flatMap((queue) =>
        bindingsOf(queue, kinds).map((value) => ({ key: keys.binding(value.exchange, queue.name), value })),
      ),
    ],
  };
}

/** Dead letters that no queue of the topology is, each once. */
function deadLetterQueues(topology: Topology): readonly QueueEntry[] {
  const declared = new Set(topology.queues.map(({ name }) => name));
  const names = new Set(topology.queues.map(({ deadLetter }) => deadLetter).filter((name) => !declared.has(name)));
  return [...names].map((name) => ({ name, partitions: 1 }));
}

function queueEntry({ name, partitions, deadLetter, maxDeliveries, messageTtlMs }: QueueEntry): QueueEntry {
  return {
    name,
    partitions,
    ...(deadLetter !== undefined && { deadLetter }),
    ...(maxDeliveries !== undefined && { maxDeliveries }),
    ...(messageTtlMs !== undefined && { messageTtlMs }),
  };
}

function bindingsOf(queue: Queue, kinds: ReadonlyMap<string, Exchange['kind']>): readonly BindingEntry[] {
  const exchanges = [...new Set(queue.bindings.map(({ exchange }) => exchange))];
  return exchanges.map((exchange) => ({
    exchange,
    kind: kinds.get(exchange) ?? 'topic',
    queue: queue.name,
    partitions: queue.partitions,
    keys: [...new Set(queue.bindings.filter((binding) => binding.exchange === exchange).map(({ key }) => key))].sort(),
  }));
}

/** As `nats kv add` makes a bucket, so that `nats kv` can read and mend it. */
function bucketConfig(replicas: number): NatsStreamConfig {
  return {
    name: bucketStream,
    description: 'Bindings and queues of seamwright',
    subjects: [`${bucketPrefix}>`],
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    duplicate_window: nanoseconds(duplicateWindowMs),
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    allow_rollup_hdrs: true,
    allow_direct: true,
    deny_delete: true,
  };
}

function queueConfig({ name, partitions }: QueueEntry, replicas: number): NatsStreamConfig {
  return {
    name: streamOf(name),
    description: `Queue ${name}`.slice(0, 200),
    // One by one, not with a wildcard: a message for a partition that nobody consumes must be refused.
    subjects: [...subjectsOf({ name, partitions }), retrySubjectOf(name)],
    retention: 'workqueue',
    storage: 'file',
    discard: 'new',
    duplicate_window: nanoseconds(duplicateWindowMs),
    num_replicas: replicas,
  };
}

function consumersOf(queue: QueueEntry): readonly NatsConsumerConfig[] {
  return [
    ...subjectsOf(queue).map((subject, partition) => ({
      ...pullConsumer(consumerOf(partition), subject),
      // One at a time keeps the order of a partition among all consumers of the queue.
      max_ack_pending: queue.partitions > 1 ? 1 : -1,
    })),
    pullConsumer(retryConsumer, retrySubjectOf(queue.name)),
  ];
}

function subjectsOf({ name, partitions }: QueueEntry): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => subjectOf(name, partition));
}

function pullConsumer(name: string, subject: string): NatsConsumerConfig {
  return {
    durable_name: name,
    filter_subject: subject,
    ack_policy: 'explicit',
    deliver_policy: 'all',
    replay_policy: 'instant',
    ack_wait: nanoseconds(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: -1,
  };
}

function nanoseconds(durationMs: number): number {
  return durationMs * 1_000_000;
}
