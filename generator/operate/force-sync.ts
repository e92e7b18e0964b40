import { compareVersions, type Version } from '../../runtime/guard.js';
import { instantNanoseconds } from '../../runtime/instant.js';
import type { OwnedState } from '../../runtime/stores/store.js';
import { syncRequest } from '../../runtime/sync/control.js';
import { operator, tellService } from './control-message.js';
import { type Follower, followersOf, ownerOf, versionKind } from './followers.js';
import { type RunningSystem, reachable } from './system.js';

/** Where a follower stands with a forced message. */
export interface FollowerState {
  readonly service: string;
  readonly copy: string;
  /** `shows`: it has the owner's version or a newer one. `parked`: the message waits for `waitsFor`. */
  readonly state: 'shows' | 'pending' | 'parked' | 'unreachable';
  readonly has?: string;
  readonly waitsFor?: string;
  /** Why its database cannot be asked. */
  readonly unreachable?: string;
}

export interface ForcedSync {
  /** False when the owner has never been told of such an entity: nothing was asked. */
  readonly known: boolean;
  /** The owner's version. */
  readonly version?: string;
  readonly followers: readonly FollowerState[];
}

/**
 * Asks an owner to tell an entity again, and waits for its followers at most `waitMs`: until each has the owner's version, or is known to wait for
 * something else. The owner's own runtime sends the message, so it passes outbox, queue and guard like any other.
 */
export async function forceSync(
  system: RunningSystem,
  name: string,
  id: string,
  { waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal },
): Promise<ForcedSync> {
  const { entity, owner } = ownerOf(system, name);
  const followers = followersOf(system, entity);
  const state = await owner.read((tx) => tx.owned(name, id));
  if (state === null) return { known: false, followers: [] };
  await tellService(system, owner, syncRequest, { entity: name, id, from: operator });
  const until = system.clock.now() + waitMs;
  for (;;) {
    const states: FollowerState[] = [];
    for (const follower of followers)
      states.push(await stateAt(follower, id, versionFor(system, follower, state, name)));
    const done = states.every(({ state }) => state !== 'pending');
    if (done || system.clock.now() >= until || signal?.aborted === true) {
      return { known: true, version: `${state.version.epoch}/${state.version.sequence}`, followers: states };
    }
    await system.clock.sleep(100, signal).catch(() => {});
  }
}

/** The owner's version as a follower counts it. */
function versionFor(system: RunningSystem, { copy }: Follower, state: OwnedState, name: string): Version {
  const { entity } = ownerOf(system, name);
  return followerVersion(versionKind(system, entity, copy.version), state);
}

export function followerVersion(kind: 'sequence' | 'timestamp', state: OwnedState): Version {
  if (kind === 'sequence') return state.version;
  return { epoch: 0, sequence: instantNanoseconds(state.changedAt) ?? 0n, tie: '' };
}

async function stateAt(follower: Follower, id: string, wanted: Version): Promise<FollowerState> {
  const state = await reachable(() => shownAt(follower, id, wanted));
  if ('state' in state) return state;
  return { service: follower.service.name, copy: follower.copy.name, state: 'unreachable', ...state };
}

function shownAt({ service, copy }: Follower, id: string, wanted: Version): Promise<FollowerState> {
  return service.read(async (tx) => {
    const about = { service: service.name, copy: copy.name };
    const stored = await tx.replicaVersion(copy.table, id);
    const has = stored === undefined ? {} : { has: `${stored.version.epoch}/${stored.version.sequence}` };
    // The tie-breaker is a message id, and the owner's runtime does not keep those.
    if (stored !== undefined && compareVersions({ ...stored.version, tie: '' }, wanted) >= 0)
      return { ...about, state: 'shows', ...has };
    const parked = (await tx.parkedOf(copy.entity, id)).find((one) => one.consumer === copy.name);
    if (parked === undefined) return { ...about, state: 'pending', ...has };
    return { ...about, state: 'parked', ...has, waitsFor: `${parked.dependency.entity} ${parked.dependency.id}` };
  });
}
