import type { HttpEdge } from '../../../generator/model/types.js';
import type { StubOperation } from '../../stub/provider.js';
import type { SystemUnderTest } from '../../system.js';
import { contractOperation } from '../../world/providers/contracts.js';
import { plainDefinition } from '../plain-definition.js';
import type { Revisions, Version } from '../revisions.js';
import { graphText } from '../schema-text.js';

/** What one service calls of another, in both revisions. */
export interface CallEdge {
  readonly from: string;
  readonly to: string;
  /** Operations that the caller calls, by revision. */
  readonly operations: Readonly<Record<Version, readonly StubOperation[]>>;
  /** The edge of the present revision. */
  readonly http: HttpEdge;
  /** Why it is not played; undefined when it is. */
  readonly skip: string | undefined;
}

/** Every pair of services of which one calls the other in the present revision. */
export function callEdges(revisions: Revisions): readonly CallEdge[] {
  const pairs = new Map(revisions.new.model.http.map((edge) => [`${edge.from}\n${edge.to}`, edge]));
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, { to }]) => revisions.new.services.has(to))
    .map(([, http]): CallEdge => {
      const { from, to } = http;
      const operations = {
        old: operationsOf(revisions.old, from, to),
        new: operationsOf(revisions.new, from, to),
      };
      return { from, to, http, operations, skip: skipReason(revisions, to, operations) };
    });
}

function operationsOf({ model }: SystemUnderTest, from: string, to: string): readonly StubOperation[] {
  const ids = model.http.flatMap((edge) =>
    edge.from === from && edge.to === to ? edge.operations.map(({ id }) => id) : [],
  );
  return [...new Set(ids)].sort().flatMap((id) => contractOperation(model, `${to}.${id}`) ?? []);
}

function skipReason(revisions: Revisions, to: string, operations: CallEdge['operations']): string | undefined {
  if (operations.old.length === 0) return `"${revisions.oldName}" does not have it`;
  if (spoken(operations.old) === spoken(operations.new)) return 'both revisions speak the same';
  for (const version of ['old', 'new'] as const) {
    const { create, reason } = revisions[version].services.get(to) ?? {};
    if (create === undefined) return `the ${version} ${to} cannot be put together: ${reason ?? 'it has no code'}`;
  }
  return undefined;
}

/** Equal for two revisions in which the operations take and give the same. */
function spoken(operations: readonly StubOperation[]): string {
  const graphs = new Set(operations.map(({ graph }) => graph));
  const said = operations.map(({ id, definition, replies }) => [
    id,
    plainDefinition(definition),
    replies.map(({ status, content }) => [status, content.map((one) => [one.definition, one.id])]),
  ]);
  return JSON.stringify([said, [...graphs].map(graphText)]);
}
