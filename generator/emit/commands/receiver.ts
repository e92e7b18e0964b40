import { accessTo, asText } from '../access.js';
import { addressText } from '../address-text.js';
import { answerAddress } from '../addresses.js';
import type { EmitInput } from '../emitter.js';
import type { Imports } from '../imports.js';
import { docComment, propertyKey, stringLiteral, typeName, variableName } from '../names.js';
import { definitionModule, definitionName } from '../outputs/message-definitions.js';
import type { AnswerFacts, CommandFacts, ServiceFacts } from '../service-facts.js';
import { retryText } from '../waits-text.js';

/** A handler slot as the template of consumers shows it. */
export interface SlotView {
  readonly slot: string;
  readonly type: string;
  readonly variable: string;
  readonly message: string;
  /** Type of the handler. */
  readonly handler: string;
  readonly doc: string;
  readonly lines: readonly string[];
}

/** The slot for a command that a service carries out; undefined when the message has no type. */
export function commandView(
  { model, types }: EmitInput,
  facts: ServiceFacts,
  { command, slot }: CommandFacts,
  imports: Imports,
): SlotView | undefined {
  const names = types.message(command.message);
  const payload = model.messages.get(command.message)?.definition.payload;
  if (names === undefined || payload === undefined) return undefined;
  imports.type(names.typeName, `../${names.module}.js`);
  imports.value(definitionName(names.typeName), `../${definitionModule(names.module)}.js`);
  const reply = command.reply === undefined ? undefined : types.message(command.reply);
  if (reply !== undefined) {
    imports.type(reply.typeName, `../${reply.module}.js`);
    imports.value(definitionName(reply.typeName), `../${definitionModule(reply.module)}.js`);
  }
  const key = command.idempotencyKey === undefined ? undefined : accessTo(model, payload, command.idempotencyKey);
  const { senders } = command;
  const transaction = `${facts.pascal}Transaction`;
  const purpose = command.purpose?.replace(/\.$/, '') ?? 'carries it out';
  const from = senders.length === 0 ? '' : ` from ${senders.join(', ')}`;
  const replyTo = senders.map((sender) => `${propertyKey(sender)}: ${addressText(answerAddress(model, sender))},`);
  return {
    slot,
    type: typeName(slot),
    variable: variableName(`${slot} effect`),
    message: names.typeName,
    handler:
      reply === undefined
        ? `EffectHandler<${names.typeName}, ${transaction}>`
        : `CommandHandler<${names.typeName}, ${reply.typeName}, ${transaction}>`,
    doc: docComment(
      `${facts.service.name}, on the command ${command.name}${from}: ${purpose}. Source: ${command.at.file}:${command.at.line}`,
    ),
    lines: [
      `name: ${stringLiteral(`${facts.service.name}.${slot}`)},`,
      `handler: ${stringLiteral(slot)},`,
      `message: ${definitionName(names.typeName)},`,
      ...(key === undefined ? [] : [`idempotencyKey: (m) => ${asText(key, 'm')},`]),
      'awaits: [],',
      `retry: ${retryText(undefined, command.deadLetter.given ? command.deadLetter.maxDeliveries : undefined)},`,
      "transaction: 'single',",
      ...(reply === undefined
        ? ['command: {},']
        : [
            'command: {',
            `  reply: ${definitionName(reply.typeName)},`,
            '  replyTo: {',
            ...replyTo.map((line) => `    ${line}`),
            '  },',
            '},',
          ]),
    ],
  };
}

/** The slot for an answer to a command. */
export function answerView(
  { types }: EmitInput,
  facts: ServiceFacts,
  { message, commands, slot }: AnswerFacts,
  imports: Imports,
): SlotView | undefined {
  const names = types.message(message);
  const [command] = commands;
  if (names === undefined || command === undefined) return undefined;
  imports.type(names.typeName, `../${names.module}.js`);
  imports.value(definitionName(names.typeName), `../${definitionModule(names.module)}.js`);
  const asked = commands.map(({ name }) => name).join(', ');
  return {
    slot,
    type: typeName(slot),
    variable: variableName(`${slot} effect`),
    message: names.typeName,
    handler: `EffectHandler<${names.typeName}, ${facts.pascal}Transaction>`,
    doc: docComment(
      `${facts.service.name}, on ${message}, which answers ${asked}. Source: ${command.at.file}:${command.at.line}`,
    ),
    lines: [
      `name: ${stringLiteral(`${facts.service.name}.${slot}`)},`,
      `handler: ${stringLiteral(slot)},`,
      `message: ${definitionName(names.typeName)},`,
      'awaits: [],',
      `retry: ${retryText(undefined, command.deadLetter.given ? command.deadLetter.maxDeliveries : undefined)},`,
      "transaction: 'single',",
    ],
  };
}
