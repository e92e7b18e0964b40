import { payloadOf, propertyAt } from './payload.js';
import type { Model } from './types.js';

type Envelope = Model['settings']['envelope'];

/**
 * Where a message carries the envelope's attributes in its body: as the workspace says, else as the ordering of its entity lets see (a version field outside the
 * entity holds the time, its tie-breaker the id). Only attributes whose field the message has.
 */
export function envelopeOf(
  model: Pick<Model, 'settings' | 'entities' | 'messages' | 'documents'>,
  message: string,
): Envelope {
  const payload = payloadOf(model, message);
  if (payload === undefined) return {};
  const entity = [...model.entities.values()].find((item) => item.event === message);
  const version = entity?.ordering.version;
  const tie = entity?.ordering.tieBreaker;
  const inferred: Envelope =
    entity === undefined || version?.kind !== 'timestamp'
      ? {}
      : {
          ...(isOutside(version.path, entity.payload) && { time: version.path }),
          ...(typeof tie === 'string' && isOutside(tie, entity.payload) && { id: tie }),
        };
  const entries = Object.entries({ ...inferred, ...model.settings.envelope });
  return Object.fromEntries(
    entries.filter(([, path]) => path !== undefined && propertyAt(model, payload, path) !== undefined),
  );
}

/** When the whole message is the entity, its fields are the owner's to fill. */
function isOutside(path: string, payload: string): boolean {
  return payload !== '' && path !== payload && !path.startsWith(`${payload}.`);
}
