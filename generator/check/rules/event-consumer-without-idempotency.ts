import type { Rule } from '../rule.js';

/** Effects without `idempotency_key`, on the consumer or the event. Outside a transaction (`transaction: none`) that is an error. */
export const eventConsumerWithoutIdempotency: Rule = {
  id: 'event-consumer-without-idempotency',
  severity: 'warning',
  title: 'Every effect of an event names the key by which it happens once.',
  why: 'The message id recognises a redelivery, but not the same fact published twice (a forced sync, a repeated job, a replay): the effect then happens twice.',
  fix: 'Write `idempotency_key` with the id of the fact.',
  requirements: ['DH-58', 'TD-96'],
  *check(model) {
    for (const event of model.events.values()) {
      if (event.delivery === 'at-most-once' || event.from === 'operations') continue;
      for (const consumer of event.consumers) {
        if ((consumer.idempotencyKey ?? event.idempotencyKey) !== undefined) continue;
        const outside = consumer.transaction === 'none';
        yield {
          at: consumer.at,
          message: `"${consumer.service}" handles event "${event.name}" without an idempotency key${outside ? ' and outside a transaction' : ''}.`,
          subject: `event:${event.name} consumer:${consumer.service}`,
          fix: `write idempotency_key: <field that names the fact> at this consumer or at "${event.name}".`,
          ...(outside ? { severity: 'error' as const } : {}),
        };
      }
    }
  },
};
