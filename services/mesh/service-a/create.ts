import { createServiceAClients } from '#generated/mesh/service-a/clients.gen.js';
import { createServiceAServer } from '#generated/mesh/service-a/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../shared/stateless.js';
import { serviceAOperations } from './operations.js';

/** Items with a memory. `options.urls` says where service-b is, `options.authorize` proves to it who asks, `options.authenticate` says who asks here. */
export function createServiceAApp(options: AppOptions = {}): App<typeof stateless> {
  const operations = serviceAOperations(createServiceAClients(options));
  return appOf(stateless, createServiceAServer(operations, { authenticate: 'none', ...options }), options.listen);
}
