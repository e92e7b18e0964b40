import { serviceTokens } from 'seamwright/runtime';
import { createApiGatewayClients } from '#generated/mesh/api-gateway/clients.gen.js';
import { createApiGatewayServer } from '#generated/mesh/api-gateway/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../../shared/stateless.js';
import { apiGatewayOperations } from './operations.js';

/** The way in. `options.urls` says where service-a is; the key of `options.security`, or of the environment, proves to it who asks. */
export function createApiGatewayApp(options: AppOptions = {}): App<typeof stateless> {
  const authorize = serviceTokens({
    service: 'api-gateway',
    ...options.security,
    ...(options.clock && { clock: options.clock }),
  });
  const clients = createApiGatewayClients({ authorize, ...options });
  return appOf(stateless, createApiGatewayServer(apiGatewayOperations(clients), options), options.listen);
}
