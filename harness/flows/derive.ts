import type { Flow, Hop, Model } from '../../generator/model/types.js';
import type { ServiceCode } from '../subject.js';
import { referredKey } from '../values.js';
import { contractOperation } from '../world/providers/contracts.js';
import type { FlowDriver, FlowHands } from './hands.js';

/** A driver made from the hops of a flow; a sentence when they do not say enough. */
export type Derived = { readonly driver: FlowDriver } | { readonly missing: string };

type Services = ReadonlyMap<string, ServiceCode>;

/**
 * Somebody has to begin: whoever calls from outside, the owner of an entity that changes it, the publisher of a fact. Hops that an earlier one leads to are left to
 * the services themselves.
 */
export function deriveDriver(model: Model, services: Services, flow: Flow): Derived {
  const acts: FlowDriver[] = [];
  const reached = new Set<string>();
  const told = new Set<string>();
  const begun: string[] = [];
  for (const hop of flow.hops) {
    const begins = !reached.has(hop.from);
    reached.add(hop.to);
    const act = `${hop.from} ${hop.label}`;
    if (!begins || told.has(act)) continue;
    told.add(act);
    const found = actOf({ model, services, flow, begun }, hop, acts.length);
    if ('missing' in found)
      return { missing: `${found.missing}; write a driver "${flow.name}" into "flows" of a verify.ts` };
    acts.push(found.driver);
  }
  return {
    driver: async (hands) => {
      for (const act of acts) await act(hands);
    },
  };
}

interface Place {
  readonly model: Model;
  readonly services: Services;
  readonly flow: Flow;
  /** Entities whose changes began the flow so far. */
  readonly begun: string[];
}

function actOf({ model, services, flow, begun }: Place, { from, to, label }: Hop, nth: number): Derived {
  if (label === undefined) return { missing: `${from} → ${to} does not say what is called or told` };
  const entity = [...model.entities.values()].find((one) => one.event === label && one.owner === from);
  if (entity !== undefined) {
    // What an earlier one of this flow refers to comes with the name by which it refers to it.
    const referring = begun.find((name) => references(model, name).includes(entity.name));
    begun.push(entity.name);
    const told = new Set(flow.hops.map((hop) => hop.label));
    const before = references(model, entity.name).filter((name) => !told.has(model.entities.get(name)?.event));
    return { driver: referring === undefined ? changes(model, entity.name, before) : comesLate(entity.name) };
  }
  const event = [...model.events.values()].find((one) => one.name === label && one.publisher === from);
  if (event !== undefined) return { driver: (hands) => hands.publish(from, label) };
  const operation = `${to}.${label}`;
  if (contractOperation(model, operation) === undefined)
    return { missing: `"${label}" is no operation of ${to} and nothing that ${from} tells` };
  // Somebody in front of a screen acts by himself.
  const isCode = services.get(from)?.create !== undefined && model.services.get(from)?.role !== 'frontend';
  const entrance = `${from}.${label}`;
  if (isCode && contractOperation(model, entrance) === undefined)
    return { missing: `nothing in the contracts says what makes ${from} call ${operation}` };
  return { driver: isCode ? calls(entrance, undefined, nth) : calls(operation, from, nth) };
}

function calls(operation: string, caller: string | undefined, nth: number): FlowDriver {
  return async (hands) => {
    const answered = await hands.call(operation, { ...(caller !== undefined && { caller }), value: nth + 1 });
    if (answered.status === undefined || answered.status >= 400)
      throw new MadeUpError(`${operation} answers ${answered.status ?? answered.error} to a made-up request`);
    await hands.settle();
  };
}

/** What was made up does not do: a person has to say what does. */
export class MadeUpError extends Error {}

/** Entities that copies of this one wait for. */
function references(model: Model, entity: string): readonly string[] {
  const waits = model.entities.get(entity)?.consumers.flatMap((consumer) => consumer.waits) ?? [];
  return [...new Set(waits.filter(({ optional }) => !optional).map((wait) => wait.entity))];
}

/** Everything that can happen to a thing: it comes, it changes, another one comes and goes. */
function changes(model: Model, entity: string, before: readonly string[]): FlowDriver {
  return async (hands) => {
    for (const key of ['e1', 'e2']) {
      for (const name of before) await comeFirst(model, hands, name, key);
      if (before.length > 0) await hands.settle();
      await hands.change(entity, 'created', key, { value: key === 'e1' ? 1 : 2 });
    }
    await hands.change(entity, 'updated', 'e1', { value: 3 });
    await hands.change(entity, 'deleted', 'e2', { value: 2 });
    await hands.wait(50);
  };
}

async function comeFirst(model: Model, hands: FlowHands, entity: string, key: string): Promise<void> {
  const own = referredKey(key, entity);
  for (const name of references(model, entity)) await comeFirst(model, hands, name, own);
  await hands.change(entity, 'created', own, { value: 1 });
}

/** What somebody waits for. */
function comesLate(entity: string): FlowDriver {
  return async (hands) => {
    for (const key of ['e1', 'e2']) await hands.change(entity, 'created', referredKey(key, entity), { value: 1 });
    await hands.settle();
  };
}
