import type { WireMessage } from '../envelope.js';

/** Where a message is sent. The empty exchange reaches the queue named by `key` directly. */
export interface Address {
  readonly exchange: string;
  readonly key: string;
  /** Messages with the same value keep their order on brokers that can promise it. */
  readonly partitionKey?: string;
}

/** A place to publish to: AMQP exchange, Kafka topic, JetStream stream. */
export interface Exchange {
  readonly name: string;
  /** How keys reach queues: `topic` with `*` and `#`, `direct` by equality, `fanout` always. */
  readonly kind: 'topic' | 'direct' | 'fanout';
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
}
