import type { Clock } from '../runtime/clock.js';
import type { Store } from '../runtime/stores/store.js';
import type { Happening, Run } from './history.js';
import { type Plan, startMs } from './plan.js';
import { ownerOf, type Subject } from './subject.js';
import { inSimulation } from './world/globals.js';
import type { Part } from './world/roles.js';
import { type NeedsSqlError, virtualStore } from './world/virtual-store.js';
import { traceOf } from './world/witness.js';
import { World, type WorldOptions } from './world/world.js';

export interface SimulateOptions {
  /** An empty store for the service under test. Default: one in memory. */
  readonly store?: () => Promise<Store> | Store;
  readonly busy?: () => boolean;
  readonly mutate?: WorldOptions['mutate'];
  /** Changes the store of a service, such as by a mistake to be found. */
  readonly mutateStore?: (store: Store, service: string, clock: Clock) => Store;
}

/**
 * Plays one plan in virtual time. The same plan gives the same run; what goes wrong in the services is in the run, never thrown. Rejects with `NeedsSqlError`
 * when a service runs SQL and its store has none.
 */
export async function simulate(subject: Subject, plan: Plan, options: SimulateOptions = {}): Promise<Run> {
  const own = await options.store?.();
  const needs: NeedsSqlError[] = [];
  const world = new World({
    subject,
    plan,
    parts: partsOf(subject, plan),
    store: (service, clock) => {
      const store = service === subject.name && own ? own : virtualStore(service, clock, (error) => needs.push(error));
      return options.mutateStore?.(store, service, clock) ?? store;
    },
    ...(options.busy && { busy: options.busy }),
    ...(options.mutate && { mutate: options.mutate }),
  });
  return inSimulation(world, async () => {
    await world.play();
    const end = await world.collect();
    const tookMs = world.clock.now() - startMs;
    const happenings: readonly Happening[] = [...world.witness.happenings];
    const run: Run = {
      ...{ plan, happenings, end, tookMs },
      // Most runs are never compared.
      get trace() {
        return traceOf(happenings);
      },
    };
    await world.stop();
    if (needs[0] !== undefined) throw needs[0];
    return run;
  });
}

/** Who has to be there for a plan: the service under test, whoever owns or publishes what it meets, and the followers of what it owns. */
export function partsOf(subject: Subject, plan: Plan): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>([[subject.name, 'itself']]);
  const add = (service: string | undefined, part: Part): void => {
    if (service !== undefined && !parts.has(service)) parts.set(service, part);
  };
  const followed = new Set<string>();
  for (const step of plan.steps) {
    if (step.do === 'change' || step.do === 'force' || step.do === 'full-sync') {
      const owner = ownerOf(subject, step.entity)?.service.name;
      add(owner, 'owner');
      if (owner === subject.name) followed.add(step.entity);
    } else if (step.do === 'publish') add(step.service, 'owner');
    else if (step.do === 'call') {
      add(step.caller, 'itself');
      add(step.operation.split('.')[0], 'itself');
    }
  }
  for (const code of subject.services.values()) {
    const follows = Object.values(code.definition.copies).some(({ entity }) => followed.has(entity));
    if (follows && plan.followers?.includes(code.name) !== false) add(code.name, 'follower');
  }
  return parts;
}
