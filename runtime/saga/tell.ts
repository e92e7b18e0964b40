import { sendCommand } from '../commands/send-command.js';
import { UsageError } from '../errors.js';
import type { Parts } from '../parts.js';
import { outgoingOf } from '../publish.js';
import { send } from '../send.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { SagaAction, SagaAnnouncement } from './plan.js';
import { allArguments, type SagaFacts } from './saga-value.js';

/**
 * Sends or publishes in the transaction. Its message id is made of what it is for, so that a repetition is known as one. Rejects when the message breaks its
 * contract, or when the service does not send it any more.
 */
export async function tell(
  parts: Parts,
  unit: UnitOfWork,
  told: SagaAnnouncement,
  facts: SagaFacts,
  messageId: string,
): Promise<void> {
  const { publishes, sends = {} } = parts.definition;
  const message = allArguments(told.with, facts);
  if (told.kind === 'send') {
    const command = Object.hasOwn(sends, told.name) ? sends[told.name] : undefined;
    if (command === undefined) throw new UsageError(`${parts.definition.service} sends no "${told.name}"`);
    await sendCommand(parts, unit, command, message, {}, messageId);
    return;
  }
  const event = Object.hasOwn(publishes, told.name) ? publishes[told.name] : undefined;
  if (event === undefined) throw new UsageError(`${parts.definition.service} publishes no "${told.name}"`);
  await send(parts, unit, outgoingOf(parts, unit, event, message, {}, messageId));
}

/** What an action sends; undefined for one that sends nothing. */
export function sentBy(action: SagaAction): SagaAnnouncement | undefined {
  if (action.kind === 'send') return { kind: 'send', name: action.command, with: action.with };
  if (action.kind === 'publish') return { kind: 'publish', name: action.event, with: action.with };
  return undefined;
}
