import type { Message, Model } from '../../model/types.js';
import { dialectOfFormat } from '../../schema/dialect.js';
import type { Change, SchemaUse } from '../change.js';
import { bothParties, partiesOfMessage } from '../parties.js';
import { bindingSettings } from './bindings.js';
import type { ChannelNames } from './channels.js';
import { compareNouns, featuresOf, type NounTable, placed } from './nouns.js';
import { type Pair, pairs } from './pairs.js';
import { payloadShape } from './payload-shape.js';
import { sorted } from './plain.js';
import { sameSchema } from './same-schema.js';
import type { SameSchemas } from './schema-side.js';

/** Messages: what stands around a payload, and each payload and its headers as schemas, once for every way in which they travel. */
export function* messageChanges(
  before: Model,
  after: Model,
  known: SameSchemas,
  names: ChannelNames,
): Iterable<Change> {
  const table = messageTable(names);
  const found = pairs(before.messages, after.messages, (message, side) =>
    payloadShape(side === 'before' ? before : after, message.name),
  );
  for (const pair of found) {
    yield* compareNouns([pair], table);
    yield* schemaChanges(pair, table, before, after, known);
  }
}

function messageTable(names: ChannelNames): NounTable<Message> {
  return {
    noun: 'message',
    subject: (name) => `message:${name}`,
    features: (message) => message.features,
    at: (message) => message.at,
    settings: (message) => ({
      version: message.versionGiven ? message.version : undefined,
      content_type: message.definition.contentType,
      format: formatOf(message),
      correlation_id: message.definition.correlationId,
      deprecated: message.definition.deprecated,
      payload: message.definition.payload !== undefined,
      headers: message.definition.headers !== undefined,
      channels: sorted(message.channels.map((channel) => names.of(channel))),
      security: sorted(message.definition.security),
      ...bindingSettings(message.definition.bindings),
    }),
  };
}

/** Drafts of JSON Schema are one format: that they read a keyword otherwise is a change of the schema. */
function formatOf({ definition }: Message): string | undefined {
  const { schemaFormat } = definition;
  return schemaFormat === undefined || dialectOfFormat(schemaFormat) !== undefined ? 'JSON Schema' : schemaFormat;
}

function* schemaChanges(
  pair: Pair<Message>,
  table: NounTable<Message>,
  before: Model,
  after: Model,
  known: SameSchemas,
): Iterable<Change> {
  if (pair.before === undefined || pair.after === undefined) return;
  const left = pair.before.definition;
  const right = pair.after.definition;
  if (formatOf(pair.before) !== formatOf(pair.after)) return;
  for (const part of ['payload', 'headers'] as const) {
    const one = left[part];
    const two = right[part];
    if (one === undefined || two === undefined) continue;
    const formats = part === 'payload' ? [left.schemaFormat, right.schemaFormat] : [];
    const sides = [
      { documents: before.documents, ref: one, ...(formats[0] !== undefined && { schemaFormat: formats[0] }) },
      { documents: after.documents, ref: two, ...(formats[1] !== undefined && { schemaFormat: formats[1] }) },
    ] as const;
    if (sameSchema(...sides, known)) continue;
    for (const use of usesOf(pair.before, pair.after, part, before, after)) {
      const places = placed(before.locate(one), after.locate(two));
      const owning = owningFeatures(after, pair.name);
      const features = [...new Set([...owning, ...featuresOf(pair, table)])];
      yield {
        kind: 'schema',
        noun: 'message',
        subject: `message:${pair.name}`,
        features,
        ...places,
        use,
        before: one,
        after: two,
      };
    }
  }
}

/** Who wrote or read a message before is still there while the new one is rolled out. */
function usesOf(
  left: Message,
  right: Message,
  part: 'payload' | 'headers',
  before: Model,
  after: Model,
): readonly SchemaUse[] {
  const old = partiesOfMessage(before, left.name);
  const young = partiesOfMessage(after, right.name);
  return (['event', 'command'] as const).flatMap((direction) =>
    old[direction] === undefined && young[direction] === undefined
      ? []
      : [{ direction, part, ...bothParties(old[direction], young[direction]) }],
  );
}

/** Features that say who sends the message; the documents of a message may belong to others, too. */
function owningFeatures(model: Model, message: string): readonly string[] {
  return [
    ...[...model.entities.values()].filter((item) => item.event === message).flatMap((item) => item.features),
    ...[...model.events.values()].filter((item) => item.message === message).flatMap((item) => item.features),
    ...[...model.commands.values()].filter((item) => item.message === message).map((item) => item.feature),
  ].filter((name) => name !== '');
}
