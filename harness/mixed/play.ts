import type { Happening, Run } from '../history.js';
import { startMs } from '../plan.js';
import { partsOf, type SimulateOptions } from '../simulate.js';
import { inSimulation } from '../world/globals.js';
import { createFor } from '../world/roles.js';
import { performStep } from '../world/steps.js';
import { type NeedsSqlError, virtualStore } from '../world/virtual-store.js';
import { traceOf } from '../world/witness.js';
import { World } from '../world/world.js';
import { Cast } from './cast.js';
import type { MixedEdge } from './edges.js';
import type { Deploy } from './orders.js';
import type { MixedPlan } from './plan.js';
import type { Revisions } from './revisions.js';

/** A run in which two revisions met. */
export interface MixedRun {
  readonly run: Run;
  readonly cast: Cast;
}

/**
 * Plays both ends of an edge in the revisions that the plan says, each deploy on the data and the queue that the process before left behind.
 * Rejects with `NeedsSqlError` when a service runs SQL and its store has none.
 */
export async function playMixed(
  revisions: Revisions,
  edge: MixedEdge,
  { plan, start, deploys }: MixedPlan,
  { store, busy }: Pick<SimulateOptions, 'store' | 'busy'> = {},
): Promise<MixedRun> {
  const cast = new Cast(revisions, edge, start);
  const parts = partsOf(cast.subject, plan);
  const own = await store?.();
  const needs: NeedsSqlError[] = [];
  const world = new World({
    subject: cast.subject,
    plan,
    parts,
    store: (service, clock) =>
      service === edge.to && own ? own : virtualStore(service, clock, (error) => needs.push(error)),
    mutate: (usual, service) => (options) => {
      const code = cast.code(service);
      return code === undefined ? usual(options) : createFor(parts.get(service) ?? 'owner', code)(options);
    },
    ...(busy && { busy }),
  });
  const carryOut = ({ end, version, downMs }: Deploy): void => {
    const others = [...parts.keys()].filter((name) => name !== edge.from && name !== edge.to);
    for (const service of end === 'others' ? others : [edge[end]]) {
      const words = `the ${version} revision of ${service} takes over`;
      world.witness.see(service, undefined, { kind: 'fault', fault: 'deploy', words });
      world.crash(service, downMs);
      cast.deploy(service, version, world.witness.happenings.length);
    }
  };
  return inSimulation(world, async () => {
    await world.act(async () => {
      const origin = world.clock.now();
      const doing: Promise<void>[] = [];
      const due = [
        ...deploys.map((deploy) => ({ at: deploy.at, begin: () => carryOut(deploy) })),
        ...plan.steps.map((step) => ({ at: step.at, begin: () => void doing.push(performStep(world, step)) })),
      ].sort((a, b) => a.at - b.at);
      for (const { at, begin } of due) {
        await world.clock.sleep(Math.max(origin + at - world.clock.now(), 0));
        begin();
      }
      await Promise.all(doing);
    });
    const end = await world.collect();
    const happenings: readonly Happening[] = [...world.witness.happenings];
    const tookMs = world.clock.now() - startMs;
    await world.stop();
    if (needs[0] !== undefined) throw needs[0];
    return { cast, run: { plan, happenings, end, tookMs, trace: traceOf(happenings) } };
  });
}
