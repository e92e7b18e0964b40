import { entitySchema, payloadOf, propertyAt } from '../../model/payload.js';
import type { Message, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { counted } from '../wording.js';

/** Fewer distinct keys than this leave partitions of a usual topic (12) empty and one of them full. */
const fewest = 12;

/** Events on Kafka (or Kinesis) without any key, and events and entities whose key can take a handful of values only. */
export const hotOrMissingPartitionKey: Rule = {
  id: 'hot-or-missing-partition-key',
  severity: 'warning',
  title: 'Messages of a partitioned topic are spread by a key with many values.',
  why: 'Order holds within a partition only. Without a key two changes of one row go to two partitions; with a key of few values one partition does all the work.',
  fix: 'Name the id of what the event is about as `ordering.key`.',
  requirements: ['SE-10', 'SE-62'],
  *check(model) {
    for (const event of model.events.values()) {
      const message = model.messages.get(event.message);
      if (message === undefined || event.entity !== undefined || !partitioned(model, message)) continue;
      const key = event.ordering?.key;
      const subject = `event:${event.name} partition-key`;
      if (key === undefined) {
        if (hasBoundKey(message)) continue;
        yield {
          at: event.at,
          message: `event "${event.name}" travels on a partitioned topic without a key.`,
          subject,
          fix: 'write ordering: { key: <id of what the event is about> }.',
        };
        continue;
      }
      const payload = payloadOf(model, event.message);
      const values = payload && valuesOf(propertyAt(model, payload, key)?.schema);
      if (values === undefined || values >= fewest) continue;
      const at = event.ordering?.at ?? event.at;
      yield { at, ...hot(`event "${event.name}"`, key, values), subject };
    }
    for (const entity of model.entities.values()) {
      const message = model.messages.get(entity.event ?? '');
      const shape = entitySchema(model, entity);
      if (message === undefined || shape === undefined || !partitioned(model, message)) continue;
      const key = entity.ordering.key ?? entity.key;
      const values = valuesOf(propertyAt(model, shape, key)?.schema);
      if (values === undefined || values >= fewest) continue;
      yield {
        at: entity.ordering.at,
        ...hot(`entity "${entity.name}"`, key, values),
        subject: `entity:${entity.name} partition-key`,
      };
    }
  },
};

function hot(what: string, key: string, values: number) {
  return {
    message: `${what} is partitioned by "${key}", which has ${counted(values, 'value')} only.`,
    fix: 'name an id with many values as ordering.key.',
  };
}

function partitioned(model: Model, message: Message): boolean {
  const protocols = message.channels.flatMap((channel) => channel.protocols);
  return (
    model.settings.broker.kind === 'kafka' || protocols.some((protocol) => /^(kafka(-secure)?|kinesis)$/.test(protocol))
  );
}

function hasBoundKey(message: Message): boolean {
  const binding = message.definition.bindings.kafka;
  return typeof binding === 'object' && binding !== null && 'key' in binding;
}

/** How many values a key can take; undefined when many. */
function valuesOf(schema: unknown): number | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if ('const' in schema) return 1;
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.length;
  return 'type' in schema && schema.type === 'boolean' ? 2 : undefined;
}
