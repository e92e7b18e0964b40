import type { Rule } from '../rule.js';

/** Two copies under one name at one service, and a copy at the owner. */
export const copyNameTaken: Rule = {
  id: 'copy-name-taken',
  severity: 'error',
  title: 'Each copy at a service has a name of its own, and an owner keeps no copy.',
  why: 'Two copies under one name are one table: the rows of one entity overwrite those of the other.',
  fix: 'Give one of them another name with `as`.',
  requirements: ['EP-32', 'EP-40'],
  *check(model) {
    const taken = new Map<
      string,
      { readonly entity: string; readonly at: { file: string; line: number; column: number } }
    >();
    for (const entity of model.entities.values()) {
      for (const consumer of entity.consumers) {
        const subject = `entity:${entity.name} consumer:${consumer.service}`;
        if (consumer.service === entity.owner) {
          const message = `"${consumer.service}" owns "${entity.name}" and is among its consumers.`;
          yield { at: consumer.at, message, subject, fix: `take "${consumer.service}" out of the consumers.` };
          continue;
        }
        const name = `${consumer.service} ${consumer.as}`;
        const other = taken.get(name);
        if (other === undefined) taken.set(name, { entity: entity.name, at: consumer.at });
        else {
          yield {
            at: consumer.at,
            message: `"${consumer.service}" keeps the copies of "${other.entity}" and of "${entity.name}" under one name, "${consumer.as}".`,
            subject,
            related: [{ at: other.at, message: `the copy of "${other.entity}"` }],
            fix: `write as: Synced${entity.name} at this consumer.`,
          };
        }
      }
    }
  },
};
