import type { SchemaRef } from '../../load/documents.js';
import { envelopeOf } from '../../model/envelope.js';
import { propertiesOf, propertyAt } from '../../model/payload.js';
import type { Message, Model } from '../../model/types.js';
import type { Emitter } from '../emitter.js';
import { messageFacts } from '../message-facts.js';
import { docComment, propertyKey, stringLiteral, variableName } from '../names.js';
import { grouped } from '../waits-text.js';

/** One `MessageDefinition` per message: its name, version, validator, and where the contract carries the envelope's attributes. */
export const messageDefinitions: Emitter = {
  name: 'message-definitions',
  summary: 'what the runtime needs to know of each message',
  *plan({ model, types }) {
    for (const message of model.messages.values()) {
      const names = types.message(message.name);
      const { payload } = message.definition;
      if (names === undefined || payload === undefined) continue;
      yield {
        base: 'output',
        path: `${definitionModule(names.module)}.ts`,
        ownership: 'owned',
        source: message.at.file,
        emitter: this.name,
        template: 'message-definition',
        view: {
          source: message.at.file,
          type: names.typeName,
          typeModule: `./${basename(names.module)}.js`,
          validator: names.validator,
          validatorModule: `./${basename(names.validatorModule)}.js`,
          doc: docComment(message.definition.summary ?? message.definition.title ?? `The message ${message.name}.`),
          variable: definitionName(names.typeName),
          name: stringLiteral(message.name),
          version: stringLiteral(message.version),
          lines: [
            ...envelopeLines(model, message, payload),
            ...headerLines(model, message),
            ...factLines(model, message),
          ],
        },
      };
    }
  },
};

/** `messages/Foo.gen` -> `messages/Foo.message.gen`. */
export function definitionModule(typeModule: string): string {
  return typeModule.replace(/\.gen$/, '.message.gen');
}

export function definitionName(type: string): string {
  return variableName(type.endsWith('Message') ? type : `${type} message`);
}

/** An attribute of the envelope -> its dotted path in the body, and the contract's words for kinds of change. */
export interface EnvelopePlaces {
  readonly paths: Readonly<Record<string, string>>;
  readonly ops: Readonly<Record<string, string>>;
}

/** Only attributes that this message really has in its body. Where the entity lies in it, the entity says; the workspace need not. */
export function envelopePlaces(model: Model, message: Message, payload: SchemaRef): EnvelopePlaces {
  const entity = [...model.entities.values()].find((item) => item.event === message.name && item.payload !== '');
  const envelope = { ...envelopeOf(model, message.name), ...(entity && { data: entity.payload }) };
  const paths = Object.entries(envelope).flatMap(([attribute, path]) =>
    path === undefined || propertyAt(model, payload, path) === undefined ? [] : [[attribute, path] as const],
  );
  const ops = envelope.op === undefined ? [] : operationWords(propertyAt(model, payload, envelope.op)?.schema);
  return { paths: Object.fromEntries(paths), ops: Object.fromEntries(ops) };
}

function envelopeLines(model: Model, message: Message, payload: SchemaRef): readonly string[] {
  const { paths, ops } = envelopePlaces(model, message, payload);
  const texts = Object.entries(paths).map(([attribute, path]) => `${attribute}: ${stringLiteral(path)},`);
  if (texts.length === 0) return [];
  const words = Object.entries(ops).map(([kind, word]) => `${kind}: ${stringLiteral(word)}`);
  if (words.length > 0) texts.push(`ops: { ${words.join(', ')} },`);
  return ['envelope: {', ...texts.map((text) => `  ${text}`), '},'];
}

/** The contract's word for each kind of change, matched by meaning: `Created`, `CREATE`, `insert`... */
function operationWords(schema: unknown): readonly (readonly [kind: string, word: string])[] {
  const words =
    typeof schema === 'object' && schema !== null && 'enum' in schema && Array.isArray(schema.enum) ? schema.enum : [];
  const kinds = {
    created: /^(creat|insert|add)/i,
    updated: /^(updat|chang|modif)/i,
    deleted: /^(delet|remov)/i,
    snapshot: /^(snapshot|sync|read)/i,
  };
  return Object.entries(kinds).flatMap(([kind, pattern]) => {
    const word = words.find((item): item is string => typeof item === 'string' && pattern.test(item));
    return word === undefined ? [] : [[kind, word] as const];
  });
}

const attributesByHeader: Readonly<Record<string, string>> = {
  messageid: 'id',
  correlationid: 'correlationid',
  causationid: 'causationid',
  messageversion: 'dataversion',
  createdutcdate: 'time',
  timestamp: 'time',
  producer: 'source',
  traceparent: 'traceparent',
};

/** Headers that the contract declares under its own names, beside the CloudEvents ones, each with the attribute it repeats. */
export function declaredHeaders(model: Model, message: Message): Readonly<Record<string, string>> {
  const { headers } = message.definition;
  if (headers === undefined) return {};
  const entries = [...propertiesOf(model, headers).keys()].flatMap((name) => {
    const attribute = attributesByHeader[name.toLowerCase().replace(/[^a-z]/g, '')];
    return attribute === undefined ? [] : [[name, attribute] as const];
  });
  return Object.fromEntries(entries);
}

function headerLines(model: Model, message: Message): readonly string[] {
  const texts = Object.entries(declaredHeaders(model, message)).map(
    ([name, attribute]) => `${propertyKey(name)}: ${stringLiteral(attribute)},`,
  );
  return texts.length === 0 ? [] : ['headers: {', ...texts.map((text) => `  ${text}`), '},'];
}

function factLines(model: Model, message: Message): readonly string[] {
  const { payloadMax, redact, security, alertAfterMs } = messageFacts(model, message.name);
  return [
    ...(payloadMax === undefined ? [] : [`payloadMax: ${grouped(payloadMax)},`]),
    ...(redact === undefined ? [] : [`redact: ${listText(redact)},`]),
    ...(security === undefined ? [] : [`security: { allow: ${listText(security.allow)} },`]),
    ...(alertAfterMs === undefined ? [] : [`alertAfterMs: ${grouped(alertAfterMs)},`]),
  ];
}

function listText(texts: readonly string[]): string {
  return `[${texts.map(stringLiteral).join(', ')}]`;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
