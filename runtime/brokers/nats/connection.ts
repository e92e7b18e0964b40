import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Authenticator, NatsConnection as Link, MsgHdrs, NodeConnectionOptions } from '@nats-io/transport-node';
import { type Random, systemRandom } from '../../clock.js';
import { SeamwrightError, UnavailableError, UsageError } from '../../errors.js';
import { type NatsUrl, parseNatsUrl } from './url.js';

type Drivers = typeof import('@nats-io/transport-node') & typeof import('@nats-io/jetstream');

/** Longest wait for an answer of the server, for a publish as for anything else. */
const answerMs = 5_000;
const backoffMaxMs = 5_000;
/** A server that says nothing for two of these is gone, even when no packet tells. */
const pingMs = 10_000;

/**
 * A connection that comes back for ever. While it is away, everything rejects at once with `UnavailableError`; what was asked before the break rejects as
 * soon as the break is known.
 */
export class NatsConnection {
  /** For errors: the servers, never the credentials. */
  readonly place: string;
  readonly replicas: number;
  readonly link: Link;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly drivers: Drivers;
  readonly #waiting = new Set<(error: UnavailableError) => void>();
  readonly #back = new Set<() => void>();
  #state: 'up' | 'away' | 'closed' = 'up';

  private constructor(url: NatsUrl, drivers: Drivers, link: Link, manager: JetStreamManager, backoff: Backoff) {
    this.place = placeOf(url);
    this.replicas = url.replicas;
    this.link = link;
    this.drivers = drivers;
    this.manager = manager;
    this.jetstream = manager.jetstream();
    void this.#watch(backoff);
  }

  /** Rejects with `UsageError` for a wrong URL or a driver that is not installed, with `UnavailableError` when no server answers. */
  static async open(text: string, random: Random = systemRandom): Promise<NatsConnection> {
    const url = parseNatsUrl(text);
    const drivers = await load();
    const backoff = new Backoff(random);
    let link: Link | undefined;
    try {
      link = await drivers.connect(optionsOf(url, drivers, backoff));
      // Not checked: the account may forbid its statistics, and every later answer says more precisely what is wrong.
      return new NatsConnection(url, drivers, link, await drivers.jetstreamManager(link, { checkAPI: false }), backoff);
    } catch (error) {
      await link?.close().catch(() => {});
      throw unavailable(placeOf(url), error);
    }
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Most bytes of one message, headers included. */
  get maxPayload(): number {
    return this.link.info?.max_payload ?? 1_048_576;
  }

  /** Headers with nothing in them. */
  headers(): MsgHdrs {
    return this.drivers.headers();
  }

  /**
   * Asks the server. Rejects with `UnavailableError` when it is away, goes away meanwhile or does not answer within seconds. An error that JetStream itself
   * answers passes through: `codeOf` tells which.
   */
  ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.#state !== 'up') return Promise.reject(this.#gone());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      const done = () => this.#waiting.delete(reject);
      question().then(
        (answer) => {
          done();
          resolve(answer);
        },
        (error: unknown) => {
          done();
          const passes = codeOf(error) !== undefined && statusOf(error) !== 503;
          reject(passes ? error : unavailable(this.place, error));
        },
      );
    });
  }

  /** Calls `back` each time the connection is there again. Returns how to stop that. */
  onBack(back: () => void): () => void {
    this.#back.add(back);
    return () => this.#back.delete(back);
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#rejectWaiting();
    await this.link.close().catch(() => {});
  }

  refuseUnlessOpen(): void {
    if (this.#state === 'closed') throw this.#gone();
  }

  refuseUnlessUp(): void {
    if (this.#state !== 'up') throw this.#gone();
  }

  async #watch(backoff: Backoff): Promise<void> {
    for await (const { type } of this.link.status()) {
      if (this.#state === 'closed') return;
      if (type === 'disconnect') {
        this.#state = 'away';
        this.#rejectWaiting();
      } else if (type === 'reconnecting') {
        backoff.grow();
      } else if (type === 'reconnect') {
        this.#state = 'up';
        backoff.reset();
        for (const back of [...this.#back]) back();
      }
    }
  }

  #rejectWaiting(): void {
    for (const reject of this.#waiting) reject(this.#gone());
    this.#waiting.clear();
  }

  #gone(): UnavailableError {
    return new UnavailableError(this.#state === 'closed' ? `${this.place} (connection closed)` : this.place);
  }
}

/** The code of JetStream's own error, undefined for any other. */
export function codeOf(error: unknown): number | undefined {
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  return /^(JetStreamApiError|StreamNotFoundError|ConsumerNotFoundError)$/.test(String(name)) &&
    typeof code === 'number'
    ? code
    : undefined;
}

/** 503: JetStream has no leader, or no room, at the moment. */
function statusOf(error: unknown): unknown {
  return (error as { readonly status?: unknown }).status;
}

export const apiCodes = {
  consumerNotFound: 10014,
  messageNotFound: 10037,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
} as const;

/** Whether nothing listens on the subject: its stream is not there. JetStream that is switched off looks the same. */
export function nobodyListens(error: unknown): boolean {
  return error instanceof UnavailableError && (error.cause as Error | undefined)?.name === 'JetStreamNotEnabled';
}

function placeOf(url: NatsUrl): string {
  return `NATS on ${url.label}`;
}

/** Errors of the driver name subjects and servers, never credentials; its options, which hold them, stay out. */
function unavailable(place: string, error: unknown): SeamwrightError {
  if (error instanceof SeamwrightError) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const cause = new Error(message);
  cause.name = name;
  return new UnavailableError(place, cause);
}

/**
 * Pause between two tries to come back: 0.1 s, doubled up to 5 s, each anywhere between half and the whole of it. The driver asks for it several times
 * between two tries and starts to wait anew when it grows, so it stays the same until a try has failed.
 */
class Backoff {
  readonly #random: Random;
  #tries = 0;
  #pauseMs = 0;

  constructor(random: Random) {
    this.#random = random;
    this.reset();
  }

  get pauseMs(): number {
    return this.#pauseMs;
  }

  grow(): void {
    this.#tries++;
    this.#draw();
  }

  reset(): void {
    this.#tries = 0;
    this.#draw();
  }

  #draw(): void {
    const longestMs = Math.min(100 * 2 ** Math.min(this.#tries, 10), backoffMaxMs);
    this.#pauseMs = longestMs * (0.5 + this.#random.next() / 2);
  }
}

function optionsOf(url: NatsUrl, drivers: Drivers, backoff: Backoff): NodeConnectionOptions {
  return {
    servers: [...url.servers],
    ...(url.tls && { tls: {} }),
    ...(url.login !== undefined && { authenticator: authenticatorOf(url.login, drivers) }),
    name: 'seamwright',
    timeout: answerMs,
    pingInterval: pingMs,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    // A password that is being rotated is no reason to stay away.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => backoff.pauseMs,
  };
}

function authenticatorOf(login: NonNullable<NatsUrl['login']>, drivers: Drivers): Authenticator {
  if (login.kind === 'password') return drivers.usernamePasswordAuthenticator(login.user, login.password);
  if (login.kind === 'token') return drivers.tokenAuthenticator(login.token);
  const seed = new TextEncoder().encode(login.seed);
  return login.jwt === undefined ? drivers.nkeyAuthenticator(seed) : drivers.jwtAuthenticator(login.jwt, seed);
}

async function load(): Promise<Drivers> {
  try {
    return { ...(await import('@nats-io/transport-node')), ...(await import('@nats-io/jetstream')) };
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      'NATS needs the packages "@nats-io/transport-node" and "@nats-io/jetstream"; run: npm install @nats-io/transport-node @nats-io/jetstream',
    );
  }
}
