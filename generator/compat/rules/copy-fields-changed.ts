import { entitySchema, propertiesOf } from '../../model/payload.js';
import type { Model } from '../../model/types.js';
import { reached } from '../affected.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice, safe } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A field that a copy takes has to be in the message, and in the copies that are there. */
export const copyFieldsChanged: CompatRule = {
  id: 'copy-fields-changed',
  title: 'What a copy takes was sent before.',
  why: 'A field that the owner begins to send with this very change is missing from every message that is under way, and from every copy that was stored before.',
  fix: 'Deploy the owner first, then the copies, then run a full sync.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'That the owner stops sending a field is a change of its schema.' },
  *judge(change, revisions) {
    if (!isSet(change, 'copy', 'fields')) return;
    const entity = nameIn(change.subject);
    const service = nameIn(change.subject, 'copy').split('/')[0] ?? '';
    const said = {
      ...concerned(change, revisions),
      readers: [service],
      affected: reached(revisions, [[service, change.features[0] ?? '', `takes fields of "${entity}"`]]),
    };
    const before = takenBy(change.before, revisions.before, entity);
    const taken = takenBy(change.after, revisions.after, entity).filter((path) => !before.includes(path));
    const dropped = before.filter((path) => !takenBy(change.after, revisions.after, entity).includes(path));
    const sent = sentBefore(revisions.before, entity);
    // Where nothing describes the entity nobody knows what was sent.
    const fresh = taken.filter((path) => sent.size > 0 && !sent.has(path.split('.')[0] ?? ''));
    if (fresh.length > 0) {
      const message = `"${service}" takes ${quoted(fresh)} of "${entity}", which the owner begins to send only now.`;
      yield breaking(this, change, { ...said, message, order: 'writer-first', breaksStored: true });
    } else if (taken.length > 0) {
      const message = `"${service}" takes ${quoted(taken)} of "${entity}", too; what it stored before has no such field.`;
      yield notice(this, change, {
        ...said,
        message,
        order: 'any',
        level: 'patch',
        fix: 'Run a full sync when it is deployed.',
      });
    } else if (dropped.length > 0) {
      const message = `"${service}" no longer takes ${quoted(dropped)} of "${entity}".`;
      yield safe(this, change, { ...said, message, order: 'any', level: 'patch' });
    } else {
      const message = `"${service}" stores fields of "${entity}" under other names.`;
      yield notice(this, change, {
        ...said,
        message,
        order: 'any',
        level: 'patch',
        fix: 'Run a full sync when it is deployed.',
      });
    }
  },
};

/** Paths that a copy takes; without a list, everything that the entity has. */
function takenBy(fields: unknown, model: Model, entity: string): readonly string[] {
  if (typeof fields === 'object' && fields !== null) return Object.values(fields).map(String);
  return [...sentBefore(model, entity)];
}

/** Properties of the entity as its owner sends them. */
function sentBefore(model: Model, name: string): ReadonlySet<string> {
  const entity = model.entities.get(name);
  const schema = entity === undefined ? undefined : entitySchema(model, entity);
  return new Set(schema === undefined ? [] : propertiesOf(model, schema).keys());
}
