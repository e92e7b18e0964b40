import type { Entity } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { spoken, written } from '../wording.js';

/** A tombstone must outlive every message that may still arrive: parked ones (`max_age`) and dead letters that are replayed (`retention`). */
export const tombstoneTooShort: Rule = {
  id: 'tombstone-too-short',
  severity: 'error',
  title: 'A tombstone lives longer than any message of its entity.',
  why: 'Once the tombstone is gone, a parked or replayed update of the deleted row looks new: the row comes back and nobody deletes it again.',
  fix: 'Raise `tombstone_ttl`, or lower `max_age` and `retention`.',
  requirements: ['EP-60', 'EP-63'],
  *check(model) {
    for (const entity of model.entities.values()) {
      const { mode, tombstoneTtlMs } = entity.delete;
      const [oldest] = [...lifetimes(entity)].sort((a, b) => b.ms - a.ms);
      if (mode === 'never' || entity.consumers.length === 0 || oldest === undefined || tombstoneTtlMs > oldest.ms)
        continue;
      yield {
        at: entity.at,
        message: `tombstones of "${entity.name}" live ${spoken(tombstoneTtlMs)}, but ${oldest.what} may arrive after ${spoken(oldest.ms)}.`,
        subject: `entity:${entity.name} delete`,
        fix: `write delete: { mode: ${mode}, tombstone_ttl: ${written(oldest.ms * 2)} }, or lower the other.`,
      };
    }
  },
};

function* lifetimes(entity: Entity): Iterable<{ readonly what: string; readonly ms: number }> {
  if (entity.deadLetter.retentionMs !== undefined)
    yield { what: 'a replayed dead letter', ms: entity.deadLetter.retentionMs };
  for (const consumer of entity.consumers) {
    for (const wait of consumer.waits) yield { what: `a message parked at "${consumer.service}"`, ms: wait.maxAgeMs };
  }
}
