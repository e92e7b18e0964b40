/**
 * What a simulation does, as plain JSON: nothing that decides how a run goes lies outside it, so a plan that is kept replays exactly. Times are virtual
 * milliseconds after the start.
 */
export interface Plan {
  readonly seamwright: 1;
  readonly system: string;
  /** The service under test. */
  readonly service: string;
  readonly scenario: string;
  readonly level: 'sim' | 'sql';
  /** Values of messages are made from it. */
  readonly seed: number;
  /** Seed of the time that hops take; 0: each takes 1 ms. */
  readonly jitter: number;
  readonly steps: readonly Step[];
  readonly faults: readonly PlannedFault[];
  /** Which services follow what the service under test owns. Default: all that do; each costs time. */
  readonly followers?: readonly string[];
  /** Longest virtual time that the system gets to come to rest after the last fault is healed. Default 20 minutes. */
  readonly restMs?: number;
}

/** One thing that somebody does. Faults name it by its id. */
export type Step = ChangeStep | PublishStep | ForceStep | FullSyncStep | SendStep | CallStep;

interface StepBase {
  /** `m1`, `m2`, …: the correlation id of everything that follows from it says which. */
  readonly id: string;
  readonly at: number;
}

/** The owner of an entity changes it, by the producer that its contracts gave it. */
export interface ChangeStep extends StepBase {
  readonly do: 'change';
  readonly entity: string;
  readonly op: 'created' | 'updated' | 'deleted';
  /** Name of the entity in the plan, such as `e1`; its id is made from it. */
  readonly key: string;
  /** Seed of the values; equal seeds give equal values. */
  readonly value: number;
  /** Plain values put over the made ones, by dotted path within the entity. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** The owner's table changes and nobody is told. */
  readonly silent?: boolean;
}

/** A publisher tells a fact. */
export interface PublishStep extends StepBase {
  readonly do: 'publish';
  readonly service: string;
  /** Key of the publisher's `publishes`. */
  readonly event: string;
  readonly value: number;
  /** Keys of entities that its references name. */
  readonly refers?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, unknown>>;
}

/** The owner tells the present state of an entity again. */
export interface ForceStep extends StepBase {
  readonly do: 'force';
  readonly entity: string;
  readonly key: string;
}

/** The service under test reads the owner's list of an entity. */
export interface FullSyncStep extends StepBase {
  readonly do: 'full-sync';
  readonly entity: string;
  /** How long each page is on its way to the follower; default 1. */
  readonly pageMs?: number;
}

/** A message of nobody's contract is put on a queue's exchange, as it stands. */
export interface SendStep extends StepBase {
  readonly do: 'send';
  readonly exchange: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A client calls an operation of the service under test, or the service one of another's. */
export interface CallStep extends StepBase {
  readonly do: 'call';
  /** `<provider>.<operationId>`. */
  readonly operation: string;
  readonly caller: string;
  /** Seed of the request. */
  readonly value: number;
  /** Plain values put over the made ones, by dotted path: `path.id`, `body.customerId`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Values taken from what an earlier call was answered, by dotted path: `{ "path.id": { "of": "m1", "at": "id" } }`. */
  readonly take?: Readonly<Record<string, { readonly of: string; readonly at: string }>>;
  readonly idempotencyKey?: string;
  /** Whom the caller's credentials speak for; default the caller. `nobody`: it has none. `stranger`: nobody knows its key. */
  readonly as?: string;
  /** When the caller stops waiting, in ms after it began. Default: the policy of its contract alone. */
  readonly deadlineMs?: number;
}

/** A fault as a plan holds it: the id of a registered one, and what that one needs to know. */
export interface PlannedFault {
  readonly fault: string;
  /** Id of the step that it concerns, where it concerns one. */
  readonly step?: string;
  readonly [field: string]: unknown;
}

/** For so long servers in a simulation keep answers for idempotency keys, ms: a day of virtual time would cost minutes of real one. */
export const repliesKeptMs = 300_000;

/** Virtual start of every simulation: 2026-01-01T00:00:00Z. */
export const startMs = 1_767_225_600_000;

/** Id of the entity that a plan calls `key`; the same in every run. */
export function entityId(entity: string, key: string): string {
  return uuidOf(`${entity}/${key}`);
}

const stepPrefix = '5ea30000-0000-4000-8000-';

/** Correlation id of a step: a UUID, since contracts ask for one. */
export function correlationOf(step: string): string {
  return `${stepPrefix}${step.replace(/\D/g, '').padStart(12, '0')}`;
}

/** The step that a correlation id stands for; undefined for anybody else's. */
export function stepOf(correlationId: string | undefined): string | undefined {
  return correlationId?.startsWith(stepPrefix) ? `m${Number(correlationId.slice(stepPrefix.length))}` : undefined;
}

/** A version 8 UUID made from a text (FNV-1a, four times over with another start): no secret, only the same each time. */
export function uuidOf(text: string): string {
  let hex = '';
  for (let part = 0; part < 4; part++) {
    let hash = 0x811c9dc5 ^ Math.imul(part + 1, 0x9e3779b1);
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
    hex += (Math.imul(hash, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
