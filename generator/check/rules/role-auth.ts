import { forbiddenProvides, forbiddenReach, isMail, isPayment } from '../role-reach.js';
import type { Rule } from '../rule.js';

/** An auth service knows who somebody is; money, mail, rows and rules belong to others. */
export const roleAuth: Rule = {
  id: 'role-auth',
  severity: 'error',
  title: 'An auth service authenticates; it takes no payments, sends no mail and queries no database.',
  why: 'Every request passes the auth service. What else it does makes sign-in slower and fails with it, and it widens what an attacker of it reaches.',
  fix: 'Send a command to a worker, or move the rule to the api.',
  requirements: ['TD-25'],
  *check(model) {
    for (const service of model.services.values()) {
      if (service.role !== 'auth') continue;
      yield* forbiddenReach(
        model,
        service,
        (kind, target) => {
          if (kind === 'resource database') return 'a database, which only a repository may reach';
          if (isMail(target)) return 'which sends mail';
          if (isPayment(target)) return 'which takes payments';
          return undefined;
        },
        (target) =>
          isMail(target)
            ? `send a command to a worker that talks to "${target}".`
            : `let an api or repository talk to "${target}" instead.`,
      );
      yield* forbiddenProvides(
        service,
        ['business-logic', 'payments', 'email'],
        'move it to a service of role api or worker.',
      );
    }
  },
};
