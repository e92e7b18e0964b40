import type { WireMessage } from '../../envelope.js';
import type { Address } from '../broker.js';
import type { FetchedMessage, FetchedTopic } from './driver.js';

/** Headers that only this broker reads and writes; a consumer never sees them. */
const own = {
  routingKey: 'sw-kafka-routing-key',
  /** Hand-overs before the record was written. */
  attempts: 'sw-kafka-attempts',
  /** Milliseconds since the epoch before which it is not handed out. */
  due: 'sw-kafka-due',
  /** Of a dead letter, whose record key is its id. */
  partitionKey: 'sw-kafka-partition-key',
} as const;

const ownNames = new Set<string>(Object.values(own));

/** A record to be written. A null value removes the key from a compacted topic. */
export interface NewRecord {
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it lies in a partition. */
export interface StoredRecord {
  readonly offset: number;
  readonly timestampMs: number;
  /** Key of the record: the partition key of a message, the id of a dead letter. */
  readonly key: string | null;
  /** Null: removed. */
  readonly message: WireMessage | null;
  readonly routingKey: string;
  readonly attempts: number;
  readonly dueMs: number;
  readonly partitionKey: string | null;
}

export function recordOf(address: Address, message: WireMessage): NewRecord {
  return {
    key: address.partitionKey ?? message.headers['ce-partitionkey'] ?? null,
    value: message.body,
    headers: { ...message.headers, [own.routingKey]: address.key },
  };
}

/** The same message for its next try. */
export function retryRecord(record: StoredRecord, attempts: number, dueMs: number): NewRecord {
  return {
    key: record.key,
    value: record.message?.body ?? new Uint8Array(),
    headers: {
      ...record.message?.headers,
      [own.routingKey]: record.routingKey,
      [own.attempts]: String(attempts),
      [own.due]: String(dueMs),
    },
  };
}

export function letterRecord(id: string, record: StoredRecord, headers: Readonly<Record<string, string>>): NewRecord {
  const partitionKey = record.partitionKey ?? record.key;
  return {
    key: id,
    value: record.message?.body ?? new Uint8Array(),
    headers: {
      ...record.message?.headers,
      ...headers,
      ...(partitionKey === null ? {} : { [own.partitionKey]: partitionKey }),
    },
  };
}

export function storedRecord(fetched: FetchedMessage): StoredRecord {
  const all = Object.entries(fetched.headers ?? {}).map(([name, value]) => [name, headerText(value)] as const);
  const ours = new Map(all.filter(([name]) => ownNames.has(name)));
  return {
    offset: Number(fetched.offset),
    timestampMs: Number(fetched.timestamp),
    key: fetched.key?.toString() ?? null,
    message:
      fetched.value === null
        ? null
        : { headers: Object.fromEntries(all.filter(([name]) => !ownNames.has(name))), body: bytesOf(fetched.value) },
    routingKey: ours.get(own.routingKey) ?? '',
    attempts: count(ours.get(own.attempts)),
    dueMs: count(ours.get(own.due)),
    partitionKey: ours.get(own.partitionKey) ?? null,
  };
}

/**
 * What a fetch brought for one partition: its records from `position` on, and the offset after the last one looked at. Records of transactions that were
 * aborted are left out, as are the marks that end transactions.
 */
export function recordsOf(
  fetched: FetchedTopic['partitions'][number],
  position: number,
): { readonly records: readonly StoredRecord[]; readonly next: number } {
  const aborted = [...(fetched.abortedTransactions ?? [])].sort(
    (a, b) => Number(a.firstOffset) - Number(b.firstOffset),
  );
  const rolledBack = new Set<string>();
  const records: StoredRecord[] = [];
  let next = position;
  for (const message of fetched.messages) {
    const offset = Number(message.offset);
    while (aborted[0] !== undefined && Number(aborted[0].firstOffset) <= offset) {
      rolledBack.add(aborted.shift()?.producerId ?? '');
    }
    const producer = message.batchContext?.producerId ?? '';
    const dropped = message.batchContext?.inTransaction === true && rolledBack.has(producer);
    if (message.isControlRecord && message.key?.readInt16BE(2) === abortMark) rolledBack.delete(producer);
    // A batch is stored and fetched whole, even when it begins before the position.
    if (offset < position) continue;
    next = offset + 1;
    if (!dropped && !message.isControlRecord) records.push(storedRecord(message));
  }
  return { records, next };
}

const abortMark = 0;

/** The last value of a header that was given several. */
function headerText(value: Buffer | string | readonly (Buffer | string)[] | undefined): string {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last?.toString() ?? '';
}

function count(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** A copy: the driver's buffer is a window into the whole answer. */
function bytesOf(buffer: Buffer): Uint8Array {
  return Uint8Array.from(buffer);
}
