import type { Received } from '../consume/consumer.js';
import type { EffectDefinition } from '../definition.js';
import type { Parts } from '../parts.js';
import { publish } from '../publish.js';
import type { ReplyKey } from '../stores/store.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { refusalOf, replyAddress } from './refuse-command.js';

/** As long as the claims that tell a repeated command, by default. */
const keptMs = 30 * 86_400_000;

/**
 * Sends what a command's handler has returned to whoever sent the command, in the transaction of the handler. Kept where a key of the contract tells repeated
 * commands: whoever sends one again waits for its answer again. Does nothing for a message that asks for none.
 */
export async function answer(
  parts: Parts,
  unit: UnitOfWork,
  definition: EffectDefinition,
  received: Received,
  payload: unknown,
): Promise<void> {
  const { command } = definition;
  if (command?.reply === undefined) return;
  const { envelope } = received;
  await sendAnswer(parts, unit, command, received, payload);
  const request = requestOf(definition, received);
  if (request === undefined) return;
  const kept = { fingerprint: envelope.id, reply: JSON.stringify(payload), expiresAt: parts.clock.now() + keptMs };
  await unit.tx.keepReply(request, kept);
}

/** Answers a command that was carried out under another message id, once per such id. */
export async function answerAgain(
  parts: Parts,
  unit: UnitOfWork,
  definition: EffectDefinition,
  received: Received,
): Promise<void> {
  const { command } = definition;
  const { envelope } = received;
  const request = requestOf(definition, received);
  const nowMs = parts.clock.now();
  if (command === undefined || request === undefined || refusalOf(definition, envelope, nowMs) !== undefined) return;
  const kept = await unit.tx.keptReply(request, nowMs);
  // The same message once more has its answer: it left with the effect.
  if (kept === null || kept.fingerprint === envelope.id) return;
  if (!(await unit.tx.claim(`${definition.name}#answered`, envelope.id))) return;
  await sendAnswer(parts, unit, command, received, JSON.parse(kept.reply));
}

async function sendAnswer(
  parts: Parts,
  unit: UnitOfWork,
  command: NonNullable<EffectDefinition['command']>,
  { envelope }: Received,
  payload: unknown,
): Promise<void> {
  const address = replyAddress(command, envelope);
  if (command.reply === undefined || envelope.replyto === undefined || address === undefined) return;
  const { partitionkey } = envelope;
  await publish(
    parts,
    unit,
    {
      message: command.reply,
      address,
      ...(partitionkey !== undefined && { key: () => partitionkey }),
      outbox: true,
    },
    payload,
  );
}

/** Name under which an answer is kept; undefined where only the message id tells a repeated command. */
function requestOf({ name, command, idempotencyKey }: EffectDefinition, { envelope }: Received): ReplyKey | undefined {
  if (command?.reply === undefined || idempotencyKey === undefined) return undefined;
  return { operation: `command ${name}`, caller: '', key: idempotencyKey(envelope.data) };
}
