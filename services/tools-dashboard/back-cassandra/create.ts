import { createServer } from 'seamwright/runtime';
import {
  type BackCassandraService,
  createBackCassandra,
} from '#generated/tools-dashboard/back-cassandra/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { onLoginRecorded } from './on-login-recorded.js';
import { prepare } from './schema.js';

/** Records that are only ever added. */
export function createBackCassandraApp(options: AppOptions = {}): App<BackCassandraService> {
  const cassandra = createBackCassandra({ ...options, handlers: { onLoginRecorded }, prepare });
  // It has no operations; the server says that it is alive.
  const server = createServer(
    { service: 'back-cassandra', basePath: '', operations: [] },
    {},
    { ready: cassandra.health },
  );
  return appOf(cassandra, server, options.listen);
}
