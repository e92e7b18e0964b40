import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import amqp, { type ChannelModel, type ConfirmChannel } from 'amqplib';
import pg from 'pg';
import { type Broker, brokerFor, type Service, type ServiceDefinition, type Store, storeFor } from 'seamwright/runtime';
import { type Generated, modules } from './consume/generated.js';
import { type BenchMessage, itemMessage, itemMessages, reviewMessage } from './consume/messages.js';
import { consumeInBatches, consumeSingly, publishAll, rawTable } from './consume/raw.js';
import { withGenerated } from './workspace.js';

/** Where it runs. A quorum queue and a database that flushes each commit: what the figures of others leave out. */
const brokerUrl = process.env.SEAMWRIGHT_BROKER_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
const databaseUrl = process.env.SEAMWRIGHT_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const connections = 8;
const prefetch = { single: 100, batch: 300 };
const batchSize = 100;
const keys = 5_000;
const targets = { single: 0.8, batch: 0.7 } as const;

interface Bench {
  readonly generated: Generated;
  readonly amqp: ChannelModel;
  readonly channel: ConfirmChannel;
  readonly pool: pg.Pool;
  /** Distinguishes the names of this run. */
  readonly run: string;
}

/**
 * A generated consumer on RabbitMQ and PostgreSQL against the same work written by hand, in the same run: message by message, in batches, and on the
 * producer's side with an outbox. `--rounds N` (default 3), `--messages N` (default 20000), `--million` for a million messages and their memory,
 * `--format json`.
 */
export async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '3' },
      messages: { type: 'string', default: '20000' },
      million: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
    },
  });
  const rounds = Number(values.rounds);
  const count = Number(values.messages);
  const json = values.format === 'json';
  const say = (line: string): void => (json ? undefined : console.log(line));
  await withGenerated<Generated, void>('consume', modules, async (generated) => {
    const connection = await amqp.connect(brokerUrl);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
    const run = `bench_${randomUUID().slice(0, 8)}`;
    const bench: Bench = { generated, amqp: connection, channel: await connection.createConfirmChannel(), pool, run };
    try {
      const { rows } = await pool.query<{ fsync: string; commit: string }>(
        "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
      );
      say(
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; fsync ${rows[0]?.fsync}, synchronous_commit ${rows[0]?.commit}; ${count} messages, median of ${rounds} rounds`,
      );
      const single = await compared(
        rounds,
        () => rawSingle(bench, count),
        () => ours(bench, 'shop', count),
        say,
        'single',
      );
      const batch = await compared(
        rounds,
        () => rawBatch(bench, count * 3),
        () => ours(bench, 'search', count * 3),
        say,
        'batch',
      );
      const outbox = await compared(
        rounds,
        () => rawOutbox(bench, count / 4),
        () => ourOutbox(bench, count / 4),
        say,
        'outbox',
      );
      const parking = await compared(
        rounds,
        () => unrelated(bench, count / 2, 0),
        () => unrelated(bench, count / 2, 10_000),
        say,
        'parking',
      );
      const memory = values.million ? await million(bench, say) : undefined;
      const ratios = { single: single.ratio, batch: batch.ratio, outbox: outbox.ratio, parking: parking.ratio };
      if (json) {
        const rates = { single, batch, outbox, parking };
        console.log(JSON.stringify({ ratios, rates, targets, ...(memory && { memory }) }));
      } else {
        for (const [name, target] of Object.entries(targets)) {
          const ratio = ratios[name as keyof typeof targets];
          say(
            `${name.padEnd(8)} ${ratio.toFixed(2)} of the hand-written one, at least ${target} wanted: ${ratio >= target ? 'met' : 'MISSED'}`,
          );
        }
      }
    } finally {
      await pool.query(`drop schema if exists ${run} cascade`);
      await bench.channel.close();
      await connection.close();
      await pool.end();
    }
  });
}

/** One run of one side. */
interface Measured {
  /** Messages a second. */
  readonly rate: number;
  /** Processor time of this process, microseconds per message: what others do on the machine hardly changes it. */
  readonly cpuUs: number;
}

interface Compared {
  /** Messages a second, medians. */
  readonly peer: number;
  readonly ours: number;
  readonly cpuUs: { readonly peer: number; readonly ours: number };
  /** Median of the ratios of the rounds. */
  readonly ratio: number;
}

/** Rounds of both, in turns, so that a slow minute of the machine slows both. */
async function compared(
  rounds: number,
  peer: () => Promise<Measured>,
  own: () => Promise<Measured>,
  say: (line: string) => void,
  name: string,
): Promise<Compared> {
  const pairs: { readonly peer: Measured; readonly ours: Measured }[] = [];
  // One round that is not counted: compilers and caches warm up.
  for (let round = -1; round < rounds; round++) {
    const pair =
      round % 2 === 0
        ? { peer: await peer(), ours: await own() }
        : await own().then(async (ours) => ({ ours, peer: await peer() }));
    if (round >= 0) pairs.push(pair);
  }
  const ratios = pairs.map((pair) => pair.ours.rate / pair.peer.rate);
  const result = {
    peer: Math.round(median(pairs.map((pair) => pair.peer.rate))),
    ours: Math.round(median(pairs.map((pair) => pair.ours.rate))),
    cpuUs: {
      peer: Math.round(median(pairs.map((pair) => pair.peer.cpuUs))),
      ours: Math.round(median(pairs.map((pair) => pair.ours.cpuUs))),
    },
    ratio: Number(median(ratios).toFixed(3)),
  };
  const each = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
  const side = (one: 'peer' | 'ours') =>
    `${one} ${String(result[one]).padStart(7)}/s ${String(result.cpuUs[one]).padStart(4)} us`;
  say(`${name.padEnd(8)} ${side('peer')}  ${side('ours')}  ratio ${result.ratio.toFixed(2)} (${each})`);
  return result;
}

async function rawSingle(bench: Bench, count: number): Promise<Measured> {
  return raw(bench, count, (pool, table, queue) =>
    consumeSingly(brokerUrl, pool, table, queue, {
      count,
      prefetch: prefetch.single,
      validate: bench.generated.itemChangedMessage.validate,
    }),
  );
}

async function rawBatch(bench: Bench, count: number): Promise<Measured> {
  return raw(bench, count, (pool, table, queue) =>
    consumeInBatches(brokerUrl, pool, table, queue, {
      count,
      prefetch: prefetch.batch,
      size: batchSize,
      validate: bench.generated.itemChangedMessage.validate,
    }),
  );
}

async function raw(
  { channel, pool, run }: Bench,
  count: number,
  consume: (own: pg.Pool, table: string, queue: string) => Promise<void>,
): Promise<Measured> {
  const name = `${run}_${randomUUID().slice(0, 8)}`;
  // Connections of its own, opened when they are needed, as the service has them.
  const own = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await pool.query(rawTable(name));
  try {
    await publishAll(channel, { exchange: '', key: name }, itemMessages(count, keys));
    const rate = await timed(count, () => consume(own, name, name));
    await verify(pool, `select id, sequence::text from ${name}`, count);
    return rate;
  } finally {
    await own.end();
    await channel.deleteQueue(name);
    await pool.query(`drop table ${name}`);
  }
}

/** The generated service on a queue of its own that is full before it starts. Its tables are there from an earlier start, as those of the hand-written one are. */
async function ours(bench: Bench, kind: 'shop' | 'search', count: number): Promise<Measured> {
  return withService(bench, kind, async ({ service, queue, schema }) => {
    await service.start();
    await service.stop();
    await publishAll(bench.channel, { exchange: '', key: queue }, itemMessages(count, keys));
    const rate = await timed(count, async () => {
      await service.start();
      await consumed(service, count);
    });
    await service.stop();
    await verify(bench.pool, `select sw_id as id, sw_seq::text as sequence from "${schema}".sw_copy_item`, count);
    return rate;
  });
}

/** Notes consumed a second while `waiting` reviews wait for items that never come. */
async function unrelated(bench: Bench, count: number, waiting: number): Promise<Measured> {
  return withService(bench, 'desk', async ({ service, queue }) => {
    await service.start();
    if (waiting > 0) {
      const reviews = Array.from({ length: waiting }, (_, index) => reviewMessage(`review-${index}`, `never-${index}`));
      await publishAll(bench.channel, { exchange: '', key: queue }, reviews);
      await consumed(service, waiting);
    }
    await service.stop();
    await publishAll(bench.channel, { exchange: '', key: queue }, itemMessages(count, keys, 'NoteChanged'));
    const rate = await timed(count, async () => {
      await service.start();
      await consumed(service, waiting + count);
    });
    await service.stop();
    return rate;
  });
}

async function million(
  bench: Bench,
  say: (line: string) => void,
): Promise<{ readonly firstMb: number; readonly lastMb: number }> {
  const total = 1_000_000;
  const step = 100_000;
  return withService(bench, 'search', async ({ service, queue }) => {
    await service.start();
    const samples: number[] = [];
    for (let sent = 0; sent < total; sent += step) {
      await publishAll(bench.channel, { exchange: '', key: queue }, itemMessages(step, keys));
      await consumed(service, sent + step);
      globalThis.gc?.();
      samples.push(process.memoryUsage().rss / 1_048_576);
      say(`million  ${String(sent + step).padStart(7)} messages, ${samples.at(-1)?.toFixed(0)} MB`);
    }
    await service.stop();
    return { firstMb: Math.round(samples[0] ?? 0), lastMb: Math.round(samples.at(-1) ?? 0) };
  });
}

interface Running {
  readonly service: Service;
  readonly queue: string;
  readonly schema: string;
}

async function withService<T>(
  { generated, channel, pool }: Bench,
  kind: 'shop' | 'search' | 'desk',
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const [create, definition] = {
    shop: [generated.createShop, generated.shopDefinition] as const,
    search: [generated.createSearch, generated.searchDefinition] as const,
    desk: [generated.createDesk, generated.deskDefinition] as const,
  }[kind];
  const schema = kind;
  const queue = definition.queue ?? '';
  await pool.query(`drop schema if exists "${schema}" cascade`);
  const broker = await brokerFor(brokerUrl);
  const store = storeFor(`${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}max=${connections}`, schema);
  try {
    await deleteTopology(channel, definition);
    await broker.declare(definition.topology);
    const options = { broker, store, prefetch: kind === 'search' ? prefetch.batch : prefetch.single };
    return await work({ service: create(options), queue, schema });
  } finally {
    await broker.close();
    await store.close();
    await deleteTopology(channel, definition);
    await pool.query(`drop schema if exists "${schema}" cascade`);
  }
}

async function deleteTopology(channel: ConfirmChannel, { topology }: ServiceDefinition): Promise<void> {
  for (const { name, deadLetter, retries } of topology.queues) {
    for (const queue of [name, deadLetter, ...(retries ?? []).map((step) => step.name)])
      await channel.deleteQueue(queue);
  }
  for (const { name } of topology.exchanges) await channel.deleteExchange(name);
}

/** An entity row and its event for each of `count` entities, 16 at a time: insert, commit, publish with confirm, and nothing in between that survives a crash. */
async function rawOutbox({ channel, pool, run }: Bench, count: number): Promise<Measured> {
  const name = `${run}_${randomUUID().slice(0, 8)}`;
  await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await pool.query(`create table ${name} (id text primary key, state jsonb not null)`);
  try {
    return await timed(count, () =>
      sideBySide(count, async (index) => {
        const message = itemMessage(`item-${index}`, 1);
        await pool.query({
          name: `insert ${name}`,
          text: `insert into ${name} (id, state) values ($1, $2)`,
          values: [`item-${index}`, Buffer.from(message.body).toString('utf8')],
        });
        await publishAll(channel, { exchange: '', key: name }, [message]);
      }),
    );
  } finally {
    await channel.deleteQueue(name);
    await pool.query(`drop table ${name}`);
  }
}

/** The same through the outbox; counted until the last message is at the broker. */
async function ourOutbox({ generated, channel, pool, run }: Bench, count: number): Promise<Measured> {
  const queue = `${run}_${randomUUID().slice(0, 8)}`;
  await pool.query('drop schema if exists "catalog" cascade');
  const broker: Broker = await brokerFor(brokerUrl);
  const store: Store = storeFor(`${databaseUrl}${databaseUrl.includes('?') ? '&' : '?'}max=${connections}`, 'catalog');
  await broker.declare(generated.shopDefinition.topology);
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(queue, 'bench.events', '#');
  const service = generated.createCatalog({ broker, store });
  try {
    await service.start();
    return await timed(count, async () => {
      await sideBySide(count, async (index) => {
        const item: unknown = JSON.parse(new TextDecoder().decode(itemMessage(`item-${index}`, 1).body));
        await service.transaction((tx) => tx.Item.save(item));
      });
      await until(async () => (await channel.checkQueue(queue)).messageCount >= count);
    });
  } finally {
    await service.stop();
    await broker.close();
    await store.close();
    await channel.deleteQueue(queue);
    await deleteTopology(channel, generated.shopDefinition);
    await pool.query('drop schema if exists "catalog" cascade');
  }
}

async function sideBySide(count: number, work: (index: number) => Promise<void>, lanes = 16): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}

/** Waits until the service has settled `count` messages since it was made. */
function consumed(service: Service, count: number): Promise<void> {
  return until(async () => {
    const metrics = service.metrics().filter(({ name }) => name === 'messaging.client.consumed.messages');
    return metrics.reduce((sum, { value }) => sum + value, 0) >= count;
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 300_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('the benchmark got stuck: five minutes without an end');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function timed(count: number, work: () => Promise<void>): Promise<Measured> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { rate: count / seconds, cpuUs: (user + system) / count };
}

/** A fast consumer that ends in other rows is worth nothing. */
async function verify(pool: pg.Pool, query: string, count: number): Promise<void> {
  const newest = new Map<string, bigint>();
  for (const { headers } of itemMessages(count, keys) as Iterable<BenchMessage>) {
    const id = headers['ce-subject'] ?? '';
    const sequence = BigInt(headers['ce-sequence'] ?? '0');
    if ((newest.get(id) ?? 0n) < sequence) newest.set(id, sequence);
  }
  const { rows } = await pool.query<{ id: string; sequence: string }>(query);
  const wrong = rows.filter(({ id, sequence }) => newest.get(id) !== BigInt(sequence));
  if (rows.length !== newest.size || wrong.length > 0) {
    throw new Error(
      `the copies are wrong: ${rows.length} of ${newest.size} rows, ${wrong.length} with another version`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
