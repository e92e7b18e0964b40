import type { Position } from '../diagnostics/position.js';
import { propertiesOf } from '../model/payload.js';
import { correlationOf, headerField } from '../model/sagas/input.js';
import { messageCalled, type SagaPart, sagaParts } from '../model/sagas/parts.js';
import { type SagaScope, scopeOf } from '../model/sagas/scope.js';
import type { Model, Operation, SagaAction, SagaStep, SagaText } from '../model/types.js';
import type { SchemaRef } from '../schema/ref.js';
import { spokenStep, stepSubject } from './saga-steps.js';

/** A value that an operation or a message asks for. */
export interface Wanted {
  readonly name: string;
  readonly ref?: SchemaRef;
  readonly required: boolean;
}

/** Something that a saga does with values: a step, what it publishes beside, its compensation, or the end of the saga. */
export interface SagaDeed {
  readonly part: SagaPart;
  readonly what: string;
  readonly subject: string;
  readonly at: Position;
  readonly action: SagaAction;
  readonly service: string;
  readonly scope: SagaScope;
  /** Texts of its `with`. */
  readonly texts: readonly SagaText[];
  /** What it has to be given; undefined when nobody says. */
  readonly wanted?: readonly Wanted[];
}

/** Everything that the sagas of a model do, in the order of the contracts. */
export function deedsOf(model: Model): readonly SagaDeed[] {
  return sagaParts(model).flatMap((part) => [
    ...part.steps.flatMap((step, index) => stepDeeds(model, part, step, index)),
    ...endDeeds(model, part),
  ]);
}

function stepDeeds(model: Model, part: SagaPart, step: SagaStep, index: number): readonly SagaDeed[] {
  const what = spokenStep(part.saga, step);
  const subject = stepSubject(part.saga, step);
  const at = step.at;
  const before = scopeOf(model, part, index);
  const after = scopeOf(model, part, index + 1);
  const textsAt = (place: string) => step.texts.filter((text) => text.place === place);
  const basis = { part, subject, at };
  const { action, compensate, publish } = step;
  const own = { ...basis, what, action, service: step.service ?? part.service, scope: before, texts: textsAt('with') };
  const told: SagaAction | undefined =
    publish === undefined || action.kind === 'publish'
      ? undefined
      : { kind: 'publish', name: publish, with: {}, receive: [], failure: [] };
  return [
    withWanted(model, own),
    ...(told === undefined
      ? []
      : [
          withWanted(model, {
            ...own,
            what: `${what}, which publishes "${told.name}",`,
            action: told,
            scope: after,
            texts: [],
          }),
        ]),
    ...(compensate === undefined
      ? []
      : [
          withWanted(model, {
            ...basis,
            what: `the compensation of ${what}`,
            at: compensate.at,
            action: compensate.action,
            service: compensate.service ?? step.service ?? part.service,
            scope: after,
            texts: textsAt('compensate.with'),
          }),
        ]),
  ];
}

function endDeeds(model: Model, part: SagaPart): readonly SagaDeed[] {
  const { saga, service, steps } = part;
  if (saga.style !== 'orchestration') return [];
  const ends = [
    ['on_complete', saga.onComplete],
    ['on_compensated', saga.onCompensated],
  ] as const;
  return ends.flatMap(([key, end]) =>
    end === undefined
      ? []
      : [
          withWanted(model, {
            part,
            what: `${key} of saga "${saga.name}"`,
            subject: `saga:${saga.name} ${key}`,
            at: end.at,
            action: end.action,
            service,
            scope: scopeOf(model, part, steps.length),
            texts: end.texts,
          }),
        ],
  );
}

function withWanted(model: Model, deed: Omit<SagaDeed, 'wanted'>): SagaDeed {
  const wanted = wantedBy(model, deed.part, deed.action, deed.service);
  return { ...deed, ...(wanted && { wanted }) };
}

function wantedBy(
  model: Model,
  part: SagaPart,
  { kind, name }: SagaAction,
  service: string,
): readonly Wanted[] | undefined {
  if (kind === 'operation') {
    const operation = model.operations.get(`${service}.${name}`);
    return operation && wantedByOperation(model, operation);
  }
  if (kind !== 'send' && kind !== 'publish') return undefined;
  const payload = model.messages.get(messageCalled(model, name))?.definition.payload;
  if (payload === undefined) return undefined;
  // The run's id is put in wherever there is a place for it.
  return [...propertiesOf(model, payload).values()].filter((field) => field.name !== correlationOf(part));
}

/** Parameters and fields of the body; the idempotency key is brought by the runtime. */
function wantedByOperation(model: Model, operation: Operation): readonly Wanted[] {
  const { parameters, requestBody } = operation.definition;
  const named = parameters
    .filter(({ in: place, name }) => place !== 'cookie' && name !== operation.idempotencyHeader)
    .map(
      ({ in: place, name, required, schema }): Wanted => ({
        name: place === 'header' ? headerField(operation, name) : name,
        required,
        ...(schema && { ref: schema }),
      }),
    );
  const body = requestBody?.bodies.find(({ contentType }) => /json/i.test(contentType))?.schema;
  const fields = body === undefined ? [] : [...propertiesOf(model, body).values()];
  const isNeeded = requestBody?.required === true;
  return [...named, ...fields.map((field) => ({ ...field, required: field.required && isNeeded }))];
}
