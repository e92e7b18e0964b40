import type { Position } from '../../diagnostics/position.js';
import { payloadOf, propertyAt } from '../../model/payload.js';
import type { Model, Ordering } from '../../model/types.js';
import { missingStep } from '../payload-path.js';
import type { Rule, Violation } from '../rule.js';
import { meant } from '../wording.js';

/** `ordering.version` must be a date-time of the message, `tie_breaker` a field of its body or headers. */
export const versionPathUnknown: Rule = {
  id: 'version-path-unknown',
  severity: 'error',
  title: 'The version of a state is an instant that every message carries.',
  why: 'Without a version every message looks newest: an old one that arrives late overwrites a new one, and a deleted row comes back.',
  fix: 'Name a property with `format: date-time`, or leave `version` out to use sequence numbers.',
  requirements: ['EP-07', 'EP-52'],
  *check(model) {
    for (const entity of model.entities.values()) {
      if (entity.event === undefined) continue;
      yield* judge(model, entity.ordering, entity.event, `entity "${entity.name}"`, `entity:${entity.name}`);
    }
    for (const event of model.events.values()) {
      if (event.ordering === undefined) continue;
      yield* judge(model, event.ordering, event.message, `event "${event.name}"`, `event:${event.name}`);
    }
  },
};

function* judge(model: Model, ordering: Ordering, message: string, what: string, subject: string): Iterable<Violation> {
  const payload = payloadOf(model, message);
  if (ordering.version.kind !== 'timestamp' || payload === undefined) return;
  const { path } = ordering.version;
  const at: Position = ordering.at;
  const missing = missingStep(model, payload, path);
  const found = propertyAt(model, payload, path);
  if (missing !== undefined) {
    yield {
      at,
      message: `${what} takes its version from "${path}", but message "${message}" has no such property.`,
      subject: `${subject} version`,
      fix: meant(missing.step, missing.among, 'add the property to the message'),
    };
  } else if (found !== undefined && !isInstant(found.schema)) {
    yield {
      at,
      message: `${what} takes its version from "${path}", which is not a date-time.`,
      subject: `${subject} version`,
      related: [{ at: model.locate(found.ref), message: 'the property' }],
      fix: 'write type: string and format: date-time at the property.',
    };
  } else if (found !== undefined && !found.required) {
    yield {
      at,
      message: `${what} takes its version from "${path}", which a message may leave out.`,
      subject: `${subject} version`,
      related: [{ at: model.locate(found.ref), message: 'the property' }],
      fix: `add "${path.split('.').at(-1)}" to required.`,
    };
  }
  const tie = ordering.tieBreaker;
  const headers = model.messages.get(message)?.definition.headers;
  // The message id is always there: the envelope carries it when the body does not.
  if (tie === null || tie === 'messageId' || tie === 'id' || tie === model.settings.envelope.id) return;
  const lost = missingStep(model, payload, tie);
  if (lost === undefined || (headers !== undefined && missingStep(model, headers, tie) === undefined)) return;
  yield {
    at,
    message: `${what} breaks ties by "${tie}", but message "${message}" has no such property.`,
    subject: `${subject} tie-breaker`,
    fix: meant(lost.step, lost.among, 'leave tie_breaker out to use the message id'),
  };
}

function isInstant(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'format' in schema && schema.format === 'date-time';
}
