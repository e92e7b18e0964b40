import type { SchemaRef } from '../../load/documents.js';
import { entitySchema } from '../../model/payload.js';
import type { Entity, Event, Model } from '../../model/types.js';
import { accessTo, asText } from '../access.js';
import { addressText } from '../address-text.js';
import { addressOf, type MessageAddress } from '../addresses.js';
import { senderView } from '../commands/sender.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { Imports, importLines, runtimeValuesIn } from '../imports.js';
import { distinct, docComment, propertyKey, stringLiteral, typeName, variableName } from '../names.js';
import { predicateText } from '../predicates.js';
import { startersOf } from '../sagas/names.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { joinPath } from '../waits-text.js';
import { definitionModule, definitionName } from './message-definitions.js';

/** `<service>/producers.gen.ts`: entities that raise their events, facts that are published, commands that are sent, and the transaction they are raised in. */
export const producers: Emitter = {
  name: 'producers',
  summary: 'owned entities, published events and sent commands of each service',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const imports = new Imports();
      const owned = ownedNames(facts).flatMap((item) => ownedView(input, item, imports) ?? []);
      const events = facts.publishes.flatMap((event) => eventView(input, event, imports) ?? []);
      const sends = facts.sends.flatMap((sent) => senderView(input, facts.service.name, sent, imports) ?? []);
      const starters = startersOf(facts);
      for (const { input: type } of starters) imports.type(type, './sagas.gen.js');
      const text = [...owned, ...events, ...sends].flatMap((item) => item.lines).join('\n');
      const values = [
        ...(owned.length > 0 ? ['owned', 'type OwnedEntity'] : []),
        ...(events.length > 0 ? ['outgoing'] : []),
        ...(sends.length > 0 ? ['command', 'type CommandSender'] : []),
        ...(starters.length > 0 ? ['type SagaStarter'] : []),
        ...runtimeValuesIn(text),
        'type ServiceTransaction',
      ];
      const source =
        facts.owned[0]?.at.file ?? facts.publishes[0]?.at.file ?? facts.sends[0]?.at.file ?? facts.service.at.file;
      const onlyTypes = values.every((value) => value.startsWith('type '));
      yield {
        base: 'output',
        path: `${facts.service.name}/producers.gen.ts`,
        ownership: 'owned',
        source,
        emitter: this.name,
        template: 'producers',
        view: {
          source,
          importKeyword: onlyTypes ? 'import type' : 'import',
          runtimeValues: (onlyTypes ? values.map((value) => value.replace('type ', '')) : values)
            .sort((a, b) => (a.replace('type ', '') < b.replace('type ', '') ? -1 : 1))
            .join(', '),
          imports: importLines(imports),
          service: facts.service.name,
          transaction: `${facts.pascal}Transaction`,
          owned,
          events,
          sends,
          ownedProperties: owned.map((item) => `readonly ${propertyKey(item.property)}: OwnedEntity<${item.type}>;`),
          sendProperties: sends.map((item) => `readonly ${propertyKey(item.name)}: CommandSender<${item.message}>;`),
          sagaProperties: starters.map((item) => `readonly ${propertyKey(item.property)}: SagaStarter<${item.input}>;`),
          publishes: events.map(
            (item) => `${propertyKey(item.name)}(message: ${item.message}${askedText(item.asked)}): Promise<void>;`,
          ),
        },
      };
    }
  },
};

export interface OwnedNames {
  readonly entity: Entity;
  readonly type: string;
  readonly variable: string;
  /** Property of the transaction; a name that the transaction already uses gets `Entity` behind it. */
  readonly property: string;
}

/** Members of every transaction: an entity of such a name would hide one. */
const taken = new Set(['query', 'publish', 'send', 'sagas', 'tasks', 'cause', 'then']);

export function ownedNames(facts: ServiceFacts): readonly OwnedNames[] {
  const types = distinct(facts.owned, (entity) => typeName(entity.name));
  return facts.owned.map((entity) => {
    const type = types.get(entity) ?? typeName(entity.name);
    return {
      entity,
      type,
      variable: variableName(`${type} owned`),
      property: taken.has(entity.name) ? `${entity.name}Entity` : entity.name,
    };
  });
}

function ownedView(input: EmitInput, names: OwnedNames, imports: Imports) {
  const { model, types } = input;
  const { entity } = names;
  const message = entity.event === undefined ? undefined : types.message(entity.event);
  const payload = entity.event === undefined ? undefined : model.messages.get(entity.event)?.definition.payload;
  if (message === undefined || payload === undefined || entity.event === undefined) return undefined;
  const data = accessTo(model, payload, entity.payload);
  const key = accessTo(model, payload, joinPath(entity.payload, entity.key));
  if (data === undefined || key === undefined) return undefined;
  imports.type(message.typeName, `../${message.module}.js`);
  imports.value(definitionName(message.typeName), `../${definitionModule(message.module)}.js`);
  const address = addressOf(model, entity.event, entity.owner, entity);
  const when =
    entity.publishWhen === undefined ? undefined : predicateText(entity.publishWhen, entity.payload, ['previous']);
  // The same name as the message's own type: when the whole message is the entity, the alias would refer to itself.
  const clash = names.type === message.typeName;
  const type = clash ? `${names.type}Entity` : names.type;
  return {
    ...names,
    type,
    message: message.typeName,
    doc: docComment(`${entity.name}, owned by ${entity.owner}. Source: ${entity.at.file}:${entity.at.line}`),
    typeOf: data.optional ? `NonNullable<${data.type(message.typeName)}>` : data.type(message.typeName),
    lines: [
      `entity: ${stringLiteral(entity.name)},`,
      `message: ${definitionName(message.typeName)},`,
      `address: ${addressText(address)},`,
      `key: (e) => ${entityKey(model, entity)},`,
      ...parametersText(model, payload, entity.payload, address).lines,
      ...(when === undefined ? [] : [`publishWhen: ${when},`]),
      ...(entity.delete.field === undefined ? [] : [`softDelete: { field: ${stringLiteral(entity.delete.field)} },`]),
      `deletes: ${entity.delete.mode !== 'never'},`,
      `outbox: ${eventOf(model, entity.event)?.outbox ?? true},`,
    ],
  };
}

/** The id, read from the entity itself. */
function entityKey(model: Model, entity: Entity): string {
  const shape = entitySchema(model, entity);
  const key = shape === undefined ? undefined : accessTo(model, shape, entity.key);
  if (key === undefined) return "''";
  return asText(key, 'e');
}

function eventOf(model: Model, message: string): Event | undefined {
  return [...model.events.values()].find((event) => event.message === message);
}

function eventView(input: EmitInput, event: Event, imports: Imports) {
  const { model, types } = input;
  const message = types.message(event.message);
  const payload = model.messages.get(event.message)?.definition.payload;
  if (message === undefined || payload === undefined) return undefined;
  imports.type(message.typeName, `../${message.module}.js`);
  imports.value(definitionName(message.typeName), `../${definitionModule(message.module)}.js`);
  const address = addressOf(model, event.message, event.publisher, undefined, event.channel);
  const parameters = parametersText(model, payload, '', address);
  const keyPath = event.ordering?.key ?? event.idempotencyKey;
  const key = keyPath === undefined ? undefined : accessTo(model, payload, keyPath);
  return {
    name: event.name,
    variable: variableName(`${event.name} outgoing`),
    message: message.typeName,
    asked: parameters.asked,
    doc: docComment(
      `${event.name}, published by ${event.publisher}${event.purpose === undefined ? '' : `: ${event.purpose.replace(/\.$/, '')}`}. Source: ${event.at.file}:${event.at.line}`,
    ),
    lines: [
      `message: ${definitionName(message.typeName)},`,
      `address: ${addressText(address)},`,
      ...(key === undefined ? [] : [`key: (m) => ${asText(key, 'm')},`]),
      ...parameters.lines,
      `outbox: ${event.outbox},`,
    ],
  };
}

/** Values of address parameters that the message has, and the names of those that only the caller knows. */
function parametersText(
  model: Model,
  payload: SchemaRef,
  prefix: string,
  address: MessageAddress,
): { readonly lines: readonly string[]; readonly asked: readonly string[] } {
  const found = address.parameters.map(({ name, location }) => {
    const written = /^\$message\.payload#\/(.+)$/
      .exec(location ?? '')?.[1]
      ?.split('/')
      .join('.');
    const paths = written === undefined ? [joinPath(prefix, name), name] : [written];
    return { name, access: paths.map((path) => accessTo(model, payload, path)).find((access) => access !== undefined) };
  });
  const texts = found.flatMap(({ name, access }) =>
    access === undefined ? [] : `${propertyKey(name)}: ${asText(access, 'm')}`,
  );
  return {
    lines: texts.length === 0 ? [] : [`parameters: (m) => ({ ${texts.join(', ')} }),`],
    asked: found.filter(({ access }) => access === undefined).map(({ name }) => name),
  };
}

function askedText(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : `, address: { ${names.map((name) => `readonly ${propertyKey(name)}: string`).join('; ')} }`;
}
