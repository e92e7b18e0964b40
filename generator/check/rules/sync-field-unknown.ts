import { entitySchema } from '../../model/payload.js';
import { missingStep } from '../payload-path.js';
import type { Rule } from '../rule.js';
import { meant, quoted } from '../wording.js';

/** Checks `fields` and `map` of entity consumers against the schema of the entity. */
export const syncFieldUnknown: Rule = {
  id: 'sync-field-unknown',
  severity: 'error',
  title: 'Every field that a copy takes exists in the entity.',
  why: 'A field that is never sent stays empty in every row of the copy, and the generated mapping would not compile.',
  fix: 'Correct the name, or add the property to the message.',
  requirements: ['EP-19', 'EP-56'],
  *check(model) {
    for (const entity of model.entities.values()) {
      const shape = entitySchema(model, entity);
      for (const consumer of entity.consumers) {
        // Fields that nobody listed were read from the schema itself.
        if (!consumer.fieldsGiven) continue;
        for (const field of consumer.fields) {
          const missing = missingStep(model, shape, field.path);
          if (missing === undefined) continue;
          const within = missing.parent === '' ? `"${entity.name}"` : `"${missing.parent}" of "${entity.name}"`;
          yield {
            at: field.at,
            message: `the copy at "${consumer.service}" takes "${field.path}", but ${within} has no property "${missing.step}" (it has ${quoted(missing.among)}).`,
            subject: `entity:${entity.name} consumer:${consumer.service} field:${field.path}`,
            fix: meant(missing.step, missing.among, 'add the property to the schema of the message'),
          };
        }
      }
    }
  },
};
