import type { Model } from '../../model/types.js';
import type { Change } from '../change.js';
import { spoken } from '../order/wording.js';

/**
 * What a service stores and a change touches: entities it owns or copies and what they consist of; of a repository also what its operations take, since
 * a contract says no more of what it stores.
 */
export function storedBy(service: string, model: Model, changes: readonly Change[]): readonly string[] {
  const entities = [...model.entities.values()].filter(
    ({ owner, consumers }) => owner === service || consumers.some((copy) => copy.service === service),
  );
  const subjects = new Set(
    entities.flatMap(({ name, event }) => [
      `entity:${name}`,
      `entity:${name} copy:${service}`,
      ...(event === undefined ? [] : [`message:${event}`]),
    ]),
  );
  const role = model.services.get(service)?.role;
  const operations = role === 'repository' ? `operation:${service}.` : undefined;
  const touched = changes.filter((change) => {
    if (change.kind === 'schema' && change.use.part !== 'payload' && change.use.part !== 'body') return false;
    if (change.kind === 'set' && !STORED.has(change.setting)) return false;
    if (operations !== undefined && change.kind === 'schema' && change.subject.startsWith(operations))
      return change.use.direction === 'request';
    return subjects.has(change.subject);
  });
  return [...new Set(touched.map(({ subject }) => spoken(subject)))].sort();
}

/** Settings of an entity or a copy that its table follows. */
const STORED = new Set([
  'key',
  'fields',
  'schema',
  'payload',
  'delete.mode',
  'delete.field',
  'ordering.key',
  'ordering.version',
]);
