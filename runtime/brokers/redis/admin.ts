import { UsageError } from '../../errors.js';
import type { BrokerAdmin, Queue } from '../broker.js';
import { catalogueOf, partitionKeys, type QueueSettings } from './catalogue.js';
import type { RedisConnection } from './connection.js';
import { differences } from './diff.js';
import { messageOf, type RedisEntry } from './entry.js';
import { group, type RedisKeys } from './keys.js';
import { count, look, remove } from './scripts/operate.js';

/** Dead letters are read so many at a time. */
const pageSize = 100;

/** What operators ask of a broker on Redis. */
export function redisAdmin(connection: RedisConnection, keys: RedisKeys, prefix: string): BrokerAdmin {
  const settingsOf = async ({ name }: Queue): Promise<QueueSettings | undefined> =>
    (await catalogueOf(connection, keys)).queues.get(name);

  async function known(queue: Queue): Promise<QueueSettings> {
    const settings = await settingsOf(queue);
    if (settings === undefined) throw new UsageError(`queue "${queue.name}" is not declared`);
    return settings;
  }

  async function deadStream(queue: Queue): Promise<string> {
    return keys.stream((await known(queue)).deadLetter ?? queue.deadLetter, 0);
  }

  /** Entries of a stream in `(after, until]`, oldest first. */
  async function page(stream: string, after: string, until: string, limit: number): Promise<readonly RedisEntry[]> {
    const start = after === '-' ? '-' : `(${after}`;
    return (await connection.command('XRANGE', stream, start, until, 'COUNT', limit)) as readonly RedisEntry[];
  }

  return {
    async depth(queue) {
      const settings = await settingsOf(queue);
      if (settings === undefined) return null;
      const [counted, dead] = await Promise.all([
        connection.run(count, partitionKeys(keys, queue.name, settings.partitions), [group, keys.alive('')]),
        connection.command('XLEN', keys.stream(settings.deadLetter ?? queue.deadLetter, 0)),
      ]);
      const [ready, delayed, inFlight, consumers] = counted as readonly [number, number, number, number];
      return { ready, delayed, dead: Number(dead), inFlight, consumers };
    },

    async peek(queue, { limit }) {
      const { partitions } = await known(queue);
      const looks = Array.from({ length: partitions }, (_, partition) =>
        connection.run(
          look,
          [keys.stream(queue.name, partition), keys.again(queue.name, partition)],
          [group, Math.max(0, limit)],
        ),
      );
      const found = (await Promise.all(looks)).flat() as readonly (readonly [due: number, entry: RedisEntry])[];
      const sorted = [...found].sort(([a, [idA]], [b, [idB]]) => b - a || byNumber(idA, idB));
      return sorted.slice(0, limit).map(([, [, fields]]) => messageOf(fields));
    },

    async deadLetters(queue, { limit }) {
      const entries = limit > 0 ? await page(await deadStream(queue), '-', '+', limit) : [];
      return entries.map(([, fields]) => messageOf(fields));
    },

    async sweepDeadLetters(queue, decide) {
      const stream = await deadStream(queue);
      const [last] = (await connection.command('XREVRANGE', stream, '+', '-', 'COUNT', 1)) as readonly RedisEntry[];
      const until = String(last?.[0] ?? '0-0');
      const again = keys.again((await known(queue)).deadLetter ?? queue.deadLetter, 0);
      for (let after = '-'; ; ) {
        const entries = await page(stream, after, until, pageSize);
        for (const [id, fields] of entries) {
          const verdict = await decide(messageOf(fields));
          if (verdict === 'remove') await connection.run(remove, [stream, again], [group, String(id)]);
        }
        if (entries.length < pageSize) return;
        after = String(entries.at(-1)?.[0]);
      }
    },

    diff: (topology) => differences(connection, keys, prefix, topology),
  };
}

/** Numbers of entries are two integers; as text the shorter one would come late. */
function byNumber(a: Buffer, b: Buffer): number {
  const [[msA = '', seqA = ''], [msB = '', seqB = '']] = [String(a).split('-'), String(b).split('-')];
  const difference = BigInt(msA) - BigInt(msB) || BigInt(seqA) - BigInt(seqB);
  return difference < 0n ? -1 : Number(difference > 0n);
}
