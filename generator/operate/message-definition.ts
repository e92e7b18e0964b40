import type { MessageDefinition } from '../../runtime/definition.js';
import type { Attribute } from '../../runtime/envelope.js';
import type { ValidationError, Validator } from '../../runtime/validation.js';
import { messageFacts } from '../emit/message-facts.js';
import { declaredHeaders, envelopePlaces } from '../emit/outputs/message-definitions.js';
import { catalogueMessages } from '../emit/typescript/catalogue.js';
import type { Message, Model } from '../model/types.js';
import { type Check, compileNode } from '../schema/ajv.js';
import type { SchemaGraph } from '../schema/node.js';

/** What the runtime needs to know of a message, straight from the contracts; undefined for a message without payload. */
export type MessageDefinitions = (name: string) => MessageDefinition | undefined;

/** The definitions of a system's messages. Each is compiled when it is first asked for. */
export function messageDefinitions(model: Model): MessageDefinitions {
  const known = new Map<string, MessageDefinition | undefined>();
  let graph: SchemaGraph | undefined;
  return (name) => {
    if (known.has(name)) return known.get(name);
    graph ??= catalogueMessages(model).graph;
    const message = model.messages.get(name);
    const made = message && definitionOf(model, message, graph);
    known.set(name, made);
    return made;
  };
}

function definitionOf(model: Model, message: Message, graph: SchemaGraph): MessageDefinition | undefined {
  const { payload } = message.definition;
  if (payload === undefined) return undefined;
  const { paths, ops } = envelopePlaces(model, message, payload);
  const headers = declaredHeaders(model, message) as Readonly<Record<string, Attribute>>;
  return {
    name: message.name,
    version: message.version,
    validate: validatorOf(graph, message.name),
    ...messageFacts(model, message.name),
    ...(Object.keys(paths).length > 0 && {
      envelope: { ...paths, ...(Object.keys(ops).length > 0 && { ops }) },
    }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...messageFacts(model, message.name),
  };
}

/** The check as generated code calls it: compiled at the first call, most commands need none. */
function validatorOf(graph: SchemaGraph, message: string): Validator<unknown> {
  let check: Check | undefined;
  const validate: { (data: unknown): boolean; errors?: readonly ValidationError[] | null } = (data) => {
    const id = graph.roots.get(message);
    check ??= id === undefined ? () => [] : compileNode(graph, id);
    const errors = check(data);
    validate.errors = errors.length === 0 ? null : errors;
    return errors.length === 0;
  };
  return validate as Validator<unknown>;
}
