import { forbiddenProvides, forbiddenReach } from '../role-reach.js';
import type { Rule } from '../rule.js';

const forbidden = ['authentication', 'tokens', 'sessions', 'password-hashing', 'data-persistence'];

/** An api orchestrates and decides; rows and tokens belong to others. */
export const roleApi: Rule = {
  id: 'role-api',
  severity: 'error',
  title: 'An api reaches data through repositories and leaves authentication to the auth service.',
  why: 'Queries in an api tie its rules to one table layout, and a second place that issues tokens is a second place where they can be forged.',
  fix: 'Call the repository or the auth service.',
  requirements: ['TD-22'],
  *check(model) {
    for (const service of model.services.values()) {
      if (service.role !== 'api') continue;
      yield* forbiddenReach(
        model,
        service,
        (kind) => (kind === 'resource database' ? 'a database, which only a repository may reach' : undefined),
        (target) => `put a service of role repository between "${service.name}" and "${target}".`,
      );
      yield* forbiddenProvides(service, forbidden, 'move it to a service of role auth or repository.');
    }
  },
};
