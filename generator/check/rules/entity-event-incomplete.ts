import { envelopeOf } from '../../model/envelope.js';
import { payloadOf, propertiesOf } from '../../model/payload.js';
import type { Rule } from '../rule.js';
import { quoted } from '../wording.js';

/** Fields that an entity's message must have, and that neither the entity nor the envelope can fill. */
export const entityEventIncomplete: Rule = {
  id: 'entity-event-incomplete',
  severity: 'error',
  title: "Everything that an entity's message requires is known when the entity changes.",
  why: 'The message is composed of the entity and of the attributes that `envelope:` places in the body. A required field that is neither is missing from every message, so the owner could publish none.',
  fix: 'Say in seamwright.yaml which attribute the field holds, or make it optional.',
  requirements: ['EP-31'],
  *check(model) {
    for (const entity of model.entities.values()) {
      const payload = entity.event === undefined ? undefined : payloadOf(model, entity.event);
      if (entity.event === undefined || payload === undefined || entity.payload === '') continue;
      const attributes = Object.values(envelopeOf(model, entity.event)).flatMap((path) => path?.split('.')[0] ?? []);
      const filled = new Set([...attributes, entity.payload.split('.')[0]]);
      const missing = [...propertiesOf(model, payload).values()].filter(
        ({ name, required }) => required && !filled.has(name),
      );
      const [first] = missing;
      if (first === undefined) continue;
      const names = missing.map(({ name }) => name);
      yield {
        at: entity.at,
        message: `message "${entity.event}" requires ${quoted(names)}, which ${names.length === 1 ? 'is' : 'are'} neither in "${entity.name}" nor placed there by "envelope".`,
        subject: `entity:${entity.name} event`,
        fix: `write envelope: { ${attributeFor(first.name)}: ${first.name} } in seamwright.yaml, or make the field optional.`,
        related: [{ at: model.locate(first.ref), message: `"${first.name}" is required here` }],
      };
    }
  },
};

/** The attribute that a field of such a name most likely means. */
function attributeFor(name: string): string {
  if (/correlation/i.test(name)) return 'correlationid';
  if (/id$/i.test(name)) return 'id';
  if (/time|date|at$/i.test(name)) return 'time';
  if (/force/i.test(name)) return 'force';
  if (/seq|version/i.test(name)) return 'sequence';
  return /op|action|kind|type/i.test(name) ? 'op' : 'time';
}
