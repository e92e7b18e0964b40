import { createServiceBServer } from '#generated/mesh/service-b/server.gen.js';
import { createServiceB, type ServiceBService } from '#generated/mesh/service-b/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { serviceBOperations } from './operations.js';
import { prepare } from './schema.js';

/** The items. `options.authenticate` says who asks. */
export function createServiceBApp(options: AppOptions = {}): App<ServiceBService> {
  const serviceB = createServiceB({ ...options, prepare });
  const operations = serviceBOperations(serviceB);
  const server = createServiceBServer(operations, { authenticate: 'none', ready: serviceB.health, ...options });
  return appOf(serviceB, server, options.listen);
}
