/** What happened to the entity that a message carries. */
export type ChangeKind = 'created' | 'updated' | 'deleted' | 'snapshot';

/** `state`: the message holds the whole entity, a newer one replaces it. `delta`: it holds a change, each one counts. */
export type Carries = 'state' | 'delta';

/**
 * A message with its context: CloudEvents 1.0 attributes plus the extensions that ordering needs.
 *
 * Instants are RFC 3339 strings with the precision of their producer; nothing here goes through `Date`.
 */
export interface Envelope<T = unknown> {
  /** Unique per logical message; redelivery keeps it. */
  readonly id: string;
  /** The producing service. */
  readonly source: string;
  /** Message name of the contract. */
  readonly type: string;
  readonly time: string;
  /** Entity id. */
  readonly subject?: string;
  /** Message version of the contract. */
  readonly dataversion?: string;
  /** Messages with the same key keep their order where the broker offers it. */
  readonly partitionkey?: string;
  /** Decimal integer, made under the owner's row lock; grows by at least one per change of the entity. */
  readonly sequence?: string;
  /** Decimal integer; a new generation of the owner's counter. */
  readonly epoch?: string;
  /** `sequence` of the last message of this entity that was published; lets a consumer see a gap. */
  readonly previoussequence?: string;
  readonly op?: ChangeKind;
  readonly carries?: Carries;
  readonly correlationid: string;
  /** Id of the message or request that led to this one. */
  readonly causationid?: string;
  readonly traceparent?: string;
  /** A force sync: an equal version is applied again, an older one still is not. */
  readonly force?: boolean;
  /** Instant from which on a command is not acted on any more. */
  readonly expirytime?: string;
  /** Routing key of the queue that waits for the answer to a command. */
  readonly replyto?: string;
  readonly data: T;
}

/** Everything of an envelope that is not the payload. */
export type Attribute = Exclude<keyof Envelope, 'data'>;

/** What a broker carries. Headers are CloudEvents attributes in binary mode (`ce-` prefix); the body is exactly the contract's payload. */
export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Where the attributes lie in the body of producers that carry them there; dotted paths. */
export interface EnvelopeMapping {
  readonly id?: string;
  readonly time?: string;
  readonly op?: string;
  readonly force?: string;
  readonly sequence?: string;
  readonly epoch?: string;
  readonly correlationid?: string;
  /** The entity. */
  readonly data?: string;
  /** Words of this contract for each kind of change, such as `{created: 'Created'}`. */
  readonly ops?: Readonly<Partial<Record<ChangeKind, string>>>;
}
