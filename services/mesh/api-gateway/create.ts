import { createApiGatewayClients } from '#generated/mesh/api-gateway/clients.gen.js';
import { createApiGatewayServer } from '#generated/mesh/api-gateway/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../shared/stateless.js';
import { apiGatewayOperations } from './operations.js';

/** The way in. `options.urls` says where service-a is, `options.authorize` proves to it who asks. */
export function createApiGatewayApp(options: AppOptions = {}): App<typeof stateless> {
  const server = createApiGatewayServer(apiGatewayOperations(createApiGatewayClients(options)), options);
  return appOf(stateless, server, options.listen);
}
