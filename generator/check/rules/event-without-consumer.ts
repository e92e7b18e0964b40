import type { Rule } from '../rule.js';

/** Events and entities with a message that nobody listens to. Deprecated events may end that way. */
export const eventWithoutConsumer: Rule = {
  id: 'event-without-consumer',
  severity: 'warning',
  title: 'Every event has a consumer.',
  why: 'An event without consumers is published into the void, and its format is kept compatible for nobody.',
  fix: 'Add a consumer, or take the event out.',
  requirements: ['DH-56'],
  *check(model) {
    // Without a feature, nothing claims that the documents at hand are the whole system.
    if (model.features.size === 0) return;
    for (const event of model.events.values()) {
      const copied = event.entity !== undefined && (model.entities.get(event.entity)?.consumers.length ?? 0) > 0;
      if (event.consumers.length > 0 || event.deprecated || copied) continue;
      yield {
        at: event.at,
        message: `event "${event.name}" of "${event.publisher}" has no consumer.`,
        subject: `event:${event.name}`,
        fix: 'write who reads it (consumers: [<service>]), mark it deprecated: true, or take it out.',
      };
    }
    for (const entity of model.entities.values()) {
      const heard = [...model.events.values()].some((event) => event.message === entity.event);
      if (entity.event === undefined || entity.consumers.length > 0 || heard) continue;
      yield {
        at: entity.at,
        message: `entity "${entity.name}" publishes "${entity.event}", but no service copies it.`,
        subject: `entity:${entity.name}`,
        fix: 'write who keeps a copy (consumers: [<service>]), or take "event" out.',
      };
    }
  },
};
