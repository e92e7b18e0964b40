import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { waitsOf } from '../waits.js';
import { meant } from '../wording.js';

/** Looks at `waits_for` of every consumer and at `entity:` of every event. */
export const entityUndeclared: Rule = {
  id: 'entity-undeclared',
  severity: 'error',
  title: 'Every entity that is waited for or named by an event is declared.',
  why: 'Nobody owns an undeclared entity, so it never arrives: a consumer that waits for it parks every message until it is dead-lettered.',
  fix: 'Declare the entity with its owner, or correct the name.',
  requirements: ['EP-17', 'EP-57'],
  *check(model) {
    for (const use of usesOf(model)) {
      if (model.entities.has(use.entity)) continue;
      yield {
        at: use.at,
        message: `entity "${use.entity}" is ${use.how}, but nothing declares it.`,
        subject: `entity:${use.entity} ${use.by}`,
        fix: meant(use.entity, model.entities.keys(), `declare it: entities: { ${use.entity}: { owner: <service> } }`),
      };
    }
  },
};

function* usesOf(model: Model): Iterable<{ entity: string; how: string; by: string; at: Position }> {
  for (const { wait, what, subject } of waitsOf(model)) {
    yield { entity: wait.entity, how: `awaited by ${what}`, by: subject, at: wait.at };
  }
  for (const event of model.events.values()) {
    if (event.entity === undefined) continue;
    yield { entity: event.entity, how: `named by event "${event.name}"`, by: `event:${event.name}`, at: event.at };
  }
}
