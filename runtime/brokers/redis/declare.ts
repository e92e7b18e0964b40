import type { Random } from '../../clock.js';
import { UnavailableError, UsageError } from '../../errors.js';
import type { Queue, Topology } from '../broker.js';
import { type Binding, type Catalogue, catalogueOf, type QueueSettings, settingsOf } from './catalogue.js';
import type { RedisConnection } from './connection.js';
import { group, type RedisKeys, redisKeys } from './keys.js';
import { writeCatalogue } from './scripts/catalogue.js';

/** As many others may declare at the same moment. */
const roundsMax = 50;

/**
 * Declares what is missing; all of it or nothing. Rejects with `UsageError` when the topology contradicts itself or what is there. Bindings that are there
 * and no longer wanted stay, as on other brokers.
 */
export async function declare(
  connection: RedisConnection,
  keys: RedisKeys,
  prefix: string,
  random: Random,
  topology: Topology,
): Promise<void> {
  const streams = redisKeys(topology, prefix).filter(({ type }) => type === 'stream');
  for (let round = 0; round < roundsMax; round++) {
    const known = await catalogueOf(connection, keys);
    const { exchanges, queues, bindings } = missing(known, topology);
    const isNew = exchanges.length + queues.length + bindings.length > 0;
    const written = await connection.run(
      writeCatalogue,
      [keys.version, keys.exchanges, keys.queues, keys.bindings, ...streams.map(({ key }) => key)],
      [
        known.version,
        // Never one that was used before, not even when all data were lost: a publisher may still hold that one's bindings.
        isNew ? random.uuid() : '',
        group,
        exchanges.length,
        queues.length,
        ...[...exchanges, ...queues].flatMap(([name, settings]) => [name, JSON.stringify(settings)]),
        ...bindings.map((binding) => JSON.stringify(binding)),
      ],
    );
    if (written === 1) return;
  }
  throw new UnavailableError(`${connection.place} (others declare without a pause)`);
}

/** What a catalogue lacks of a topology. Throws `UsageError` when they contradict each other. */
export function missing(known: Catalogue, topology: Topology) {
  refuseContradictions(known, topology);
  const exchanges = topology.exchanges
    .map(({ name, kind, atMostOnce = false }) => [name, { kind, atMostOnce }] as const)
    .filter(([name, { atMostOnce }]) => known.exchanges.get(name)?.atMostOnce !== atMostOnce);
  const queues = new Map<string, QueueSettings>();
  for (const queue of topology.queues) {
    if (!known.queues.has(queue.name)) queues.set(queue.name, settingsOf(queue));
    if (!known.queues.has(queue.deadLetter) && !queues.has(queue.deadLetter)) {
      queues.set(queue.deadLetter, { partitions: 1 });
    }
  }
  const bound = new Set(known.bindings.map((binding) => JSON.stringify(binding)));
  const bindings = topology.queues.flatMap(bindingsOf).filter((binding) => !bound.has(JSON.stringify(binding)));
  return { exchanges, queues: [...queues], bindings };
}

export function bindingsOf({ name, bindings }: Queue): readonly Binding[] {
  return bindings.map(({ exchange, key }) => [exchange, key, name]);
}

function refuseContradictions(known: Catalogue, topology: Topology): void {
  const kinds = new Map([...known.exchanges].map(([name, { kind }]) => [name, kind]));
  for (const { name, kind } of topology.exchanges) {
    if (name === '') throw new UsageError('the exchange without a name cannot be declared');
    const there = kinds.get(name) ?? kind;
    if (there !== kind) throw new UsageError(`exchange "${name}" is declared as ${there}, not as ${kind}`);
    kinds.set(name, kind);
  }
  const shapes = new Map([...known.queues].map(([name, settings]) => [name, shape(settings)]));
  for (const queue of topology.queues) {
    const unknown = queue.bindings.find((binding) => !kinds.has(binding.exchange));
    if (unknown !== undefined) {
      throw new UsageError(`queue "${queue.name}" is bound to exchange "${unknown.exchange}", which is not declared`);
    }
    if (!(queue.partitions >= 1 && queue.maxDeliveries >= 1)) {
      throw new UsageError(`queue "${queue.name}" needs at least 1 partition and 1 delivery`);
    }
    const wanted = shape(settingsOf(queue));
    if ((shapes.get(queue.name) ?? wanted) !== wanted) {
      throw new UsageError(`queue "${queue.name}" is declared with other settings`);
    }
    shapes.set(queue.name, wanted);
    if (!shapes.has(queue.deadLetter)) shapes.set(queue.deadLetter, shape({ partitions: 1 }));
  }
}

/** Settings as one text, the same for the same settings. */
export function shape({ partitions, maxDeliveries, deadLetter, messageTtlMs }: QueueSettings): string {
  return JSON.stringify([partitions, maxDeliveries ?? null, deadLetter ?? null, messageTtlMs ?? null]);
}
