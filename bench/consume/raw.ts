import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import amqp from 'amqplib';
import type { Pool } from 'pg';

/**
 * The same work written by hand on amqplib and pg: what a team would have without this library, and the bound that it is measured against. It guards
 * each row by (epoch, sequence) and acknowledges after the commit, but it knows neither waits nor retries, dead letters, tombstones or metrics.
 */

export interface RawItem {
  readonly id: string;
  readonly [field: string]: unknown;
}

export const columns = [
  'sku',
  'name',
  'description',
  'price',
  'currency',
  'quantity',
  'warehouse',
  'supplier',
  'weight',
  'active',
  'tags',
  'updatedAt',
] as const;

const types = [
  'text',
  'text',
  'text',
  'bigint',
  'text',
  'bigint',
  'text',
  'text',
  'float8',
  'boolean',
  'jsonb',
  'text',
];
const names = columns.map((name) => name.toLowerCase());

export function rawTable(name: string): string {
  return `create table ${name} (id text primary key, epoch integer not null, sequence bigint not null,
${names.map((column, index) => `  ${column} ${types[index]}`).join(',\n')})`;
}

const assignments = ['epoch', 'sequence', ...names].map((name) => `${name} = excluded.${name}`).join(', ');

/** Consumes `count` messages, each with one guarded upsert; resolves when the last is acknowledged. */
export async function consumeSingly(
  url: string,
  pool: Pool,
  table: string,
  queue: string,
  options: { readonly count: number; readonly prefetch: number; readonly validate: (data: unknown) => boolean },
): Promise<void> {
  const text = `insert into ${table} as t (id, epoch, sequence, ${names.join(', ')})
values ($1, $2, $3, ${names.map((_, index) => `$${index + 4}`).join(', ')})
on conflict (id) do update set ${assignments} where (t.epoch, t.sequence) < (excluded.epoch, excluded.sequence)`;
  await consuming(url, queue, options.prefetch, (channel, done) => {
    let settled = 0;
    return async (message) => {
      const item = parsed(message, options.validate);
      await pool.query({ name: `single ${table}`, text, values: [item.id, ...versionOf(message), ...valuesOf(item)] });
      channel.ack(message);
      if (++settled === options.count) done();
    };
  });
}

/** Consumes `count` messages in batches of at most `size`: newest per id, sorted, one statement. */
export async function consumeInBatches(
  url: string,
  pool: Pool,
  table: string,
  queue: string,
  options: {
    readonly count: number;
    readonly prefetch: number;
    readonly size: number;
    readonly validate: (data: unknown) => boolean;
  },
): Promise<void> {
  const all = ['text', 'integer', 'bigint', ...types];
  // jsonb in arrays travels as text.
  const text = `insert into ${table} as t (id, epoch, sequence, ${names.join(', ')})
select * from unnest(${all.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})
on conflict (id) do update set ${assignments} where (t.epoch, t.sequence) < (excluded.epoch, excluded.sequence)`;
  await consuming(url, queue, options.prefetch, (channel, done) => {
    let gathered: ConsumeMessage[] = [];
    let writing = false;
    let settled = 0;
    async function write(): Promise<void> {
      while (gathered.length > 0) {
        const batch = gathered.slice(0, options.size);
        gathered = gathered.slice(options.size);
        const newest = new Map<string, { readonly sequence: bigint; readonly row: readonly unknown[] }>();
        for (const message of batch) {
          const item = parsed(message, options.validate);
          const [epoch, sequence] = versionOf(message);
          const version = BigInt(sequence);
          const known = newest.get(item.id);
          if (known === undefined || known.sequence < version) {
            newest.set(item.id, { sequence: version, row: [item.id, epoch, sequence, ...valuesOf(item)] });
          }
        }
        const rows = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { row }]) => row);
        await pool.query({
          name: `batch ${table}`,
          text,
          values: all.map((_, index) => rows.map((row) => row[index])),
        });
        for (const message of batch) channel.ack(message);
        settled += batch.length;
      }
      writing = false;
      if (settled === options.count) done();
    }
    return async (message) => {
      gathered.push(message);
      if (writing) return;
      writing = true;
      queueMicrotask(() => void write());
    };
  });
}

/** Publishes with confirms, at most `window` unconfirmed. */
export async function publishAll(
  channel: ConfirmChannel,
  target: { readonly exchange: string; readonly key: string },
  messages: Iterable<{ readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }>,
  window = 500,
): Promise<void> {
  let open: Promise<unknown>[] = [];
  for (const { headers, body } of messages) {
    open.push(
      new Promise<void>((resolve, reject) => {
        channel.publish(
          target.exchange,
          target.key,
          Buffer.from(body),
          { headers, persistent: true, mandatory: true, contentType: 'application/json' },
          (error: unknown) => (error ? reject(error) : resolve()),
        );
      }),
    );
    if (open.length >= window) {
      await Promise.all(open);
      open = [];
    }
  }
  await Promise.all(open);
}

async function consuming(
  url: string,
  queue: string,
  prefetch: number,
  make: (channel: Channel, done: () => void) => (message: ConsumeMessage) => Promise<void>,
): Promise<void> {
  const connection = await amqp.connect(url);
  try {
    const channel = await connection.createChannel();
    await channel.prefetch(prefetch);
    await new Promise<void>((resolve, reject) => {
      const receive = make(channel, resolve);
      channel
        .consume(queue, (message) => {
          if (message === null) reject(new Error('the queue is gone'));
          else receive(message).catch(reject);
        })
        .catch(reject);
    });
    await channel.close();
  } finally {
    await connection.close();
  }
}

function parsed(message: ConsumeMessage, validate: (data: unknown) => boolean): RawItem {
  const item: unknown = JSON.parse(message.content.toString('utf8'));
  if (!validate(item)) throw new Error('a message of the benchmark breaks its schema');
  return item as RawItem;
}

function versionOf(message: ConsumeMessage): readonly [epoch: string, sequence: string] {
  const { headers } = message.properties;
  return [String(headers?.['ce-epoch']), String(headers?.['ce-sequence'])];
}

function valuesOf(item: RawItem): readonly unknown[] {
  return columns.map((name) => (name === 'tags' ? JSON.stringify(item[name]) : item[name]));
}
