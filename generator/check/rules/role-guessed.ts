import type { Rule } from '../rule.js';

/** Finds roles that were read out of a name such as `front-public` or `back-auth`. */
export const roleGuessed: Rule = {
  id: 'role-guessed',
  severity: 'info',
  title: 'The role of a service is written down.',
  why: 'Role rules, deploy tiers and `consumers: "*"` follow from the role; a guess from the name changes when the service is renamed.',
  fix: 'Write the role in services.yaml.',
  requirements: ['TD-04'],
  *check(model) {
    for (const service of model.services.values()) {
      if (service.roleFrom !== 'name' || !service.declared) continue;
      yield {
        at: service.at,
        message: `the role of "${service.name}" was guessed from its name: "${service.role}".`,
        subject: `service:${service.name}`,
        fix: `write role: ${service.role} (or another one) where "${service.name}" is declared.`,
      };
    }
  },
};
