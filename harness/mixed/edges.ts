import type { Model } from '../../generator/model/types.js';
import { normalise } from '../../generator/schema/normalise.js';
import { consumingEdges, type Edge } from '../scenarios/edges.js';
import { outgoingOf } from '../subject.js';
import type { SystemUnderTest } from '../system.js';
import { plainDefinition } from './plain-definition.js';
import type { Revisions } from './revisions.js';
import { graphText } from './schema-text.js';

/** A message that one service sends and another takes, in both revisions. */
export interface MixedEdge {
  readonly from: string;
  readonly to: string;
  readonly old: Edge;
  readonly new: Edge;
  /** Nothing that either end says or hears differs. */
  readonly same: boolean;
}

/** An edge that cannot be played in both revisions, and why. */
export interface LoneEdge {
  readonly to: string;
  readonly edge: Edge;
  readonly reason: string;
}

/** Every message edge of the present revision that two services have, with what it was before. */
export function mixedEdges(revisions: Revisions): readonly (MixedEdge | LoneEdge)[] {
  return [...revisions.new.services.keys()].sort().flatMap((to) => {
    const before = revisions.old.services.has(to) ? consumingEdges(revisions.old.subject(to)) : [];
    return consumingEdges(revisions.new.subject(to))
      .filter(({ source }) => source.service !== to)
      .map((edge): MixedEdge | LoneEdge => {
        const old = before.find(({ id }) => id === edge.id);
        if (old === undefined) return { to, edge, reason: `"${revisions.oldName}" does not have it` };
        const from = edge.source.service;
        if (old.source.service !== from)
          return { to, edge, reason: `in "${revisions.oldName}" its messages come from ${old.source.service}` };
        const same = spoken(revisions.old, old) === spoken(revisions.new, edge);
        return { from, to, old, new: edge, same };
      });
  });
}

/** Equal for two revisions in which an edge says and hears the same. */
function spoken(system: SystemUnderTest, { message, source, consumer }: Edge): string {
  const teller = system.services.get(source.service)?.definition;
  const told = source.kind === 'entity' ? teller?.owned[source.entity] : teller && outgoingOf(teller)[source.event];
  return JSON.stringify([plainDefinition(told), plainDefinition(consumer), schemaText(system.model, message)]);
}

/** The schema of a payload without where it is written and what only people read. */
function schemaText(model: Model, name: string): string {
  const message = model.messages.get(name);
  const ref = message?.definition.payload;
  if (ref === undefined) return '';
  const graph = normalise(model.documents, [{ key: name, name, ref, dialect: 'asyncapi' }], { reading: 'contract' });
  return graphText(graph);
}
