import { SeamwrightError, UnavailableError, UsageError } from '../../errors.js';
import { describeAddress, type KafkaAddress } from './address.js';
import type { KafkaCluster, KafkaDriver } from './driver.js';

/** One client's connections to a cluster, opened when first needed and again after they broke. */
export class KafkaClient {
  readonly driver: KafkaDriver;
  readonly address: KafkaAddress;
  #cluster: Promise<KafkaCluster> | undefined;
  #closed = false;
  #reached = false;

  constructor(driver: KafkaDriver, address: KafkaAddress) {
    this.driver = driver;
    this.address = address;
  }

  /** Whether the last question found the cluster. */
  get connected(): boolean {
    return !this.#closed && this.#reached;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A client of its own for the same cluster: a long answer on one connection holds up what is asked after it. */
  another(): KafkaClient {
    return new KafkaClient(this.driver, this.address);
  }

  /**
   * Runs `ask` with a connected cluster; once more with fresh connections when those it had are broken. So `ask` must be harmless to repeat. Rejects with
   * `UnavailableError` within some twenty seconds when the cluster is away or the client is closed.
   */
  async ask<T>(ask: (cluster: KafkaCluster) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new UnavailableError(`${describeAddress(this.address)} (closed)`);
      try {
        const answer = await ask(await this.#connected());
        this.#reached = true;
        return answer;
      } catch (error) {
        if (isOurs(error)) throw error;
        // Refused, by a connection that works.
        if (!isRetriable(error)) throw this.failure(error);
        this.drop();
        if (attempt === 2) throw this.failure(error);
      }
    }
  }

  /** Forgets the connections; the next question opens new ones. */
  drop(): void {
    const dropped = this.#cluster;
    this.#cluster = undefined;
    this.#reached = false;
    void dropped?.then((cluster) => cluster.disconnect()).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#cluster;
    this.#cluster = undefined;
    await closing?.then((cluster) => cluster.disconnect()).catch(() => {});
  }

  /** What the driver says, as an error of ours: with the hosts, without a password. */
  failure(error: unknown): SeamwrightError {
    if (isOurs(error)) return error;
    const said = this.#withoutPassword(messageOf(error));
    const type = typeOf(error);
    if (type.endsWith('AUTHORIZATION_FAILED')) {
      return new UsageError(`${describeAddress(this.address)} refuses this user: ${said}`);
    }
    return new UnavailableError(describeAddress(this.address), Object.assign(new Error(said), { type }));
  }

  #withoutPassword(text: string): string {
    const password = this.address.sasl?.password ?? '';
    return password === '' ? text : text.replaceAll(password, '***');
  }

  #connected(): Promise<KafkaCluster> {
    this.#cluster ??= this.#connect();
    return this.#cluster;
  }

  async #connect(): Promise<KafkaCluster> {
    const cluster = this.driver.cluster();
    try {
      await cluster.connect();
      await cluster.refreshMetadata();
      return cluster;
    } catch (error) {
      await cluster.disconnect().catch(() => {});
      throw error;
    }
  }
}

/** Name of an error of Kafka's protocol, such as `UNKNOWN_MEMBER_ID`; empty for others. */
export function typeOf(error: unknown): string {
  const { type, cause } = error as { type?: unknown; cause?: unknown };
  if (typeof type === 'string') return type;
  return typeof cause === 'object' && cause !== null ? typeOf(cause) : '';
}

export function isOurs(error: unknown): error is SeamwrightError {
  return error instanceof SeamwrightError;
}

function isRetriable(error: unknown): boolean {
  return (
    (error as { retriable?: unknown }).retriable !== false || (error as Error).name === 'KafkaJSNumberOfRetriesExceeded'
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
