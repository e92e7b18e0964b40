import type { ReplicaDefinition } from '../definition.js';
import { applies, type Incoming, type Outcome } from '../guard.js';
import type { Parts } from '../parts.js';
import type { DeadVerdict, DoneVerdict, Received } from './consumer.js';
import { verdictOf } from './guard.js';
import { incomingOf } from './incoming.js';

/** What a message makes of one row of a copy. */
export interface ReplicaChange {
  readonly id: string;
  /** Null: a tombstone. */
  readonly row: Readonly<Record<string, unknown>> | null;
  readonly incoming: Incoming;
}

export const noVersion: DeadVerdict = { kind: 'dead', reason: 'no-version', detail: 'the message carries no version' };

/** The change that a message means for a copy, or undefined when it carries no readable version. */
export function changeOf(definition: ReplicaDefinition, { envelope }: Received): ReplicaChange | undefined {
  const message = envelope.data;
  const left = definition.when?.(message) === false;
  const incoming = incomingOf(envelope, {
    version: definition.version,
    data: definition.data(message),
    mapping: definition.message.envelope,
    // Left out by `when` = gone for this consumer; the tombstone keeps the place in the order.
    deleted: left || definition.deleted(message, envelope.op),
    // A copy is replaced whole: a header that calls the message a delta must not let it wait for a predecessor nobody looks for.
    carries: 'state',
  });
  if (incoming === undefined) return undefined;
  const row = incoming.deleted ? null : asRow(definition.fields(message));
  return { id: definition.key(message), row, incoming };
}

/** What the guard's answer means for the message, told to the metrics as well. */
export function judged(
  parts: Parts,
  definition: ReplicaDefinition,
  outcome: Outcome,
  received: Received,
): DoneVerdict | DeadVerdict {
  parts.telemetry.count('seamwright.guard.decisions', { consumer: definition.name, outcome });
  if (applies(outcome, 'state')) tellLag(parts, definition, received);
  return verdictOf(outcome, `${definition.entity} ${definition.key(received.envelope.data)}`);
}

/** Time from the owner's change to the copy's, by two clocks. */
function tellLag(parts: Parts, definition: ReplicaDefinition, { envelope }: Received): void {
  const changedAtMs = Date.parse(envelope.time);
  // What `Date` cannot read, such as a leap second.
  if (Number.isNaN(changedAtMs)) return;
  const seconds = (parts.clock.now() - changedAtMs) / 1000;
  parts.telemetry.duration('seamwright.sync.lag', Math.max(seconds, 0), { consumer: definition.name });
}

/** Fields of a copy by name; generated row types are interfaces without an index signature. */
function asRow(fields: object): Readonly<Record<string, unknown>> {
  return { ...fields };
}
