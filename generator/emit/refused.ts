import { kafkaTopics } from '../../runtime/brokers/kafka/topics.js';
import { natsStreams } from '../../runtime/brokers/nats/streams.js';
import { layoutOf } from '../../runtime/brokers/rabbitmq/layout.js';
import { UsageError } from '../../runtime/errors.js';
import { schemaSql } from '../../runtime/stores/sql/schema-sql.js';
import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import type { Model } from '../model/types.js';
import { isWanted, type TopologyTarget } from './brokers/planned.js';
import { replicaTables } from './outputs/consumers.js';
import { servicesToEmit } from './service-facts.js';
import { systemTopology } from './topology.js';

/** Brokers that cannot hold every topology. */
const layouts: Readonly<Partial<Record<TopologyTarget, (model: Model) => unknown>>> = {
  rabbitmq: (model) => layoutOf(systemTopology(model)),
  kafka: (model) => kafkaTopics(systemTopology(model)),
  nats: (model) => natsStreams(systemTopology(model)),
};

/** What the broker or the store of the workspace would refuse at the start of a service: names that are too long, one name with two meanings. */
export function refused(model: Model): readonly Finding[] {
  const brokers = Object.entries(layouts).flatMap(([target, lay]) =>
    isWanted(model, target as TopologyTarget) || model.settings.broker.kind === target
      ? attempt(
          () => lay(model),
          'topology-refused',
          `${target} cannot hold what these contracts need`,
          settingsFile(model),
        )
      : [],
  );
  if (model.settings.store.kind === 'memory') return brokers;
  const stores = servicesToEmit(model).flatMap((facts) =>
    attempt(
      () => schemaSql(facts.service.name, replicaTables(model, facts)),
      'store-refused',
      `the store of "${facts.service.name}" cannot hold its copies`,
      facts.service.at.file,
    ),
  );
  return [...brokers, ...stores];
}

function attempt(work: () => unknown, rule: string, what: string, file: string): readonly Finding[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [
      {
        rule,
        severity: 'error',
        message: `${what}: ${error.message}.`,
        at: startOf(file),
        fix: 'change the names, or the patterns under naming of seamwright.yaml.',
      },
    ];
  }
}

function settingsFile(model: Model): string {
  const shown = [...model.files.values()].find((name) => /(^|\/)seamwright\.ya?ml$/.test(name));
  const [feature] = model.features.values();
  return shown ?? feature?.at.file ?? model.system;
}
