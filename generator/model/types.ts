import type { Position } from '../diagnostics/position.js';
import type {
  AsyncChannel,
  AsyncMessage,
  AsyncOperation,
  HttpOperation,
  SchemaRef,
  Settings,
} from '../load/documents.js';

/**
 * The nouns of a system of services. Everything is readonly and frozen after `build`; names are the identity: a service, an entity, a message and an
 * operation of a provider keep theirs across revisions, and every reference between nouns is by name.
 */

export type Role =
  | 'frontend'
  | 'gateway'
  | 'api'
  | 'auth'
  | 'repository'
  | 'worker'
  | 'realtime'
  | 'cache'
  | 'service'
  | 'stream-processor'
  | 'external'
  | 'shared';

export interface Service {
  readonly name: string;
  readonly role: Role;
  /** How the role came about; a guess from the name is worth a warning. */
  readonly roleFrom: 'declared' | 'provides' | 'name' | 'default';
  readonly version?: string;
  readonly owner?: string;
  readonly provides: readonly string[];
  readonly description?: string;
  readonly lifecycle?: string;
  readonly language?: string;
  readonly run?: Readonly<Record<string, unknown>>;
  /** Names of the features that list or mention the service. */
  readonly features: readonly string[];
  /** True when some file declares it (services.yaml, `services:` of a feature); false when it is only mentioned. */
  readonly declared: boolean;
  readonly at: Position;
  /** Every place that says something about it, for contradictions between files. */
  readonly mentions: readonly {
    readonly feature?: string;
    readonly version?: string;
    readonly role?: Role;
    readonly at: Position;
  }[];
}

/** A resource such as a database or a broker that services use. */
export interface Resource {
  readonly name: string;
  readonly type: string;
  readonly protocol?: string;
  readonly owner?: string;
  readonly at: Position;
}

/** CEL as written, where it stands, and what it may speak of. */
export interface Expression {
  readonly text: string;
  readonly at: Position;
}

/** `says` is the promise in a sentence; without it the expression speaks for itself, or `holds` is the id of a registered invariant. */
export interface Invariant {
  readonly says?: string;
  readonly holds: Expression;
}

export interface Ordering {
  /** Dotted path in the message or the entity. */
  readonly key?: string;
  /** `sequence`: (epoch, sequence) in the envelope. `timestamp`: a dotted path of an RFC 3339 instant in the message. */
  readonly version: { readonly kind: 'sequence' } | { readonly kind: 'timestamp'; readonly path: string };
  /** Dotted path of the tie-breaking value; null when the contract switches it off (`tie_breaker: none`): an equal instant then applies. */
  readonly tieBreaker: string | null;
  readonly stale: 'drop' | 'merge-fields' | 'reject';
  /** False when nothing was written and this is the default. */
  readonly given: boolean;
  readonly at: Position;
}

export interface Wait {
  readonly entity: string;
  /** Dotted path of the reference in the entity (or the message, for events). */
  readonly by: string;
  readonly timeoutMs: number;
  readonly forceTimeoutMs: number;
  readonly onTimeout: 'park' | 'retry' | 'dead-letter' | 'pull' | 'skip';
  readonly optional: boolean;
  readonly maxAgeMs: number;
  readonly at: Position;
}

export interface DeadLetter {
  readonly enabled: boolean;
  readonly maxDeliveries: number;
  readonly alertAfterMs?: number;
  readonly retentionMs?: number;
  /** False when nothing was written and these are the defaults. */
  readonly given: boolean;
  readonly at?: Position;
}

export interface Security {
  readonly allow: readonly string[];
  readonly at: Position;
}

export interface Retry {
  readonly attemptsMax: number;
  readonly backoff: 'fixed' | 'linear' | 'exponential';
  readonly initialMs: number;
  readonly maxMs: number;
  readonly jitter: 'none' | 'full' | 'equal' | 'decorrelated';
  readonly jitterGiven: boolean;
  /** `network`, `timeout`, or a status as text. */
  readonly on: readonly string[];
  readonly at: Position;
}

/** An entity that one service owns and others copy. */
export interface Entity {
  readonly name: string;
  readonly owner: string;
  /** Dotted path of the id within the entity; default `id`. */
  readonly key: string;
  /** Message that tells its changes; undefined when the entity is only declared. */
  readonly event?: string;
  /** Where the entity lies in the message: dotted path, '' = the whole message. */
  readonly payload: string;
  /** Name of a component schema, when `schema:` gives one. */
  readonly schema?: string;
  readonly ordering: Ordering;
  readonly publishWhen?: Expression;
  readonly delete: {
    readonly mode: 'soft' | 'hard' | 'never';
    readonly field?: string;
    readonly tombstoneTtlMs: number;
  };
  readonly conflict: string;
  readonly consumers: readonly EntityConsumer[];
  readonly fullSync?: {
    readonly operationId?: string;
    readonly batchSize: number;
    readonly schedule?: string;
    readonly dismissEvents: boolean;
    readonly at: Position;
  };
  readonly pii: readonly { readonly path: string; readonly at: Position }[];
  readonly security?: Security;
  readonly deadLetter: DeadLetter;
  readonly description?: string;
  /** Features that declare it, the first one first. */
  readonly features: readonly string[];
  /** Every declaration, to compare owners. */
  readonly declarations: readonly { readonly feature: string; readonly owner: string; readonly at: Position }[];
  readonly at: Position;
}

export interface EntityConsumer {
  readonly service: string;
  /** Name of the copy at the consumer; default the entity's name. */
  readonly as: string;
  /** Field of the copy <- dotted path within the entity. Empty list in the contract = every property. */
  readonly fields: readonly { readonly name: string; readonly path: string; readonly at: Position }[];
  /** True when the contract names the fields; false when every property is taken. */
  readonly fieldsGiven: boolean;
  readonly when?: Expression;
  readonly waits: readonly Wait[];
  readonly batchSize?: number;
  readonly calls: readonly { readonly operationId: string; readonly at: Position }[];
  /** Came from `consumers: "*"`. */
  readonly everyone: boolean;
  readonly feature: string;
  readonly at: Position;
}

/** A payload that travels. One per name in a system. */
export interface Message {
  readonly name: string;
  readonly definition: AsyncMessage;
  /** Paths of the documents that hold or refer to it. */
  readonly documents: readonly string[];
  /** Channels (of any document) that carry it. */
  readonly channels: readonly Channel[];
  readonly version: string;
  /** False when no version was found and '1' is assumed. */
  readonly versionGiven: boolean;
  /** Documents that define another payload under the same name: a contradiction. */
  readonly rivals: readonly AsyncMessage[];
  /** Services whose own AsyncAPI document sends it; empty when documents are per feature. */
  readonly senders: readonly MessageUse[];
  /** Services whose own AsyncAPI document receives it. */
  readonly receivers: readonly MessageUse[];
  readonly features: readonly string[];
  readonly at: Position;
}

/** A send or receive operation in the document of one service. */
export interface MessageUse {
  readonly service: string;
  readonly channel: string;
  readonly document: string;
  readonly at: Position;
}

export interface Channel {
  readonly id: string;
  readonly address: string | null;
  readonly document: string;
  readonly definition: AsyncChannel;
  /** Protocol of the servers, or of the bindings. */
  readonly protocols: readonly string[];
  /** Of the same document, on this channel. */
  readonly operations: readonly AsyncOperation[];
  /** Where the channel lives on the broker, from bindings or the naming rules: the topic on Kafka. */
  readonly exchange: { readonly name: string; readonly kind: 'topic' | 'direct' | 'fanout' };
  readonly at: Position;
}

export interface Event {
  /** Name in `events:`; the message has it too unless `message` says otherwise. */
  readonly name: string;
  readonly message: string;
  /** '' when nobody in the workspace publishes it. */
  readonly publisher: string;
  readonly consumers: readonly EventConsumer[];
  readonly purpose?: string;
  readonly channel?: string;
  readonly entity?: string;
  readonly ordering?: Ordering;
  readonly idempotencyKey?: string;
  readonly outbox: boolean;
  readonly delivery: 'at-most-once' | 'at-least-once' | 'effectively-once';
  readonly payloadMax?: number;
  readonly deprecated: boolean;
  readonly security?: Security;
  readonly deadLetter: DeadLetter;
  readonly feature: string;
  readonly features: readonly string[];
  /** From `events:` of a feature, or inferred from send/receive operations of per-service documents. */
  readonly from: 'table' | 'operations';
  readonly at: Position;
}

export interface EventConsumer {
  readonly service: string;
  readonly purpose?: string;
  readonly effect?: string;
  readonly idempotencyKey?: string;
  readonly when?: Expression;
  readonly waits: readonly Wait[];
  readonly retry?: Retry;
  /** Name of the handler slot; default `on<Event>`. */
  readonly handler?: string;
  readonly transaction: 'single' | 'none';
  readonly batchSize?: number;
  readonly needs: readonly { readonly path: string; readonly at: Position }[];
  readonly calls: readonly { readonly operationId: string; readonly at: Position }[];
  readonly everyone: boolean;
  readonly feature: string;
  readonly at: Position;
}

export interface Command {
  readonly name: string;
  readonly message: string;
  readonly senders: readonly string[];
  readonly receivers: readonly { readonly service: string; readonly feature: string; readonly at: Position }[];
  readonly purpose?: string;
  readonly channel?: string;
  readonly routingKey?: string;
  readonly reply?: string;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
  readonly outbox: boolean;
  readonly delayMs?: number;
  readonly security?: Security;
  readonly deadLetter: DeadLetter;
  readonly feature: string;
  readonly at: Position;
}

/** An HTTP operation of a provider; identity is `<service>.<operationId>`. */
export interface Operation {
  readonly id: string;
  readonly service: string;
  readonly definition: HttpOperation;
  /** Path of the OpenAPI document. */
  readonly document: string;
  /** Header that carries the idempotency key, when the operation takes one. */
  readonly idempotencyHeader?: string;
  readonly features: readonly string[];
  readonly at: Position;
}

export interface Policy {
  /** Name in `policies:`, or undefined when written in place. */
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly deadlineMs?: number;
  readonly retry?: Retry;
  readonly circuitBreaker?: {
    readonly failureThreshold?: number;
    readonly failureRate?: number;
    readonly slowCallMs?: number;
    readonly openForMs: number;
    readonly halfOpenMax: number;
  };
  readonly bulkhead?: { readonly concurrentMax: number; readonly queueMax: number };
  readonly cache?: { readonly ttlMs: number; readonly staleIfErrorMs?: number };
  readonly fallback?: 'fail' | 'none' | 'cached' | 'default' | 'skip' | { readonly value: unknown };
  readonly rateLimit?: { readonly requests: number; readonly perMs: number; readonly by?: string };
  readonly at: Position;
}

/** `http:` of a feature: one service calls operations of another. */
export interface HttpEdge {
  readonly from: string;
  readonly to: string;
  readonly operations: readonly { readonly id: string; readonly at: Position }[];
  readonly purpose?: string;
  readonly consistency: 'strong' | 'eventual';
  readonly criticality: 'required' | 'best-effort';
  /** Resolved; undefined when the edge names none and no default exists. */
  readonly policy?: Policy;
  /** Name that was given but is not declared. */
  readonly policyMissing?: string;
  readonly nullOn: readonly number[];
  readonly security?: Security;
  readonly feature: string;
  readonly at: Position;
}

/** What a step, a compensation or the end of a saga does. */
export interface SagaAction {
  readonly kind: 'operation' | 'local' | 'send' | 'receive' | 'publish' | 'none';
  /** Operation, function, command, message or event; of `receive` the first message. */
  readonly name: string;
  readonly with: Readonly<Record<string, unknown>>;
  /** Messages that end it well; empty when it waits for none. */
  readonly receive: readonly string[];
  /** Messages that say that it failed. */
  readonly failure: readonly string[];
}

/** A text of a saga that may say where a value comes from (`$input.amount`), and where it stands. */
export interface SagaText {
  /** `with`, `outputs`, `idempotency_key`, the same after `compensate.`, or `on_complete.with` and `on_compensated.with`. */
  readonly place: string;
  /** Dotted path below that place; '' for the place itself. */
  readonly path: string;
  readonly text: string;
  readonly at: Position;
}

export interface SagaStep {
  readonly id: string;
  readonly service?: string;
  readonly action: SagaAction;
  /** A step may act and publish at once. */
  readonly publish?: string;
  readonly kind?: 'query' | 'compensatable' | 'pivot' | 'retriable' | 'best-effort';
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly retry?: Retry;
  readonly compensate?: {
    readonly service?: string;
    readonly action: SagaAction;
    readonly idempotencyKey?: string;
    readonly retry?: Retry;
    readonly at: Position;
  };
  readonly onFailure?: 'compensate' | 'continue' | 'retry' | 'fail';
  readonly onUnknown?: 'query' | 'retry-same-key' | 'manual';
  readonly query?: string;
  readonly texts: readonly SagaText[];
  readonly at: Position;
}

/** What is told when a saga has ended. */
export interface SagaEnd {
  readonly action: SagaAction;
  readonly texts: readonly SagaText[];
  readonly at: Position;
}

export interface Saga {
  readonly name: string;
  readonly orchestrator?: string;
  /** `two-phase` and `xa` can be written and are refused by a rule; nothing is made of them. */
  readonly style: 'orchestration' | 'choreography' | 'two-phase' | 'xa';
  readonly styleAt: Position;
  readonly trigger?: {
    readonly kind: 'operation' | 'event' | 'command' | 'job';
    readonly name: string;
    readonly at: Position;
  };
  readonly correlationKey?: string;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
  readonly steps: readonly SagaStep[];
  readonly onComplete?: SagaEnd;
  readonly onCompensated?: SagaEnd;
  readonly invariants: readonly Invariant[];
  readonly description?: string;
  readonly feature: string;
  readonly at: Position;
}

/** One hop of a flow or data_flow: `from → to what`; a fan `a + b` gives one hop each. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  /** Operation, message or words after the last node. */
  readonly label?: string;
  readonly at: Position;
}

export interface Flow {
  readonly name: string;
  readonly description?: string;
  readonly hops: readonly Hop[];
  readonly convergeWithinMs?: number;
  readonly expect: readonly Invariant[];
  readonly feature: string;
  /** `flows:` entry, or a line of `data_flow:`. */
  readonly kind: 'flow' | 'data-flow';
  readonly at: Position;
}

export interface Job {
  readonly name: string;
  readonly service: string;
  readonly schedule: string;
  readonly timezone: string;
  readonly attemptsMax: number;
  /** Pauses between tries; their number is `attemptsMax`. */
  readonly retry?: Retry;
  readonly idempotencyKey?: string;
  readonly forEach?: string;
  readonly forEachAt: Position;
  readonly publishes: readonly string[];
  readonly description?: string;
  readonly catchUp: 'none' | 'last' | 'all';
  readonly feature: string;
  readonly at: Position;
}

/** `consumer` needs `provider` in a version range. */
export interface Dependency {
  readonly consumer: string;
  readonly provider: string;
  readonly range?: string;
  readonly reason?: string;
  readonly feature: string;
  readonly at: Position;
}

export interface Endpoint {
  readonly service?: string;
  readonly method: string;
  readonly path: string;
  readonly authRequired?: boolean;
  readonly operationId?: string;
  readonly idempotencyKey?: string;
  readonly at: Position;
}

export interface Feature {
  readonly name: string;
  readonly version?: string;
  readonly type: 'cross-service' | 'service' | 'shared';
  readonly title?: string;
  readonly description?: string;
  readonly owner?: string;
  /** The name or a service was an unfilled template placeholder. */
  readonly placeholders: readonly { readonly text: string; readonly at: Position }[];
  /** Per-service files (shape D) that belong to it. */
  readonly serviceFiles: readonly {
    readonly service: string;
    readonly version?: string;
    readonly endpoints: readonly Endpoint[];
    readonly dependencies: readonly Dependency[];
    readonly at: Position;
  }[];
  readonly participants: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** `schemas.request/response` of shape E. */
  readonly quickSchemas: readonly { readonly name: string; readonly ref: SchemaRef; readonly at: Position }[];
  readonly flag?: {
    readonly name: string;
    readonly default: boolean;
    readonly offStatus: number;
    readonly services: readonly string[];
    readonly expires?: string;
    readonly at: Position;
  };
  readonly deploy?: {
    readonly order: readonly (readonly string[])[];
    readonly strategy?: string;
    readonly at: Position;
  };
  readonly verify?: {
    readonly scenarios: readonly string[];
    readonly skip: readonly { readonly scenario: string; readonly reason: string }[];
    readonly convergeWithinMs?: number;
    readonly seeds: number;
    readonly invariants: readonly Invariant[];
    readonly at: Position;
  };
  readonly constants: Readonly<Record<string, string | number | boolean>>;
  readonly acceptBreaking: readonly {
    readonly change: string;
    readonly reason: string;
    /** Last day as written, `YYYY-MM-DD`. */
    readonly until?: string;
    readonly approvedBy?: string;
    readonly at: Position;
  }[];
  readonly at: Position;
}

export type EdgeKind = 'http' | 'event' | 'command' | 'sync' | 'dependency' | 'flow';

/** One line between two services, derived from the above. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Operation, message, entity, or version range. */
  readonly subject: string;
  readonly feature: string;
  readonly at: Position;
}

export interface Model {
  readonly system: string;
  readonly settings: Settings;
  readonly features: ReadonlyMap<string, Feature>;
  readonly services: ReadonlyMap<string, Service>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly messages: ReadonlyMap<string, Message>;
  readonly events: ReadonlyMap<string, Event>;
  readonly commands: ReadonlyMap<string, Command>;
  /** By `<service>.<operationId>`. */
  readonly operations: ReadonlyMap<string, Operation>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly http: readonly HttpEdge[];
  readonly sagas: ReadonlyMap<string, Saga>;
  readonly flows: readonly Flow[];
  readonly jobs: ReadonlyMap<string, Job>;
  readonly dependencies: readonly Dependency[];
  readonly edges: readonly Edge[];
  /** Plain values of every file, by absolute path: what schema references resolve in. */
  readonly documents: ReadonlyMap<string, unknown>;
  /** Shown name of every file, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
  /** Component schemas of all documents. */
  readonly schemas: readonly {
    readonly name: string;
    readonly ref: SchemaRef;
    readonly document: string;
    readonly at: Position;
  }[];
  /** Position of a place in a file: for findings about schemas. */
  locate(ref: SchemaRef): Position;
}
