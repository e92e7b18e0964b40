import type { PactUse } from '../../load/documents.js';
import type { SchemaChange } from '../change.js';
import type { Affected } from '../judgement.js';
import type { Revisions } from '../rule.js';
import type { Effect } from './analysis.js';
import { hitBy } from './hit.js';

/**
 * Services that take a property which is going, although no schema asks for it: a copy that names the field, a consumer that says it needs it, or one that reads it
 * in a Pact file of its own. Empty for every other effect.
 */
export function usesOf(change: SchemaChange, { difference }: Effect, revisions: Revisions): readonly Affected[] {
  const goes = difference?.kind === 'property-removed' || difference?.kind === 'property-renamed';
  if (!goes || difference === undefined) return [];
  const path = difference.instance.filter((step) => step !== '*').join('.');
  const concerns = (field: string): boolean => field === path || field.startsWith(`${path}.`);
  const takes =
    change.use.part !== 'payload' ? [] : [...takers(change, revisions)].filter(({ field }) => concerns(field));
  const reads = (revisions.uses ?? []).filter((use) => use.fields.some(concerns) && isOf(use, change, revisions));
  const known = new Set(takes.map(({ service }) => service));
  return [
    ...takes.flatMap(({ service, field }) => hitBy(change, revisions, [service], `it takes "${field}"`)),
    ...[...new Set(reads.map(({ service }) => service))]
      .filter((service) => !known.has(service))
      .flatMap((service) => hitBy(change, revisions, [service], `its Pact file reads "${path}"`)),
  ];
}

/** Whether a Pact file speaks of what a change is about: the message by its name, the answer by method, path and status. */
function isOf({ service, provider, of }: PactUse, change: SchemaChange, { before, after }: Revisions): boolean {
  if (!change.use.readers.includes(service)) return false;
  if (of.kind === 'message') {
    const name = change.subject.startsWith('message:') ? change.subject.slice('message:'.length) : undefined;
    return change.use.part === 'payload' && name !== undefined && of.words.split(/[^\w.-]+/).includes(name);
  }
  if (change.use.direction !== 'response' || change.use.part !== 'body' || change.use.status !== of.status)
    return false;
  const id = /^operation:(\S+)/.exec(change.subject)?.[1] ?? '';
  const operation = before.operations.get(id) ?? after.operations.get(id);
  if (operation?.service !== provider || operation.definition.method !== of.method) return false;
  return pathPattern(operation.definition.path).test(of.path);
}

/** A path of the contract as a pattern that a path with values matches, whatever the server puts before it. */
function pathPattern(path: string): RegExp {
  const parts = path.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
  return new RegExp(`${parts.join('[^/]+')}$`);
}

/** Paths in the message that consumers say they read, before the change: who reads it then still does. */
function* takers(
  change: SchemaChange,
  { before }: Revisions,
): Iterable<{ readonly service: string; readonly field: string }> {
  const message = change.subject.replace(/^message:/, '');
  for (const entity of before.entities.values()) {
    if (entity.event !== message) continue;
    const prefix = entity.payload === '' ? '' : `${entity.payload}.`;
    for (const consumer of entity.consumers) {
      const named = consumer.fieldsGiven ? consumer.fields.map(({ path }) => path) : [];
      for (const path of named) yield { service: consumer.service, field: prefix + path };
    }
  }
  for (const event of before.events.values()) {
    if (event.message !== message) continue;
    for (const consumer of event.consumers)
      for (const { path } of consumer.needs) yield { service: consumer.service, field: path };
  }
}
