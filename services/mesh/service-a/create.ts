import { serviceTokens, verifyServiceToken } from 'seamwright/runtime';
import { createServiceAClients } from '#generated/mesh/service-a/clients.gen.js';
import { createServiceAServer } from '#generated/mesh/service-a/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../../shared/stateless.js';
import { serviceAOperations } from './operations.js';

/** Items with a memory. `options.urls` says where service-b is; `options.security`, or the environment, who this is and who may ask. */
export function createServiceAApp(options: AppOptions = {}): App<typeof stateless> {
  const identity = { service: 'service-a', ...options.security, ...(options.clock && { clock: options.clock }) };
  const operations = serviceAOperations(createServiceAClients({ authorize: serviceTokens(identity), ...options }));
  const server = createServiceAServer<unknown>(operations, { authenticate: verifyServiceToken(identity), ...options });
  return appOf(stateless, server, options.listen);
}
