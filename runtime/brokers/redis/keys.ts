import type { Queue, Topology } from '../broker.js';

/** Consumer group of every stream: a queue is one group by design, several readers of an event are several queues. */
export const group = 'seamwright';

/** Owner, in the group, of messages that nobody works on: those that wait for another try. */
export const nobody = 'waiting';

export const defaultPrefix = 'seamwright';

/** What is kept in Redis, by name. */
export type RedisKeys = ReturnType<typeof keysOf>;

/**
 * Names of keys and channels. All begin with the same hash tag, so that a cluster keeps them in one slot: a message reaches all of its queues, or moves
 * to its dead letters, in one script. What follows the last fixed part is a name as it is, whatever characters it has.
 */
export function keysOf(prefix: string) {
  const tag = `{${prefix}}`;
  return {
    /** Changes whenever one of the next three does. */
    version: `${tag}:version`,
    /** Hash: name of the exchange -> its kind as JSON. */
    exchanges: `${tag}:exchanges`,
    /** Hash: name of the queue -> its settings as JSON. */
    queues: `${tag}:queues`,
    /** Set of `[exchange, key, queue]` as JSON. */
    bindings: `${tag}:bindings`,
    /** Stream: the messages of a partition, from publishing to their end. */
    stream: (queue: string, partition: number) => `${tag}:stream:${partition}:${queue}`,
    /** Sorted set: messages of the stream that wait for another try, by the instant they are due. */
    again: (queue: string, partition: number) => `${tag}:again:${partition}:${queue}`,
    /** Set by consumers that found nothing, taken away by who brings something; also the channel that wakes them. */
    asleep: (queue: string) => `${tag}:asleep:${queue}`,
    /** List of consumers that take at-most-once messages. */
    takers: (queue: string) => `${tag}:takers:${queue}`,
    /** Lease of a consumer: it is alive while this is there. */
    alive: (consumer: string) => `${tag}:alive:${consumer}`,
    /** Channel of at-most-once messages to one consumer. */
    inbox: (consumer: string) => `${tag}:inbox:${consumer}`,
  };
}

/** A key that `declare` makes. */
export interface RedisKey {
  readonly key: string;
  readonly type: 'string' | 'hash' | 'set' | 'stream';
  /** Consumer group on it. */
  readonly group?: string;
  /** Queue or queue of dead letters that it belongs to. */
  readonly queue?: string;
}

/** The keys and groups that declaring a topology makes, each once. `prefix` is that of the broker's URL. */
export function redisKeys(topology: Topology, prefix = defaultPrefix): readonly RedisKey[] {
  const keys = keysOf(prefix);
  const streams = topology.queues.flatMap((queue) => [...streamsOf(keys, queue), deadStream(keys, queue)]);
  return [
    { key: keys.version, type: 'string' },
    { key: keys.exchanges, type: 'hash' },
    { key: keys.queues, type: 'hash' },
    { key: keys.bindings, type: 'set' },
    ...new Map(streams.map((stream) => [stream.key, stream])).values(),
  ];
}

function streamsOf(keys: RedisKeys, { name, partitions }: Queue): readonly RedisKey[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    key: keys.stream(name, partition),
    type: 'stream',
    group,
    queue: name,
  }));
}

function deadStream(keys: RedisKeys, { deadLetter }: Queue): RedisKey {
  return { key: keys.stream(deadLetter, 0), type: 'stream', group, queue: deadLetter };
}
