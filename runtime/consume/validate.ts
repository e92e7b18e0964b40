import type { MessageDefinition } from '../definition.js';
import type { Envelope, WireMessage } from '../envelope.js';
import type { Parts } from '../parts.js';
import { signedPart } from '../security/signed-part.js';
import { formatErrors } from '../validation.js';
import { decode, messageType } from '../wire.js';
import type { Consumer, ConsumerTable, DeadVerdict } from './consumer.js';
import { tellApart } from './tell-apart.js';

/** A message that consumers of this service may look at, one that none of them knows, or one that nobody can read. */
export type Opened =
  | {
      readonly kind: 'valid';
      readonly envelope: Envelope;
      readonly wire: WireMessage;
      readonly consumers: readonly Consumer[];
    }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'broken'; readonly verdict: DeadVerdict };

/**
 * Decodes a message and checks its payload once, for all its consumers: nothing behind this step sees a value that its type denies. What is too large or comes
 * from the wrong service is refused before anybody reads its body.
 */
export function open(
  parts: Pick<Parts, 'security' | 'messageBytesMax'>,
  table: ConsumerTable,
  wire: WireMessage,
): Opened {
  const { byteLength } = wire.body;
  if (byteLength > parts.messageBytesMax) return tooLarge(byteLength, parts.messageBytesMax);
  const said = messageType(wire);
  const told = said === undefined ? tellApart(table, wire) : ({ ok: true, type: said, wire } as const);
  if (!told.ok) return broken('undecodable', told.problem);
  const { type } = told;
  const consumers = table.get(type);
  const message = consumers?.[0]?.definition.message;
  if (consumers === undefined || message === undefined) return { kind: 'unknown', type };
  if (message.payloadMax !== undefined && byteLength > message.payloadMax)
    return tooLarge(byteLength, message.payloadMax);
  const refusal = parts.security.refusal(message, told.wire);
  if (refusal !== undefined) return broken('wrong-caller', refusal);
  const readable = message.security === undefined ? told.wire : signedPart(told.wire);
  const decoded = decode(readable, message.envelope, message.headers);
  if (!decoded.ok) return broken('undecodable', decoded.problem);
  const problems = problemsOf(message, decoded.envelope.data);
  return problems === undefined
    ? { kind: 'valid', envelope: decoded.envelope, wire: told.wire, consumers }
    : broken('schema-invalid', problems);
}

/** What is wrong with a payload, in one sentence; undefined when it keeps its contract. */
export function problemsOf(message: MessageDefinition, payload: unknown): string | undefined {
  const { validate, redact } = message;
  try {
    return validate(payload) ? undefined : formatErrors(validate.errors, 5, redact);
  } catch {
    // Validators of recursive schemas go as deep as the value, which may be deeper than the stack.
    return 'the payload is nested too deeply to be checked';
  }
}

function tooLarge(bytes: number, bytesMax: number): Opened {
  return broken('too-large', `${bytes} bytes, ${bytesMax} are allowed`);
}

function broken(reason: DeadVerdict['reason'], detail: string): Opened {
  return { kind: 'broken', verdict: { kind: 'dead', reason, detail } };
}
