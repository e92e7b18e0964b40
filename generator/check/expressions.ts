import type { Expression, Invariant, Model } from '../model/types.js';

/** An expression of the contract and whose it is. */
export interface WrittenExpression {
  readonly expression: Expression;
  /** `the filter of entity "Employee"`. */
  readonly what: string;
  readonly subject: string;
  /** What it speaks of: one message (and the state before, when the owner evaluates it), or the states of services. */
  readonly of: { readonly message: string; readonly entity?: string; readonly previous?: boolean } | 'states';
}

/** Every CEL expression: filters and conditions of consumers, then what flows, sagas and features promise. Ids of registered invariants are no CEL. */
export function* expressionsOf(model: Model): Iterable<WrittenExpression> {
  for (const entity of model.entities.values()) {
    const of = { message: entity.event ?? '', entity: entity.name };
    const subject = `entity:${entity.name}`;
    if (entity.publishWhen !== undefined) {
      yield {
        expression: entity.publishWhen,
        what: `the filter of entity "${entity.name}"`,
        subject: `${subject} publish_when`,
        of: { ...of, previous: true },
      };
    }
    for (const { service, when } of entity.consumers) {
      if (when === undefined) continue;
      const what = `the condition of the copy of "${entity.name}" at "${service}"`;
      yield { expression: when, what, subject: `${subject} consumer:${service} when`, of };
    }
  }
  for (const event of model.events.values()) {
    const of = { message: event.message, ...(event.entity === undefined ? {} : { entity: event.entity }) };
    for (const { service, when } of event.consumers) {
      if (when === undefined) continue;
      const what = `the condition of "${service}" on event "${event.name}"`;
      yield { expression: when, what, subject: `event:${event.name} consumer:${service} when`, of };
    }
  }
  for (const flow of model.flows)
    yield* promises(flow.expect, `an expectation of flow "${flow.name}"`, `flow:${flow.name} expect`);
  for (const saga of model.sagas.values())
    yield* promises(saga.invariants, `an invariant of saga "${saga.name}"`, `saga:${saga.name} invariants`);
  for (const feature of model.features.values()) {
    yield* promises(
      feature.verify?.invariants ?? [],
      `an invariant of feature "${feature.name}"`,
      `feature:${feature.name} verify`,
    );
  }
}

function* promises(invariants: readonly Invariant[], what: string, subject: string): Iterable<WrittenExpression> {
  for (const [index, { holds }] of invariants.entries()) {
    if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(holds.text)) continue;
    yield { expression: holds, what, subject: `${subject}:${index + 1}`, of: 'states' };
  }
}
