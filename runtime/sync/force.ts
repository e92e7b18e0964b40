import type { OwnedDefinition } from '../definition.js';
import { entityMessage } from '../entity-message.js';
import { UsageError } from '../errors.js';
import type { Parts } from '../parts.js';
import { send } from '../send.js';
import type { UnitOfWork } from '../unit-of-work.js';

/**
 * Tells the present state of an owned entity again: same version, new message id, marked as forced, whatever `publish_when` says. A follower applies
 * it over an equal version, which repairs a damaged copy, and never over a newer one. False when the entity was never told.
 * Rejects with `UsageError` when the service does not own such an entity.
 */
export async function forceSync(parts: Parts, unit: UnitOfWork, entity: string, id: string): Promise<boolean> {
  const definition = ownedNamed(parts, entity);
  const state = await unit.tx.owned(entity, id);
  if (state === null) return false;
  await send(
    parts,
    unit,
    entityMessage({
      service: parts.definition.service,
      definition,
      id,
      state,
      op: state.deleted ? 'deleted' : 'updated',
      messageId: parts.random.uuid(),
      cause: unit.cause,
      force: true,
    }),
  );
  await unit.tx.markPublished(entity, id);
  return true;
}

/** The definition of an entity that the service owns. Throws `UsageError` when it does not. */
export function ownedNamed(parts: Parts, entity: string): OwnedDefinition {
  const definition = Object.values(parts.definition.owned).find((one) => one.entity === entity);
  if (definition === undefined) throw new UsageError(`${parts.definition.service} does not own ${entity}`);
  return definition;
}
