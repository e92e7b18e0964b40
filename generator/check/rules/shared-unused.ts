import { posix } from 'node:path';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { schemaUsers } from '../schema-users.js';
import { quoted } from '../wording.js';

/** A schema is shared when its document lies in the folder of a feature of `type: shared`. */
export const sharedUnused: Rule = {
  id: 'shared-unused',
  severity: 'info',
  title: 'What lies in a shared package is used by two services or more.',
  why: 'Every change of the shared package reaches everybody who depends on it. A type that one service uses makes the others move for nothing.',
  fix: 'Move the schema to the document of the service that uses it.',
  requirements: ['TD-42', 'TD-43'],
  *check(model) {
    const folders = sharedFolders(model);
    if (folders.size === 0) return;
    const users = schemaUsers(model);
    for (const schema of model.schemas) {
      if (!folders.has(posix.dirname(model.files.get(schema.document) ?? ''))) continue;
      const services = users.get(`${schema.ref.file}#${schema.ref.pointer}`) ?? new Set<string>();
      if (services.size > 1) continue;
      yield {
        at: schema.at,
        message: `shared schema "${schema.name}" is used by ${services.size === 0 ? 'no service' : `${quoted(services)} only`}.`,
        subject: `schema:${schema.name}`,
        fix: services.size === 0 ? 'take it out.' : `move it to a document of ${quoted(services)}.`,
      };
    }
  },
};

function sharedFolders(model: Model): ReadonlySet<string> {
  const shared = [...model.features.values()].filter((feature) => feature.type === 'shared');
  return new Set(shared.map((feature) => posix.dirname(feature.at.file)));
}
