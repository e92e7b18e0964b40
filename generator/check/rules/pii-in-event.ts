import { payloadFields } from '../../model/payload-fields.js';
import type { Entity, Model } from '../../model/types.js';
import { joined } from '../payload-path.js';
import type { Rule, Violation } from '../rule.js';
import { travellingMessages } from '../travelling.js';
import { quoted } from '../wording.js';

const personal =
  /^(.*e-?mail(address)?|.*phone(number)?|mobile|ssn|social_?security(number)?|passport(number)?|iban|credit_?card(number)?|card_?number|birth_?date|date_?of_?birth|first_?name|last_?name|full_?name|tax_?id|national_?id|(street|home|postal)_?address|ip_?address)$/i;

/**
 * A field is declared by `pii` of its entity or by `x-pii: true` in its schema. Undeclared fields that look personal are warnings; a declared one that also goes to
 * a consumer which takes other fields only is advice, because all consumers of a message get the whole of it.
 */
export const piiInEvent: Rule = {
  id: 'pii-in-event',
  severity: 'warning',
  title: 'Personal data in messages is declared, and goes to those who use it.',
  why: 'Messages lie in queues, dead-letter queues and logs for weeks. What is not declared is neither masked in logs nor found when somebody asks to be forgotten.',
  fix: 'List the field under `pii`, or leave it out of the message.',
  requirements: ['DH-65', 'SE-61'],
  *check(model) {
    for (const message of travellingMessages(model)) {
      const { payload } = message.definition;
      if (payload === undefined) continue;
      const declared = declaredPaths(model, message.name);
      const fields = payloadFields(model, payload).filter(
        (field) => personal.test(field.name) && field.schema['x-pii'] === undefined && !declared.has(field.path),
      );
      const [first] = fields;
      if (first === undefined) continue;
      yield {
        at: model.locate(first.ref),
        message: `message "${message.name}" carries ${quoted(fields.map((field) => field.path))}, which looks personal and is not declared so.`,
        subject: `message:${message.name}`,
        fix: 'write x-pii: true at the property, or list it under pii of the entity; x-pii: false if it is none.',
      };
    }
    for (const entity of model.entities.values()) yield* unread(entity);
  },
};

function declaredPaths(model: Model, message: string): ReadonlySet<string> {
  const entities = [...model.entities.values()].filter((entity) => entity.event === message);
  return new Set(entities.flatMap((entity) => entity.pii.map((item) => joined(entity.payload, item.path))));
}

function* unread(entity: Entity): Iterable<Violation> {
  for (const { path, at } of entity.pii) {
    const others = entity.consumers.filter(
      (each) => each.fieldsGiven && !each.fields.some((field) => field.path === path),
    );
    if (others.length === 0 || entity.event === undefined) continue;
    yield {
      at,
      message: `"${path}" of "${entity.name}" is personal and reaches ${quoted(others.map((each) => each.service))}, which ${others.length === 1 ? 'takes' : 'take'} other fields only.`,
      subject: `entity:${entity.name} field:${path}`,
      fix: `move "${path}" to a message of its own for those who use it, or accept it with a reason.`,
      severity: 'info',
    };
  }
}
