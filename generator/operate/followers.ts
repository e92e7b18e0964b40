import type { ReplicaDefinition, VersionRule } from '../../runtime/definition.js';
import { UsageError } from '../../runtime/errors.js';
import type { VersionKind } from '../../runtime/stores/store.js';
import { nearest } from '../diagnostics/nearest.js';
import { envelopeOf } from '../model/envelope.js';
import type { Entity } from '../model/types.js';
import { type RunningService, type RunningSystem, serviceNamed } from './system.js';

/** A copy of an entity that some service keeps. */
export interface Follower {
  readonly service: RunningService;
  readonly copy: ReplicaDefinition;
}

/** An entity with the service that owns it. Throws `UsageError` for a name that the contracts do not know. */
export function ownerOf(
  system: RunningSystem,
  name: string,
): { readonly entity: Entity; readonly owner: RunningService } {
  const entity = system.model.entities.get(name);
  if (entity === undefined) {
    const near = nearest(name, system.model.entities.keys());
    const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new UsageError(`the contracts of ${system.model.system} know no entity "${name}".${meant}`);
  }
  return { entity, owner: serviceNamed(system, entity.owner) };
}

/** Every copy of an entity, or those of one service. Throws `UsageError` when there is none. */
export function followersOf(system: RunningSystem, entity: Entity, only?: string): readonly Follower[] {
  if (only !== undefined) serviceNamed(system, only);
  const found = system.services
    .filter((service) => only === undefined || service.name === only)
    .flatMap((service) =>
      Object.values(service.definition.copies)
        .filter((copy) => copy.entity === entity.name)
        .map((copy) => ({ service, copy })),
    );
  if (found.length === 0)
    throw new UsageError(`${only ?? 'no service'} keeps ${only === undefined ? 'a' : 'no'} copy of ${entity.name}`);
  return found;
}

/**
 * The numbers in which owner and followers count versions. Throws `UsageError` where the version is a field of the entity's own: the owner's runtime
 * keeps no such number, so nothing can be compared without reading every state.
 */
export function versionKind(system: RunningSystem, entity: Entity, rule: VersionRule<unknown>): VersionKind {
  if (rule.kind === 'sequence') return 'sequence';
  const { version } = entity.ordering;
  const time = envelopeOf(system.model, entity.event ?? '').time;
  if (version.kind === 'timestamp' && version.path === time) return 'timestamp';
  throw new UsageError(
    `${entity.name} is versioned by a field of its own, which only its messages carry: compare it by "seamwright sync full ${entity.name}", which repairs what differs`,
  );
}
