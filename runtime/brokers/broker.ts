import type { WireMessage } from '../envelope.js';

/** Where a message is sent. The empty exchange reaches the queue named by `key` directly. */
export interface Address {
  readonly exchange: string;
  readonly key: string;
  /** Messages with the same value keep their order on brokers that can promise it. */
  readonly partitionKey?: string;
  /** Handed out before messages of a lower one, in queues with `priorityMax`. 0 to 255; other queues and brokers ignore it. */
  readonly priority?: number;
}

/** A place to publish to: AMQP exchange, Kafka topic, JetStream stream. */
export interface Exchange {
  readonly name: string;
  /** How keys reach queues: `topic` with `*` and `#`, `direct` by equality, `fanout` always. */
  readonly kind: 'topic' | 'direct' | 'fanout';
  /** Every message of it may be lost: brokers that have a cheaper way for that take it. Default false. */
  readonly atMostOnce?: boolean;
}

/** Where a message waits for its next try. */
export interface RetryStep {
  /** Queue or topic, on brokers that need one. */
  readonly name: string;
  readonly delayMs: number;
}

/** A place to consume from: AMQP queue, Kafka consumer group, JetStream durable consumer. */
export interface Queue {
  readonly name: string;
  /** The consuming service. */
  readonly service: string;
  readonly bindings: readonly { readonly exchange: string; readonly key: string }[];
  /** Queue that receives what no retry can help. Declared with the queue. */
  readonly deadLetter: string;
  /** Deliveries after which the broker or the runtime gives up, even when the consumer dies each time. At least 1. */
  readonly maxDeliveries: number;
  /** More than one: messages are spread by partition key, each partition is consumed in order. */
  readonly partitions: number;
  /** Waiting places, ascending by delay, for brokers without a timer per message. Default: `retryLadder` of `retry-ladder.ts`. */
  readonly retries?: readonly RetryStep[];
  /** AMQP exchange that leads to `deadLetter`. Default: the nameless one. */
  readonly deadLetterExchange?: string;
  /** AMQP queue type. Default `quorum`; `classic` where a binding needs what quorum queues lack, such as priorities. */
  readonly type?: 'quorum' | 'classic';
  /** Highest priority that is told apart, 1 to 255. Default: none is. */
  readonly priorityMax?: number;
  /** Age at which a message that nobody took is dead-lettered by the broker, in ms. Default: never. */
  readonly messageTtlMs?: number;
}

export interface Topology {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
}

/** What a broker promises; the conformance suite asks only what is claimed. */
export interface BrokerCapabilities {
  /** Messages survive a restart of the broker process. */
  readonly persistent: boolean;
  /** `publish` rejects when no queue is bound. */
  readonly unroutableDetected: boolean;
  /** Messages of one partition key are handed out in order while none is retried. */
  readonly orderPerKey: boolean;
  /** `retry(delayMs)` waits without blocking other messages. */
  readonly delayedRetry: boolean;
  /** A queue may have several consumers that share its messages. */
  readonly competingConsumers: boolean;
}

/** One hand-over of a message. Exactly one of `ack`, `retry`, `deadLetter` is called, once; a second call does nothing. */
export interface Delivery {
  readonly message: WireMessage;
  readonly queue: string;
  /** 1 for the first hand-over; counts hand-overs whose consumer vanished as well. */
  readonly attempt: number;
  /** The message is done. Call only after the effect is committed. */
  ack(): Promise<void>;
  /** Hands the message out again, no sooner than `delayMs` from now. Other messages do not wait for it. */
  retry(delayMs: number): Promise<void>;
  /** Moves the message to the queue's dead letters with `headers` added, then acknowledges. */
  deadLetter(headers: Readonly<Record<string, string>>): Promise<void>;
}

export interface Subscription {
  /** Stops taking new messages; those in flight go on. */
  pause(): void;
  resume(): void;
  /** Takes no new message, waits for those in flight, gives unstarted ones back. */
  stop(): Promise<void>;
}

/**
 * A message broker.
 *
 * Promises: `publish` resolves once the broker has taken responsibility; every unacknowledged message is handed out again after its consumer
 * or the connection is gone (at least once). Does not promise: no duplicates, or order across retries.
 */
export interface Broker {
  readonly kind: string;
  readonly capabilities: BrokerCapabilities;
  /** Whether the connection is there at the moment, as far as the client knows without asking. Absent: it cannot tell. */
  readonly connected?: boolean;
  /** Declares what is missing; declaring the same twice does nothing. */
  declare(topology: Topology): Promise<void>;
  /** Rejects with `UnroutableError` when no queue takes the message, with `UnavailableError` when the broker is away. */
  publish(address: Address, message: WireMessage): Promise<void>;
  /**
   * Hands messages to `receive`, at most `prefetch` unsettled at a time. A rejection of `receive` counts as a vanished consumer: the message
   * is handed out again with a higher `attempt`.
   */
  subscribe(
    queue: string,
    options: { readonly prefetch: number },
    receive: (delivery: Delivery) => Promise<void>,
  ): Promise<Subscription>;
  close(): Promise<void>;
  readonly admin: BrokerAdmin;
}

/** What waits in a queue. */
export interface QueueDepth {
  /** To be handed out at once. */
  readonly ready: number;
  /** For its next try. */
  readonly delayed: number;
  /** In the dead letters. */
  readonly dead: number;
  /** Handed out and not settled; absent when the broker does not tell. */
  readonly inFlight?: number;
  /** Consumers at the moment; absent when the broker does not tell. */
  readonly consumers?: number;
}

/** One thing that a running broker has otherwise than a topology says. */
export interface TopologyDifference {
  /** `extra`: bound or declared by somebody else, on a resource that the topology names. */
  readonly kind: 'missing' | 'different' | 'extra';
  /** Word of the broker: `exchange`, `queue`, `binding`, `stream`, `consumer`, `topic`, `group`. */
  readonly resource: string;
  readonly name: string;
  /** What is there and what should be, in one sentence. */
  readonly detail: string;
  /** A command of the broker's own tools that mends it, or what to do by hand; names in it are quoted for a POSIX shell. */
  readonly command: string;
}

/**
 * What operators ask of a broker. Nothing here disturbs a running consumer. Rejects with `UnavailableError` when the broker is away.
 */
export interface BrokerAdmin {
  /** Null when there is no such queue. */
  depth(queue: Queue): Promise<QueueDepth | null>;
  /** Messages that wait to be handed out, next one first; null when the broker cannot show them without disturbing their order or their count of deliveries. */
  peek(queue: Queue, options: { readonly limit: number }): Promise<readonly WireMessage[] | null>;
  /** The dead letters of a queue, oldest first; takes nothing away. */
  deadLetters(queue: Queue, options: { readonly limit: number }): Promise<readonly WireMessage[]>;
  /**
   * Shows each dead letter that is there at the call to `decide`, oldest first, one at a time, and removes it after `decide` resolved to `remove`. A crash in
   * between leaves the message there. When `decide` rejects, that message and the later ones stay, and the call rejects with the same error.
   */
  sweepDeadLetters(queue: Queue, decide: (message: WireMessage) => Promise<'keep' | 'remove'>): Promise<void>;
  /** How the running broker differs; empty when `declare(topology)` has nothing left to do and nothing contradicts it. */
  diff(topology: Topology): Promise<readonly TopologyDifference[]>;
}
