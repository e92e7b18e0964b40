import { entitySchema, propertyAt } from '../../model/payload.js';
import { missingStep } from '../payload-path.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** `delete: { mode: soft, field }` must name a boolean of the entity. */
export const deleteFieldUnknown: Rule = {
  id: 'delete-field-unknown',
  severity: 'error',
  title: 'The field that marks a deleted entity is a boolean of the entity.',
  why: 'The mark would never be seen: deleted rows stay alive in every copy.',
  fix: 'Correct the name, or add the field to the schema of the entity.',
  requirements: ['EP-60', 'EP-81'],
  *check(model) {
    for (const entity of model.entities.values()) {
      const { field } = entity.delete;
      const shape = entitySchema(model, entity);
      if (field === undefined || shape === undefined) continue;
      const missing = missingStep(model, shape, field);
      const found = propertyAt(model, shape, field);
      const type = found === undefined ? undefined : (found.schema as { readonly type?: unknown } | null)?.type;
      const wrong = type !== undefined && type !== 'boolean' && !(Array.isArray(type) && type.includes('boolean'));
      if (missing === undefined && !wrong) continue;
      yield {
        at: entity.at,
        message: `entity "${entity.name}" marks deletion by "${field}", ${missing === undefined ? `which is of type "${String(type)}", not boolean` : 'which it does not have'}.`,
        subject: `entity:${entity.name} delete`,
        fix: meant(
          missing?.step ?? field,
          missing?.among ?? [],
          `write ${field}: { type: boolean } in the schema of "${entity.name}"`,
        ),
      };
    }
  },
};
