import { described, forbiddenProvides, forbiddenReach } from '../role-reach.js';
import type { Rule } from '../rule.js';

/** A repository is asked and answers; it needs its own database and publishes through its outbox, nothing else. */
export const roleRepository: Rule = {
  id: 'role-repository',
  severity: 'error',
  title: 'A repository calls no other service.',
  why: 'A call from the data layer runs inside a transaction: rows stay locked while another machine thinks, and the call cannot be rolled back with the rows.',
  fix: 'Move the call to the api, or publish an event through the outbox.',
  requirements: ['TD-28', 'EP-74'],
  *check(model) {
    for (const service of model.services.values()) {
      if (service.role !== 'repository') continue;
      yield* forbiddenReach(
        model,
        service,
        (kind) =>
          kind === 'shared' || kind.startsWith('resource ')
            ? undefined
            : `${described(kind)}; a repository calls no other service`,
        (target) =>
          `let the caller of "${service.name}" reach "${target}", or publish an event that "${target}" listens to.`,
      );
      yield* forbiddenProvides(
        service,
        ['business-logic', 'authentication', 'tokens'],
        'move it to a service of role api or auth.',
      );
      for (const saga of model.sagas.values()) {
        if (saga.orchestrator !== service.name) continue;
        yield {
          at: saga.at,
          message: `repository "${service.name}" orchestrates saga "${saga.name}".`,
          subject: `service:${service.name} saga:${saga.name}`,
          fix: 'name a service of role api or service as orchestrator.',
        };
      }
    }
  },
};
