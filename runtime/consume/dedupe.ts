import type { EffectDefinition } from '../definition.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Received } from './consumer.js';

/**
 * Claims the message for a handler; false when its effect has happened. The claim commits with the effect or not at all: a claim kept in another
 * transaction would lose the effect of a crash in between. A forced message is handled although its key is claimed, yet once: a redelivery is no new
 * wish. The guard still judges it.
 */
export async function claimMessage(
  unit: UnitOfWork,
  definition: EffectDefinition,
  received: Received,
): Promise<boolean> {
  const { envelope } = received;
  const key = definition.idempotencyKey?.(envelope.data) ?? envelope.id;
  const claimed = await unit.tx.claim(definition.name, key);
  return envelope.force === true ? unit.tx.claim(`${definition.name}#force`, envelope.id) : claimed;
}
