import type { Position } from '../../diagnostics/position.js';
import { entitySchema, payloadOf } from '../../model/payload.js';
import type { Model } from '../../model/types.js';
import type { SchemaRef } from '../../schema/ref.js';
import { missingStep } from '../payload-path.js';
import type { Rule } from '../rule.js';
import { meant, quoted } from '../wording.js';

/** Dotted paths that handlers, keys and waits read from a message: `needs`, `idempotency_key`, `ordering.key`, `key`, `by`. A key may also be a header. */
export const consumerNeedsUnknownField: Rule = {
  id: 'consumer-needs-unknown-field',
  severity: 'error',
  title: 'Whatever a consumer reads from a message is in the message.',
  why: 'The field is never sent: the handler gets nothing, a key is the same for every message and swallows all but the first, a wait never matches.',
  fix: 'Correct the path, or add the field to the message.',
  requirements: ['DH-38', 'EP-57'],
  *check(model) {
    for (const read of readsOf(model)) {
      const missing = missingStep(model, read.payload, read.path);
      if (missing === undefined) continue;
      if (read.headers !== undefined && missingStep(model, read.headers, read.path) === undefined) continue;
      const within = missing.parent === '' ? `"${read.of}"` : `"${missing.parent}" of "${read.of}"`;
      yield {
        at: read.at,
        message: `${read.who} reads "${read.path}", but ${within} has no property "${missing.step}" (it has ${quoted(missing.among)}).`,
        subject: `${read.subject} field:${read.path}`,
        fix: meant(missing.step, missing.among, 'add the property to the schema of the message'),
      };
    }
  },
};

interface Read {
  readonly path: string;
  readonly payload: SchemaRef | undefined;
  readonly headers?: SchemaRef | undefined;
  readonly of: string;
  readonly who: string;
  readonly subject: string;
  readonly at: Position;
}

function* readsOf(model: Model): Iterable<Read> {
  yield* readsOfEntities(model);
  yield* readsOfEvents(model);
  for (const command of model.commands.values()) {
    if (command.idempotencyKey === undefined) continue;
    const who = `the idempotency key of command "${command.name}"`;
    yield {
      ...messageOf(model, command.message),
      path: command.idempotencyKey,
      who,
      subject: `command:${command.name}`,
      at: command.at,
    };
  }
}

function* readsOfEntities(model: Model): Iterable<Read> {
  for (const entity of model.entities.values()) {
    const shape = { payload: entitySchema(model, entity), of: entity.name };
    const subject = `entity:${entity.name}`;
    if (entity.event !== undefined)
      yield { ...shape, path: entity.key, who: `the key of entity "${entity.name}"`, subject, at: entity.at };
    // The ordering key may be written as a path of the entity or of the whole message.
    const { key, at } = entity.ordering;
    const whole = messageOf(model, entity.event ?? '');
    if (key !== undefined && missingStep(model, whole.payload, key) !== undefined) {
      yield { ...shape, path: key, who: `the ordering of entity "${entity.name}"`, subject, at };
    }
    for (const consumer of entity.consumers) {
      for (const wait of consumer.waits) {
        const who = `the wait of "${consumer.service}" for "${wait.entity}"`;
        yield { ...shape, path: wait.by, who, subject: `${subject} consumer:${consumer.service}`, at: wait.at };
      }
    }
  }
}

function* readsOfEvents(model: Model): Iterable<Read> {
  for (const event of model.events.values()) {
    const message = messageOf(model, event.message);
    const subject = `event:${event.name}`;
    const own = [
      { path: event.idempotencyKey, who: `the idempotency key of event "${event.name}"`, at: event.at },
      { path: event.ordering?.key, who: `the ordering of event "${event.name}"`, at: event.ordering?.at ?? event.at },
    ];
    for (const { path, ...rest } of own) if (path !== undefined) yield { ...message, ...rest, path, subject };
    for (const consumer of event.consumers) {
      const at = { ...message, subject: `${subject} consumer:${consumer.service}` };
      for (const need of consumer.needs) yield { ...at, path: need.path, who: `"${consumer.service}"`, at: need.at };
      for (const wait of consumer.waits) {
        yield { ...at, path: wait.by, who: `the wait of "${consumer.service}" for "${wait.entity}"`, at: wait.at };
      }
      if (consumer.idempotencyKey === undefined) continue;
      yield {
        ...at,
        path: consumer.idempotencyKey,
        who: `the idempotency key of "${consumer.service}"`,
        at: consumer.at,
      };
    }
  }
}

function messageOf(
  model: Model,
  name: string,
): { readonly payload: SchemaRef | undefined; readonly headers: SchemaRef | undefined; readonly of: string } {
  return { payload: payloadOf(model, name), headers: model.messages.get(name)?.definition.headers, of: name };
}
