import { entityMessage } from '../../runtime/entity-message.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { encode } from '../../runtime/wire.js';
import { entityId, uuidOf } from '../plan.js';
import { ownerOf, type Subject } from '../subject.js';
import { referredKey } from '../values.js';

/** A message for a service, and who sends it. */
export interface ToldEntity {
  readonly id: string;
  readonly sender: string;
  readonly wire: WireMessage;
}

/**
 * What the owner of an entity would tell a service that keeps a copy of it, after what that copy waits for: deliver them in this order. The last one is the entity
 * itself. `set` is put over the made-up state where it has such a member. Empty when the service keeps no copy, or the owner has no generated code.
 */
export function tellEntity(
  subject: Subject,
  entity: string,
  key: string,
  seed: number,
  set: Readonly<Record<string, unknown>> = {},
): readonly ToldEntity[] {
  const owner = ownerOf(subject, entity);
  const described = subject.model.entities.get(entity);
  const copy = described?.consumers.find(({ service }) => service === subject.name);
  if (owner === undefined || described === undefined || copy === undefined) return [];
  const plain = subject.values.state(entity, key, seed);
  const known = Object.fromEntries(Object.entries(set).filter(([name]) => Object.hasOwn(plain, name)));
  const state = { ...plain, ...known };
  const before = copy.waits
    .filter(({ by, optional }) => !optional && !Object.hasOwn(known, by))
    .flatMap((wait) => tellEntity(subject, wait.entity, referredKey(key, wait.entity), seed));
  const id = typeof set[described.key] === 'string' ? String(set[described.key]) : entityId(entity, key);
  const outgoing = entityMessage({
    ...{ service: owner.service.name, definition: owner.definition, id, op: 'created', force: false },
    state: {
      ...{ state, deleted: false, version: { epoch: 0, sequence: 1n, tie: '' }, publishedSequence: 0n },
      changedAt: '2026-01-01T00:00:00.000000Z',
    },
    messageId: uuidOf(`${entity}/${key}/told`),
    cause: { correlationId: uuidOf(`${entity}/${key}/cause`) },
  });
  const wire = encode(outgoing.envelope, outgoing.message.headers);
  return [...before, { id, sender: owner.service.name, wire }];
}
