import type { SchemaRef } from '../../schema/ref.js';
import { propertiesOf } from '../payload.js';
import type { Model, Operation } from '../types.js';
import type { SagaPart } from './parts.js';

/** A value that a run is started with. */
export interface InputField {
  readonly name: string;
  /** Absent when the contract says nothing of its shape; it is then text. */
  readonly ref?: SchemaRef;
  readonly required: boolean;
  /** Where it comes from: a parameter or the body of the trigger's operation, the message, or the caller. */
  readonly from: 'parameter' | 'body' | 'message' | 'caller';
}

/** What a part is started with, by name. `open` when nobody says: any name may then be there. */
export interface SagaInput {
  readonly fields: ReadonlyMap<string, InputField>;
  readonly isOpen: boolean;
  /** The operation whose request it is made of. */
  readonly operation?: Operation;
}

/** Name of the run's id in the input. */
export function correlationOf({ saga }: SagaPart): string {
  return saga.correlationKey ?? 'id';
}

/**
 * Parameters and body of the trigger's operation side by side, or the fields of the message. The run's id is among them, as text that the caller brings when
 * the operation has no such value.
 */
export function inputOf(model: Model, part: SagaPart): SagaInput {
  const { startsWith, service } = part;
  if (startsWith.kind === 'message') {
    const payload = model.messages.get(startsWith.message)?.definition.payload;
    if (payload === undefined) return { fields: new Map(), isOpen: true };
    return { fields: fieldsOf(model, payload, 'message'), isOpen: false };
  }
  const operation = startsWith.kind === 'operation' ? model.operations.get(`${service}.${startsWith.name}`) : undefined;
  const fields = new Map<string, InputField>(operation === undefined ? [] : requestFields(model, operation));
  const id = correlationOf(part);
  if (!fields.has(id)) fields.set(id, { name: id, required: true, from: 'caller' });
  return { fields, isOpen: operation === undefined, ...(operation && { operation }) };
}

function requestFields(model: Model, operation: Operation): ReadonlyMap<string, InputField> {
  const { parameters, requestBody, path } = operation.definition;
  const inPath = [...path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const named = parameters
    .filter((parameter) => parameter.in !== 'cookie')
    .map(({ name, schema, required, in: place }): InputField => {
      const as = place === 'header' ? headerField(operation, name) : name;
      return { name: as, required, from: 'parameter', ...(schema && { ref: schema }) };
    });
  const told = new Set(named.map(({ name }) => name));
  const untold = inPath.filter((name) => !told.has(name));
  const schema = requestBody?.bodies.find(({ contentType }) => /json/i.test(contentType))?.schema;
  const body = schema === undefined ? new Map<string, InputField>() : fieldsOf(model, schema, 'body');
  return new Map([
    ...body,
    ...[...named, ...untold.map((name): InputField => ({ name, required: true, from: 'parameter' }))].map(
      (field) => [field.name, field] as const,
    ),
  ]);
}

/** `Idempotency-Key` is `idempotencyKey`, as in generated servers and clients; other headers likewise. */
export function headerField(operation: Operation, header: string): string {
  if (header === operation.idempotencyHeader) return 'idempotencyKey';
  const [first = '', ...rest] = header
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function fieldsOf(model: Model, ref: SchemaRef, from: InputField['from']): Map<string, InputField> {
  return new Map(
    [...propertiesOf(model, ref).values()].map(({ name, ref: at, required }) => [
      name,
      { name, ref: at, required, from },
    ]),
  );
}
