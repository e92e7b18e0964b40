import type { AddressParameters } from './address-key.js';
import type { Topology } from './brokers/broker.js';
import type { Carries } from './envelope.js';
import type { JobDefinition } from './jobs/definition.js';
import type { Logger } from './log.js';
import type { MessageDefinition } from './message-definition.js';
import type { RetryPolicy } from './retry-policy.js';
import type { SagaDefinition } from './saga/definition.js';
import type { ReplicaTable, Transaction } from './stores/store.js';

export type { MessageDefinition } from './message-definition.js';
export type { RetryPolicy } from './retry-policy.js';

/**
 * What generated code says to the runtime: names, keys and policies of one service, as plain values. Behaviour is the runtime's.
 *
 * Functions are written as methods on purpose: their parameters are then compared bivariantly, so that the definition of a known message fits where
 * the definition of any message is asked for.
 */

/** How the guard reads a version. */
export type VersionRule<M> =
  | { readonly kind: 'sequence' }
  | {
      readonly kind: 'timestamp';
      /** RFC 3339 instant in the message. */
      of(message: M): string;
      /** Decides equal instants; absent = an equal instant applies again. */
      tie?(message: M): string;
    };

/** A wait for another entity's copy before a message is applied. */
export interface WaitRule<M> {
  readonly entity: string;
  /** Id of the entity waited for; null or undefined when the reference is empty: nothing to wait for. */
  by(message: M): string | null | undefined;
  readonly timeoutMs: number;
  /** Used instead of `timeoutMs` for forced messages. */
  readonly forceTimeoutMs: number;
  readonly onTimeout: 'park' | 'retry' | 'dead-letter' | 'pull' | 'skip';
  /** At the timeout the message is applied without what it waited for. */
  readonly optional: boolean;
  /** Age at which even a parked message goes to the dead letters. */
  readonly maxAgeMs: number;
}

/** A kept copy of another service's entity: the consumer is generated whole. */
export interface ReplicaDefinition<M = unknown, Row extends object = object> {
  /** `<service>.<as>`: the consumer's name in inbox, metrics and logs. */
  readonly name: string;
  readonly message: MessageDefinition<M>;
  readonly entity: string;
  readonly owner: string;
  readonly table: ReplicaTable;
  key(message: M): string;
  /** The entity inside the message; what the duplicate check hashes. */
  data(message: M): unknown;
  readonly version: VersionRule<M>;
  /** True when the message says that the entity is gone (soft delete flag or delete operation). */
  deleted(message: M, op: string | undefined): boolean;
  /** A message that does not match removes the copy, as if the entity were deleted for this consumer; it keeps its place in the order. */
  when?(message: M): boolean;
  fields(message: M): Row;
  readonly awaits: readonly WaitRule<M>[];
  readonly retry: RetryPolicy;
  readonly batchSize?: number;
}

/** What a handler gets. Everything it does through `tx` commits with the message, or not at all. */
export interface EffectContext<M, Tx = Transaction> {
  readonly event: M;
  readonly tx: Tx;
  readonly log: Logger;
  readonly meta: {
    readonly id: string;
    readonly source: string;
    readonly time: string;
    readonly correlationId: string;
    /** Id of the message or request that led to this one; of an answer, the command that it answers. */
    readonly causationId?: string;
    /** 1 for the first delivery. */
    readonly attempt: number;
  };
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

export type EffectHandler<M, Tx = Transaction> = (context: EffectContext<M, Tx>) => Promise<void>;

/** Carries out a command. What it returns is sent back to whoever sent the command, in the same transaction. */
export type CommandHandler<M, Reply, Tx = Transaction> = (context: EffectContext<M, Tx>) => Promise<Reply>;

/** A typed slot for a handler of the user's. */
export interface EffectDefinition<M = unknown> {
  /** `<service>.<handler>`. */
  readonly name: string;
  /** Property of `handlers` that holds the user's function, such as `onInvoiceCreated`. */
  readonly handler: string;
  readonly message: MessageDefinition<M>;
  /** Effects with the same value happen once; the message id when absent. */
  idempotencyKey?(message: M): string;
  /** Newest-only: set when the message carries the state of an entity. */
  readonly guard?: {
    readonly entity: string;
    key(message: M): string;
    data(message: M): unknown;
    readonly version: VersionRule<M>;
    readonly carries: Carries;
  };
  when?(message: M): boolean;
  readonly awaits: readonly WaitRule<M>[];
  readonly retry: RetryPolicy;
  /** `none`: the handler runs outside any transaction and must be idempotent by itself. */
  readonly transaction: 'single' | 'none';
  /** Calls that the contract lets the handler make, as `<provider>.<operation>`; any other is reported. */
  readonly calls?: readonly string[];
  /** Set when the message is a command: this service is the only one that takes it. */
  readonly command?: {
    /** What the handler returns, sent to whoever sent the command, in the handler's transaction. Absent = nobody waits for an answer. */
    readonly reply?: MessageDefinition;
    /** Where answers go, by the service that sends the command. A command that asks for its answer anywhere else is not carried out. */
    readonly replyTo?: Readonly<Record<string, { readonly exchange: string; readonly key: string }>>;
  };
}

/** An entity that this service owns: each change raises its event in the same transaction. */
export interface OwnedDefinition<E = unknown, M = unknown> {
  readonly entity: string;
  readonly message: MessageDefinition<M>;
  /** Routing key for a change; `{op}` is replaced by the contract's word in lower case. */
  readonly address: { readonly exchange: string; readonly key: string; readonly priority?: number };
  key(entity: E): string;
  /** Values for further `{parameters}` of the address key. */
  parameters?(message: M): AddressParameters;
  /** Sees the message as it would be sent and the state before the change (null when there was none). Absent = always. */
  publishWhen?(message: M, previous: E | null): boolean;
  /** How a deletion is told: a flag in the state, or only the operation. */
  readonly softDelete?: { readonly field: string };
  readonly deletes: boolean;
  readonly outbox: boolean;
}

/** A fact that this service publishes, or (as `CommandDefinition`) a command that it sends. */
export interface OutgoingDefinition<M = unknown> {
  readonly message: MessageDefinition<M>;
  readonly address: { readonly exchange: string; readonly key: string; readonly priority?: number };
  /** Partition key. */
  key?(message: M): string;
  /** Values for `{parameters}` of the address key that the message itself has; the others are asked of the caller. */
  parameters?(message: M): AddressParameters;
  readonly outbox: boolean;
}

/** A command that this service sends to the one service that carries it out. */
export interface CommandDefinition<M = unknown> extends OutgoingDefinition<M> {
  /** Time between the commit and the sending, in ms, unless the sender names another one. Default 0. */
  readonly delayMs?: number;
  /** From its sending on, in ms; a receiver that gets it later does not act on it. Absent = it never gets too old. */
  readonly validForMs?: number;
  /** Answers come to the queue of commands of this service, at this routing key. Absent = nobody waits for one. */
  readonly reply?: { readonly message: MessageDefinition; readonly key: string };
}

/** When a command leaves; the contract's `delay` when nothing is said. */
export interface SendOptions {
  /** Time between the commit and the sending, in ms; 0 sends at once. */
  readonly delayMs?: number;
  /** Instant of the sending, RFC 3339; before `delayMs` when both are given. */
  readonly at?: string;
}

/** Sends a command with the transaction; answers its message id. Rejects with `InvalidMessageError` when the message breaks its contract. */
export type CommandSender<M> = (message: M, options?: SendOptions) => Promise<{ readonly id: string }>;

/** Everything about one service that the contracts decide. */
export interface ServiceDefinition {
  readonly system: string;
  readonly service: string;
  readonly owned: Readonly<Record<string, OwnedDefinition>>;
  readonly publishes: Readonly<Record<string, OutgoingDefinition>>;
  readonly copies: Readonly<Record<string, ReplicaDefinition>>;
  readonly effects: readonly EffectDefinition[];
  /** This service's queue and the exchanges it needs. */
  readonly topology: Topology;
  /** Queue of all this service consumes; absent when it consumes nothing. */
  readonly queue?: string;
  /** Commands that it sends, by name. */
  readonly sends?: Readonly<Record<string, CommandDefinition>>;
  /** Queue of the commands that it carries out and of the answers to those that it sends; absent when there are none. */
  readonly commandQueue?: string;
  /** Work that it does at certain times. */
  readonly jobs?: readonly JobDefinition[];
  /** Sagas that it leads, or its part in those without a leader. */
  readonly sagas?: readonly SagaDefinition[];
  /** What the workspace says; `SEAMWRIGHT_BROKER_URL` and `SEAMWRIGHT_DATABASE_URL` come before it. `${NAME}` and `${NAME:-default}` are replaced at the start. */
  readonly defaults?: { readonly brokerUrl?: string; readonly databaseUrl?: string };
}
