import type { Event, EventConsumer, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { deadLetterSettings, orderingSettings, securitySettings, waitSettings } from './listening.js';
import { compareNouns, type NounTable } from './nouns.js';
import { type Pair, pairs } from './pairs.js';
import { payloadShape } from './payload-shape.js';
import { plain, sorted } from './plain.js';

/** Events and who consumes them. */
export function* eventChanges(before: Model, after: Model): Iterable<Change> {
  for (const pair of pairs(before.events, after.events, (event, side) =>
    shape(event, side === 'before' ? before : after),
  )) {
    yield* compareNouns([pair], eventTable);
    if (pair.before !== undefined && pair.after !== undefined) yield* consumerChanges(pair);
  }
}

const eventTable: NounTable<Event> = {
  noun: 'event',
  subject: (name) => `event:${name}`,
  features: (event) => [event.feature, ...event.features],
  at: (event) => event.at,
  settings: (event) => ({
    publisher: event.publisher,
    message: event.message,
    channel: event.channel,
    entity: event.entity,
    ...orderingSettings(event.ordering),
    idempotency_key: event.idempotencyKey,
    outbox: event.outbox,
    delivery: event.delivery,
    max_payload: event.payloadMax,
    deprecated: event.deprecated,
    ...securitySettings(event.security),
    ...deadLetterSettings(event.deadLetter),
  }),
  place(event, setting) {
    if (setting.startsWith('ordering.')) return event.ordering?.at;
    if (setting.startsWith('dead_letter.')) return event.deadLetter.at;
    return setting === 'security' ? event.security?.at : undefined;
  },
};

/** The same publisher saying the same. */
function shape({ publisher, message, channel, entity }: Event, model: Model): string | undefined {
  const payload = payloadShape(model, message);
  return payload === undefined ? undefined : canonicalJson([publisher, payload, channel, entity]);
}

function consumerChanges({ name, before, after }: Pair<Event>): Iterable<Change> {
  const table: NounTable<EventConsumer> = {
    noun: 'consumer',
    subject: (consumer) => `event:${name} consumer:${consumer}`,
    features: (consumer) => [consumer.feature],
    at: (consumer) => consumer.at,
    settings: (consumer) => ({
      service: consumer.service,
      idempotency_key: consumer.idempotencyKey,
      effect: consumer.effect,
      when: consumer.when?.text,
      waits_for: waitSettings(consumer.waits),
      retry: plain(consumer.retry),
      handler: consumer.handler,
      transaction: consumer.transaction,
      batch_size: consumer.batchSize,
      needs: sorted(consumer.needs.map(({ path }) => path)),
      calls: sorted(consumer.calls.map(({ operationId }) => operationId)),
    }),
    place: (consumer, setting) => (setting === 'when' ? consumer.when?.at : undefined),
  };
  return compareNouns(pairs(consumers(before), consumers(after)), table);
}

/** By service; by service and handler where one service consumes an event several times. */
function consumers(event: Event | undefined): ReadonlyMap<string, EventConsumer> {
  const all = event?.consumers ?? [];
  const several = (service: string): boolean => all.filter((item) => item.service === service).length > 1;
  return new Map(
    all.map((item) => [several(item.service) ? `${item.service}/${item.handler ?? ''}` : item.service, item]),
  );
}
