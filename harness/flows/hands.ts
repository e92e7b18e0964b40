import type { Service } from '../../runtime/service.js';
import { type CallStep, entityId, type Step } from '../plan.js';
import { type Answered, performCall } from '../world/perform-call.js';
import { performStep } from '../world/steps.js';
import type { World } from '../world/world.js';

/** What a flow's driver can do in its world. Everything is done as the contracts say, with made-up values where none are given. */
export interface FlowHands {
  /** Calls `<provider>.<operationId>`. */
  call(operation: string, request?: FlowRequest): Promise<Answered>;
  /** The owner of an entity changes it. `key` names it in this flow; see `id`. */
  change(entity: string, op: 'created' | 'updated' | 'deleted', key: string, more?: FlowValues): Promise<void>;
  /** A service tells a fact, by the key of its `publishes`. */
  publish(service: string, event: string, more?: FlowValues): Promise<void>;
  /** Id of the entity that this flow calls `key`. */
  id(entity: string, key: string): string;
  /** A running service, to give it what no contract can, such as rows to start with. Throws for one that does not take part. */
  service<Running = Service>(name: string): Running;
  /** Lets virtual time pass. */
  wait(ms: number): Promise<void>;
  /** Resolves when every message has had its effect. */
  settle(): Promise<void>;
  /** A promise of the driver's own, beside those of the contract. */
  expect(says: string, holds: boolean): void;
}

export interface FlowValues {
  /** Seed of the made-up values; equal seeds give equal values. */
  readonly value?: number;
  /** Put over them, by dotted path. */
  readonly set?: Readonly<Record<string, unknown>>;
}

export interface FlowRequest extends FlowValues {
  /** Who calls; default whoever calls by the contracts. */
  readonly caller?: string;
  /** Whom the credentials speak for; default the caller. `nobody`: none are sent. */
  readonly as?: string;
  /** Sent as `Authorization: Bearer …` in place of the caller's own credentials. */
  readonly token?: string;
  /** Sent beside the contract's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the made-up one. */
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** Drives one flow. What it throws is the reason for which the flow was not driven. */
export type FlowDriver = (hands: FlowHands) => Promise<void>;

/** A promise of a driver's own. */
export interface Expected {
  readonly text: string;
  readonly holds: boolean;
}

/** The hands of one run; everything that they do is a step of its own. */
export function handsIn(world: World, callerOf: (operation: string) => string, noted: Expected[]): FlowHands {
  let steps = 0;
  const next = (): string => `m${++steps}`;
  const at = (): number => world.trouble.hooks.now();
  const perform = (step: Step): Promise<void> => performStep(world, step);
  return {
    async call(
      operation,
      { caller = callerOf(operation), as, token, headers, value = 1, set, idempotencyKey, ...more } = {},
    ) {
      const step: CallStep = {
        ...{ id: next(), at: at(), do: 'call', operation, caller, value },
        ...(set !== undefined && { set }),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
        ...(token !== undefined ? { as: 'nobody' } : as !== undefined && { as }),
      };
      const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return performCall(world, step, {
        headers: { ...headers, ...authorization },
        ...('body' in more && { body: more.body }),
      });
    },
    change: (entity, op, key, { value = 1, set } = {}) =>
      perform({ id: next(), at: at(), do: 'change', entity, op, key, value, ...(set !== undefined && { set }) }),
    publish: (service, event, { value = 1, set } = {}) =>
      perform({ id: next(), at: at(), do: 'publish', service, event, value, ...(set !== undefined && { set }) }),
    id: entityId,
    service<Running>(name: string) {
      const service: unknown = world.sites.get(name)?.service;
      if (service === undefined) throw new Error(`"${name}" does not take part in this flow`);
      return service as Running;
    },
    wait: (ms) => world.clock.sleep(ms),
    settle: () => world.settled(),
    expect: (says, holds) => void noted.push({ text: says, holds }),
  };
}
