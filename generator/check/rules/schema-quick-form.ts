import { operationsOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** `schemas:` of a feature. Beside an OpenAPI document the same fact is written twice. */
export const schemaQuickForm: Rule = {
  id: 'schema-quick-form',
  severity: 'info',
  title: 'Requests and responses are described by OpenAPI.',
  why: 'The quick form `schemas:` is enough for one contract test. It names no path, status or parameter, so no client and no breaking-change check come of it.',
  fix: 'Move the schemas to an OpenAPI document.',
  requirements: ['TD-64'],
  *check(model) {
    for (const feature of model.features.values()) {
      const [first] = feature.quickSchemas;
      if (first === undefined) continue;
      const described = feature.participants.filter((service) => operationsOf(model, service).length > 0);
      yield {
        at: first.at,
        message:
          described.length === 0
            ? `feature "${feature.name}" describes its ${feature.quickSchemas.map((each) => each.name).join(' and ')} by the quick form.`
            : `feature "${feature.name}" describes its ${feature.quickSchemas.map((each) => each.name).join(' and ')} by the quick form beside the OpenAPI document of "${described[0]}".`,
        subject: `feature:${feature.name} schemas`,
        fix: 'move them to components.schemas of an OpenAPI document and name it under openapi.',
      };
    }
  },
};
