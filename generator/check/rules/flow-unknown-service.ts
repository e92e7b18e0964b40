import type { Model } from '../../model/types.js';
import { participantsOf } from '../participants.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** A node of a flow is known when it is declared, is a resource, or takes part in anything besides flows. */
export const flowUnknownService: Rule = {
  id: 'flow-unknown-service',
  severity: 'error',
  title: 'Every node of a flow is a known service or resource.',
  why: 'A misspelt node becomes a service of its own in the maps and diagrams, and the flow is never driven through the real one.',
  fix: 'Correct the name, or declare the service.',
  requirements: ['TD-48', 'TD-104'],
  *check(model) {
    const known = knownNames(model);
    for (const flow of model.flows) {
      const told = new Set<string>();
      for (const hop of flow.hops) {
        for (const name of [hop.from, hop.to]) {
          if (known.has(name) || told.has(name)) continue;
          told.add(name);
          yield {
            at: hop.at,
            message: `${flow.kind === 'flow' ? `flow "${flow.name}"` : 'data_flow'} names "${name}", which is no service or resource.`,
            subject: `flow:${flow.feature}/${flow.name} service:${name}`,
            fix: meant(name, known, `declare it: services: [{ name: ${name} }]`),
          };
        }
      }
    }
  },
};

function knownNames(model: Model): ReadonlySet<string> {
  const declared = [...model.services.values()].filter((service) => service.declared).map((service) => service.name);
  return new Set([...declared, ...model.resources.keys(), ...participantsOf(model)]);
}
