import { rabbitmqDefinitions } from '../../../runtime/brokers/rabbitmq/definitions.js';
import { isWanted, jsonFile } from '../brokers/planned.js';
import { rabbitmqPermissions } from '../brokers/rabbitmq-permissions.js';
import type { Emitter } from '../emitter.js';
import { systemTopology } from '../topology.js';

/** `topology/rabbitmq.definitions.json` and `rabbitmq.permissions.json`, both for `rabbitmqctl import_definitions`. */
export const rabbitmqDefinitionsOutput: Emitter = {
  name: 'rabbitmq-definitions',
  summary: 'exchanges, queues and permissions for RabbitMQ to import',
  *plan({ model }) {
    const topology = systemTopology(model);
    if (!isWanted(model, 'rabbitmq') || topology.exchanges.length === 0) return;
    yield jsonFile(model, this.name, 'rabbitmq.definitions.json', rabbitmqDefinitions(topology));
    yield jsonFile(model, this.name, 'rabbitmq.permissions.json', rabbitmqPermissions(model));
  },
};
