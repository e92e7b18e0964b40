import { schemaSql } from '../../../runtime/stores/sql/schema-sql.js';
import type { Emitter } from '../emitter.js';
import { servicesToEmit } from '../service-facts.js';
import { replicaTables } from './consumers.js';

/** `<service>/schema.sql`: everything a service's store needs, for a person who may create tables where the service may not. */
export const schemaSqlOutput: Emitter = {
  name: 'schema-sql',
  summary: 'tables and views of each service, for databases that services may not change',
  *plan({ model }) {
    if (model.settings.store.kind === 'memory') return;
    for (const facts of servicesToEmit(model)) {
      const { service, owned, publishes, copies, effects } = facts;
      if (owned.length + publishes.length + copies.length + effects.length === 0) continue;
      yield {
        base: 'output',
        path: `${service.name}/schema.sql`,
        ownership: 'owned',
        source: service.at.file,
        emitter: this.name,
        template: 'schema-sql',
        view: {
          source: service.at.file,
          service: service.name,
          sql: schemaSql(service.name, replicaTables(model, facts)).trimEnd(),
        },
      };
    }
  },
};
