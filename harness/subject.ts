import type { Model } from '../generator/model/types.js';
import type {
  EffectDefinition,
  OutgoingDefinition,
  OwnedDefinition,
  ReplicaDefinition,
  ServiceDefinition,
} from '../runtime/definition.js';
import type { Flags } from '../runtime/http/feature-flags.js';
import type { HttpServer } from '../runtime/http/server.js';
import type { Service } from '../runtime/service.js';
import type { ServiceOptions } from '../runtime/service-options.js';
import type { ServiceTransaction } from '../runtime/service-transaction.js';
import type { StateHandlers } from './pact/provider/state-handlers.js';
import type { Values } from './values.js';

/** What a service is created with under a harness: everything that reaches the world outside. */
export type HarnessOptions = ServiceOptions & {
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly flags?: Flags;
  /** How long servers keep answers for idempotency keys. */
  readonly keepRepliesMs?: number;
};

/** A service put together, not started. */
export interface CreatedService {
  readonly service: Service;
  /** Absent when it answers no requests. */
  readonly server?: HttpServer;
}

/** The code of one service: what was generated for it, and what its user wrote. */
export interface ServiceCode {
  readonly name: string;
  readonly definition: ServiceDefinition;
  /** With the user's own handlers. Absent: only generated code is there, or the user's cannot be loaded; `reason` says which. */
  readonly create?: (options: HarnessOptions) => CreatedService;
  readonly reason?: string;
  /** The user's own ways to drive flows, by the name of the flow; see the guide of flows. */
  readonly flows?: Readonly<Record<string, unknown>>;
  /** Rows that expectations may speak of and that lie in no table of that name. */
  readonly tables?: Readonly<Record<string, (tx: ServiceTransaction) => Promise<readonly object[]>>>;
  /** Provider states of the user's, by name; see the guide of the Pact level. */
  readonly states?: StateHandlers;
}

/** A service under test among its peers, as its contracts describe it. */
export interface Subject {
  readonly system: string;
  readonly name: string;
  readonly model: Model;
  readonly code: ServiceCode;
  /** Every service of the system that has generated code, the one under test included. */
  readonly services: ReadonlyMap<string, ServiceCode>;
  readonly values: Values;
}

/** The copies that a service keeps, by the name it gives them. */
export function copiesOf(subject: Subject): readonly (readonly [string, ReplicaDefinition])[] {
  return Object.entries(subject.code.definition.copies);
}

export function effectsOf(subject: Subject): readonly EffectDefinition[] {
  return subject.code.definition.effects;
}

export function ownedOf(subject: Subject): readonly (readonly [string, OwnedDefinition])[] {
  return Object.entries(subject.code.definition.owned);
}

/** Facts that a service publishes and commands that it sends, by the names that its transactions give them. */
export function outgoingOf({
  publishes,
  sends = {},
}: Pick<ServiceDefinition, 'publishes' | 'sends'>): Readonly<Record<string, OutgoingDefinition>> {
  return { ...publishes, ...sends };
}

/** Who owns an entity, with the definition it is told by; undefined when the owner has no generated code. */
export function ownerOf(
  subject: Subject,
  entity: string,
): { readonly service: ServiceCode; readonly definition: OwnedDefinition } | undefined {
  for (const service of subject.services.values()) {
    const definition = service.definition.owned[entity];
    if (definition !== undefined) return { service, definition };
  }
  return undefined;
}

/** The service that publishes a message as a fact or sends it as a command, and under which name. */
export function publisherOf(
  subject: Subject,
  message: string,
): { readonly service: ServiceCode; readonly name: string } | undefined {
  for (const service of subject.services.values()) {
    const found = Object.entries(outgoingOf(service.definition)).find(
      ([
        ,
        {
          message: { name },
        },
      ]) => name === message,
    );
    if (found !== undefined) return { service, name: found[0] };
  }
  return undefined;
}

/** The entity whose changes a message tells, with its owner. */
export function entityToldBy(
  subject: Subject,
  message: string,
): { readonly service: ServiceCode; readonly definition: OwnedDefinition } | undefined {
  for (const service of subject.services.values()) {
    const definition = Object.values(service.definition.owned).find((owned) => owned.message.name === message);
    if (definition !== undefined) return { service, definition };
  }
  return undefined;
}
