import type { Rule } from '../rule.js';
import { waitsOf } from '../waits.js';

/**
 * An awaited entity reaches a service when the service owns it or is among its consumers. Undeclared entities are judged elsewhere. An optional wait is only in vain,
 * which is a warning.
 */
export const waitUnknown: Rule = {
  id: 'wait-unknown',
  severity: 'error',
  title: 'A consumer waits only for entities that reach it.',
  why: 'An entity of which the service keeps no copy never arrives there: every message that waits for it is parked until it is dead-lettered.',
  fix: 'Add the service to the consumers of the entity, or take the wait out.',
  requirements: ['EP-08', 'EP-65'],
  *check(model) {
    for (const { wait, service, what, subject } of waitsOf(model)) {
      const entity = model.entities.get(wait.entity);
      if (entity === undefined || entity.owner === service) continue;
      if (entity.consumers.some((consumer) => consumer.service === service)) continue;
      yield {
        at: wait.at,
        message: `${what} waits for "${wait.entity}", which never reaches "${service}".`,
        subject: `${subject} wait:${wait.entity}`,
        related: [{ at: entity.at, message: `"${wait.entity}" is declared here` }],
        fix: `add "${service}" to the consumers of "${wait.entity}", or take this wait out.`,
        ...(wait.optional ? { severity: 'warning' as const } : {}),
      };
    }
  },
};
