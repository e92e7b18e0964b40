import { nearest } from '../../diagnostics/nearest.js';
import { participantsOf } from '../participants.js';
import type { Rule } from '../rule.js';
import { meant, quoted } from '../wording.js';

/**
 * Judges only where services are declared at all: the smallest contract names services without declaring any. An error when a declared name is near, which smells of a
 * typo; else a warning, because a team may describe its services one by one. A near name that is not declared either, and used more often, is offered as what was meant.
 * Nodes of flows have a rule of their own.
 */
export const serviceUnknown: Rule = {
  id: 'service-unknown',
  severity: 'error',
  title: 'Every service that takes part is declared.',
  why: 'A misspelt name is a new service to the generator: it gets a folder, a queue and copies of its own, and the real one gets nothing.',
  fix: 'Correct the name, or declare the service in services.yaml.',
  requirements: ['EP-16', 'TD-103'],
  *check(model) {
    const declared = [...model.services.values()].filter((service) => service.declared).map((service) => service.name);
    if (declared.length === 0) return;
    const participants = participantsOf(model);
    for (const service of model.services.values()) {
      if (service.declared || !participants.has(service.name)) continue;
      const [first, ...others] = service.mentions;
      const usual = [...model.services.values()].filter((each) => each.mentions.length > service.mentions.length);
      yield {
        at: first?.at ?? service.at,
        message: `"${service.name}" takes part in ${quoted(service.features)}, but nothing declares it.`,
        subject: `service:${service.name}`,
        related: others.map((each) => ({ at: each.at, message: 'also named here' })),
        fix: meant(
          service.name,
          [...declared, ...usual.map((each) => each.name)],
          `declare it in services.yaml: ${service.name}: { version: 1.0.0, role: service }`,
        ),
        ...(nearest(service.name, declared) === undefined ? { severity: 'warning' as const } : {}),
      };
    }
  },
};
