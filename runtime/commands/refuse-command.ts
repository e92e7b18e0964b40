import type { DeadVerdict } from '../consume/consumer.js';
import type { EffectDefinition } from '../definition.js';
import type { Envelope } from '../envelope.js';
import { instantNanoseconds } from '../instant.js';

/**
 * Why a command may not be carried out; undefined when it may, and for every other message. It came too late, or it asks for its answer where nobody waits who
 * may send it: whoever follows such an address can be made to send messages anywhere.
 */
export function refusalOf({ command }: EffectDefinition, envelope: Envelope, nowMs: number): DeadVerdict | undefined {
  if (command === undefined) return undefined;
  const { expirytime, replyto, source } = envelope;
  if (expirytime !== undefined && isPast(expirytime, nowMs)) {
    return { kind: 'dead', reason: 'deadline-passed', detail: `it was to be acted on before ${expirytime}` };
  }
  if (command.reply === undefined || replyto === undefined || replyAddress(command, envelope) !== undefined) {
    return undefined;
  }
  const detail = `"${source.slice(0, 100)}" asks for its answer at "${replyto.slice(0, 100)}", which is not its queue`;
  return { kind: 'dead', reason: 'reply-address', detail };
}

/** Where the answer goes; undefined when none is asked for, or at an address that the contract does not know as the sender's. */
export function replyAddress(
  { replyTo = {} }: NonNullable<EffectDefinition['command']>,
  { source, replyto }: Envelope,
): { readonly exchange: string; readonly key: string } | undefined {
  const known = Object.hasOwn(replyTo, source) ? replyTo[source] : undefined;
  return known?.key === replyto ? known : undefined;
}

function isPast(instant: string, nowMs: number): boolean {
  const nanoseconds = instantNanoseconds(instant);
  return nanoseconds !== undefined && nanoseconds <= BigInt(Math.floor(nowMs * 1_000)) * 1_000n;
}
