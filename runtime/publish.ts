import { type AddressParameters, fillKey } from './address-key.js';
import type { OutgoingDefinition } from './definition.js';
import type { EnvelopeMapping } from './envelope.js';
import { type BodyFacts, composeBody, readBody } from './envelope-mapping.js';
import { formatInstant } from './instant.js';
import type { Parts } from './parts.js';
import { type Outgoing, send } from './send.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * Publishes a fact in the transaction. Attributes that its contract keeps in the body are taken from there, and filled in
 * where the caller left them out. `parameters` fill the address where the message itself does not say. Rejects with `InvalidMessageError` when the
 * message breaks its contract, with `UsageError` when the address lacks a value.
 */
export async function publish(
  parts: Parts,
  unit: UnitOfWork,
  definition: OutgoingDefinition,
  message: unknown,
  parameters: AddressParameters = {},
): Promise<void> {
  await send(parts, unit, outgoingOf(parts, unit, definition, message, parameters));
}

/** The message as `publish` hands it over; `id` is its id where it says none itself. Throws what that rejects with. */
export function outgoingOf(
  parts: Parts,
  unit: UnitOfWork,
  definition: OutgoingDefinition,
  message: unknown,
  parameters: AddressParameters = {},
  id?: string,
): Outgoing {
  const { name, version, envelope: mapping } = definition.message;
  const said = mapping === undefined ? {} : readBody(mapping, message).values;
  const { cause } = unit;
  const key = definition.key?.(message);
  const address = {
    ...definition.address,
    key: fillKey(definition.address.key, { ...definition.parameters?.(message), ...parameters }),
  };
  const facts = {
    id: said.id ?? id ?? parts.random.uuid(),
    time: said.time ?? formatInstant(BigInt(Math.floor(parts.clock.now() * 1000))),
    correlationid: said.correlationid ?? cause.correlationId,
  };
  return {
    message: definition.message,
    envelope: {
      ...facts,
      source: parts.definition.service,
      type: name,
      dataversion: version,
      ...(key !== undefined && { subject: key, partitionkey: key }),
      ...(cause.causationId !== undefined && { causationid: cause.causationId }),
      ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
      data: filled(mapping, message, facts),
    },
    address: { ...address, ...(key !== undefined && { partitionKey: key }) },
    key: `${name}:${key ?? facts.id}`,
    outbox: definition.outbox,
  };
}

/** The caller's message is the whole body already: only the attributes are laid into it, the entity stays where it is. */
function filled(mapping: EnvelopeMapping | undefined, message: unknown, facts: BodyFacts): unknown {
  if (mapping === undefined) return message;
  const { data: _, ...attributes } = mapping;
  return composeBody(attributes, message, facts);
}
