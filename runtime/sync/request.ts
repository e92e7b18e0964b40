import { dependencyOf } from '../dependencies.js';
import { formatInstant } from '../instant.js';
import type { Parts } from '../parts.js';
import { send } from '../send.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { controlExchange, type SyncRequest, syncRequest } from './control.js';

/**
 * Asks the owner of an entity, in the transaction, to tell it again. The answer is a forced message through the usual queue.
 * Rejects with `UsageError` when the service keeps no copy of such an entity.
 */
export async function requestSync(
  parts: Parts,
  unit: UnitOfWork,
  wanted: { readonly entity: string; readonly id: string },
): Promise<void> {
  const { service, system } = parts.definition;
  const { owner } = dependencyOf(parts.definition, wanted.entity);
  const data: SyncRequest = { ...wanted, from: service };
  await send(parts, unit, {
    message: syncRequest,
    envelope: {
      id: parts.random.uuid(),
      source: service,
      type: syncRequest.name,
      dataversion: syncRequest.version,
      time: formatInstant(BigInt(Math.floor(parts.clock.now() * 1000))),
      correlationid: unit.cause.correlationId,
      ...(unit.cause.causationId !== undefined && { causationid: unit.cause.causationId }),
      ...(unit.cause.traceparent !== undefined && { traceparent: unit.cause.traceparent }),
      data,
    },
    address: { exchange: controlExchange(system), key: owner },
    key: `control:${owner}`,
    outbox: true,
  });
}
