import { brokerName } from '../model/naming.js';
import type { Model } from '../model/types.js';

/** Name of the queue in which a service finds events, as the workspace names queues. */
export function queueOf(model: Model, service: string): string {
  return brokerName(model.settings, 'queue', { service, consumer: service, system: model.system });
}
