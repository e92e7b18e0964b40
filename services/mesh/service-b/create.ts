import { verifyServiceToken } from 'seamwright/runtime';
import { createServiceBServer } from '#generated/mesh/service-b/server.gen.js';
import { createServiceB, type ServiceBService } from '#generated/mesh/service-b/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { serviceBOperations } from './operations.js';
import { prepare } from './schema.js';

/** The items. `options.security`, or the environment, says who may ask. */
export function createServiceBApp(options: AppOptions = {}): App<ServiceBService> {
  const identity = { service: 'service-b', ...options.security, ...(options.clock && { clock: options.clock }) };
  const serviceB = createServiceB({ ...options, prepare });
  const server = createServiceBServer<unknown>(serviceBOperations(serviceB), {
    ...{ authenticate: verifyServiceToken(identity), ready: serviceB.health },
    ...options,
  });
  return appOf(serviceB, server, options.listen);
}
