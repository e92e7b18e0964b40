import { fullSyncRequest } from '../../runtime/sync/control.js';
import { type FullRun, fullRunNote, readFullRun } from '../../runtime/sync/full-runs.js';
import { operator, tellService } from './control-message.js';
import { followersOf, ownerOf } from './followers.js';
import { type RunningService, type RunningSystem, reachable } from './system.js';

/** What a follower's full sync came to. */
export interface FollowedSync {
  readonly service: string;
  /** True when one was running already, and this wish joined it. */
  readonly joined: boolean;
  /** Absent while the service has not taken the request. */
  readonly run?: FullRun;
  /** Why its database cannot be asked: it was told all the same. */
  readonly unreachable?: string;
}

export interface FullSyncWish {
  /** Only this follower. */
  readonly service?: string;
  readonly repair: boolean;
  /** How long to follow the runs; they go on without anybody following. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Told of each step forward. */
  readonly progress?: (states: readonly FollowedSync[]) => void;
}

/** Asks the followers of an entity to read everything again from its owner, and follows them through what they write down. */
export async function fullSync(
  system: RunningSystem,
  name: string,
  wish: FullSyncWish,
): Promise<readonly FollowedSync[]> {
  const { entity } = ownerOf(system, name);
  const services = [...new Set(followersOf(system, entity, wish.service).map(({ service }) => service))];
  const run = system.random.uuid();
  // Before anybody is asked: what was running then is what a request joins.
  const before = new Map<string, FullRun>();
  for (const service of services) {
    const known = await reachable(() => runOf(service, name));
    if (known !== undefined && 'run' in known) before.set(service.name, known);
  }
  for (const service of services) {
    await tellService(system, service, fullSyncRequest, { entity: name, run, from: operator, repair: wish.repair });
  }
  const until = system.clock.now() + wish.waitMs;
  for (;;) {
    const states: FollowedSync[] = [];
    for (const service of services) {
      const now = await reachable(() => runOf(service, name));
      states.push(
        now !== undefined && 'unreachable' in now
          ? { service: service.name, joined: false, ...now }
          : stateOf(service, run, before.get(service.name), now),
      );
    }
    wish.progress?.(states);
    const ended = states.every(
      (state) => state.unreachable !== undefined || (state.run !== undefined && state.run.state !== 'running'),
    );
    if (ended || system.clock.now() >= until || wish.signal?.aborted === true) return states;
    await system.clock.sleep(200, wish.signal).catch(() => {});
  }
}

function runOf(service: RunningService, entity: string): Promise<FullRun | undefined> {
  return service.read(async (tx) => readFullRun(await tx.note(fullRunNote(entity))));
}

function stateOf(
  { name: service }: RunningService,
  wanted: string,
  before: FullRun | undefined,
  now: FullRun | undefined,
): FollowedSync {
  if (now?.run === wanted) return { service, joined: false, run: now };
  // Somebody's next wish has taken its place already: that one reads everything as well.
  const replaced = now?.earlier.includes(wanted) === true;
  const joined = replaced || (before?.state === 'running' && now?.run === before.run);
  return joined && now !== undefined ? { service, joined, run: now } : { service, joined: false };
}
