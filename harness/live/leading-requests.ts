import { randomStream } from '../../generator/schema/random.js';
import type { Plan } from '../plan.js';
import { callerOf, callStep } from '../scenarios/calls-out.js';
import type { Subject } from '../subject.js';
import { NoValueError } from '../values.js';
import { contractOperation, contractsOf } from '../world/providers/contracts.js';
import { type GroupedRequest, requestFor } from '../world/providers/request.js';
import type { Counter } from './counter.js';
import type { LeadingRequest, LeadingRequests } from './leading-request.js';
import type { LiveWorld } from './live-world.js';
import { playLive } from './play-live.js';

/** Requests that are tried for each operation; each says something that the others do not. */
const shapesMax = 4;
const valuesMax = 200;

/** Asks the service everything that it answers, once and in all forms, and sees whom it calls for it. */
export async function leadingRequests(world: LiveWorld, counter: Counter): Promise<LeadingRequests> {
  const { subject } = world;
  const tries = (contractsOf(subject.model).get(subject.name)?.operations ?? []).flatMap(({ id }) =>
    formsOf(subject, `${subject.name}.${id}`),
  );
  if (tries.length === 0 || !subject.model.http.some(({ from }) => from === subject.name)) return new Map();
  const steps = tries.map(({ operation, value }, index) => {
    const caller = callerOf(subject, operation.slice(subject.name.length + 1));
    return callStep(`m${counter.steps + index + 1}`, index * 10, { operation, caller }, { value });
  });
  counter.steps += steps.length;
  const facts = { seamwright: 1, system: subject.system, service: subject.name, scenario: 'good-day' } as const;
  const plan: Plan = { ...facts, level: 'sim', seed: 1, jitter: 0, steps, faults: [] };
  const { run } = await playLive(world, plan, randomStream(1));
  const led = new Map<string, LeadingRequest[]>();
  for (const happening of run.happenings) {
    if (happening.kind !== 'calling' || happening.service !== subject.name) continue;
    const form = tries[steps.findIndex(({ id }) => id === happening.step)];
    const known = led.get(happening.operation) ?? [];
    if (form !== undefined && !known.includes(form)) led.set(happening.operation, [...known, form]);
  }
  return led;
}

interface Form extends LeadingRequest {
  readonly value: number;
}

/** One request of each form, such as with and without what is optional. */
function formsOf(subject: Subject, operation: string): readonly Form[] {
  const definition = contractOperation(subject.model, operation);
  if (definition === undefined) return [];
  const shapeAt = (value: number): string => shapeOf(requestFor(definition, value));
  const forms = new Map<string, Form>();
  try {
    for (let value = 1; value <= valuesMax && forms.size < shapesMax; value++) {
      const shape = shapeAt(value);
      if (forms.has(shape)) continue;
      let last = value;
      const freshValue = (): number => {
        for (let next = last + 1; next <= last + valuesMax; next++) {
          if (shapeAt(next) !== shape) continue;
          last = next;
          return next;
        }
        return last;
      };
      forms.set(shape, { operation, value, freshValue });
    }
  } catch (error) {
    // A request that cannot be made up leads nowhere.
    if (!(error instanceof NoValueError)) throw error;
  }
  return [...forms.values()];
}

/** Names of everything that a request says. */
function shapeOf(request: GroupedRequest): string {
  return JSON.stringify(
    Object.entries(request).map(([group, said]) => [
      group,
      typeof said === 'object' && said !== null ? Object.keys(said).sort() : typeof said,
    ]),
  );
}
