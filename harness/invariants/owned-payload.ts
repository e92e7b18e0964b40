import type { OwnedDefinition, ReplicaDefinition } from '../../runtime/definition.js';
import type { ChangeKind } from '../../runtime/envelope.js';
import { composeBody } from '../../runtime/envelope-mapping.js';
import { compareVersions, type Version } from '../../runtime/guard.js';
import type { Happening, Run } from '../history.js';
import { ownerOf, type Subject } from '../subject.js';
import { rowOf } from './told.js';

export type Owned = Extract<Happening, { readonly kind: 'owned' }>;

/** The payload that tells a change, but for its id and its instant, which nobody but its owner knows. */
export function payloadOfOwned({ message }: OwnedDefinition, change: Owned, op: ChangeKind): unknown {
  const { id, version, state } = change;
  return composeBody(message.envelope, state, {
    ...{ id, op, time: '2026-01-01T00:00:00.000000Z', force: false, correlationid: id },
    sequence: String(version.sequence),
    epoch: String(version.epoch),
  });
}

/** Row of a copy that holds what the owner committed; null: none. */
export function rowOwned(
  definition: OwnedDefinition,
  copy: ReplicaDefinition,
  change: Owned,
): Readonly<Record<string, unknown>> | null {
  const op = change.deleted ? 'deleted' : 'snapshot';
  return rowOf(copy, payloadOfOwned(definition, change, op), op);
}

/** Rows of everything that the owner of an entity has committed, told or not. `after`: only of what it committed after that version. */
export function rowsOwned(
  run: Run,
  subject: Subject,
  copy: ReplicaDefinition,
  id: string,
  after?: Version,
): readonly (Readonly<Record<string, unknown>> | null)[] {
  const definition = ownerOf(subject, copy.entity)?.definition;
  if (definition === undefined) return [];
  return run.happenings.flatMap((one) =>
    one.kind === 'owned' &&
    one.entity === copy.entity &&
    one.id === id &&
    (after === undefined || compareVersions(one.version, after) > 0)
      ? [rowOwned(definition, copy, one)]
      : [],
  );
}
