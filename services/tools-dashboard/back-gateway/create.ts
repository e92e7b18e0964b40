import { createBackGatewayClients } from '#generated/tools-dashboard/back-gateway/clients.gen.js';
import { createBackGatewayServer } from '#generated/tools-dashboard/back-gateway/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../../shared/stateless.js';
import { knownServices, provingItself } from '../shared/identity.js';
import { backGatewayOperations } from './operations.js';

/** The door to the api. */
export function createBackGatewayApp(options: AppOptions = {}): App<typeof stateless> {
  const clients = createBackGatewayClients({ authorize: provingItself('back-gateway', options), ...options });
  const authenticate = knownServices('back-gateway', options);
  return appOf(
    stateless,
    createBackGatewayServer(backGatewayOperations(clients), { ...options, authenticate }),
    options.listen,
  );
}
