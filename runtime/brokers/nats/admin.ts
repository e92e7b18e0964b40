import type { StoredMsg } from '@nats-io/jetstream';
import type { WireMessage } from '../../envelope.js';
import { UsageError } from '../../errors.js';
import type { BrokerAdmin, Queue, QueueDepth } from '../broker.js';
import { type Bucket, storedMessage } from './bucket.js';
import type { NatsConnection } from './connection.js';
import { consumerInfo, streamInfo } from './declare.js';
import { differences } from './difference.js';
import { decodeMessage } from './message.js';
import { consumerOf, retryConsumer, streamOf, subjectOf } from './names.js';

/** What operators ask of JetStream. Messages are read from their streams, so that no consumer notices. */
export function natsAdmin(connection: NatsConnection, bucket: Bucket): BrokerAdmin {
  return {
    depth: (queue) => depth(connection, queue),
    peek: (queue, { limit }) => peek(connection, queue, limit),
    async deadLetters({ deadLetter }, { limit }) {
      const shown: WireMessage[] = [];
      for await (const stored of messages(connection, streamOf(deadLetter), '>')) {
        if (shown.length >= limit) break;
        shown.push(wireOf(stored));
      }
      return shown;
    },
    async sweepDeadLetters({ deadLetter }, decide) {
      const stream = streamOf(deadLetter);
      const last = (await streamInfo(connection, stream))?.state.last_seq ?? 0;
      for await (const stored of messages(connection, stream, '>')) {
        // What arrives during the sweep, such as a replay that failed again, is for the next one.
        if (stored.seq > last) return;
        if ((await decide(wireOf(stored))) !== 'remove') continue;
        // `erase` would overwrite the bytes on the disk first, at many times the price.
        await connection.ask(() => connection.manager.streams.deleteMessage(stream, stored.seq, false));
      }
    },
    diff: (topology) => differences(connection, bucket, topology),
  };
}

async function depth(connection: NatsConnection, queue: Queue): Promise<QueueDepth | null> {
  const stream = streamOf(queue.name);
  const names = [...partitionsOf(queue), retryConsumer];
  const [dead, ...consumers] = await Promise.all([
    streamInfo(connection, streamOf(queue.deadLetter)),
    ...names.map((name) => consumerInfo(connection, stream, name)),
  ]);
  if (consumers.every((consumer) => consumer === undefined)) return null;
  const partitions = consumers.slice(0, -1);
  const retries = consumers.at(-1);
  return {
    ready: sum(partitions.map((consumer) => consumer?.num_pending ?? 0)),
    delayed: (retries?.num_pending ?? 0) + (retries?.num_ack_pending ?? 0),
    dead: dead?.state.messages ?? 0,
    inFlight: sum(partitions.map((consumer) => consumer?.num_ack_pending ?? 0)),
  };
}

/** What the consumers have not handed out yet, in the order of the stream. */
async function peek(connection: NatsConnection, queue: Queue, limit: number): Promise<readonly WireMessage[]> {
  const stream = streamOf(queue.name);
  if ((await streamInfo(connection, stream)) === undefined) {
    throw new UsageError(`queue "${queue.name}" is not declared`);
  }
  const waiting: StoredMsg[] = [];
  for (const [partition, name] of partitionsOf(queue).entries()) {
    const delivered = (await consumerInfo(connection, stream, name))?.delivered.stream_seq ?? 0;
    let shown = 0;
    for await (const stored of messages(connection, stream, subjectOf(queue.name, partition), delivered + 1)) {
      if (shown++ >= limit) break;
      waiting.push(stored);
    }
  }
  return waiting
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit)
    .map(wireOf);
}

async function* messages(
  connection: NatsConnection,
  stream: string,
  filter: string,
  first = 1,
): AsyncGenerator<StoredMsg, void> {
  for (let seq = first; ; ) {
    const stored = await storedMessage(connection, stream, { seq, next_by_subj: filter });
    if (stored === undefined) return;
    yield stored;
    seq = stored.seq + 1;
  }
}

function partitionsOf({ partitions }: Queue): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) => consumerOf(partition));
}

function wireOf(stored: StoredMsg): WireMessage {
  return decodeMessage(stored.header, stored.data);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
