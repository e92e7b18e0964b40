import type { Topology, TopologyDifference } from '../broker.js';
import type { Bucket } from './bucket.js';
import type { NatsConnection } from './connection.js';
import { consumerInfo, streamInfo } from './declare.js';
import { bucket as bucketName } from './names.js';
import {
  type BindingEntry,
  type ExchangeEntry,
  type NatsConsumerConfig,
  type NatsStreamConfig,
  type NatsStreams,
  natsStreams,
  type QueueEntry,
} from './streams.js';

/** Settings without which a stream or a consumer does not do what the topology says. Limits, replicas and waits belong to the operator. */
const streamSettings = ['subjects', 'retention', 'storage', 'discard', 'max_msgs_per_subject'] as const;
const consumerSettings = ['filter_subject', 'ack_policy', 'deliver_policy', 'max_deliver', 'max_ack_pending'] as const;

/** How the streams, consumers and bindings on the server differ from a topology, each with a command of the `nats` tool. */
export async function differences(
  connection: NatsConnection,
  bucket: Bucket,
  topology: Topology,
): Promise<readonly TopologyDifference[]> {
  const { streams, entries } = natsStreams(topology, { replicas: connection.replicas });
  const exchanges = new Set(topology.exchanges.map(({ name }) => name));
  const found: TopologyDifference[] = [];
  for (const { config, consumers } of streams) {
    const present = await streamInfo(connection, config.name);
    found.push(...streamDifferences(config, present?.config as Partial<NatsStreamConfig> | undefined));
    for (const consumer of consumers) {
      const known = present && (await consumerInfo(connection, config.name, consumer.durable_name))?.config;
      found.push(...consumerDifferences(config.name, consumer, known as Partial<NatsConsumerConfig> | undefined));
    }
  }
  for (const entry of entries) {
    const known = (await bucket.get<NatsStreams['entries'][number]['value']>(entry.key))?.value;
    found.push(...entryDifferences(entry, known, exchanges));
  }
  return found;
}

function streamDifferences(
  wanted: NatsStreamConfig,
  present: Partial<NatsStreamConfig> | undefined,
): readonly TopologyDifference[] {
  const about = { resource: 'stream', name: wanted.name };
  const subjects = wanted.subjects.map((subject) => `--subjects ${quoted(subject)}`).join(' ');
  if (present === undefined) {
    const add =
      wanted.retention === 'workqueue'
        ? `nats stream add ${quoted(wanted.name)} ${subjects} --retention work --storage file --discard new --dupe-window 2m --replicas ${wanted.num_replicas} --defaults`
        : `nats kv add ${bucketName} --history 1 --storage file --replicas ${wanted.num_replicas}`;
    return [
      {
        ...about,
        kind: 'missing',
        detail: `there is no stream "${wanted.name}" (${wanted.description})`,
        command: add,
      },
    ];
  }
  return streamSettings.flatMap((setting): readonly TopologyDifference[] => {
    const [is, shouldBe] = [shown(present[setting]), shown(wanted[setting])];
    if (is === shouldBe || wanted[setting] === undefined) return [];
    const fixed = setting === 'retention' || setting === 'storage';
    return [
      {
        ...about,
        kind: 'different',
        detail: `stream "${wanted.name}" has ${setting} ${is}, the contracts say ${shouldBe}`,
        command: fixed
          ? `drain the stream, then: nats stream rm ${quoted(wanted.name)}; it is declared anew when the service starts`
          : `nats stream edit ${quoted(wanted.name)} ${setting === 'subjects' ? subjects : `--${setting.replaceAll('_', '-')} ${String(wanted[setting])}`}`,
      },
    ];
  });
}

function consumerDifferences(
  stream: string,
  wanted: NatsConsumerConfig,
  present: Partial<NatsConsumerConfig> | undefined,
): readonly TopologyDifference[] {
  const name = `${stream} > ${wanted.durable_name}`;
  const add = `nats consumer add ${quoted(stream)} ${quoted(wanted.durable_name)} --pull --filter ${quoted(wanted.filter_subject)} --ack explicit --deliver all --replay instant --wait ${wanted.ack_wait / 1e9}s --max-deliver=-1 --max-pending=${wanted.max_ack_pending} --defaults`;
  if (present === undefined) {
    const detail = `stream "${stream}" has no consumer "${wanted.durable_name}"`;
    return [{ kind: 'missing', resource: 'consumer', name, detail, command: add }];
  }
  return consumerSettings.flatMap((setting): readonly TopologyDifference[] => {
    const [is, shouldBe] = [shown(present[setting]), shown(wanted[setting])];
    if (is === shouldBe) return [];
    const detail = `consumer "${name}" has ${setting} ${is}, the contracts say ${shouldBe}`;
    // Nothing is lost with a consumer of a work queue: what it had not acknowledged is handed out by the next one.
    const command = `nats consumer rm -f ${quoted(stream)} ${quoted(wanted.durable_name)} && ${add}`;
    return [{ kind: 'different', resource: 'consumer', name, detail, command }];
  });
}

type Value = ExchangeEntry | QueueEntry | BindingEntry;

function entryDifferences(
  { key, value }: { readonly key: string; readonly value: Value },
  present: Value | undefined,
  exchanges: ReadonlySet<string>,
): readonly TopologyDifference[] {
  const put = `nats kv put ${bucketName} ${quoted(key)} ${quoted(JSON.stringify(value))}`;
  const { resource, name } = aboutEntry(value);
  if (present === undefined) {
    const detail = `there is no ${resource} "${name}" in the bucket "${bucketName}"`;
    return [{ kind: 'missing', resource, name, detail, command: put }];
  }
  if ('keys' in value) return bindingDifferences(value, present as BindingEntry, put, exchanges);
  const different = Object.entries(value).filter(([field, wanted]) => shown(fieldOf(present, field)) !== shown(wanted));
  return different.map(([field, wanted]) => ({
    kind: 'different' as const,
    ...{ resource, name },
    detail: `${resource} "${name}" has ${field} ${shown(fieldOf(present, field))}, the contracts say ${shown(wanted)}`,
    command: put,
  }));
}

function bindingDifferences(
  wanted: BindingEntry,
  present: BindingEntry,
  put: string,
  exchanges: ReadonlySet<string>,
): readonly TopologyDifference[] {
  const about = { resource: 'binding', name: `${wanted.exchange} -> ${wanted.queue}`, command: put };
  const known = Array.isArray(present.keys) ? present.keys : [];
  const line = (kind: 'missing' | 'extra', key: string, says: string): TopologyDifference => ({
    ...about,
    kind,
    detail: `queue "${wanted.queue}" is ${says} exchange "${wanted.exchange}" with the key "${key}"`,
  });
  return [
    ...wanted.keys.filter((key) => !known.includes(key)).map((key) => line('missing', key, 'not bound to')),
    ...known
      .filter((key) => !wanted.keys.includes(key))
      .map((key) => line('extra', key, 'bound, against the contracts, to')),
    ...(['kind', 'partitions'] as const).flatMap((field): readonly TopologyDifference[] => {
      // The kind of an exchange that only its publisher declares is not this topology's to say.
      if (present[field] === wanted[field] || (field === 'kind' && !exchanges.has(wanted.exchange))) return [];
      const detail = `binding "${about.name}" has ${field} ${shown(present[field])}, the contracts say ${shown(wanted[field])}`;
      return [{ ...about, kind: 'different', detail }];
    }),
  ];
}

function fieldOf(entry: Value, field: string): unknown {
  return (entry as Readonly<Record<string, unknown>>)[field];
}

function aboutEntry(value: Value): { readonly resource: string; readonly name: string } {
  if ('keys' in value) return { resource: 'binding', name: `${value.exchange} -> ${value.queue}` };
  return { resource: 'kind' in value ? 'exchange' : 'queue', name: value.name };
}

function shown(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value) ?? 'none';
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
