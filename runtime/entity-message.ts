import { fillKey } from './address-key.js';
import type { OwnedDefinition } from './definition.js';
import type { ChangeKind, Envelope } from './envelope.js';
import { composeBody, opWord } from './envelope-mapping.js';
import type { Outgoing } from './send.js';
import type { OwnedState } from './stores/store.js';
import type { Cause } from './unit-of-work.js';

/** One telling of an owned entity's state. */
export interface Telling {
  readonly service: string;
  readonly definition: OwnedDefinition;
  readonly id: string;
  readonly state: OwnedState;
  readonly op: ChangeKind;
  readonly messageId: string;
  readonly cause: Cause;
  /** A repetition of a version that was told before. */
  readonly force: boolean;
}

/** The message that tells an entity's present state. Its version and its instant are the state's, however often it is told. */
export function entityMessage(telling: Telling): Outgoing {
  const { definition, id, op } = telling;
  const { key, ...rest } = definition.address;
  const envelope = entityEnvelope(telling);
  return {
    message: definition.message,
    envelope,
    address: {
      ...rest,
      key: fillKey(key, {
        ...definition.parameters?.(envelope.data),
        op: opWord(definition.message.envelope, op).toLowerCase(),
      }),
      partitionKey: id,
    },
    key: `${definition.entity}:${id}`,
    outbox: definition.outbox,
  };
}

function entityEnvelope({ service, definition, id, state, op, messageId, cause, force }: Telling): Envelope {
  const { message } = definition;
  const facts = {
    id: messageId,
    time: state.changedAt,
    op,
    force,
    sequence: String(state.version.sequence),
    epoch: String(state.version.epoch),
    correlationid: cause.correlationId,
  };
  return {
    ...facts,
    source: service,
    type: message.name,
    subject: id,
    dataversion: message.version,
    partitionkey: id,
    carries: 'state',
    // A repetition follows no particular message.
    ...(!force && op !== 'snapshot' && { previoussequence: String(state.publishedSequence) }),
    ...(cause.causationId !== undefined && { causationid: cause.causationId }),
    ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
    data: composeBody(message.envelope, state.state, facts),
  };
}
