import type { Random } from '../../clock.js';
import type { WireMessage } from '../../envelope.js';
import { UnavailableError, UnroutableError } from '../../errors.js';
import { encodeHeaderValue } from '../../header-value.js';
import type { Address } from '../broker.js';
import { partitionOf } from '../partition.js';
import { apiCodes, codeOf, type NatsConnection, nobodyListens } from './connection.js';
import { type Encoded, encodeMessage } from './message.js';
import { streamOf, subjectOf } from './names.js';
import type { Routes, Target } from './routes.js';

/** Sends messages to the queues that take them. */
export class Publisher {
  readonly #connection: NatsConnection;
  readonly #routes: Routes;
  readonly #random: Random;
  #keyless = 0;

  constructor(connection: NatsConnection, routes: Routes, random: Random) {
    this.#connection = connection;
    this.#routes = routes;
    this.#random = random;
  }

  /** Resolves when every queue that takes the message has stored it. */
  async publish(address: Address, message: WireMessage): Promise<void> {
    this.#connection.refuseUnlessUp();
    const one = this.#prepared(address, message);
    const reached =
      address.exchange === '' ? await this.#toQueue(address.key, one) : await this.#toExchange(address, one);
    if (!reached) throw new UnroutableError(`exchange "${address.exchange}", key "${address.key}"`);
  }

  #prepared(address: Address, message: WireMessage): Prepared {
    return {
      encoded: encodeMessage(message, this.#connection.headers(), this.#connection.maxPayload),
      id: messageId(address, message) ?? this.#random.uuid(),
      partitionKey: address.partitionKey ?? message.headers['ce-partitionkey'],
    };
  }

  async #toQueue(name: string, one: Prepared): Promise<boolean> {
    const target = await this.#routes.queue(name);
    if (target === undefined) return false;
    if (await this.#send(target, one)) return true;
    // Deleted, and perhaps declared again with other partitions, since this client learnt of it.
    this.#routes.forget(name);
    const again = await this.#routes.queue(name);
    return again !== undefined && (await this.#send(again, one));
  }

  async #toExchange({ exchange, key }: Address, one: Prepared): Promise<boolean> {
    const routes = this.#routes.exchange(exchange);
    const known = routes.known?.route(key) ?? [];
    const early = Promise.all(known.map((target) => this.#send(target, one)));
    const [stored, table] = await Promise.all([early, routes.verified()]);
    const missing = table.route(key).filter(({ name }) => !known.some((target) => target.name === name));
    const late = await Promise.all(missing.map((target) => this.#send(target, one)));
    return [...stored, ...late].some((reached) => reached);
  }

  /** False when the queue's stream does not exist any more. */
  async #send(target: Target, { encoded, id, partitionKey }: Prepared): Promise<boolean> {
    const partition = partitionKey === undefined ? this.#keyless++ : partitionOf(partitionKey, target.partitions);
    const subject = subjectOf(target.name, partition % target.partitions);
    try {
      await this.#store(subject, encoded, id);
      return true;
    } catch (error) {
      if (nobodyListens(error) && (await this.#isGone(target.name))) return false;
      // A stream that is full or sealed has answered so; the outbox waits until somebody mends it.
      throw codeOf(error) === undefined ? error : new UnavailableError(this.#connection.place, error);
    }
  }

  #store(subject: string, { headers, body }: Encoded, id: string): Promise<unknown> {
    return this.#connection.ask(() => this.#connection.jetstream.publish(subject, body, { headers, msgID: id }));
  }

  /** Whether JetStream itself says so; one that is starting, or that is switched off, says nothing. */
  async #isGone(queue: string): Promise<boolean> {
    try {
      await this.#connection.ask(() => this.#connection.manager.streams.info(streamOf(queue)));
      return false;
    } catch (error) {
      if (codeOf(error) === apiCodes.streamNotFound) return true;
      throw error;
    }
  }
}

interface Prepared {
  readonly encoded: Encoded;
  readonly id: string;
  readonly partitionKey: string | undefined;
}

/**
 * What an event is known by in the duplicate window of its queues: an outbox that repeats a publish whose answer was lost does not store it twice.
 *
 * Not for messages that go to a queue directly: a dead letter that is replayed there has the id it always had, and must arrive.
 */
function messageId({ exchange, key }: Address, { headers }: WireMessage): string | undefined {
  const { 'ce-id': id, 'ce-source': source } = headers;
  if (exchange === '' || id === undefined || source === undefined) return undefined;
  return encodeHeaderValue(JSON.stringify([exchange, key, source, id, headers['ce-type'] ?? '']));
}
