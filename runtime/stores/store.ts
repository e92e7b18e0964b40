import type { Address } from '../brokers/broker.js';
import type { Carries, WireMessage } from '../envelope.js';
import type { Incoming, Outcome, Stored, Version } from '../guard.js';
import type { SagaRows } from './saga-rows.js';

/** SQL type of a replica column; the memory store ignores it. */
export type ColumnType = 'text' | 'bigint' | 'double precision' | 'boolean' | 'jsonb';

export interface ReplicaColumn {
  /** Column name; `sw_` is kept for the guard's own columns. */
  readonly name: string;
  /** Property of the row. */
  readonly field: string;
  readonly type: ColumnType;
  /** Reads an empty column as an absent property; otherwise it reads as null. */
  readonly optional?: boolean;
}

/**
 * A copy of another service's entity. In SQL stores the name belongs to a view of the live rows, so that a handler's query never meets a tombstone;
 * the table behind it is `sw_copy_<name>` and also holds the guard's columns.
 */
export interface ReplicaTable {
  /** Name to read the copy by, snake case, at most 55 bytes. */
  readonly name: string;
  /** Entity of the contract, as dependency waits name it. */
  readonly entity: string;
  readonly columns: readonly ReplicaColumn[];
}

/** What an owner knows of one of its entities; survives the entity's deletion. */
export interface OwnedState {
  readonly version: Version;
  /** Instant of the change, RFC 3339 in UTC with microseconds; strictly increasing per entity. */
  readonly changedAt: string;
  readonly deleted: boolean;
  /** Sequence of the last published message; 0 when none. */
  readonly publishedSequence: bigint;
  /** The entity as last told by the owner. */
  readonly state: unknown;
}

export interface ParkedMessage {
  readonly consumer: string;
  readonly entity: string;
  readonly entityId: string;
  readonly dependency: { readonly entity: string; readonly id: string };
  readonly messageId: string;
  readonly version: Version;
  readonly message: WireMessage;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly parkedAt: number;
  /** When `on_timeout` applies. */
  readonly timeoutAt: number;
  /** When even a patient message goes to the dead letters. */
  readonly expiresAt: number;
  readonly attempts: number;
  /** `delta`: every message of the entity stays parked. Absent or `state`: only the newest does. */
  readonly carries?: Carries;
}

/**
 * Why a parked message is handed out, strongest first. `ready`: what it waited for has come. `expired`: too old even for a patient message.
 * `timeout`: waited long enough for its policy to decide. `sweep`: nothing happened; look again, in case the dependency came past the runtime.
 */
export type ParkedReason = 'ready' | 'expired' | 'timeout' | 'sweep';

export interface TakeParked {
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly nowMs: number;
  readonly limit: number;
  /** Absent = of all consumers. */
  readonly consumer?: string;
  /** Also some for which nothing has happened, in turn. Default false. */
  readonly sweep?: boolean;
}

export interface OutboxMessage {
  readonly id: string;
  /** Messages with the same key leave in the order of their transactions. */
  readonly key: string;
  readonly address: Address;
  readonly message: WireMessage;
  /** Earliest instant to send at, ms since the epoch; 0 = at once. */
  readonly dueAt: number;
}

/** One of several writes of copies: `row` null writes a tombstone. */
export interface ReplicaWrite {
  readonly id: string;
  readonly row: Readonly<Record<string, unknown>> | null;
  readonly incoming: Incoming;
}

/** A parked message as a look at the parking place shows it. */
export interface ParkedEntry extends ParkedMessage {
  /** What it waited for has come; it is about to be run again. */
  readonly ready: boolean;
}

/** What an owner counts its versions in, as its followers keep them: (epoch, sequence), or epoch 0 and the nanoseconds of `changedAt`. */
export type VersionKind = 'sequence' | 'timestamp';

/**
 * Entities of one bucket in short. Ids fall into buckets by a hash of theirs; a checksum adds up, modulo 2^64, a hash of id, epoch, sequence and deletion
 * per entity, in any order. Equal on two sides that keep the same versions. 16 hex digits.
 */
export interface BucketDigest {
  /** 0 to `buckets` - 1; a bucket without entities is left out. */
  readonly bucket: number;
  readonly live: number;
  readonly deleted: number;
  /** Over live and deleted ones. */
  readonly checksum: string;
  /** Over live ones only: agrees although one side has forgotten old tombstones. */
  readonly liveChecksum: string;
}

/** Which entities of a bucket to list. */
export interface BucketPage {
  readonly bucket: number;
  readonly buckets: number;
  readonly after?: string;
  readonly limit: number;
}

export interface EntityVersion {
  readonly id: string;
  readonly version: Version;
  readonly deleted: boolean;
}

/** What an owner has told of an entity: what a follower should have. */
export interface ToldVersion extends EntityVersion {
  /**
   * The newest version, told or held back by `publish_when`. Beyond `version` only followers that read the owner's list know it; they are not wrong.
   */
  readonly current: { readonly version: Version; readonly deleted: boolean };
}

/** Which request a kept reply belongs to: the key is the caller's own choice, so it says nothing without the caller. */
export interface ReplyKey {
  readonly operation: string;
  readonly caller: string;
  readonly key: string;
}

/** What a request was answered, for when it comes again. */
export interface KeptReply {
  /** Tells the request from another one under the same key. */
  readonly fingerprint: string;
  /** As whoever keeps it writes it. */
  readonly reply: string;
  /** From when on it counts as gone, ms since the epoch, by the runtime's clock. */
  readonly expiresAt: number;
}

/** What to forget. Instants are milliseconds since the epoch; the ages of rows are the store's own clock's. */
export interface Purge {
  readonly inboxBefore: number;
  readonly tombstonesBefore: number;
  /** Kept replies that expired before this instant of the runtime's clock. */
  readonly repliesBefore: number;
  /** The copies whose tombstones may go. */
  readonly tables: readonly ReplicaTable[];
  /** At most so many rows of each kind and table. */
  readonly limit: number;
}

/** How many rows a purge has removed. */
export interface Purged {
  readonly inbox: number;
  readonly copies: number;
  readonly guards: number;
  readonly owned: number;
  readonly replies: number;
}

export interface TakeOutbox {
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly nowMs: number;
  /** Until when the messages are the taker's alone. */
  readonly untilMs: number;
  readonly limit: number;
  /** Messages of one key at most. */
  readonly runMax: number;
  /** Keys to leave alone, such as those whose oldest message could not be sent. */
  readonly except?: readonly string[];
  /** Keys behind this one only, so that keys with a steady stream do not hide the others. */
  readonly after?: string;
}

/** What waits to leave. */
export interface OutboxBacklog {
  /** Messages without those that are meant to leave later; see `laterKey`. */
  readonly count: number;
  /** Those that are meant to leave later, due by now or not; absent = none. */
  readonly later?: number;
  /** The least instant at which a message of either kind may leave; absent = there is none. */
  readonly oldestDueAt?: number;
  /** Since when the one that could have left longest ago has been waiting, by the store's clock. */
  readonly waitingSince?: number;
}

/** `unknown`: never seen. `deleted`: seen and gone; it will not come by waiting. */
export type Presence = 'live' | 'deleted' | 'unknown';

/**
 * Everything the runtime does inside one database transaction. Methods reject with the database's error; the transaction is then rolled back.
 */
export interface Transaction {
  /** Runs SQL in this transaction. Stores without SQL reject with `UsageError`. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;

  /** Takes transaction-scoped locks on names, in sorted order, so that two takers never deadlock. */
  lock(names: readonly string[]): Promise<void>;

  /** Takes the lock of a name if nobody holds it; false when somebody does. */
  tryLock(name: string): Promise<boolean>;

  /** Claims a message for a consumer; false when it was claimed before. */
  claim(consumer: string, key: string): Promise<boolean>;
  /** Whether a message is claimed, without claiming it. */
  claimed(consumer: string, key: string): Promise<boolean>;

  /** Moves a consumer's guard row to the incoming version when the decision is to apply; the row stays locked until the end. */
  advanceGuard(consumer: string, entity: string, id: string, incoming: Incoming): Promise<Outcome>;
  /** What `advanceGuard` would answer, without writing: a message that is about to be parked must not move the guard. */
  peekGuard(consumer: string, entity: string, id: string, incoming: Incoming): Promise<Outcome>;
  guardVersion(consumer: string, entity: string, id: string): Promise<Stored | undefined>;

  /** One conditional write of a copy; `row` null writes a tombstone, whatever `incoming.deleted` says. Field names as keys. */
  putReplica(
    table: ReplicaTable,
    id: string,
    row: Readonly<Record<string, unknown>> | null,
    incoming: Incoming,
  ): Promise<Outcome>;
  /**
   * `putReplica` for many copies in one statement; outcomes in the order given. Rows are taken in the order of their ids, so that two batches cannot
   * wait for each other in a circle. Rejects with `UsageError` when an id comes twice.
   */
  putReplicas(table: ReplicaTable, rows: readonly ReplicaWrite[]): Promise<readonly Outcome[]>;
  /** What `putReplica` would answer, without writing. */
  peekReplica(table: ReplicaTable, id: string, incoming: Incoming): Promise<Outcome>;
  getReplica(table: ReplicaTable, id: string): Promise<Readonly<Record<string, unknown>> | null>;
  /** Live rows by ascending id, after `after`. */
  listReplica(
    table: ReplicaTable,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  replicaPresence(table: ReplicaTable, id: string): Promise<Presence>;
  /** The presence of each id, in one statement. */
  replicaPresences(table: ReplicaTable, ids: readonly string[]): Promise<ReadonlyMap<string, Presence>>;
  /** What the guard keeps of a copy, tombstones included. */
  replicaVersion(table: ReplicaTable, id: string): Promise<Stored | undefined>;
  /** Copies by bucket, `buckets` from 1 to 2^20; reads the whole table. */
  replicaDigest(table: ReplicaTable, options: { readonly buckets: number }): Promise<readonly BucketDigest[]>;
  /** Versions of one bucket's copies by ascending id, tombstones included. */
  listReplicaVersions(table: ReplicaTable, page: BucketPage): Promise<readonly EntityVersion[]>;

  /** The owner's row under lock, or null when the entity was never told. */
  owned(entity: string, id: string): Promise<OwnedState | null>;
  /** Next version of an owned entity: sequence + 1 and a later instant, made under the row's lock. `nowMs` is the runtime's clock. */
  advanceOwned(
    entity: string,
    id: string,
    change: { readonly state: unknown; readonly deleted: boolean; readonly nowMs: number },
  ): Promise<OwnedState>;
  /**
   * What the owner has told, by bucket, in the numbers of its followers' rule: equal to the `replicaDigest` of a follower that has received everything.
   * Entities that were never told do not count.
   */
  ownedDigest(
    entity: string,
    options: { readonly buckets: number; readonly versions: VersionKind },
  ): Promise<readonly BucketDigest[]>;
  /** What the owner has told of one bucket's entities by ascending id, tombstones included; entities that were never told are left out. */
  listOwnedVersions(
    entity: string,
    page: BucketPage & { readonly versions: VersionKind },
  ): Promise<readonly ToldVersion[]>;
  /** Remembers that the current version of an owned entity was published. */
  markPublished(entity: string, id: string): Promise<void>;
  /** Owned entities by ascending id, tombstones included, after `after`. */
  listOwned(
    entity: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly (OwnedState & { readonly id: string })[]>;

  appendOutbox(messages: readonly OutboxMessage[]): Promise<void>;
  /**
   * Takes due messages until `untilMs`: of each key the oldest ones, without a gap, in the order of their writing. Until then, or until they are removed or
   * given back, nobody else gets a message of these keys; afterwards they are handed out again. A message that is not due yet holds back the later ones of
   * its key. Which keys come when `limit` is too small: by ascending key. A taking that ends more than a minute after `untilMs` is that of a clock which has
   * been set back since, and counts as over.
   */
  takeOutbox(options: TakeOutbox): Promise<readonly OutboxMessage[]>;
  /** Ends the taking of messages that were not sent; those that are not taken until exactly `untilMs` any more stay as they are. */
  giveBackOutbox(ids: readonly string[], untilMs: number): Promise<void>;
  removeOutbox(ids: readonly string[]): Promise<void>;
  outboxBacklog(): Promise<OutboxBacklog>;
  /** Messages of one key that have not left, oldest first. */
  outboxOf(key: string, limit: number): Promise<readonly OutboxMessage[]>;

  /** Parks a message; for state-carrying entities at most the newest per consumer and entity stays. Parking it again replaces it and makes it wait anew. */
  park(message: ParkedMessage): Promise<void>;
  /** Marks every message that waits for this entity as ready; answers how many. */
  releaseParked(dependency: { readonly entity: string; readonly id: string }): Promise<number>;
  /**
   * Takes ready, expired and timed-out messages, oldest first, then with `sweep` some of the others in turn; removes nothing. They stay locked
   * against other takers until the transaction ends. Of all consumers when `consumer` is absent.
   */
  takeParked(options: TakeParked): Promise<readonly (ParkedMessage & { readonly why: ParkedReason })[]>;
  removeParked(message: Pick<ParkedMessage, 'consumer' | 'entity' | 'entityId' | 'messageId'>): Promise<void>;
  countParked(consumer: string): Promise<number>;
  /** What is parked of an entity, of all consumers, oldest first. */
  parkedOf(entity: string, id: string): Promise<readonly ParkedEntry[]>;
  /** What waits for an entity, oldest first. */
  parkedFor(dependency: { readonly entity: string; readonly id: string }): Promise<readonly ParkedEntry[]>;
  /** What is parked, oldest first; `after` is the last one of the page before. */
  listParked(page: {
    readonly consumer?: string;
    readonly after?: ParkedMessage;
    readonly limit: number;
  }): Promise<readonly ParkedEntry[]>;

  /** A small fact that survives restarts, such as how far a full sync has come; null when there is none. */
  note(name: string): Promise<string | null>;
  /** Writes a fact down; null strikes it out. */
  setNote(name: string, text: string | null): Promise<void>;

  /** The reply that was kept for a request; null when there is none, or it has expired by `nowMs`. */
  keptReply(request: ReplyKey, nowMs: number): Promise<KeptReply | null>;
  /** Keeps a reply, in the place of an older one. Who does not hold a lock on the request's name may replace what another transaction keeps. */
  keepReply(request: ReplyKey, kept: KeptReply): Promise<void>;

  /** The runs of sagas. */
  readonly sagas: SagaRows;

  /**
   * Forgets claims, expired replies, and tombstones of copies, guards and told owned entities, that are older than asked. A message that comes later than that counts as
   * new. An owned entity that comes back after its tombstone has gone goes on in a higher epoch, above every version it ever had.
   */
  purge(purge: Purge): Promise<Purged>;
}

/** Guarded writes outside any transaction: each is one statement that commits by itself, without the round trips of BEGIN and COMMIT. */
export type AloneWrites = Pick<Transaction, 'putReplica' | 'putReplicas'> & {
  /** `sagas.move`; absent when it takes a transaction. */
  readonly moveSaga?: SagaRows['move'];
};

/**
 * A database of one service.
 *
 * Promises: `transaction` commits everything or nothing. SQL stores run READ COMMITTED and try again on serialization failures and deadlocks.
 * Does not promise: that `work` runs only once; it must have no effect outside the transaction.
 */
export interface Store {
  readonly kind: string;
  /** Creates the runtime's tables and the replica tables; an additive change of columns is applied, another one is refused. */
  prepare(tables: readonly ReplicaTable[]): Promise<void>;
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Absent when the store cannot write without a transaction. */
  readonly alone?: AloneWrites;
  /** Its writes ask for the message that they belong to, as those of a store that is observed do. Otherwise none is told to what `alone` writes. */
  readonly asksForScope?: boolean;
  /**
   * Runs `work` in a transaction that the caller has begun on a client of the store's driver, and commits or rolls back as that one does. Undone, down to a
   * savepoint, when it rejects; runs once, whatever happens. Rejects with `UsageError` for a client that is in no transaction. Absent when the store has no
   * such clients.
   */
  within?<T>(client: object, work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
