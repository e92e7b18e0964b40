import type { Redis, RedisOptions } from 'ioredis';
import { type Random, systemRandom } from '../../clock.js';
import { UnavailableError, UsageError } from '../../errors.js';
import type { RedisAddress } from './address.js';
import type { Script } from './scripts/script.js';

type Argument = string | number | Buffer;

/** A command to a server that takes connections but does not answer gives up after this. */
const answerMs = 5_000;
const backoffMaxMs = 2_000;

/**
 * Two connections of a client: one for commands, one that listens. Both come back by themselves, with growing pauses; commands in between are refused at
 * once, and those under way when the connection breaks are refused then: whether Redis has done them is unknown.
 */
export class RedisConnection {
  /** Where it leads, for messages: never user or password. */
  readonly place: string;
  readonly #commands: Redis;
  readonly #listening: Redis;
  readonly #heard = new Map<string, Set<(message: Buffer) => void>>();
  readonly #back = new Set<() => void>();
  #closed = false;

  private constructor(place: string, commands: Redis, listening: Redis) {
    this.place = place;
    this.#commands = commands;
    this.#listening = listening;
    listening.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      for (const heard of this.#heard.get(String(channel)) ?? []) heard(message);
    });
  }

  /** Rejects with `UnavailableError` when Redis cannot be reached or refuses the user, with `UsageError` when the driver is not installed. */
  static async open(address: RedisAddress, random: Random = systemRandom): Promise<RedisConnection> {
    const Driver = await driver();
    const options = optionsOf(address, random);
    const [commands, listening] = [new Driver(options), new Driver({ ...options, autoResubscribe: false })];
    const connection = new RedisConnection(`Redis at ${address.host}:${address.port}`, commands, listening);
    let lastError: unknown;
    for (const client of [commands, listening]) {
      // Without a listener the driver prints each failed attempt.
      client.on('error', (error: unknown) => {
        lastError = error;
      });
    }
    try {
      await Promise.all([commands.connect(), listening.connect()]);
    } catch (error) {
      await connection.close();
      throw connection.#unavailable(lastError ?? error);
    }
    for (const client of [commands, listening]) client.on('ready', () => void connection.#cameBack());
    return connection;
  }

  /** Replies come as the server sends them, texts as buffers. Rejects with `UnavailableError`. */
  async command(name: string, ...args: readonly Argument[]): Promise<unknown> {
    if (this.#closed) throw new UnavailableError(`${this.place} (connection closed)`);
    try {
      return await this.#commands.callBuffer(name, [...args]);
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  /** Runs a script by its hash; by its text where the server does not know it yet. Rejects with `UnavailableError`. */
  async run({ sha, lua }: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.command('EVALSHA', sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isReply(error, 'NOSCRIPT')) throw error;
      return this.command('EVAL', lua, keys.length, ...keys, ...args);
    }
  }

  /** Makes a script known in advance. Messages that are published side by side keep their order only when none of them has to be sent twice. */
  async load({ lua }: Script): Promise<void> {
    await this.command('SCRIPT', 'LOAD', lua);
  }

  /** Hears what is sent to a channel from when it resolves, and again after each reconnection. Resolves to how to end that. */
  async listen(channel: string, heard: (message: Buffer) => void): Promise<() => Promise<void>> {
    const all = this.#heard.get(channel) ?? new Set();
    this.#heard.set(channel, all.add(heard));
    const end = async () => {
      all.delete(heard);
      if (all.size > 0 || !this.#heard.delete(channel)) return;
      // Away or closed: then nothing is heard anyway.
      await this.#listening.unsubscribe(channel).catch(() => {});
    };
    try {
      await this.#listening.subscribe(channel);
      return end;
    } catch (error) {
      await end();
      throw this.#unavailable(error);
    }
  }

  /** Keeps the listening connection from falling silent: a line that was cut without a word is noticed only by who says something. */
  async ping(): Promise<void> {
    await this.#listening.ping().catch(() => {});
  }

  /** Calls `back` each time both connections are there again. Returns how to end that. */
  onBack(back: () => void): () => void {
    this.#back.add(back);
    return () => this.#back.delete(back);
  }

  /** Breaks off without a word, as the death of the process would. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#back.clear();
    this.#commands.disconnect();
    this.#listening.disconnect();
  }

  async #cameBack(): Promise<void> {
    if (this.#commands.status !== 'ready' || this.#listening.status !== 'ready') return;
    const channels = [...this.#heard.keys()];
    try {
      if (channels.length > 0) await this.#listening.subscribe(...channels);
    } catch {
      // Broken again: the next connection does it.
      return;
    }
    for (const back of [...this.#back]) back();
  }

  #unavailable(error: unknown): UnavailableError {
    // The driver's own error names the command with its arguments, which may be a password or a customer's data.
    return new UnavailableError(this.place, new Error(error instanceof Error ? error.message : String(error)));
  }
}

/** Whether the server itself answered with an error of this kind. */
export function isReply(error: unknown, kind: string): boolean {
  return error instanceof UnavailableError && error.cause instanceof Error && error.cause.message.includes(kind);
}

function optionsOf(
  { host, port, username, password, db, tls }: RedisAddress,
  random: Random,
): RedisOptions & { readonly replyMapping: 'legacy' } {
  return {
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db,
    ...(tls && { tls: {} }),
    // Maps as lists of names and values, whichever protocol was agreed on.
    replyMapping: 'legacy',
    lazyConnect: true,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    socketTimeout: 2 * answerMs,
    // A command that cannot be sent now is the caller's to repeat: the outbox keeps the message, the consumer's lease the rest.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), backoffMaxMs) * (0.5 + random.next() / 2),
  };
}

async function driver(): Promise<typeof Redis> {
  try {
    return (await import('ioredis')).Redis;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('the broker "redis:" needs the package "ioredis"; install it with "npm install ioredis@6"');
  }
}
