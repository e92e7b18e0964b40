import type { EffectContext, EffectDefinition, ReplicaDefinition } from '../definition.js';
import type { Envelope, WireMessage } from '../envelope.js';
import type { ParkedMessage, ParkedReason } from '../stores/store.js';

/** One consumer of a service: a copy kept by the runtime, or a handler of the user's. */
export type Consumer = Replica | Effect;

export interface Replica {
  readonly kind: 'replica';
  readonly definition: ReplicaDefinition;
}

export interface Effect {
  readonly kind: 'effect';
  readonly definition: EffectDefinition;
  /** What it returns is the answer to a command, and nothing otherwise. */
  readonly handler: (context: EffectContext<unknown, unknown>) => Promise<unknown>;
}

/** Consumers by the message they take. */
export type ConsumerTable = ReadonlyMap<string, readonly Consumer[]>;

/** A message that waited, and why it is looked at again. */
export type Released = ParkedMessage & { readonly why: ParkedReason };

/** A message as a consumer gets it: decoded, its payload valid. */
export interface Received {
  readonly envelope: Envelope;
  /** As it came, for parking and dead letters. */
  readonly wire: WireMessage;
  /** 1 for the first hand-over. */
  readonly attempt: number;
  /** Set when it comes out of the parking place instead of a queue. */
  readonly parked?: Released;
}

/** Why a message goes to the dead letters. */
export type DeadReason =
  | 'too-large'
  | 'wrong-caller'
  | 'undecodable'
  | 'schema-invalid'
  | 'no-consumer'
  | 'no-version'
  | 'conflict'
  | 'rejected'
  | 'attempts-exhausted'
  | 'delivery-limit'
  | 'deadline-passed'
  | 'reply-address'
  | 'dependency-timeout'
  | 'dependency-deleted'
  | 'dependency-expired';

/** What became of a message at one consumer. */
export type Verdict = DoneVerdict | ParkedVerdict | DeadVerdict | FailedVerdict;

/** Its effect, if any, is committed: acknowledge. `outcome` is for metrics. */
export interface DoneVerdict {
  readonly kind: 'done';
  readonly outcome: DoneOutcome;
}

/** It waits in the store: acknowledge. */
export interface ParkedVerdict {
  readonly kind: 'parked';
}

/** No retry can help. */
export interface DeadVerdict {
  readonly kind: 'dead';
  readonly reason: DeadReason;
  readonly detail: string;
}

/** It may go better later. */
export interface FailedVerdict {
  readonly kind: 'failed';
  readonly error: unknown;
}

export type DoneOutcome =
  | 'applied'
  | 'reapplied'
  | 'gap'
  | 'duplicate'
  | 'stale'
  /** The contract's `when` leaves it out. */
  | 'filtered'
  /** Dropped because what it waits for did not come and the contract says `skip`. */
  | 'skipped';
