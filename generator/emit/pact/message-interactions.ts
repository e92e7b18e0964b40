import { propertiesOf } from '../../model/payload.js';
import type { Model } from '../../model/types.js';
import { exampleOf } from '../../schema/example.js';
import { evaluateExpression } from '../../schema/expression.js';
import type { NodeId, SchemaGraph } from '../../schema/node.js';
import { declaredHeaders, type EnvelopePlaces, envelopePlaces } from '../outputs/message-definitions.js';
import type { Catalogue } from '../typescript/catalogue.js';
import type { MessageUse } from './message-use.js';
import { keyOfInteraction, type MessageInteraction, type Rule, type Rules } from './pact-file.js';
import { checkOf, type Sample, sampleOf } from './sample.js';
import { type Variant, variantsOf } from './variants.js';

/** What a consumer relies on in a message: an interaction for each of its forms, and one for the deletion of an entity. Empty when no valid payload was found. */
export function messageInteractions(
  model: Model,
  { graph }: Pick<Catalogue, 'graph'>,
  use: MessageUse,
): readonly MessageInteraction[] {
  const { message } = use;
  const id = graph.roots.get(message.name);
  const { payload } = message.definition;
  if (id === undefined || payload === undefined) return [];
  const holds = (value: unknown): boolean => actsOn(use, value);
  const written = writtenPayload(graph, id, use, holds);
  const variants = variantsOf(graph, id, written);
  const [plain] = variants;
  if (plain === undefined) return [];
  const places = envelopePlaces(model, message, payload);
  const kept = variants.filter(({ sample }) => holds(sample.value));
  const whole = kept.includes(plain) ? undefined : sampleOf(graph, id, { members: 'given', written });
  const first: readonly Variant[] = whole === undefined ? [] : [{ kind: 'required', words: '', sample: whole }];
  const all = kept.length + first.length === 0 ? [plain] : [...first, ...kept];
  const deletion = deletedSample(graph, id, use, places, all[0]?.sample.value);
  return [
    ...all.map(({ kind, words, sample }) => interaction(model, use, places, sample, kind, words)),
    ...(deletion === undefined ? [] : [interaction(model, use, places, deletion, 'required', ', of a deletion')]),
  ];
}

function interaction(
  model: Model,
  use: MessageUse,
  places: EnvelopePlaces,
  { value, rules }: Sample,
  variant: Variant['kind'],
  words: string,
): MessageInteraction {
  const { message, consumer, provider, entity } = use;
  const description = `${message.name}${words}`;
  const { metadata, metadataRules } = metadataOf(model, use, places, value);
  const happened = entity === undefined ? `${message.name} is sent` : `${entity.name} is changed`;
  return {
    type: 'Asynchronous/Messages',
    key: keyOfInteraction(consumer, provider, description),
    description,
    pending: false,
    providerStates: [{ name: `${happened}${words}` }],
    contents: { content: value, contentType: 'application/json', encoded: false },
    metadata,
    matchingRules: { ...(Object.keys(rules).length > 0 && { body: rules }), metadata: metadataRules },
    comments: {
      text: [`${consumer} relies on ${message.name} of ${provider}, see ${use.source}`],
      seamwright: { message: message.name, variant },
    },
  };
}

const some: Rule = { combine: 'AND', matchers: [{ match: 'type' }] };

/** Attributes that a consumer cannot do without, as CloudEvents headers, and the headers that the contract requires beside them. */
function metadataOf(
  model: Model,
  { message, provider, entity }: MessageUse,
  { paths, ops }: EnvelopePlaces,
  value: unknown,
) {
  const inBody = (attribute: string): string | undefined => {
    const path = paths[attribute];
    const found = path === undefined ? undefined : at(value, path);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const word = inBody('op');
  const op = Object.entries(ops).find(([, each]) => each === word)?.[0] ?? 'created';
  const subject = entity === undefined ? undefined : at(value, joined(entity.payload, entity.key));
  const attributes: Readonly<Record<string, string | undefined>> = {
    id: inBody('id') ?? '0f6c1e3a-8a57-4f0e-9d6b-5c2a7e914b10',
    source: provider,
    type: message.name,
    time: inBody('time') ?? '2026-01-01T00:00:00.000Z',
    correlationid: 'c0a8012e-52a1-4c35-9a0f-3f1b7d6e2c44',
    dataversion: message.version,
    ...(entity !== undefined && {
      op,
      subject: subject === undefined ? undefined : String(subject),
      ...(entity.ordering.version.kind === 'sequence' && { sequence: '1' }),
    }),
  };
  const needed = ['id', 'source', 'type', 'time', ...(entity === undefined ? [] : ['op', 'subject', 'sequence'])];
  const own = needed.flatMap((name) =>
    attributes[name] === undefined ? [] : [[`ce-${name}`, attributes[name]] as const],
  );
  const declared = Object.entries(declaredHeaders(model, message)).flatMap(([name, attribute]) =>
    attributes[attribute] === undefined || !isRequiredHeader(model, message.name, name)
      ? []
      : [[name, attributes[attribute]] as const],
  );
  const metadata = {
    contentType: 'application/json',
    'ce-specversion': '1.0',
    ...Object.fromEntries([...own, ...declared]),
  };
  const fixed = ['contentType', 'ce-specversion', 'ce-type', 'ce-source'];
  const metadataRules: Rules = Object.fromEntries(
    Object.keys(metadata)
      .filter((name) => !fixed.includes(name))
      .map((name) => [name, some]),
  );
  return { metadata, metadataRules };
}

function isRequiredHeader(model: Model, message: string, header: string): boolean {
  const ref = model.messages.get(message)?.definition.headers;
  return ref !== undefined && propertiesOf(model, ref).get(header)?.required === true;
}

/** A payload of the contract's own that the consumer acts on, else a made-up one. */
function writtenPayload(graph: SchemaGraph, id: NodeId, use: MessageUse, holds: (value: unknown) => boolean): unknown {
  const check = checkOf(graph, id);
  const valid = use.message.definition.examples
    .map(({ payload }) => payload)
    .filter((payload) => check(payload).length === 0);
  const [first] = valid;
  const found = valid.find(holds);
  if (found !== undefined || use.conditions.length === 0) return found ?? first;
  for (let seed = 1; seed <= 60; seed++) {
    const made = exampleOf(graph, id, { seed, check });
    if (made.ok && holds(made.value)) return made.value;
  }
  return first;
}

function actsOn({ conditions, entity }: MessageUse, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return conditions.length === 0;
  const entityData = entity === undefined || entity.payload === '' ? value : at(value, entity.payload);
  return conditions.every(({ text }) => evaluateExpression(text, { ...value, entityData, previous: null }) === true);
}

/** The same entity, gone. Undefined where entities are never deleted, or nobody acts on it. */
function deletedSample(
  graph: SchemaGraph,
  id: NodeId,
  use: MessageUse,
  { paths, ops }: EnvelopePlaces,
  value: unknown,
): Sample | undefined {
  const { entity } = use;
  if (entity === undefined || entity.delete.mode === 'never' || ops.deleted === undefined || paths.op === undefined)
    return undefined;
  const field = entity.delete.field === undefined ? undefined : joined(entity.payload, entity.delete.field);
  const gone = withValue(field === undefined ? value : withValue(value, field, true), paths.op, ops.deleted);
  return actsOn(use, gone) ? sampleOf(graph, id, { members: 'given', written: gone }) : undefined;
}

function joined(path: string, last: string): string {
  return path === '' ? last : `${path}.${last}`;
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? Reflect.get(inner, name)
          : undefined,
      value,
    );
}

function withValue(value: unknown, path: string, replaced: unknown): unknown {
  const [name = '', ...rest] = path.split('.');
  const members = typeof value === 'object' && value !== null ? value : {};
  const inner = rest.length === 0 ? replaced : withValue(Reflect.get(members, name), rest.join('.'), replaced);
  return { ...members, [name]: inner };
}
