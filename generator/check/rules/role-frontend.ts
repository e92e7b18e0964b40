import { described, forbiddenProvides, forbiddenReach } from '../role-reach.js';
import type { Rule } from '../rule.js';

const allowed = new Set(['gateway', 'api', 'auth', 'realtime', 'service', 'frontend', 'shared']);
const forbidden = ['business-logic', 'authentication', 'tokens', 'sessions', 'payments', 'data-persistence'];

/** Frontends may need gateway, api, auth, realtime and service, and own nothing. */
export const roleFrontend: Rule = {
  id: 'role-frontend',
  severity: 'error',
  title: 'A frontend renders and calls backends; it stores, decides and publishes nothing.',
  why: 'What a frontend does runs on a machine of the user: rules can be skipped there, secrets read, and a crash loses what was not stored behind an API.',
  fix: 'Call an api or gateway that does it.',
  requirements: ['TD-18', 'TD-19'],
  *check(model) {
    for (const service of model.services.values()) {
      if (service.role !== 'frontend') continue;
      yield* forbiddenReach(
        model,
        service,
        (kind) => (allowed.has(kind) ? undefined : `${described(kind)}, which a frontend must not reach`),
        (target) => `let "${service.name}" call an api or gateway, and that one "${target}".`,
      );
      yield* forbiddenProvides(service, forbidden, 'move it to a service of role api or auth.');
      const subject = `service:${service.name}`;
      for (const entity of model.entities.values()) {
        if (entity.owner !== service.name) continue;
        const message = `frontend "${service.name}" owns entity "${entity.name}".`;
        yield {
          at: entity.at,
          message,
          subject: `${subject} entity:${entity.name}`,
          fix: 'name the service that stores it as owner.',
        };
      }
      for (const event of model.events.values()) {
        if (event.publisher !== service.name) continue;
        const message = `frontend "${service.name}" publishes event "${event.name}".`;
        yield {
          at: event.at,
          message,
          subject: `${subject} event:${event.name}`,
          fix: 'let the service that stores the change publish it.',
        };
      }
      for (const saga of model.sagas.values()) {
        if (saga.orchestrator !== service.name) continue;
        const message = `frontend "${service.name}" orchestrates saga "${saga.name}".`;
        yield {
          at: saga.at,
          message,
          subject: `${subject} saga:${saga.name}`,
          fix: 'name a service of role api or service as orchestrator.',
        };
      }
    }
  },
};
