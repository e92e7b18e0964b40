import type { CommandDefinition, SendOptions } from '../definition.js';
import { UsageError } from '../errors.js';
import { formatInstant, instantNanoseconds } from '../instant.js';
import type { Parts } from '../parts.js';
import { outgoingOf } from '../publish.js';
import { send } from '../send.js';
import { laterKey } from '../stores/later-key.js';
import type { UnitOfWork } from '../unit-of-work.js';

/**
 * Sends a command in the transaction; answers its message id, which is `messageId` where the message says none itself. One that is to leave later waits in the outbox by itself: it holds nothing back, and its
 * validity begins when it leaves. Rejects with `InvalidMessageError` when the message breaks its contract, with `UsageError` when the time makes no sense.
 */
export async function sendCommand(
  parts: Parts,
  unit: UnitOfWork,
  definition: CommandDefinition,
  message: unknown,
  options: SendOptions = {},
  messageId?: string,
): Promise<{ readonly id: string }> {
  const { validForMs, reply } = definition;
  const nowMs = parts.clock.now();
  const dueAt = dueAtOf(definition, options, nowMs);
  const outgoing = outgoingOf(parts, unit, definition, message, {}, messageId);
  const { id } = outgoing.envelope;
  await send(parts, unit, {
    ...outgoing,
    envelope: {
      ...outgoing.envelope,
      ...(validForMs !== undefined && { expirytime: instantOf(Math.max(dueAt, nowMs) + validForMs) }),
      ...(reply !== undefined && { replyto: reply.key }),
    },
    // Nobody but the outbox can keep it until then.
    ...(dueAt > nowMs && { key: laterKey(id), dueAt, outbox: true }),
  });
  return { id };
}

function dueAtOf(definition: CommandDefinition, { at, delayMs = definition.delayMs ?? 0 }: SendOptions, nowMs: number) {
  const { name } = definition.message;
  if (at !== undefined) {
    const nanoseconds = instantNanoseconds(at);
    if (nanoseconds === undefined) throw new UsageError(`${name}: "at" is no RFC 3339 instant`);
    return Number(nanoseconds / 1_000n) / 1_000;
  }
  if (!(delayMs >= 0 && Number.isFinite(delayMs))) throw new UsageError(`${name}: "delayMs" is not 0 or above`);
  return nowMs + delayMs;
}

function instantOf(ms: number): string {
  return formatInstant(BigInt(Math.floor(ms * 1_000)));
}
