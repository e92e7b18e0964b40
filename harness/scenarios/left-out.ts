import type { OwnedDefinition } from '../../runtime/definition.js';
import { composeBody } from '../../runtime/envelope-mapping.js';
import { ownerOf, type Subject } from '../subject.js';
import { type Edge, isEntity } from './edges.js';

/** Values that put an entity outside of what its owner publishes or its consumer takes; undefined when no one field does. */
export function leftOut(subject: Subject, edge: Edge): Readonly<Record<string, unknown>> | undefined {
  const known = found.get(subject) ?? new Map();
  found.set(subject, known);
  if (!known.has(edge.id)) known.set(edge.id, search(subject, edge));
  return known.get(edge.id);
}

const found = new WeakMap<Subject, Map<string, Readonly<Record<string, unknown>> | undefined>>();

function search(subject: Subject, edge: Edge): Readonly<Record<string, unknown>> | undefined {
  if (edge.source.kind !== 'entity' || !isEntity(edge)) return undefined;
  const owner = ownerOf(subject, edge.source.entity)?.definition;
  if (owner === undefined || (owner.publishWhen === undefined && edge.consumer?.when === undefined)) return undefined;
  const state = subject.values.state(edge.source.entity, 'e1', 1);
  for (const [field, value] of Object.entries(state)) {
    if (field === owner.softDelete?.field) continue;
    for (const other of otherValues(owner, state, field, value)) {
      const payload = payloadOf(owner, { ...state, [field]: other });
      if (owner.message.validate(payload) && isLeftOut(owner, edge, payload)) return { [field]: other };
    }
  }
  return undefined;
}

function isLeftOut(owner: OwnedDefinition, { consumer }: Edge, payload: unknown): boolean {
  return owner.publishWhen?.(payload, null) === false || consumer?.when?.(payload) === false;
}

/** A flag turned round; of a list of words, those that the contract names when it gets none of them. */
function otherValues(owner: OwnedDefinition, state: object, field: string, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value !== 'string') return [];
  const { validate } = owner.message;
  if (validate(payloadOf(owner, { ...state, [field]: '~' }))) return [];
  return (validate.errors ?? []).flatMap(({ params }) => {
    const allowed: unknown = Reflect.get(Object(params), 'allowedValues');
    return Array.isArray(allowed) ? allowed.filter((one) => one !== value) : [];
  });
}

function payloadOf(owner: OwnedDefinition, state: object): unknown {
  const id = '00000000-0000-4000-8000-000000000001';
  return composeBody(owner.message.envelope, state, {
    ...{ id, time: '2026-01-01T00:00:00.000000Z', op: 'updated', force: false },
    ...{ sequence: '1', epoch: '0', correlationid: id },
  });
}
