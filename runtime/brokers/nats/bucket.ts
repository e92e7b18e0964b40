import type { StoredMsg } from '@nats-io/jetstream';
import { apiCodes, codeOf, type NatsConnection } from './connection.js';
import { bucketPrefix, bucketStream } from './names.js';

/** An entry of the bucket; `revision` grows with each write to the bucket. */
export interface Entry<T> {
  readonly value: T;
  readonly revision: number;
}

/**
 * The key-value bucket with bindings and settings, which all clients share. It is read from the stream's leader, so that what one client wrote is what the
 * next one reads.
 */
export class Bucket {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  async get<T>(key: string): Promise<Entry<T> | undefined> {
    const stored = await this.#message({ last_by_subj: `${bucketPrefix}${key}` });
    return stored === undefined ? undefined : entryOf<T>(stored);
  }

  /** The revision of the newest entry, deleted ones included, under a filter of keys; 0 when there never was one. */
  async revision(filter: string): Promise<number> {
    return (await this.#message({ last_by_subj: `${bucketPrefix}${filter}` }))?.seq ?? 0;
  }

  /** Every entry under a filter of keys, and the revision of the newest, deleted ones included. */
  async list<T>(filter: string): Promise<{ readonly revision: number; readonly values: readonly T[] }> {
    const values: T[] = [];
    let revision = 0;
    for (;;) {
      const stored = await this.#message({ seq: revision + 1, next_by_subj: `${bucketPrefix}${filter}` });
      if (stored === undefined) return { revision, values };
      revision = stored.seq;
      const entry = entryOf<T>(stored);
      if (entry !== undefined) values.push(entry.value);
    }
  }

  /**
   * Writes what `change` makes of the present value, again and again until nobody wrote in between; `undefined` leaves it. What `change` throws rejects.
   */
  async update<T>(key: string, change: (present: T | undefined) => T | undefined): Promise<void> {
    for (;;) {
      const stored = await this.#message({ last_by_subj: `${bucketPrefix}${key}` });
      const next = change(stored === undefined ? undefined : entryOf<T>(stored)?.value);
      if (next === undefined) return;
      try {
        await this.#connection.ask(() =>
          this.#connection.jetstream.publish(`${bucketPrefix}${key}`, JSON.stringify(next), {
            expect: { lastSubjectSequence: stored?.seq ?? 0 },
          }),
        );
        return;
      } catch (error) {
        if (codeOf(error) !== apiCodes.wrongLastSequence) throw error;
      }
    }
  }

  async #message(
    query: { readonly last_by_subj: string } | { readonly seq: number; readonly next_by_subj: string },
  ): Promise<StoredMsg | undefined> {
    return storedMessage(this.#connection, bucketStream, query);
  }
}

/** One message of a stream, from its leader; undefined when there is none, or no such stream. */
export async function storedMessage(
  connection: NatsConnection,
  stream: string,
  query: { readonly last_by_subj: string } | { readonly seq: number; readonly next_by_subj: string },
): Promise<StoredMsg | undefined> {
  try {
    // The driver's type knows fewer queries than the server.
    const found = await connection.ask(() => connection.manager.streams.getMessage(stream, query as { seq: number }));
    return found ?? undefined;
  } catch (error) {
    if (codeOf(error) === apiCodes.streamNotFound || codeOf(error) === apiCodes.messageNotFound) return undefined;
    throw error;
  }
}

/** Undefined for one that was deleted, and for one that `nats kv put` wrote by hand and that is no JSON object. */
function entryOf<T>(stored: StoredMsg): Entry<T> | undefined {
  const operation = stored.header.get('KV-Operation');
  if (operation === 'DEL' || operation === 'PURGE') return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(stored.data));
    return typeof value === 'object' && value !== null ? { value: value as T, revision: stored.seq } : undefined;
  } catch {
    return undefined;
  }
}
