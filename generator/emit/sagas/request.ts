import type { SagaArguments, SagaValue } from '../../../runtime/saga/plan.js';
import { propertiesOf } from '../../model/payload.js';
import type { SagaScope, SagaSource } from '../../model/sagas/scope.js';
import type { Model, Operation } from '../../model/types.js';
import { namedParameters } from '../http/parameters.js';

/** A request as the plan makes it. */
export interface SagaRequest {
  readonly with: SagaArguments;
  /** Property that carries the idempotency key. */
  readonly keyAs?: string;
}

/** Names by which operations ask for the idempotency key in their path or query. */
const keyNames = new Set(['key', 'idempotencyKey', 'idempotency_key', 'idempotency-key']);

/**
 * What the generated client is given: parameters by their names, the body below `body`. What the contract's `with` does not say is taken by name from the
 * run; what nobody has is left out.
 */
export function requestOf(
  model: Model,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  scope: SagaScope,
): SagaRequest {
  const parameters = namedParameters(operation);
  const value = (name: string, ...others: readonly string[]): SagaValue | undefined => {
    const written = [name, ...others].find((each) => Object.hasOwn(given, each));
    if (written !== undefined) return given[written] as SagaValue;
    return scope.called(name)?.text;
  };
  const entries = parameters.flatMap(({ parameter, as }) => {
    if (parameter.in === 'cookie' || isKey(operation, parameter.name, parameter.in)) return [];
    const found = value(as, parameter.name) ?? (keyNames.has(parameter.name) ? '$key' : undefined);
    return found === undefined ? [] : [[as, found] as const];
  });
  const keyed = parameters.find(({ parameter }) => isKey(operation, parameter.name, parameter.in));
  const taken = new Set(parameters.flatMap(({ parameter, as }) => [parameter.name, as]));
  const body = bodyOf(model, operation, given, value, taken);
  return {
    with: { ...Object.fromEntries(entries), ...(body !== undefined && { body }) },
    ...(keyed !== undefined && { keyAs: keyed.as }),
  };
}

function isKey({ idempotencyHeader }: Operation, name: string, place: string): boolean {
  return place === 'header' && name === idempotencyHeader;
}

function bodyOf(
  model: Model,
  { definition }: Operation,
  given: Readonly<Record<string, unknown>>,
  value: (name: string) => SagaValue | undefined,
  parameters: ReadonlySet<string>,
): SagaValue | undefined {
  const body = definition.requestBody?.bodies.find(({ contentType }) => /json/i.test(contentType));
  if (body === undefined) return undefined;
  if (Object.hasOwn(given, 'body')) return given.body as SagaValue;
  const known = body.schema === undefined ? [] : [...propertiesOf(model, body.schema).keys()];
  const asked = known.length > 0 ? known : Object.keys(given).filter((name) => !parameters.has(name));
  const members = asked.flatMap((name) => {
    const found = value(name);
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(members);
}

/** What a message says: the contract's `with`, or each of its fields by its name. The run's id is in it wherever the message has a place for it. */
export function messageOf(
  model: Model,
  message: string,
  given: Readonly<Record<string, unknown>>,
  scope: SagaScope,
  correlation: string,
): SagaArguments {
  const payload = model.messages.get(message)?.definition.payload;
  const fields = payload === undefined ? [] : [...propertiesOf(model, payload).values()];
  const id = fields.some(({ name }) => name === correlation) ? { [correlation]: '$run.id' } : {};
  if (Object.keys(given).length > 0) return { ...id, ...(given as SagaArguments) };
  const found = fields.flatMap(({ name, required }) => {
    const source = scope.called(name);
    return source === undefined || (!required && isGuess(source)) ? [] : [[name, source.text] as const];
  });
  return { ...Object.fromEntries(found), ...id };
}

/** Only a local step that says nothing of what it returns could have it. */
function isGuess({ text }: SagaSource): boolean {
  return !text.startsWith('$input.') && !text.startsWith('$steps.');
}
