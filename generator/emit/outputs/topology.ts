import { brokerAccess } from '../brokers/access.js';
import { jsonFile } from '../brokers/planned.js';
import type { Emitter } from '../emitter.js';
import { systemTopology } from '../topology.js';

/** `topology/topology.json`: exchanges, queues and who uses them, in the words of no broker. */
export const topology: Emitter = {
  name: 'topology',
  summary: 'exchanges and queues of the system, and who uses them',
  *plan({ model }) {
    const { exchanges, queues } = systemTopology(model);
    if (exchanges.length === 0) return;
    const access = brokerAccess(model).map(({ service, topology: own, publishes }) => ({
      service,
      publishes,
      consumes: own.queues.map((queue) => queue.name),
    }));
    yield jsonFile(model, this.name, 'topology.json', { system: model.system, exchanges, queues, access });
  },
};
