import type { Run } from '../../history.js';
import { type CallStep, type Plan, startMs } from '../../plan.js';
import type { SimulateOptions } from '../../simulate.js';
import { Callers } from '../../world/callers.js';
import { inSimulation } from '../../world/globals.js';
import type { InhabitedWorld } from '../../world/inhabited.js';
import { providersIn } from '../../world/providers/in-world.js';
import { sqlStores } from '../../world/sql-store.js';
import { performStep } from '../../world/steps.js';
import { virtualHttp } from '../../world/virtual-http.js';
import { NeedsSqlError, virtualStore } from '../../world/virtual-store.js';
import { traceOf } from '../../world/witness.js';
import { World } from '../../world/world.js';
import type { Revisions, Version } from '../revisions.js';

/** Who runs which revision. */
export interface Pair {
  readonly client: Version;
  readonly server: Version;
}

/** Plays the calls of a plan: as the contract of one revision has them, at a service of the same or the other one. Others are played by their contracts. */
export async function playCalls(revisions: Revisions, pair: Pair, plan: Plan): Promise<Run> {
  try {
    return await played(revisions, pair, plan);
  } catch (error) {
    if (!(error instanceof NeedsSqlError)) throw error;
  }
  const { open, busy } = sqlStores(plan.service);
  return played(revisions, pair, plan, { store: open, busy });
}

async function played(
  revisions: Revisions,
  { client, server }: Pair,
  plan: Plan,
  { store, busy }: Pick<SimulateOptions, 'store' | 'busy'> = {},
): Promise<Run> {
  const subject = revisions[server].subject(plan.service);
  const own = await store?.();
  const needs: NeedsSqlError[] = [];
  const world = new World({
    ...{ subject, plan, parts: new Map([[plan.service, 'itself']]) },
    store: (service, clock) => own ?? virtualStore(service, clock, (error) => needs.push(error)),
    ...(busy && { busy }),
  });
  const calling = callingIn(world, revisions, client);
  return inSimulation(world, async () => {
    await world.act(async () => {
      const origin = world.clock.now();
      for (const step of plan.steps) {
        await world.clock.sleep(Math.max(origin + step.at - world.clock.now(), 0));
        await performStep(calling, step);
      }
    });
    const end = await world.collect();
    const happenings = [...world.witness.happenings];
    const tookMs = world.clock.now() - startMs;
    await world.stop();
    if (needs[0] !== undefined) throw needs[0];
    return { plan, happenings, end, tookMs, trace: traceOf(happenings) };
  });
}

/** The same world for callers of another revision. */
function callingIn(world: World, revisions: Revisions, client: Version): InhabitedWorld {
  const { subject, plan, clock, broker, witness, trouble, sites } = world;
  const provider = providersIn(subject.model, plan.seed, sites);
  const call = virtualHttp({ model: subject.model, clock, witness, trouble, provider });
  const callers = new Callers(revisions[client].model, clock, call);
  const ownerSite = (entity: string) => world.ownerSite(entity);
  return { subject, plan, clock, broker, witness, trouble, sites, callers, ownerSite };
}

/** Steps that call somebody: all of a plan of calls. */
export function callsOf(plan: Plan): readonly CallStep[] {
  return plan.steps.filter((step) => step.do === 'call');
}
