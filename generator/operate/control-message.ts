import type { MessageDefinition } from '../../runtime/definition.js';
import { UnroutableError, UsageError } from '../../runtime/errors.js';
import { formatInstant } from '../../runtime/instant.js';
import { controlExchange } from '../../runtime/sync/control.js';
import { encode } from '../../runtime/wire.js';
import type { RunningService, RunningSystem } from './system.js';

/** Who asks, in control messages that come from the command line. */
export const operator = 'operator';

/**
 * Sends a control message to a service. Resolves once the broker has it. Throws `UsageError` when the service has never declared its control queue.
 */
export async function tellService<M>(
  system: RunningSystem,
  service: RunningService,
  message: MessageDefinition<M>,
  data: M,
): Promise<void> {
  const id = system.random.uuid();
  const exchange = controlExchange(system.model.system);
  const wire = encode({
    id,
    source: operator,
    type: message.name,
    dataversion: message.version,
    time: formatInstant(BigInt(Math.floor(system.clock.now() * 1000))),
    correlationid: id,
    data,
  });
  try {
    await system.broker.publish({ exchange, key: service.name }, wire);
  } catch (error) {
    if (!(error instanceof UnroutableError)) throw error;
    throw new UsageError(
      `"${service.name}" has no queue for control messages on this broker: it has never been started there, or by an older version`,
    );
  }
}
