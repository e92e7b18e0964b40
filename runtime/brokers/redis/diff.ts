import type { Topology, TopologyDifference } from '../broker.js';
import { type Catalogue, catalogueOf, type QueueSettings, settingsOf } from './catalogue.js';
import type { RedisConnection } from './connection.js';
import { bindingsOf, shape } from './declare.js';
import { group, type RedisKeys, redisKeys } from './keys.js';

/** How what is declared in Redis differs from a topology, with the commands of `redis-cli` that mend it. */
export async function differences(
  connection: RedisConnection,
  keys: RedisKeys,
  prefix: string,
  topology: Topology,
): Promise<readonly TopologyDifference[]> {
  const catalogue = await catalogueOf(connection, keys);
  const wanted = redisKeys(topology, prefix).filter(({ type }) => type === 'stream');
  const groups = await Promise.all(wanted.map(async ({ key }) => [key, await hasGroup(connection, key)] as const));
  const without = new Set(groups.filter(([, there]) => !there).map(([key]) => key));
  return [
    ...exchangeDifferences(catalogue, keys, topology),
    ...queueDifferences(catalogue, keys, topology),
    ...bindingDifferences(catalogue, keys, topology),
    ...wanted
      .filter(({ key }) => without.has(key))
      .map(
        ({ key }): TopologyDifference => ({
          kind: 'missing',
          resource: 'group',
          name: key,
          detail: `the stream "${key}" has no consumer group "${group}"`,
          command: cli('XGROUP', 'CREATE', key, group, '0', 'MKSTREAM'),
        }),
      ),
  ];
}

function exchangeDifferences({ exchanges }: Catalogue, keys: RedisKeys, topology: Topology) {
  return topology.exchanges.flatMap(({ name, kind, atMostOnce = false }): readonly TopologyDifference[] => {
    const there = exchanges.get(name);
    const settings = JSON.stringify({ kind, atMostOnce });
    const about = { resource: 'exchange', name, command: changing(keys, 'HSET', keys.exchanges, name, settings) };
    if (there === undefined) return [{ ...about, kind: 'missing', detail: `there is no exchange "${name}"` }];
    if (there.kind === kind && there.atMostOnce === atMostOnce) return [];
    const detail = `exchange "${name}" is ${promise(there.kind, there.atMostOnce)}, the contracts say ${promise(kind, atMostOnce)}`;
    return [{ ...about, kind: 'different', detail }];
  });
}

function promise(kind: string, atMostOnce: boolean): string {
  return `${kind}, ${atMostOnce ? 'at most once' : 'at least once'}`;
}

function queueDifferences({ queues }: Catalogue, keys: RedisKeys, topology: Topology) {
  return topology.queues.flatMap((queue): readonly TopologyDifference[] => {
    const wanted: readonly (readonly [string, QueueSettings])[] = [
      [queue.name, settingsOf(queue)],
      [queue.deadLetter, { partitions: 1 }],
    ];
    return wanted.flatMap(([name, settings]): readonly TopologyDifference[] => {
      const there = queues.get(name);
      const command = changing(keys, 'HSET', keys.queues, name, JSON.stringify(settings));
      if (there === undefined) {
        return [{ kind: 'missing', resource: 'queue', name, detail: `there is no queue "${name}"`, command }];
      }
      // Dead letters may lie in a queue that the topology describes as one of its own.
      if (name !== queue.name || shape(there) === shape(settings)) return [];
      const detail = `queue "${name}" has ${told(there)}, the contracts say ${told(settings)}`;
      // More partitions, or fewer, would put later messages of a key where earlier ones are not.
      const remedy = there.partitions === settings.partitions ? command : `let "${name}" run empty, then: ${command}`;
      return [{ kind: 'different', resource: 'queue', name, detail, command: remedy }];
    });
  });
}

function told({ partitions, maxDeliveries, deadLetter, messageTtlMs }: QueueSettings): string {
  return [
    `${partitions} partition(s)`,
    `${maxDeliveries ?? 'unlimited'} deliveries`,
    deadLetter === undefined ? 'no dead letters' : `dead letters in "${deadLetter}"`,
    messageTtlMs === undefined ? 'no age limit' : `an age limit of ${messageTtlMs} ms`,
  ].join(', ');
}

function bindingDifferences({ bindings }: Catalogue, keys: RedisKeys, topology: Topology) {
  const there = new Set(bindings.map((binding) => JSON.stringify(binding)));
  const names = new Set(topology.queues.map(({ name }) => name));
  const wanted = new Set(topology.queues.flatMap(bindingsOf).map((binding) => JSON.stringify(binding)));
  const missing = [...wanted].filter((text) => !there.has(text));
  const extra = bindings.filter(([, , queue]) => names.has(queue)).map((binding) => JSON.stringify(binding));
  return [
    ...missing.map((text) => bindingDifference(keys, 'missing', text)),
    ...extra.filter((text) => !wanted.has(text)).map((text) => bindingDifference(keys, 'extra', text)),
  ];
}

function bindingDifference(keys: RedisKeys, kind: 'missing' | 'extra', text: string): TopologyDifference {
  const [exchange, key, queue] = JSON.parse(text) as readonly [string, string, string];
  const word = kind === 'missing' ? 'is not bound' : 'is bound, against the contracts,';
  return {
    kind,
    resource: 'binding',
    name: `${exchange} -> ${queue}`,
    detail: `queue "${queue}" ${word} to exchange "${exchange}" with the key "${key}"`,
    command: changing(keys, kind === 'missing' ? 'SADD' : 'SREM', keys.bindings, text),
  };
}

/** A change of what is declared, and of its version: publishers look again only when that has changed. */
function changing(keys: RedisKeys, ...command: readonly string[]): string {
  return `${cli(...command)} && ${cli('APPEND', keys.version, '.')}`;
}

function cli(...words: readonly string[]): string {
  return ['redis-cli', ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function hasGroup(connection: RedisConnection, stream: string): Promise<boolean> {
  if ((await connection.command('EXISTS', stream)) !== 1) return false;
  const groups = (await connection.command('XINFO', 'GROUPS', stream)) as readonly (readonly unknown[])[];
  return groups.some((facts) => String(facts[1]) === group);
}
