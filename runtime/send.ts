import type { Address } from './brokers/broker.js';
import type { MessageDefinition } from './definition.js';
import type { Envelope } from './envelope.js';
import { InvalidMessageError } from './errors.js';
import { sendSpan } from './message-spans.js';
import type { Parts } from './parts.js';
import { inSpan } from './tracing.js';
import type { UnitOfWork } from './unit-of-work.js';
import { formatErrors } from './validation.js';
import { encode } from './wire.js';

/** A message of ours that is ready to be checked and sent. */
export interface Outgoing {
  readonly message: MessageDefinition;
  readonly envelope: Envelope;
  readonly address: Address;
  /** Messages with the same key leave in the order of their transactions. */
  readonly key: string;
  /** False: published after the commit, and lost by a crash in between. */
  readonly outbox: boolean;
  /** Earliest instant to leave at, ms since the epoch, with `outbox`. Default: at once. */
  readonly dueAt?: number;
}

/** Hands a message to the transaction; it leaves when that commits. Rejects with `InvalidMessageError` what breaks its own contract. */
export async function send(parts: Parts, unit: UnitOfWork, outgoing: Outgoing): Promise<void> {
  const { envelope } = outgoing;
  await inSpan(sendSpan(parts.broker, envelope, outgoing.address), ({ traceparent }) =>
    write(parts, unit, traceparent === undefined ? outgoing : { ...outgoing, envelope: { ...envelope, traceparent } }),
  );
}

async function write(parts: Parts, unit: UnitOfWork, outgoing: Outgoing): Promise<void> {
  checkPayload(outgoing.message, outgoing.envelope.data);
  const message = parts.security.sign(encode(outgoing.envelope, outgoing.message.headers));
  const bytesMax = Math.min(outgoing.message.payloadMax ?? Number.POSITIVE_INFINITY, parts.messageBytesMax);
  if (message.body.byteLength > bytesMax) {
    throw new InvalidMessageError(outgoing.message.name, `${message.body.byteLength} bytes, ${bytesMax} are allowed`);
  }
  // A row of its own per sending: a forced repetition of a message may wait beside the first one.
  const { key, address, dueAt = 0 } = outgoing;
  const row = { id: parts.random.uuid(), key, address, message, dueAt };
  if (!outgoing.outbox) {
    unit.pending.unsafe.push(row);
    return;
  }
  await unit.tx.appendOutbox([row]);
  unit.pending.outbox = true;
}

/** Throws `InvalidMessageError` for a payload that breaks its contract. */
export function checkPayload(message: MessageDefinition, payload: unknown): void {
  const { validate, redact } = message;
  if (!validate(payload)) throw new InvalidMessageError(message.name, formatErrors(validate.errors, 5, redact));
}
