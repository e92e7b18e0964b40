import { createServer } from 'seamwright/runtime';
import { type BackWorkersService, createBackWorkers } from '#generated/tools-dashboard/back-workers/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { onUserCreated } from './on-user-created.js';
import { prepare } from './schema.js';

/** Work that nobody waits for. */
export function createBackWorkersApp(options: AppOptions = {}): App<BackWorkersService> {
  const workers = createBackWorkers({ ...options, handlers: { onUserCreated }, prepare });
  // It has no operations; the server says that it is alive.
  const server = createServer({ service: 'back-workers', basePath: '', operations: [] }, {}, { ready: workers.health });
  return appOf(workers, server, options.listen);
}
