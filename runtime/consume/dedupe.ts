import type { EffectDefinition } from '../definition.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Received } from './consumer.js';

/**
 * Claims the message for a handler; false when its effect has happened. The claim commits with the effect or not at all: a claim kept in another
 * transaction would lose the effect of a crash in between. A forced message is applied whether claimed or not; the guard still judges it.
 */
export async function claimMessage(
  unit: UnitOfWork,
  definition: EffectDefinition,
  received: Received,
): Promise<boolean> {
  const key = definition.idempotencyKey?.(received.envelope.data) ?? received.envelope.id;
  const claimed = await unit.tx.claim(definition.name, key);
  return claimed || received.envelope.force === true;
}
