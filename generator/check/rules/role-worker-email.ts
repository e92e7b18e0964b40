import { forbiddenReach, isMail } from '../role-reach.js';
import type { Rule } from '../rule.js';

/** Roles that answer while somebody waits. Auth, frontends and repositories have rules of their own. */
const answering = new Set(['api', 'gateway', 'realtime', 'cache']);

/** Finds mail servers reached from a request path. */
export const roleWorkerEmail: Rule = {
  id: 'role-worker-email',
  severity: 'warning',
  title: 'Mail is sent by a worker, on a command.',
  why: 'A mail server is slow and often down. In a request it makes the caller wait, and a retry of the request sends the mail twice.',
  fix: 'Send a command to a worker.',
  requirements: ['TD-23', 'TD-25'],
  *check(model) {
    for (const service of model.services.values()) {
      if (!answering.has(service.role)) continue;
      yield* forbiddenReach(
        model,
        service,
        (_, target) => (isMail(target) ? 'which sends mail' : undefined),
        (target) => `declare a command with a worker as receiver, and let the worker talk to "${target}".`,
      );
    }
  },
};
