import type { MessageDefinition } from '../definition.js';
import type { Envelope, WireMessage } from '../envelope.js';
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

/** Decodes a message and checks its payload once, for all its consumers: nothing behind this step sees a value that its type denies. */
export function open(table: ConsumerTable, wire: WireMessage): Opened {
  const said = messageType(wire);
  const told = said === undefined ? tellApart(table, wire) : ({ ok: true, type: said, wire } as const);
  if (!told.ok) return broken('undecodable', told.problem);
  const { type } = told;
  const consumers = table.get(type);
  const message = consumers?.[0]?.definition.message;
  if (consumers === undefined || message === undefined) return { kind: 'unknown', type };
  const decoded = decode(told.wire, message.envelope, message.headers);
  if (!decoded.ok) return broken('undecodable', decoded.problem);
  const problems = problemsOf(message, decoded.envelope.data);
  return problems === undefined
    ? { kind: 'valid', envelope: decoded.envelope, wire: told.wire, consumers }
    : broken('schema-invalid', problems);
}

/** What is wrong with a payload, in one sentence; undefined when it keeps its contract. */
export function problemsOf(message: MessageDefinition, payload: unknown): string | undefined {
  const { validate } = message;
  return validate(payload) ? undefined : formatErrors(validate.errors);
}

function broken(reason: 'undecodable' | 'schema-invalid', detail: string): Opened {
  return { kind: 'broken', verdict: { kind: 'dead', reason, detail } };
}
