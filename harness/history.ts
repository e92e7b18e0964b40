import type { Envelope } from '../runtime/envelope.js';
import type { Outcome, Version } from '../runtime/guard.js';
import type { Plan } from './plan.js';

/** What was seen at the ports of the services, in the order of virtual time. Nothing here is what a service says of itself. */
export type Happening = Seen & {
  /** Virtual ms after the start. */
  readonly at: number;
  readonly service: string;
  /** Step of the plan that it follows from; absent when it follows from none. */
  readonly step?: string;
  /** Number of the try whose request it was done for; absent outside any request. */
  readonly within?: number;
};

export type Seen =
  /** A step of the plan was carried out, or rejected. */
  | { readonly kind: 'did'; readonly error?: string }
  /** The owner committed a change of an entity. */
  | {
      readonly kind: 'owned';
      readonly entity: string;
      readonly id: string;
      readonly version: Version;
      readonly deleted: boolean;
      readonly state: unknown;
    }
  /** A transaction committed a message to leave, not before `dueAtMs` since the start; absent = at once. */
  | { readonly kind: 'promised'; readonly messageId: string; readonly type: string; readonly dueAtMs?: number }
  /** The broker took responsibility for a message. */
  | {
      readonly kind: 'published';
      readonly messageId: string;
      readonly type: string;
      readonly exchange: string;
      readonly key: string;
      readonly envelope: Envelope | undefined;
    }
  | { readonly kind: 'publish-failed'; readonly messageId: string; readonly type: string; readonly error: string }
  /** A queue handed a message to a consumer. */
  | {
      readonly kind: 'delivered';
      readonly queue: string;
      readonly messageId: string;
      readonly type: string;
      readonly attempt: number;
    }
  /** A consumer told the broker what became of it, and the broker heard. */
  | {
      readonly kind: 'settled';
      readonly queue: string;
      readonly messageId: string;
      readonly type: string;
      readonly how: 'acked' | 'retried' | 'dead-lettered';
      readonly reason?: string;
      readonly delayMs?: number;
    }
  /** An operator put a dead letter back into its queue. */
  | { readonly kind: 'replayed'; readonly queue: string; readonly messageId: string; readonly type: string }
  /** A transaction committed a write of a copy. Versions as the guard keeps them; undefined: no row. */
  | {
      readonly kind: 'copied';
      /** What it was written for; absent for what was written in a batch. */
      readonly messageId?: string;
      readonly table: string;
      readonly entity: string;
      readonly id: string;
      readonly outcome: Outcome;
      readonly before: Row | undefined;
      readonly after: Row | undefined;
    }
  /** The runtime looked at a message and left the copy as it was. */
  | {
      readonly kind: 'dropped';
      readonly messageId?: string;
      readonly table: string;
      readonly id: string;
      readonly outcome: Outcome;
    }
  /** A handler of the user's ran to its end and its transaction committed. */
  | { readonly kind: 'handled'; readonly consumer: string; readonly messageId: string; readonly attempt: number }
  | { readonly kind: 'handler-failed'; readonly consumer: string; readonly messageId: string; readonly error: string }
  | {
      readonly kind: 'parked';
      readonly consumer: string;
      readonly messageId: string;
      readonly entity: string;
      readonly id: string;
      readonly delta: boolean;
      readonly waitsFor: { readonly entity: string; readonly id: string };
    }
  | {
      readonly kind: 'released';
      readonly consumer: string;
      readonly messageId: string;
      readonly entity: string;
      readonly id: string;
      readonly delta: boolean;
    }
  /** A try of a call leaves a service. Numbers are those of the run's tries, in order. */
  | (Tried & {
      readonly kind: 'calling';
      readonly correlationId?: string;
      /** When the caller says that it stops waiting, in virtual ms after the start. */
      readonly deadlineAt?: number;
    })
  /** What came back to whoever made a try; `status` and `error` exclude each other. */
  | (Tried & {
      readonly kind: 'called';
      readonly status?: number;
      readonly error?: string;
      readonly tookMs: number;
      /** The provider asks to be left alone for so long. */
      readonly retryAfterMs?: number;
    })
  /** A provider has answered a try, whether or not its answer gets through. */
  | {
      readonly kind: 'served';
      readonly call: number;
      readonly operation: string;
      readonly status: number;
      /** What was answered, as far as it is JSON. */
      readonly body?: unknown;
      /** Of a provider played by its contract: the request changed something. */
      readonly effect?: boolean;
      /** The answer was given before, for the same idempotency key. */
      readonly replayed?: boolean;
    }
  /** A step's call came to its end, with all its tries. */
  | { readonly kind: 'answered'; readonly operation: string; readonly status?: number; readonly error?: string }
  | { readonly kind: 'started' | 'crashed' | 'stopped' }
  /** Something of the plan's faults happened. */
  | { readonly kind: 'fault'; readonly fault: string; readonly words: string }
  /** An error that nobody caught. */
  | { readonly kind: 'uncaught'; readonly error: string }
  /** The service reached past its ports: real time, chance or I/O. */
  | { readonly kind: 'leaked'; readonly what: string; readonly stack: string }
  | { readonly kind: 'healed' | 'at-rest' | 'restless' };

/** One try of a call, as it lies on the wire. */
export interface Tried {
  readonly call: number;
  /** `<provider>.<operationId>`. */
  readonly operation: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Equal for tries that ask for the same: method, address and body. */
  readonly asks: string;
  readonly idempotencyKey?: string;
}

export interface Row {
  readonly version: Version;
  readonly deleted: boolean;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What the system looked like when it had come to rest. */
export interface EndState {
  readonly services: ReadonlyMap<string, ServiceEnd>;
  /** Messages that lie in queues, by queue. */
  readonly queues: ReadonlyMap<string, { readonly ready: number; readonly inFlight: number; readonly delayed: number }>;
  readonly deadLetters: readonly DeadLetterSeen[];
}

export interface ServiceEnd {
  readonly copies: readonly CopySeen[];
  readonly parked: readonly ParkedSeen[];
  /** Messages that have not left. */
  readonly outbox: number;
  /** What `seamwright_*` metrics of the last incarnation say, by `name{labels}`. */
  readonly metrics: ReadonlyMap<string, number>;
}

export interface CopySeen {
  readonly name: string;
  readonly entity: string;
  readonly id: string;
  readonly row: Row;
}

export interface ParkedSeen {
  readonly consumer: string;
  readonly messageId: string;
  readonly entity: string;
  readonly id: string;
  readonly waitsFor: { readonly entity: string; readonly id: string };
}

export interface DeadLetterSeen {
  readonly queue: string;
  readonly service: string;
  readonly messageId: string | undefined;
  readonly step: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One simulated run: what was asked, what was seen, how it ended. */
export interface Run {
  readonly plan: Plan;
  readonly happenings: readonly Happening[];
  readonly end: EndState;
  /** How much later than they should things may be seen, in ms. Default 2, for two hops; a real machine is late more often. */
  readonly slackMs?: number;
  /** Virtual ms from the start to rest. */
  readonly tookMs: number;
  /** Hash of everything that was seen: equal for equal plans. Worked out when it is asked for. */
  readonly trace: string;
}
