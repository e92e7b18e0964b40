import type { Command } from '../../model/types.js';
import { accessTo, asText } from '../access.js';
import { addressText } from '../address-text.js';
import { answerAddress, commandAddress } from '../addresses.js';
import type { EmitInput } from '../emitter.js';
import type { Imports } from '../imports.js';
import { docComment, stringLiteral, variableName } from '../names.js';
import { definitionModule, definitionName } from '../outputs/message-definitions.js';
import { grouped } from '../waits-text.js';

/** Name of the constant that says how a service sends a command. */
export function senderVariable(command: Command): string {
  return variableName(/command$/i.test(command.name) ? command.name : `${command.name} command`);
}

/** How one service sends a command; undefined when the message has no type. */
export function senderView({ model, types }: EmitInput, service: string, command: Command, imports: Imports) {
  const message = types.message(command.message);
  const payload = model.messages.get(command.message)?.definition.payload;
  if (message === undefined || payload === undefined) return undefined;
  imports.type(message.typeName, `../${message.module}.js`);
  imports.value(definitionName(message.typeName), `../${definitionModule(message.module)}.js`);
  const key = command.idempotencyKey === undefined ? undefined : accessTo(model, payload, command.idempotencyKey);
  const reply = command.reply === undefined ? undefined : types.message(command.reply);
  if (reply !== undefined) imports.value(definitionName(reply.typeName), `../${definitionModule(reply.module)}.js`);
  const answers = stringLiteral(answerAddress(model, service).key);
  return {
    name: command.name,
    variable: senderVariable(command),
    message: message.typeName,
    doc: docComment(
      `${command.name}, carried out by ${command.receivers.map((receiver) => receiver.service).join(', ')}${command.purpose === undefined ? '' : `: ${command.purpose.replace(/\.$/, '')}`}. Source: ${command.at.file}:${command.at.line}`,
    ),
    lines: [
      `message: ${definitionName(message.typeName)},`,
      `address: ${addressText(commandAddress(model, command))},`,
      ...(key === undefined ? [] : [`key: (m) => ${asText(key, 'm')},`]),
      `outbox: ${command.outbox},`,
      ...(command.delayMs === undefined ? [] : [`delayMs: ${grouped(command.delayMs)},`]),
      ...(command.timeoutMs === undefined ? [] : [`validForMs: ${grouped(command.timeoutMs)},`]),
      ...(reply === undefined ? [] : [`reply: { message: ${definitionName(reply.typeName)}, key: ${answers} },`]),
    ],
  };
}
